import { createProjector, type Projector } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import type { Logger, Stores } from '@voronka/runtime';

/** A transaction of the tail costs some milliseconds however little it holds; ten a second keep the lag small. */
const TAIL_PACE_MS = 100;

/** The projector over all registered sets; `start` follows the log, or stands by while another program does. */
export function createProjectorProgram(stores: Pick<Stores, 'log' | 'databaseUrl'>, logger: Logger): Projector {
  return createProjector({
    database: stores.databaseUrl,
    log: stores.log,
    sets: projectionSets,
    tailPaceMs: TAIL_PACE_MS,
    onMessage: ({ level, set, text }) => logger[level]({ set }, text),
  });
}
