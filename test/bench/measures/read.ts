import { progress } from '../../../apps/cli/src/output.js';
import type { Finding } from '../harness/finding.js';
import { MemoryWatch, type Peak } from '../harness/memory.js';
import type { Setting } from '../harness/setting.js';
import { type Summary, summarise } from '../harness/statistics.js';
import { type ReadTimes, startTask } from '../harness/tasks.js';
import type { Measure } from './measure.js';

const MOST_MEMORY_MB = 600;

export const read: Measure = {
  name: 'read',
  summary: 'the whole log read by the original client, and by our port',
  run: (setting) => setting.within(() => run(setting)),
};

async function run(setting: Setting): Promise<Finding[]> {
  const { directory } = await setting.log(setting.options.events);
  const node = await setting.node(directory);
  const memory = new MemoryWatch(node.pid);
  const { times, peak } = await readTimes(node.endpoint, { runs: setting.options.runs, withPort: true });
  const [plain, port] = [ratesOf(times, 'plain'), ratesOf(times, 'port')];
  const common = { measure: 'read', unit: 'events/s' } as const;
  const ratio = { to: 'plain read', value: port.median / plain.median };
  return [
    { ...common, what: `plain read of ${times.events} events`, summary: plain },
    { ...common, what: 'read by the port', summary: port, ratio },
    ...memoryFindings('read', 'event store node, reads', memory.stop()),
    ...memoryFindings('read', 'reading process', peak),
  ];
}

/** Reads the log so many times in a process of its own. */
export async function readTimes(
  endpoint: string,
  how: { readonly runs: number; readonly withPort: boolean },
): Promise<{ readonly times: ReadTimes; readonly peak: Peak | null }> {
  const shown = progress('reading');
  const task = startTask({ kind: 'read', endpoint, ...how }, (done, total) => shown.update(done, total, 'runs'));
  const { read: times } = await task.done;
  const peak = await task.end();
  shown.stop();
  if (times === undefined) throw new Error('the reading process gave no times');
  return { times, peak };
}

/** Events per second. */
export function ratesOf(times: ReadTimes, by: 'plain' | 'port'): Summary {
  return summarise(times[by].map((seconds) => times.events / seconds));
}

/** What everything else is compared with: the plain read of the same log, on the same node, just before. */
export async function plainRead(endpoint: string, runs: number): Promise<{ events: number; rates: Summary }> {
  const { times } = await readTimes(endpoint, { runs, withPort: false });
  return { events: times.events, rates: ratesOf(times, 'plain') };
}

/** Memory of a process as findings: the aim is about its own, not about the files that it maps. */
export function memoryFindings(measure: string, what: string, peak: Peak | null, hasAim = true): Finding[] {
  if (peak === null) return [];
  const aims = hasAim ? [{ of: 'median', kind: 'below', value: MOST_MEMORY_MB } as const] : [];
  const common = { measure, unit: 'MB' } as const;
  return [
    { ...common, what: `${what}: own memory`, summary: summarise([peak.own]), aims },
    { ...common, what: `${what}: resident, mapped files included`, summary: summarise([peak.resident]) },
  ];
}
