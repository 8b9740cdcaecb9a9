import type { SubjectKeys } from '@voronka/event-log';
import { createProjector, type Projector } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import type { Logger, Stores } from '@voronka/runtime';

/** A transaction of the tail costs some milliseconds however little it holds; under load ten a second keep the lag small. */
const TAIL_PACE_MS = 100;

export interface ProjectorStores extends Pick<Stores, 'log' | 'databaseUrl' | 'identityDigest'> {
  /** Where the keys of those who are erased are destroyed. */
  readonly appStore: { readonly subjectKeys: Pick<SubjectKeys, 'destroy'> };
}

/** The projector over all registered sets; `start` follows the log, or stands by while another program does. */
export function createProjectorProgram(stores: ProjectorStores, logger: Logger): Projector {
  return createProjector({
    database: stores.databaseUrl,
    log: stores.log,
    sets: projectionSets,
    digest: stores.identityDigest,
    tailPaceMs: TAIL_PACE_MS,
    onErased: (subjects) => stores.appStore.subjectKeys.destroy(subjects),
    onMessage: ({ level, set, text }) => logger[level]({ set }, text),
  });
}
