import type { Clock, Instant, Thing } from '@voronka/kernel';
import { type CommandRequest, prepareRequest } from './command-request.js';
import { decide } from './decision.js';
import type { EventLog, EventToAppend } from './event-log.port.js';
import { createThingStates } from './thing-states.js';

/** What a command would append now. */
export interface SupposedCommand {
  readonly stream: string;
  /** Of the stream now; -1 for a stream with none. */
  readonly revision: number;
  readonly now: Instant;
  /** None where it would change nothing. */
  readonly events: readonly EventToAppend[];
  /** It was carried out before, under this very id: nothing is supposed then. */
  readonly isDone: boolean;
}

export type CommandSupposer = (request: CommandRequest) => Promise<SupposedCommand>;

const KEPT_STATES = 200;

/**
 * Decides a command as the handler does, on the streams as they are now, and appends nothing.
 * @throws DomainError for the refusal that the command would meet, LogUnavailableError when the store is away
 */
export function createCommandSupposer(deps: {
  readonly log: EventLog;
  readonly things: readonly Thing[];
  readonly clock: Clock;
  readonly requestHashKey: Uint8Array;
}): CommandSupposer {
  const states = createThingStates(deps.log, deps.things, KEPT_STATES);
  const things = new Map(deps.things.map((thing) => [thing.category, thing]));
  return async (request) => {
    const prepared = prepareRequest({ ...deps, things }, request);
    const { stream, now } = prepared;
    await states.refresh();
    const loaded = await states.load(stream);
    const isDone = loaded.commands.has(request.commandId);
    const events = isDone ? [] : await decide(states, prepared, loaded);
    return { stream, revision: loaded.revision, now, events, isDone };
  };
}
