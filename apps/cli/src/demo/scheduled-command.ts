import { type Instant, msToInstant, type Role } from '@voronka/kernel';

/** People enter what they did at noon and in the evening. */
const ENTRY_EVERY_MS = 8 * 3_600_000;

/** One command of the story: who does what, when it happened and when it was entered. */
export interface ScheduledCommand {
  /** The clock's reading when the command is sent: one of a few times a day. */
  readonly at: Instant;
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly person: string | null;
  readonly roles: readonly Role[];
}

/** When something is entered that happened so many milliseconds after 1970. */
export function nextEntry(ms: number): Instant {
  return msToInstant(Math.ceil(ms / ENTRY_EVERY_MS) * ENTRY_EVERY_MS);
}
