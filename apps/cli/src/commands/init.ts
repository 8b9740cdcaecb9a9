import { DomainError, validateBody } from '@voronka/kernel';
import { configuredCompany, ensureCompany, type LoadedSettings, things } from '@voronka/runtime';
import { COMPANY_CALENDAR_ID } from '@voronka/sales';
import { CliError, EXIT } from '../cli-error.js';
import { COUNTRIES, countryCalendar } from '../calendars/shipped-years.js';
import { progress, say } from '../output.js';
import { b2bTemplate } from '../templates/b2b/index.js';
import { LANGUAGES, type Language, type TemplateCommand, templateCommands } from '../templates/template.js';
import { FOUNDING, type OpenStores, withStores } from '../with-stores.js';

const TEMPLATES = { b2b: b2bTemplate } as const;

interface InitOptions {
  readonly template: string;
  readonly lang: string;
  readonly country?: string;
}

/**
 * Loads a start for a real company by ordinary commands. Their ids come from the template, so a second run, or one
 * after a crash, does only what is missing.
 */
export async function init({ settings }: LoadedSettings, options: InitOptions): Promise<void> {
  const template = templateOf(options);
  const calendar = calendarOf(options);
  await withStores(
    settings,
    async (stores) => {
      if ((await configuredCompany(stores)) === null) await ensureCompany(stores, settings);
      const commands = [...calendar, ...templateCommands(template)];
      const shown = progress(`loading ${options.template}`);
      let added = 0;
      for (const [index, command] of commands.entries()) {
        added += await send(stores, command, options.template);
        shown.update(index + 1, commands.length);
      }
      shown.stop();
      say(added === 0 ? 'Everything was there already.' : `${added} of ${commands.length} commands were new.`);
    },
    FOUNDING,
  );
  say(`Route maps: ${template.routeMaps.map(({ id }) => id).join(', ')}. Indicators: ${template.indicators.length}.`);
  say(
    `Working roles that the maps ask for: ${template.workingRoles.map(({ code, name }) => `${code} (${name})`).join(', ')}.`,
  );
  say('Next: create departments, hire employees with these roles, add products, and open the first deal.');
}

function templateOf({ template, lang }: InitOptions) {
  const made = Object.hasOwn(TEMPLATES, template) ? TEMPLATES[template as keyof typeof TEMPLATES] : undefined;
  if (made === undefined) {
    throw new CliError(EXIT.usage, `--template ${template}: there is ${Object.keys(TEMPLATES).join(', ')}`);
  }
  const chosen = LANGUAGES.find((one) => one === lang);
  if (chosen === undefined) throw new CliError(EXIT.usage, `--lang ${lang}: there is ${LANGUAGES.join(', ')}`);
  return made(chosen satisfies Language);
}

/** The command that publishes a country's calendar, where one is asked for. */
function calendarOf({ country }: InitOptions): readonly TemplateCommand[] {
  if (country === undefined) return [];
  if (!Object.hasOwn(COUNTRIES, country)) {
    throw new CliError(EXIT.usage, `--country ${country}: there is ${Object.keys(COUNTRIES).join(', ')}`);
  }
  const body = { name: `Working calendar: ${country}`, ...countryCalendar(country) };
  return [{ category: 'calendar', id: COMPANY_CALENDAR_ID, type: 'PublishCalendar', body }];
}

/** Returns how many events it added: none where the command had been carried out before. */
async function send(
  { handle }: Pick<OpenStores, 'handle'>,
  { category, id, type, body }: TemplateCommand,
  template: string,
): Promise<number> {
  const definition = things
    .find((thing) => thing.category === category)
    ?.commands.find((command) => command.type === type);
  if (definition === undefined) throw new TypeError(`${category} has no command ${type}`);
  try {
    const { events, repeated } = await handle({
      category,
      id,
      type,
      body: validateBody(definition.body, body),
      commandId: `init:${template}:${category}:${id}`,
      actor: 'init',
      person: null,
      roles: ['admin'],
    });
    return repeated ? 0 : Math.min(1, events.length);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (error.code !== 'IDEMPOTENCY_KEY_REUSED') throw new CliError(EXIT.failed, `${category} ${id}: ${error.message}`);
    const detail = 'another language or version of it was loaded before; change it by ordinary commands from here on';
    throw new CliError(EXIT.failed, `template ${template}, ${category} ${id}: ${detail}`);
  }
}
