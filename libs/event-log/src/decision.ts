import { type AnyCommand, type AnyEvent, type Decided, type EventMetadata, refuse } from '@voronka/kernel';
import { occurredAtOf, type PreparedRequest } from './command-request.js';
import { eventIdOf } from './event-ids.js';
import type { EventToAppend } from './event-log.port.js';
import { loadFacts } from './facts.js';
import type { ThingState, ThingStates } from './thing-states.js';

/** The events of the decision, ready to append; none when the command changes nothing. */
export async function decide(
  states: Pick<ThingStates, 'load'>,
  prepared: PreparedRequest,
  loaded: ThingState,
): Promise<EventToAppend[]> {
  const { request, thing, definition, now, occurredAt } = prepared;
  if (loaded.revision < 0 && definition.creates !== true) {
    const code = `${snakeCase(thing.category)}_NOT_FOUND`;
    throw refuse.notFound(code, `there is no ${thing.category} ${request.id}: check the id, or create it first`, {
      id: request.id,
    });
  }
  const { id, person, roles, type, body } = request;
  const { facts, reliedOn } = await loadFacts(states, definition, {
    body,
    state: loaded.state,
    id,
    person,
    roles,
    now,
  });
  const command: AnyCommand = { type, body };
  const context = { id, now, occurredAt, person, roles, facts };
  const decided = thing.decider.decide(command, loaded.state, context);
  return decided.map((event, index) => toAppend(prepared, event, index, reliedOn));
}

function toAppend(
  prepared: PreparedRequest,
  event: Decided<AnyEvent>,
  index: number,
  reliedOn: EventMetadata['reliedOn'],
): EventToAppend {
  const { request, thing, definition, stream, requestHash, now } = prepared;
  const known = thing.events[event.type];
  if (known === undefined) throw new TypeError(`${thing.category} decided ${event.type}, which it does not define`);
  const metadata: EventMetadata = {
    occurredAt: event.occurredAt === undefined ? prepared.occurredAt : occurredAtOf(event.occurredAt, now),
    actor: request.actor,
    person: request.person,
    commandId: request.commandId,
    requestHash,
    correlationId: request.correlationId ?? request.commandId,
    causationId: request.causationId ?? null,
    schemaVersion: known.schemaVersion ?? 1,
    imported: definition.imports === true,
    ...(event.importRef === undefined ? {} : { importRef: event.importRef }),
    ...(event.assumed === undefined ? {} : { assumed: event.assumed }),
    ...(reliedOn === undefined ? {} : { reliedOn }),
  };
  return { eventId: eventIdOf(stream, request.commandId, index), type: event.type, data: event.data, metadata };
}

/** `routeMap` → `ROUTE_MAP`. */
function snakeCase(category: string): string {
  return category.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
