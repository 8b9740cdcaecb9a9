import { type CommandHandler, type CommandRequest, createCommandHandler, type EventLog } from '@voronka/event-log';
import { DomainError, type Recorded } from '@voronka/kernel';
import { counterThing, StandingClock } from './counter.thing.js';
import { startTestNode, type TestNode } from './test-log.js';

let node: TestNode;
let ids = 0;

/** The log of the node that `startRig` started. */
export let log: EventLog;

export async function startRig(): Promise<void> {
  node = await startTestNode();
  log = node.open();
}

export async function stopRig(): Promise<void> {
  await node.stop();
}

/** A command handler of its own, with nothing kept from before. */
export const handlerOn = (on: EventLog, onRefused?: (code: string, type: string) => void): CommandHandler =>
  createCommandHandler({
    log: on,
    things: [counterThing],
    clock: new StandingClock(),
    requestHashKey: new Uint8Array(32).fill(3),
    ...(onRefused === undefined ? {} : { onRefused }),
  });

/** A request of a manager, with a command id of its own. */
export function request(type: string, id: string, body: object, more: Partial<CommandRequest> = {}): CommandRequest {
  ids += 1;
  const sender = { actor: 'key-1', person: 'ivanova', roles: ['manager'] as const };
  return { category: 'counter', id, type, body, commandId: `c-${ids}`, ...sender, ...more };
}

/** A counter of its own for every test. */
export async function opened(handle: CommandHandler, limit = 100): Promise<string> {
  ids += 1;
  const id = `n${ids}`;
  await handle(request('OpenCounter', id, { limit }));
  return id;
}

export async function eventsOf(id: string): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of log.readStream(`counter-${id}`)) events.push(event);
  return events;
}

/** The refusal that a command ends with; anything else fails the test. */
export async function refusal(running: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await running.then(
    () => new Error('it was accepted'),
    (caught: unknown) => caught,
  );
  if (error instanceof DomainError) return error;
  throw error;
}

/** The same log, with something happening just before (or right after) each append. */
export function withAppend(append: EventLog['append']): EventLog {
  return { ...log, append };
}
