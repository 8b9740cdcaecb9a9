import type { AnyCommand, Decider, Role } from './decider.js';
import type { AnyEvent, EventDefinition, Instant } from './event.js';

/** Another thing whose state a decision needs. */
export interface ThingRef {
  readonly category: string;
  readonly id: string;
}

/** Names of a decision's facts → the thing (or things, then an array of states) to fold for each. */
export type FactRefs = Readonly<Record<string, ThingRef | readonly ThingRef[]>>;

/** Who sends a command, and when: what look-ups may depend on besides body and state. */
export interface FactsSender {
  readonly id: string;
  readonly person: string | null;
  readonly roles: readonly Role[];
  readonly now: Instant;
}

/** All that a decision's look-ups depend on. */
export interface FactsAsked extends FactsSender {
  readonly body: object;
  readonly state: unknown;
}

/** What the edge needs to offer one command: route, documentation, access and lookups in one place. */
export interface CommandDefinition<State = never> {
  /** Imperative, unique: `CompleteStep`. */
  readonly type: string;
  /** The class with class-validator decorators: at once HTTP body, schema and command. */
  readonly body: new () => object;
  /** Last path segment: `POST /v1/<collection>/{id}/<route>`. */
  readonly route: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** Who may send it; nobody: it is reserved to the processes of the product, and not offered outside. */
  readonly roles: readonly Role[];
  /** A body that would be accepted in a freshly set-up company. */
  readonly example: object;
  /** Does it found a new stream? Only then may the id be new. */
  readonly creates?: boolean;
  /** Is it a takeover of history? Its events are marked as imported. */
  readonly imports?: boolean;
  /** Which other streams the decision needs. `person` is the employee who acts, or null. */
  readonly facts?: (body: never, state: State, context: FactsSender) => FactRefs;
  /** Which streams it needs once those are known; asked again with what it named until it names nothing new. */
  readonly further?: (facts: never, asked: FactsSender & { readonly body: never; readonly state: State }) => FactRefs;
}

/** One kind of thing with a stream each: `deal`, `employee`, `routeMap` … */
export interface Thing {
  /** Stream category, before the first dash: `deal`. */
  readonly category: string;
  /** Path segment: `deals`. */
  readonly collection: string;
  /** What it is, in one sentence, for the documentation. */
  readonly summary: string;
  readonly decider: Decider<unknown, AnyCommand, AnyEvent, unknown>;
  readonly commands: readonly CommandDefinition<unknown>[];
  readonly events: Readonly<Record<string, EventDefinition>>;
}

/** Types are checked where a thing is defined and forgotten where all things are handled alike. */
export function defineThing<State, Command extends AnyCommand, Event extends AnyEvent, Facts>(thing: {
  readonly category: string;
  readonly collection: string;
  readonly summary: string;
  readonly decider: Decider<State, Command, Event, Facts>;
  readonly commands: readonly (CommandDefinition<State> & { readonly type: Command['type'] })[];
  readonly events: { readonly [Type in Event['type']]: EventDefinition<Extract<Event, { type: Type }>['data']> };
}): Thing {
  return thing as unknown as Thing;
}
