import type { Role } from '@voronka/kernel';

/** One command of the bench's history; times are milliseconds since 1970. */
export interface StoryCommand {
  /** When it is entered, never before it happened. */
  readonly atMs: number;
  readonly occurredMs: number;
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly person: string | null;
  readonly roles: readonly Role[];
}
