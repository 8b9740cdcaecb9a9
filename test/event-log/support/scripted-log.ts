import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EventBatch,
  type EventLog,
  type EventToAppend,
  openEventLog,
  type OpenEventLogOptions,
  type Timeouts,
} from '@voronka/event-log';
import { InMemorySubjectKeys } from '../../../libs/event-log/src/testing.js';
import { metadataAt } from '../../../libs/kernel/src/testing.js';
import { counterThing } from './counter.thing.js';
import { eventReply, type ReadCall, type Script, type ScriptedStore, startScriptedStore } from './scripted-store.js';

const open: { log: EventLog; store: ScriptedStore }[] = [];

/** Closes what `logOn` opened; for every test's end. */
export async function closeAll(): Promise<void> {
  for (const { log, store } of open.splice(0)) {
    await log.close();
    await store.stop();
  }
}

/** A log on a store that follows a script. */
export async function logOn(
  script: Script,
  timeouts: Timeouts = {},
  more: Pick<OpenEventLogOptions, 'readThread'> = {},
): Promise<{ log: EventLog; store: ScriptedStore }> {
  const store = await startScriptedStore(script);
  const connection = { endpoint: store.endpoint };
  const keys = new InMemorySubjectKeys();
  const log = openEventLog({ connection, things: [counterThing], keys, timeouts, ...more });
  open.push({ log, store });
  return { log, store };
}

/** The reply with an event that can be read. */
export const raised = (position: number) => eventReply({ stream: 'counter-1', type: 'CounterRaised', position });

export const toAppend = (id = '7d1ab4b0-7c24-4a2d-8b35-000000000001'): EventToAppend => ({
  eventId: id,
  type: 'CounterRaised',
  data: { by: 1 },
  metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 3 }),
});

/** Sends events for ever, as fast as they are taken. */
export function endless(call: ReadCall): void {
  let position = 0;
  let over = false;
  call.on('cancelled', () => {
    over = true;
  });
  const pump = (): void => {
    while (!over) {
      position += 1;
      if (!call.write(raised(position))) return void call.once('drain', pump);
    }
  };
  pump();
}

/** Waits, five seconds at most. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 500) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

export async function collect(batches: AsyncIterable<EventBatch>): Promise<EventBatch[]> {
  const all: EventBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
