import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { validateBody } from '@voronka/kernel';
import { configuredCompany, ensureCompany, type LoadedSettings } from '@voronka/runtime';
import { COMPANY_CALENDAR_ID, PublishCalendar } from '@voronka/sales';
import { CalendarFileError, calendarFrom } from '../calendars/calendar-csv.js';
import { CliError, EXIT } from '../cli-error.js';
import { say } from '../output.js';
import { withStores } from '../with-stores.js';

interface PublishOptions {
  readonly name: string;
}

/** Publishes the company's working calendar from a CSV file; the same file again changes nothing. */
export async function publishCalendar(
  { settings }: LoadedSettings,
  { name }: PublishOptions,
  file: string,
): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new CliError(EXIT.usage, `${file}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const calendar = readCalendar(file, text);
  const body = validateBody(PublishCalendar, { name, ...calendar });
  await withStores(settings, async (stores) => {
    if ((await configuredCompany(stores)) === null) await ensureCompany(stores, settings);
    const { events } = await stores.handle({
      category: 'calendar',
      id: COMPANY_CALENDAR_ID,
      type: 'PublishCalendar',
      body,
      // Not derived from the file: an earlier calendar may be published again after another.
      commandId: `calendar:${randomUUID()}`,
      actor: 'calendar',
      person: null,
      roles: ['admin'],
    });
    say(events.length === 0 ? 'The calendar says that already.' : 'Published.');
  });
  const years = calendar.years.map(({ year }) => year);
  const stated = years.length === 0 ? 'those that have days' : years.join(', ');
  say(`${calendar.days.length} days differ from their weekday. Years stated: ${stated}; any other is plain weeks.`);
}

function readCalendar(file: string, text: string) {
  try {
    return calendarFrom(text);
  } catch (error) {
    if (error instanceof CalendarFileError) throw new CliError(EXIT.usage, `${file}: ${error.message}`);
    throw error;
  }
}
