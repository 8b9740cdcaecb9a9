import { validateBody } from '@voronka/kernel';
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
 * Seeds the company on the first start; afterwards the log decides.
 * @throws SettingsError when the settings say another zone or currency than the log.
 */
export async function ensureCompany(stores: Stores, settings: Settings): Promise<void> {
  const known = await configuredCompany(stores);
  if (known === null) {
    const zone = settings.timeZone ?? DEFAULT_ZONE;
    const currency = settings.currency ?? DEFAULT_CURRENCY;
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
    return;
  }
  const faults: string[] = [];
  if (settings.timeZone !== null && settings.timeZone !== known.zone) {
    faults.push(
      `VORONKA_TIME_ZONE says ${settings.timeZone}, but the log was begun in ${known.zone}: leave it away, or begin another log`,
    );
  }
  if (settings.currency !== null && settings.currency !== known.currency) {
    faults.push(
      `VORONKA_CURRENCY says ${settings.currency}, but the log was begun in ${known.currency}: leave it away, or begin another log`,
    );
  }
  if (faults.length > 0) throw new SettingsError(faults);
}
