import { type Clock, DomainError, refuse, type Thing, type Written } from '@voronka/kernel';
import { definitionsOf } from './codec.js';
import { type CommandRequest, type PreparedRequest, prepareRequest } from './command-request.js';
import { decide } from './decision.js';
import { LogUnavailableError, OutcomeUnknownError, WrongRevisionError } from './errors.js';
import type { Appended, EventLog, EventToAppend, SubjectKeys } from './event-log.port.js';
import { type CommandEvent, createThingStates, type ThingState, type ThingStates } from './thing-states.js';

const MOST_TRIES = 8;

export interface CommandResult {
  readonly stream: string;
  /** Of the command's last event, or of the stream when the command changed nothing; -1 for no stream. */
  readonly revision: number;
  /** Of that same event; a reader that has come this far sees the command's effect. */
  readonly position: bigint;
  readonly events: readonly CommandEvent[];
  /** True when the command had been carried out before and this is its first answer again. */
  readonly repeated: boolean;
}

export interface CommandHandlerDeps {
  readonly log: EventLog;
  readonly things: readonly Thing[];
  readonly clock: Clock;
  readonly requestHashKey: Uint8Array;
  /** Where the key of a subject is destroyed once an event that erases it is in the log. */
  readonly keys?: Pick<SubjectKeys, 'destroy'>;
  /** Told of every refusal, by code and command type. */
  readonly onRefused?: (code: string, type: string) => void;
  /** Streams whose folded state is kept; default 5,000. */
  readonly keptStates?: number;
  /**
   * True while no other program can write to this log (it holds the store's directory): nobody then looks for what
   * others have appended.
   */
  readonly isSoleWriter?: () => boolean;
}

export type CommandHandler = (request: CommandRequest) => Promise<CommandResult>;

/**
 * Loads, decides, appends. A command id is carried out at most once per stream, whatever is repeated or lost.
 * What erases a subject is answered when its key is destroyed; should that fail, repeating the command mends it, and so
 * does the projector.
 * @throws DomainError for a refusal, LogUnavailableError and OutcomeUnknownError when the store is away.
 */
export function createCommandHandler(deps: CommandHandlerDeps): CommandHandler {
  const states = createThingStates(deps.log, deps.things, deps.keptStates, deps.isSoleWriter);
  const things = new Map(deps.things.map((thing) => [thing.category, thing]));
  const definitions = definitionsOf(deps.things);
  return async (request) => {
    try {
      const result = await handle(deps.log, states, prepareRequest({ ...deps, things }, request));
      const erased = result.events.flatMap(({ type }) => definitions.get(type)?.erases?.(result.stream) ?? []);
      if (erased.length > 0) await deps.keys?.destroy(erased);
      return result;
    } catch (error) {
      if (error instanceof DomainError) deps.onRefused?.(error.code, request.type);
      throw error;
    }
  };
}

async function handle(log: EventLog, states: ThingStates, prepared: PreparedRequest): Promise<CommandResult> {
  let unknown: OutcomeUnknownError | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const loaded = await loadAgain(states, prepared.stream, unknown);
    const earlier = answerAgain(prepared, loaded);
    if (earlier !== null) return earlier;
    checkRevision(prepared, loaded);
    const events = await decide(states, prepared, loaded);
    if (events.length === 0) return unchanged(prepared.stream, loaded);
    try {
      const expected = loaded.revision < 0 ? 'noStream' : loaded.revision;
      const appended = await appendTo(log, states, prepared.stream, { expected, events });
      const own = readBack(prepared, events, appended);
      if (own !== null) states.grown(loaded, own);
      return { stream: prepared.stream, ...appended, events: told(events, appended.revision), repeated: false };
    } catch (error) {
      if (error instanceof OutcomeUnknownError) unknown = error;
      else if (!(error instanceof WrongRevisionError)) throw error;
    }
  }
  if (unknown !== null) throw unknown;
  throw refuse.conflict('CONCURRENT_CHANGE', `others keep changing ${prepared.stream}: send the command again`);
}

/** After an append of unknown outcome a store that is away keeps it unknown. */
async function loadAgain(
  states: ThingStates,
  stream: string,
  unknown: OutcomeUnknownError | null,
): Promise<ThingState> {
  try {
    await states.refresh();
    return await states.load(stream);
  } catch (error) {
    throw unknown !== null && error instanceof LogUnavailableError ? unknown : error;
  }
}

function answerAgain(prepared: PreparedRequest, loaded: ThingState): CommandResult | null {
  const { request, stream, requestHash } = prepared;
  const done = loaded.commands.get(request.commandId);
  if (done === undefined) return null;
  if (done.requestHash !== requestHash) {
    throw refuse.rule(
      'IDEMPOTENCY_KEY_REUSED',
      `Idempotency-Key ${request.commandId} was used for another request: repeat that one as it was, or send this with a new key`,
      {
        commandId: request.commandId,
      },
    );
  }
  const revision = done.events.at(-1)?.revision ?? loaded.revision;
  return { stream, revision, position: done.position, events: done.events, repeated: true };
}

function checkRevision({ request, stream }: PreparedRequest, loaded: ThingState): void {
  const expected = request.expectedRevision;
  if (expected === undefined) return;
  const actual = loaded.revision < 0 ? 'noStream' : loaded.revision;
  if (expected === actual) return;
  throw new DomainError(
    'stale',
    'STALE_REVISION',
    `${stream} is at revision ${actual}, not ${expected}: look at it again and send the command with its ETag`,
    {
      expected,
      actual,
    },
  );
}

function told(events: readonly EventToAppend[], lastRevision: number): CommandEvent[] {
  const first = lastRevision - events.length + 1;
  return events.map(({ eventId, type, metadata }, index) => ({
    eventId,
    type,
    revision: first + index,
    occurredAt: metadata.occurredAt,
  }));
}

function unchanged(stream: string, loaded: ThingState): CommandResult {
  return { stream, revision: loaded.revision, position: loaded.position ?? 0n, events: [], repeated: false };
}

/**
 * The event as it would be read from the log; null where only reading says: the positions of several events but the
 * last, and personal fields, which may have been erased meanwhile.
 */
function readBack(
  { thing, stream }: PreparedRequest,
  events: readonly EventToAppend[],
  { revision, position }: Appended,
): Written | null {
  const [event] = events;
  if (event === undefined || events.length > 1 || thing.events[event.type]?.personal !== undefined) return null;
  const { eventId, type, metadata } = event;
  const data = JSON.parse(JSON.stringify(event.data)) as object;
  return { type, data, metadata, eventId, stream, revision, position };
}

async function appendTo(
  log: EventLog,
  states: ThingStates,
  stream: string,
  { expected, events }: { readonly expected: number | 'noStream'; readonly events: readonly EventToAppend[] },
): Promise<Appended> {
  try {
    return await log.append(stream, expected, events);
  } finally {
    states.appended(stream);
  }
}
