import { createProjectorProgram } from '@voronka/projector';
import { type BuildReport, SetNotBuiltError, status } from '@voronka/projections';
import { payLinesReach, type PayLinesState, projectionSets } from '@voronka/read-models';
import { createLogger, type LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, progress, say, table } from '../output.js';
import { withStores } from '../with-stores.js';

export async function projectionStatus(
  { settings }: LoadedSettings,
  options: { readonly json?: boolean },
): Promise<void> {
  const { builds, payWorker } = await withStores(settings, async ({ pool, log }) => ({
    builds: await status(pool, log),
    payWorker: await payLinesReach(pool).catch(nothingBuilt),
  }));
  const reports = [...builds, ...(payWorker === null ? [] : [payReport(payWorker, builds)])];
  if (options.json === true) {
    print(json(reports));
    return;
  }
  const rows = reports.map((build) => [
    build.set,
    build.schema,
    build.status,
    text(build.checkpoint),
    text(build.end),
    text(build.behind),
    build.error === null ? '' : JSON.stringify(build.error),
  ]);
  print(table(['Set', 'Schema', 'Status', 'Checkpoint', 'End of log', 'Behind', 'Error'], rows));
}

function nothingBuilt(error: unknown): null {
  if (error instanceof SetNotBuiltError) return null;
  throw error;
}

/** The pay worker as one more line: what it keeps is built beside the sets, from `core`. */
function payReport({ k, affectedCells, rulesEvaluated, eventsRead }: PayLinesState, builds: readonly BuildReport[]) {
  const end = builds[0]?.end ?? null;
  const behind = end === null ? null : end > k ? end - k : 0n;
  const of = { set: 'pay worker', schema: 'pay_live', status: behind === 0n ? 'current' : 'behind', checkpoint: k };
  return { ...of, end, behind, error: null, last: { affectedCells, rulesEvaluated, eventsRead } };
}

const text = (position: bigint | null): string => (position === null ? '–' : String(position));

export async function projectionRebuild(
  { settings }: LoadedSettings,
  options: { readonly resume?: boolean; readonly startOver?: boolean },
  wanted?: string,
): Promise<void> {
  const names = projectionSets.map(({ name }) => name);
  if (wanted !== undefined && !names.includes(wanted)) {
    throw new CliError(EXIT.usage, `there is no projection set ${wanted}; the sets are ${names.join(', ')}`);
  }
  const mode = options.resume === true ? 'resume' : options.startOver === true ? 'startOver' : 'new';
  await withStores(settings, async (stores) => {
    const projector = createProjectorProgram(stores, createLogger('warn'));
    for (const name of wanted === undefined ? names : [wanted]) {
      const shown = progress(`rebuilding ${name}`);
      const build = await projector.rebuild(name, {
        mode,
        onProgress: ({ events, position, end }) => {
          const share = end === null || end === 0n ? 1 : Number(position) / Number(end);
          shown.update(events, Math.max(events, Math.round(events / Math.max(share, 0.001))), 'events');
        },
      });
      shown.stop();
      say(`${name} is built anew in ${build.schema}, up to position ${text(build.checkpoint)}`);
    }
  });
}
