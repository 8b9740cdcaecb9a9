import { type Clock, type Thing } from '@voronka/kernel';
import { createProcessRunner, type ProcessManager, type ProcessRunner, type TimedProcess } from '@voronka/processes';
import { type Logger, type Stores, things } from '@voronka/runtime';
import { applySegmentRules } from './processes/apply-segment-rules.js';
import { closePeriod } from './processes/close-period.js';
import { closePlans } from './processes/close-plans.js';
import { notePortraitUses } from './processes/note-portrait-uses.js';
import { remind } from './processes/remind.js';
import { openServiceCases } from './processes/open-service-case.js';

/** Those that answer events; the event map shows them beside the projections. */
export function managersOn(stores: Pick<Stores, 'pool' | 'appStore' | 'log'>): readonly ProcessManager[] {
  return [applySegmentRules(stores), closePlans, openServiceCases, closePeriod(stores), notePortraitUses];
}

/** Those that answer the passing of time. */
export function timedOn(stores: Pick<Stores, 'pool'>): readonly TimedProcess[] {
  return [remind(stores)];
}

/** The process managers, in one program at a time: `start` runs them, or stands by while another program does. */
export function createProcessProgram(
  stores: Stores,
  logger: Logger,
  { clock = stores.clock, lookEveryMs }: { readonly clock?: Clock; readonly lookEveryMs?: number | undefined } = {},
): ProcessRunner {
  const all: readonly Thing[] = things;
  return createProcessRunner({
    log: stores.log,
    handle: stores.handle,
    things: all,
    checkpoints: stores.appStore.checkpoints,
    databaseUrl: stores.databaseUrl,
    clock,
    managers: managersOn(stores),
    timed: timedOn(stores),
    ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
    onMessage: ({ level, process, text }) => logger[level]({ process }, text),
  });
}
