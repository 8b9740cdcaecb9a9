import { DomainError, validateBody } from '@voronka/kernel';
import { type CompanyConfigured, ConfigureCompany } from '@voronka/sales';
import { type Settings, SettingsError } from './settings.js';
import type { Stores } from './stores.js';

const DEFAULT_ZONE = 'Europe/Moscow';
const DEFAULT_CURRENCY = 'RUB';

/** Zone and currency that the log holds; null while no company is configured. */
export async function configuredCompany(stores: Pick<Stores, 'log'>): Promise<CompanyConfigured['data'] | null> {
  let found: CompanyConfigured['data'] | null = null;
  for await (const event of stores.log.readStream('company-main')) {
    if (event.type === 'CompanyConfigured') found = event.data as CompanyConfigured['data'];
  }
  return found;
}

/**
 * Seeds the company on the first start; afterwards the log decides. Programs may start at once: one of them seeds.
 * @throws SettingsError when the settings say another zone or currency than the log.
 */
export async function ensureCompany(
  stores: Pick<Stores, 'log' | 'handle'>,
  settings: Pick<Settings, 'timeZone' | 'currency'>,
): Promise<void> {
  const known = (await configuredCompany(stores)) ?? (await seed(stores, settings));
  const faults = [
    ...mismatch('VORONKA_TIME_ZONE', settings.timeZone, known.zone),
    ...mismatch('VORONKA_CURRENCY', settings.currency, known.currency),
  ];
  if (faults.length > 0) throw new SettingsError(faults);
}

async function seed(
  stores: Pick<Stores, 'log' | 'handle'>,
  settings: Pick<Settings, 'timeZone' | 'currency'>,
): Promise<CompanyConfigured['data']> {
  const zone = settings.timeZone ?? DEFAULT_ZONE;
  const currency = settings.currency ?? DEFAULT_CURRENCY;
  try {
    await stores.handle({
      category: 'company',
      id: 'main',
      type: 'ConfigureCompany',
      body: validateBody(ConfigureCompany, { name: 'Company', zone, currency }),
      commandId: 'first-start',
      actor: 'start',
      person: null,
      roles: ['admin'],
    });
  } catch (error) {
    // Another program was quicker, with other settings: what the log says now is compared like on any later start.
    if (!(error instanceof DomainError)) throw error;
  }
  const found = await configuredCompany(stores);
  if (found === null) throw new Error('the company was configured, but the log does not hold it');
  return found;
}

function mismatch(name: string, wanted: string | null, inLog: string): readonly string[] {
  if (wanted === null || wanted === inLog) return [];
  return [`${name} says ${wanted}, but the log was begun with ${inLog}: unset it, or begin another log`];
}
