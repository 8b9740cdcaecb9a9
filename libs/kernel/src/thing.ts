import type { AnyCommand, Decider, Role } from './decider.js';
import type { AnyEvent, EventDefinition, Instant } from './event.js';

/** Another thing whose state a decision needs. */
export interface ThingRef {
  readonly category: string;
  readonly id: string;
}

/** Names of a decision's facts → the thing (or things, then an array of states) to fold for each. */
export type FactRefs = Readonly<Record<string, ThingRef | readonly ThingRef[]>>;

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
  /** Which other streams the decision needs. */
  readonly facts?: (body: never, state: State, sender: FactSender) => FactRefs;
  /** Which it needs besides, as what was looked up so far tells; asked again and again until there are none. */
  readonly further?: (facts: never, asked: FactSender & { readonly body: never; readonly state: State }) => FactRefs;
}

/** Who sends a command to which thing, and when. */
export interface FactSender {
  readonly id: string;
  /** The employee who acts, or null. */
  readonly person: string | null;
  readonly roles: readonly Role[];
  readonly now: Instant;
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
