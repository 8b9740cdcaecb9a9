import type { Instant, Role } from '@voronka/kernel';

/** One command of the story: who does what, when it happened and when it was entered. */
export interface ScheduledCommand {
  /** The clock's reading when the command is sent: a full hour. */
  readonly at: Instant;
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly person: string | null;
  readonly roles: readonly Role[];
}
