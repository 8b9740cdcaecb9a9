import { createProjectorProgram } from '@voronka/projector';
import { type BuildReport, status } from '@voronka/projections';
import { payLinesState, projectionSets } from '@voronka/read-models';
import { createLogger, type LoadedSettings } from '@voronka/runtime';
import type { PoolClient } from 'pg';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, progress, say, table } from '../output.js';
import { withStores } from '../with-stores.js';

export async function projectionStatus(
  { settings }: LoadedSettings,
  options: { readonly json?: boolean },
): Promise<void> {
  const builds = await withStores(settings, async ({ pool, log }) => {
    const client = await pool.connect();
    try {
      const sets = await status(client, log);
      return [...sets, ...(await payWorkerReport(client, sets))];
    } finally {
      client.release();
    }
  });
  if (options.json === true) {
    print(json(builds));
    return;
  }
  const rows = builds.map((build) => [
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

type Row = Pick<BuildReport, 'set' | 'schema' | 'checkpoint' | 'end' | 'behind' | 'error'> & {
  readonly status: string;
};

/** The pay worker as one more row; none where it never worked. It is `behind` what the log holds, as sets are. */
async function payWorkerReport(client: PoolClient, sets: readonly BuildReport[]): Promise<readonly Row[]> {
  const state = await payLinesState(client);
  if (state === null) return [];
  const active = sets.find((build) => build.set === 'core' && build.status === 'active');
  // After a swap it begins anew: what it holds until then is of a build that nobody asks.
  const isOfActive = active?.schema === state.build;
  const end = active?.end ?? null;
  const behind = end === null ? null : end > state.k ? end - state.k : 0n;
  const row = { set: 'pay worker', schema: 'pay_live', status: isOfActive ? 'active' : 'beginning anew' };
  return [{ ...row, checkpoint: state.k, end, behind, error: null }];
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
