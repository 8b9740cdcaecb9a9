import type { AnyEvent, Decided, Instant, WrittenUnion } from './event.js';

/** A command inside the code: its name and its validated body (an instance of the command's class). */
export interface CommandOf<Type extends string, Body extends object> {
  readonly type: Type;
  readonly body: Body;
}

export type AnyCommand = CommandOf<string, object>;

/** Everything a decision may look at besides the command and the state. Nothing else comes in. */
export interface DecisionContext<Facts> {
  /** Id of the thing that the command addresses (without its category). */
  readonly id: string;
  /** The clock's reading when the command came. */
  readonly now: Instant;
  /** When the command says it happened; `now` unless it says so. Never after `now`. */
  readonly occurredAt: Instant;
  /** Employee for whom the sender acts, or null. */
  readonly person: string | null;
  /** Access roles of the sender. */
  readonly roles: readonly Role[];
  /** States of other things, folded from their streams. */
  readonly facts: Facts;
}

/** Plain functions: no clock, no chance, no I/O. */
export interface Decider<State, Command extends AnyCommand, Event extends AnyEvent, Facts = object> {
  initialState(): State;
  /** Accepts whatever the log holds, in any order; never throws. */
  evolve(state: State, event: WrittenUnion<Event>): State;
  /** Judges. @throws DomainError when a rule forbids the command; then nothing is appended. */
  decide(command: Command, state: State, context: DecisionContext<Facts>): readonly Decided<Event>[];
}

/** Access roles; what each may do is said by every command's and query's own list. */
export const ROLES = ['admin', 'service', 'manager', 'head', 'director', 'payroll', 'auditor', 'bi'] as const;
export type Role = (typeof ROLES)[number];
