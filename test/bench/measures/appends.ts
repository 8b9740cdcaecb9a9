import path from 'node:path';
import { type EventLog, type EventToAppend, eventIdOf, openEventLog } from '@voronka/event-log';
import { things } from '@voronka/runtime';
import { open } from 'lmdb';
import { progress } from '../../../apps/cli/src/output.js';
import { createCodec } from '../../../libs/event-log/src/codec.js';
import { encodeRecord } from '../../../libs/embedded/eventstore-node/src/record.js';
import type { Finding } from '../harness/finding.js';
import type { Setting } from '../harness/setting.js';
import { summarise } from '../harness/statistics.js';
import { SeededKeys } from '../log/seeded-keys.js';
import type { Measure } from './measure.js';

export const CONCURRENCIES = [1, 16, 64];
export const WARM_UP_MS = 1_000;
export const RUN_MS = 3_000;
/** Streams that each of the writers appends to in turn. */
const STREAMS_OF_ONE = 50;

/** One durable write; resolves when it is on disk. `writer` and `turn` say which. */
export type Write = (writer: number, turn: number) => Promise<unknown>;

export const appends: Measure = {
  name: 'appends',
  summary: 'durable appends of single events to many streams, beside LMDB puts with the same flush',
  run: (setting) => setting.within(() => run(setting)),
};

async function run(setting: Setting): Promise<Finding[]> {
  const node = await setting.node(setting.directory('appends'));
  const log = openEventLog({ connection: { endpoint: node.endpoint }, things, keys: new SeededKeys() });
  const value = await recordOf(sampleEvent('deal-0', 0));
  // As the node opens its own: a promise resolves only after its data are flushed.
  const store = open<Buffer, string>({
    ...{ path: path.join(setting.directory('lmdb'), 'log'), encoding: 'binary' },
    ...{ compression: false, overlappingSync: false },
  });
  const append = bareAppends(log);
  let number = 0;
  const put: Write = (_writer, _turn) => {
    number += 1;
    return store.put(String(number).padStart(12, '0'), value);
  };
  const shown = progress('appends');
  const findings: Finding[] = [];
  for (const [index, concurrency] of CONCURRENCIES.entries()) {
    const rates = { log: [] as number[], lmdb: [] as number[] };
    await rateOf(append, concurrency, WARM_UP_MS);
    await rateOf(put, concurrency, WARM_UP_MS);
    for (let turn = 0; turn < setting.options.runs; turn += 1) {
      rates.log.push(await rateOf(append, concurrency, RUN_MS));
      rates.lmdb.push(await rateOf(put, concurrency, RUN_MS));
      shown.update(index * setting.options.runs + turn + 1, CONCURRENCIES.length * setting.options.runs, 'runs');
    }
    findings.push(...findingsOf(concurrency, rates, value.length));
  }
  shown.stop();
  await log.close();
  await store.close();
  return findings;
}

/** Single events, each writer's to many streams of its own. */
export function bareAppends(log: EventLog): Write {
  const appended = new Map<string, number>();
  let number = 0;
  return async (writer, turn) => {
    const stream = `deal-${writer}.${turn % STREAMS_OF_ONE}`;
    const revision = appended.get(stream);
    number += 1;
    await log.append(stream, revision ?? 'noStream', [sampleEvent(stream, number)]);
    appended.set(stream, (revision ?? -1) + 1);
  };
}

function findingsOf(
  concurrency: number,
  rates: { log: readonly number[]; lmdb: readonly number[] },
  bytes: number,
): Finding[] {
  const [own, baseline] = [summarise(rates.log), summarise(rates.lmdb)];
  const common = { measure: 'appends', unit: 'appends/s' } as const;
  const ratio = { to: 'LMDB', value: own.median / baseline.median };
  const aims = concurrency === 16 ? [{ of: 'median', kind: 'least', value: 4_000 } as const] : [];
  return [
    { ...common, what: `event log, ${concurrency} at a time`, summary: own, ratio, aims },
    { ...common, what: `LMDB, ${concurrency} at a time`, summary: baseline, note: `${bytes} bytes each` },
  ];
}

/** Writes per second while so many are always under way. */
export async function rateOf(write: Write, concurrency: number, milliseconds: number): Promise<number> {
  const begun = performance.now();
  let done = 0;
  const one = async (writer: number): Promise<void> => {
    for (let turn = 0; performance.now() - begun < milliseconds; turn += 1) {
      await write(writer, turn);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_none, writer) => one(writer)));
  return done / ((performance.now() - begun) / 1000);
}

/** A recorded call, the most frequent event. */
function sampleEvent(stream: string, number: number): EventToAppend {
  const commandId = `bench:${number}`;
  return {
    eventId: eventIdOf(stream, commandId, 0),
    type: 'ActivityRecorded',
    data: {
      ...{ customerId: 'c-000001', activityId: `t${number}`, kind: 'call', topic: null, outcome: 'reached' },
      ...{ performedBy: 'emp-001', durationMinutes: 12, step: null, note: null, lateEntryReason: null },
    },
    metadata: {
      ...{ occurredAt: '2025-03-03T10:15:00.000Z', actor: 'key-of-the-crm', person: 'emp-001', commandId },
      ...{ requestHash: '0123456789abcdef0123456789abcdef', correlationId: commandId, causationId: null },
      ...{ schemaVersion: 1, imported: false },
      reliedOn: { 'company-main': 0, 'calendar-main': 0, 'routeMap-supply': 1, 'employee-emp-001': 0 },
    },
  };
}

/** The event as the node stores it. */
async function recordOf(event: EventToAppend): Promise<Buffer> {
  const [stored] = await createCodec(things, new SeededKeys()).encode('deal-0', [event]);
  if (stored === undefined) throw new Error('the codec gave nothing');
  const placed = { stream: 'deal-0', revision: 0, position: 1, createdMs: 1_700_000_000_000 };
  return encodeRecord({ ...stored, json: true }, placed);
}
