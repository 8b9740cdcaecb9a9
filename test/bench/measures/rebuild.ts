import { projectionSets } from '@voronka/read-models';
import { progress } from '../../../apps/cli/src/output.js';
import type { Finding } from '../harness/finding.js';
import { MemoryWatch, type Peak } from '../harness/memory.js';
import type { Setting } from '../harness/setting.js';
import { summarise } from '../harness/statistics.js';
import { startTask, type Stores } from '../harness/tasks.js';
import type { Measure } from './measure.js';
import { memoryFindings, plainRead } from './read.js';

const LEAST_RATIO = 0.5;
const LEAST_RATE = 22_000;

export const rebuild: Measure = {
  name: 'rebuild',
  summary:
    'rebuild of each set and of all side by side, against the plain read; peak memory, also at a tenth of the log',
  run: async (setting) => {
    const { events, runs } = setting.options;
    const whole = await setting.within(() => measure(setting, events, runs));
    const tenth = await setting.within(() => measure(setting, Math.ceil(events / 10), 1));
    return [...whole.rates, ...whole.memory, ...tenth.memory];
  },
};

interface Measured {
  readonly rates: readonly Finding[];
  readonly memory: readonly Finding[];
}

async function measure(setting: Setting, wanted: number, runs: number): Promise<Measured> {
  const written = await setting.log(wanted);
  const server = await setting.postgres(written);
  const node = await setting.node(written.directory);
  const watches = { node: new MemoryWatch(node.pid), backends: new MemoryWatch(server.pid, 'children') };
  const stores: Stores = { endpoint: node.endpoint, databaseUrl: server.url };
  const { events, rates: plain } = await plainRead(node.endpoint, runs);
  const names = projectionSets.map(({ name }) => name);
  const rates: Finding[] = [
    { measure: 'rebuild', what: `plain read of ${events} events`, unit: 'events/s', summary: plain },
  ];
  let peak: Peak | null = null;
  for (const sets of [...names.map((name) => [name]), names]) {
    const seconds: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const rebuilt = await rebuildOnce(stores, sets);
      seconds.push(rebuilt.seconds);
      peak = larger(peak, rebuilt.peak);
    }
    rates.push(rateFinding(sets, seconds, { events, plain: plain.median }));
  }
  const at = `${events} events`;
  const memory = [
    ...memoryFindings('rebuild', `rebuilding process, ${at}`, peak),
    ...memoryFindings('rebuild', `event store node, ${at}`, watches.node.stop()),
    ...memoryFindings('rebuild', `largest PostgreSQL backend, ${at}`, watches.backends.stop(), false),
  ];
  return { rates, memory };
}

function rateFinding(
  sets: readonly string[],
  seconds: readonly number[],
  { events, plain }: { readonly events: number; readonly plain: number },
): Finding {
  const summary = summarise(seconds.map((taken) => events / taken));
  const isAll = sets.length === projectionSets.length;
  return {
    ...{ measure: 'rebuild', unit: 'events/s', summary },
    what: isAll ? 'all sets side by side' : `set ${sets.join(', ')}`,
    ratio: { to: 'plain read', value: summary.median / plain },
    aims: isAll
      ? [
          { of: 'ratio', kind: 'least', value: LEAST_RATIO },
          { of: 'median', kind: 'least', value: LEAST_RATE },
        ]
      : [],
  };
}

/** One rebuild in a process of its own. */
export async function rebuildOnce(
  stores: Stores,
  sets: readonly string[],
): Promise<{ readonly seconds: number; readonly peak: Peak | null }> {
  const shown = progress(`rebuilding ${sets.join(' and ')}`);
  const task = startTask({ kind: 'rebuild', stores, sets }, (done, total) => shown.update(done, total));
  const { seconds } = await task.done;
  const peak = await task.end();
  shown.stop();
  return { seconds, peak };
}

function larger(a: Peak | null, b: Peak | null): Peak | null {
  if (a === null || b === null) return a ?? b;
  return { own: Math.max(a.own, b.own), resident: Math.max(a.resident, b.resident) };
}
