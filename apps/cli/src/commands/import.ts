import { access, constants } from 'node:fs/promises';
import { CliError, EXIT } from '../cli-error.js';
import { loadMapping, runImport, type ImportSummary, type Quarantined } from '../import/index.js';
import { clockOf } from '../data-directory.js';
import { json, print, progress, say, table } from '../output.js';
import { FOUNDING, withStores } from '../with-stores.js';
import type { LoadedSettings } from '@voronka/runtime';

/** Records in quarantine that are shown one by one; `--json` has all of them. */
const MOST_SHOWN = 20;

interface ImportCommandOptions {
  readonly mapping: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export async function importHistory(
  { settings }: LoadedSettings,
  options: ImportCommandOptions,
  files: readonly string[],
): Promise<void> {
  const mapping = await readable(() => loadMapping(options.mapping));
  await readable(() => Promise.all(files.map((file) => access(file, constants.R_OK))));
  const shown = progress(options.dryRun === true ? 'checking' : 'importing');
  const quarantined: Quarantined[] = [];
  const common = {
    mapping,
    files,
    onProgress: ({ phase, deals, share }: { phase: string; deals: number; share: number }) =>
      shown.update(deals, share > 0 ? Math.max(deals, Math.round(deals / share)) : deals, `deals, ${phase}`),
    onQuarantined: (record: Quarantined) => void quarantined.push(record),
  };
  try {
    const summary =
      options.dryRun === true
        ? await runImport({ ...common, clock: clockOf(settings) })
        : await withStores(
            settings,
            async (stores) => {
              const { handle, suppose, clock } = stores;
              const done = await runImport({ ...common, handle, suppose, clock });
              await stores.appStore.quarantine(mapping.id, quarantined);
              say('waiting until the read models have it');
              if (done.position !== null) await stores.caughtUp(done.position);
              return done;
            },
            FOUNDING,
          );
    shown.stop();
    report({ ...summary, quarantinedRecords: quarantined }, options, mapping.routeMapId);
  } finally {
    shown.stop();
  }
}

/** A file that cannot be opened is the user's to name rightly. */
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).syscall !== 'string') throw error;
    throw new CliError(EXIT.usage, `${(error as Error).message}: name a file that can be read`);
  }
}

interface Reported extends ImportSummary {
  /** Each record that was left out, and why. */
  readonly quarantinedRecords: readonly Quarantined[];
}

function report(summary: Reported, options: ImportCommandOptions, routeMapId: string): void {
  if (options.json === true) {
    print(json(summary));
    return;
  }
  print(
    table(
      ['', 'count'],
      [
        ['Deals', summary.deals],
        ['Facts placed', summary.entries],
        [
          summary.dryRun ? 'Events that would be new at most' : 'Events appended',
          summary.dryRun ? summary.entries : summary.appended,
        ],
        ['Performers', summary.performers],
        ...counts('Left out', summary.ignored),
        ...counts('Assumed', summary.assumed),
        ...counts('Quarantined', summary.quarantined),
      ],
    ),
  );
  showQuarantined(summary.quarantinedRecords);
  print(`From ${summary.firstAt ?? '–'} to ${summary.lastAt ?? '–'}.`);
  if (summary.dryRun) say('Nothing was written. Run the same without --dry-run to import.');
  else if (summary.appended === 0) say('Nothing was new.');
  else say(`Look at it: voronka funnel --route-map ${routeMapId}`);
}

function showQuarantined(records: readonly Quarantined[]): void {
  if (records.length === 0) return;
  const rows = records.slice(0, MOST_SHOWN).map(({ ref, place, reason, detail }) => [ref, place, reason, detail]);
  print(table(['Quarantined', 'Line or number', 'Reason', 'What is wrong'], rows));
  if (records.length > MOST_SHOWN) print(`and ${records.length - MOST_SHOWN} more: --json lists them all`);
  say('What is quarantined was left out. Mend the file or the mapping and import again: only what is new is added.');
}

function counts(what: string, found: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(found).map(([reason, count]) => [`${what}: ${reason}`, count]);
}
