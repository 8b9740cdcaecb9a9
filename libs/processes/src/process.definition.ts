import type { DomainError, Instant, Recorded } from '@voronka/kernel';

/** A command that a process asks for. */
export interface Asked {
  readonly category: string;
  readonly id: string;
  /** Of the thing's commands: `OpenServiceCase`. */
  readonly type: string;
  /** As a client would send it. */
  readonly body: object;
  /** What tells it from the other commands that the same cause asks for; stable when the cause is met again. */
  readonly key: string;
  /**
   * What to ask for instead where it is refused; the commands that follow it are then left out. Without it a refusal
   * means that the command is no longer called for, and the others go on.
   */
  readonly orElse?: (refusal: DomainError) => Asked;
  /**
   * Looked at just before it is sent: what to ask for in its place, the commands that follow it being left out, or null.
   * It sees what came to be while the commands before it were carried out.
   */
  readonly unless?: () => Promise<Asked | null>;
}

/** The state of a thing, folded from its stream up to now; the initial state for a stream with no events. */
export type Look = <State>(category: string, id: string) => Promise<State>;

/**
 * Answers events with commands. It keeps nothing between events but its checkpoint: what it needs to know it looks up
 * in the log. It may meet an event more than once, and must then ask for the same commands by the same keys.
 * Imported history is passed over: what it would cause happened elsewhere.
 */
export interface ProcessManager {
  /** kebab-case; its checkpoint and the actor of its commands bear it. */
  readonly name: string;
  readonly summary: string;
  readonly on: Readonly<Record<string, (event: Recorded, look: Look) => Promise<readonly Asked[]>>>;
}

/** Answers the passing of time with commands. */
export interface TimedProcess {
  readonly name: string;
  readonly summary: string;
  /**
   * What is due at a moment. A command that was asked for before may be asked for again: `cause` and its key make the
   * command's id.
   */
  readonly due: (now: Instant) => Promise<readonly (Asked & { readonly cause: string })[]>;
}
