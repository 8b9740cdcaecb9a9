import path from 'node:path';
import { openEventLog } from '@voronka/event-log';
import { copyLog } from '@voronka/eventstore-node';
import { waitFor } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { things } from '@voronka/runtime';
import pg from 'pg';
import { say } from '../../../apps/cli/src/output.js';
import { keepDataKeys } from '../log/data-keys.js';
import { moreEvents, type PendingAppend } from '../log/more-events.js';
import { SeededKeys } from '../log/seeded-keys.js';
import type { Finding } from '../harness/finding.js';
import type { Setting } from '../harness/setting.js';
import { summarise } from '../harness/statistics.js';
import { startTask, type Stores } from '../harness/tasks.js';
import type { Measure } from './measure.js';
import { memoryFindings, plainRead } from './read.js';
import { rebuildOnce } from './rebuild.js';

const WRITERS = 16;
const LONGEST_MS = 600_000;

export const tail: Measure = {
  name: 'tail',
  summary: 'a running projector under a load of appends, until it has caught up, against the plain read',
  run: (setting) => setting.within(() => run(setting)),
};

async function run(setting: Setting): Promise<Finding[]> {
  const { events, seed } = setting.options;
  const written = await setting.log(events);
  // A copy: a kept log stays as it was written.
  const directory = setting.directory('tail');
  await copyLog(path.join(written.directory, 'log'), path.join(directory, 'log'));
  const node = await setting.node(directory);
  const server = await setting.postgres(written);
  const stores: Stores = { endpoint: node.endpoint, databaseUrl: server.url };
  const { rates: plain } = await plainRead(node.endpoint, 1);
  await rebuildOnce(
    stores,
    projectionSets.map(({ name }) => name),
  );
  say('tail: preparing the load');
  const load = await moreEvents(seed, Math.ceil(events / 10));
  const task = startTask({ kind: 'follow', stores });
  await task.ready;
  say('tail: appending while the projector follows');
  const followed = await followLoad(stores, load);
  const peak = await task.end();
  const common = { measure: 'tail', unit: 'events/s' } as const;
  const rate = followed.events / followed.caughtUpSeconds;
  return [
    { ...common, what: 'plain read', summary: plain },
    {
      ...common,
      what: `load of ${followed.events} events`,
      summary: summarise([followed.events / followed.appendSeconds]),
    },
    {
      ...{ ...common, what: 'followed until caught up', summary: summarise([rate]) },
      ratio: { to: 'plain read', value: rate / plain.median },
    },
    ...memoryFindings('tail', 'following process', peak),
  ];
}

interface Followed {
  readonly events: number;
  readonly appendSeconds: number;
  /** From the first append until every set has handled the last one. */
  readonly caughtUpSeconds: number;
}

async function followLoad(stores: Stores, load: readonly (readonly PendingAppend[])[]): Promise<Followed> {
  const keys = new SeededKeys();
  await keepDataKeys(stores.databaseUrl, subjectsOf(load));
  const log = openEventLog({ connection: { endpoint: stores.endpoint }, things, keys });
  const pool = new pg.Pool({ connectionString: stores.databaseUrl, max: 2 });
  try {
    const waiting = [...load];
    let events = 0;
    let last = 0n;
    const write = async (): Promise<void> => {
      for (let appends = waiting.shift(); appends !== undefined; appends = waiting.shift()) {
        for (const { stream, expected, events: own } of appends) {
          const { position } = await log.append(stream, expected, own);
          events += own.length;
          if (position > last) last = position;
        }
      }
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: WRITERS }, write));
    const appendSeconds = (performance.now() - begun) / 1000;
    const sets = projectionSets.map(({ name }) => name);
    const reached = await Promise.all(sets.map((set) => waitFor(pool, set, last, LONGEST_MS)));
    if (reached.includes(false)) throw new Error('the projector did not catch up');
    return { events, appendSeconds, caughtUpSeconds: (performance.now() - begun) / 1000 };
  } finally {
    await pool.end();
    await log.close();
  }
}

/** Customers, and deals that their own text is kept under. */
function subjectsOf(load: readonly (readonly PendingAppend[])[]): string[] {
  const customers = load.flat().map(({ stream }) => stream);
  return [...new Set(customers)].filter((stream) => stream.startsWith('customer-'));
}
