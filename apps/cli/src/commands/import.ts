import { access, constants } from 'node:fs/promises';
import { CliError, EXIT } from '../cli-error.js';
import { loadMapping, runImport, type ImportSummary, type Quarantined } from '../import/index.js';
import { json, print, progress, say, table } from '../output.js';
import { withStores } from '../with-stores.js';
import { type LoadedSettings, systemClock } from '@voronka/runtime';

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
    clock: systemClock,
    onProgress: ({ phase, deals, share }: { phase: string; deals: number; share: number }) =>
      shown.update(deals, share > 0 ? Math.max(deals, Math.round(deals / share)) : deals, `deals, ${phase}`),
    onQuarantined: (record: Quarantined) => void quarantined.push(record),
  };
  try {
    const summary =
      options.dryRun === true
        ? await runImport(common)
        : await withStores(settings, async (stores) => {
            const done = await runImport({ ...common, handle: stores.handle, suppose: stores.suppose });
            await stores.appStore.quarantine(mapping.id, quarantined);
            say('waiting until the read models have it');
            if (done.position !== null) await stores.caughtUp(done.position);
            return done;
          });
    shown.stop();
    report(summary, options, mapping.routeMapId);
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

function report(summary: ImportSummary, options: ImportCommandOptions, routeMapId: string): void {
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
  print(`From ${summary.firstAt ?? '–'} to ${summary.lastAt ?? '–'}.`);
  if (summary.dryRun) say('Nothing was written. Run the same without --dry-run to import.');
  else if (summary.appended === 0) say('Nothing was new.');
  else say(`Look at it: voronka funnel --route-map ${routeMapId}`);
}

function counts(what: string, found: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(found).map(([reason, count]) => [`${what}: ${reason}`, count]);
}
