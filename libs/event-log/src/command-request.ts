import {
  type Clock,
  type CommandDefinition,
  type Instant,
  isInstant,
  refuse,
  type Role,
  streamOf,
  type Thing,
} from '@voronka/kernel';
import { requestHashOf } from './event-ids.js';

export interface CommandRequest {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  /** A validated instance of the command's class. */
  readonly body: object;
  readonly commandId: string;
  /** Id of the API key or local operator. */
  readonly actor: string;
  /** Employee for whom the actor acts. */
  readonly person: string | null;
  readonly roles: readonly Role[];
  /** Name of the process of the product's own that sends it: only those send what no role may. */
  readonly process?: string;
  readonly expectedRevision?: number | 'noStream';
  /** Default: the command's id. */
  readonly correlationId?: string;
  readonly causationId?: string | null;
}

/** A request with everything about it that does not depend on the log. */
export interface PreparedRequest {
  /** Of the sender's roles, those that may send the command. */
  readonly request: CommandRequest;
  readonly thing: Thing;
  readonly definition: CommandDefinition<unknown>;
  readonly stream: string;
  readonly requestHash: string;
  readonly now: Instant;
  readonly occurredAt: Instant;
}

/**
 * Judges what can be judged without the log.
 * @throws DomainError ROLE_MISSING, OCCURRED_AT_MALFORMED, OCCURRED_IN_FUTURE; TypeError for an unknown command.
 */
export function prepareRequest(
  deps: { readonly things: ReadonlyMap<string, Thing>; readonly clock: Clock; readonly requestHashKey: Uint8Array },
  request: CommandRequest,
): PreparedRequest {
  const thing = deps.things.get(request.category);
  const definition = thing?.commands.find((command) => command.type === request.type);
  if (thing === undefined || definition === undefined) {
    throw new TypeError(`${request.category} has no command ${request.type}`);
  }
  const isReserved = definition.roles.length === 0;
  // Those roles alone that let the sender in: another of his roles must not widen what he may do here.
  const roles = isReserved ? request.roles : request.roles.filter((role) => definition.roles.includes(role));
  if (isReserved ? request.process === undefined : roles.length === 0) {
    throw refuse.forbidden(
      'ROLE_MISSING',
      `${request.type} needs one of the roles ${definition.roles.join(', ')}: use a key that has it`,
      {
        anyOf: definition.roles,
      },
    );
  }
  const now = deps.clock.now();
  return {
    request: { ...request, roles },
    thing,
    definition,
    stream: streamOf(request.category, request.id),
    requestHash: requestHashOf(deps.requestHashKey, request),
    now,
    occurredAt: occurredAtOf((request.body as { occurredAt?: unknown }).occurredAt, now),
  };
}

/** The business time of a command or event: what is given, else now; never in the future. */
export function occurredAtOf(given: unknown, now: Instant): Instant {
  if (given === undefined || given === null) return now;
  if (typeof given !== 'string' || !isInstant(given)) {
    throw refuse.invalid(
      'OCCURRED_AT_MALFORMED',
      'write occurredAt in UTC with milliseconds: 2009-07-31T19:00:00.000Z',
    );
  }
  if (given > now) {
    throw refuse.invalid(
      'OCCURRED_IN_FUTURE',
      `occurredAt ${given} is later than now, ${now}: send it when it has happened, or leave occurredAt out`,
      {
        occurredAt: given,
        now,
      },
    );
  }
  return given;
}
