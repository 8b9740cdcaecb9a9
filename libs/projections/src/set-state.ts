import type { Poison } from './errors.js';

export type RunnerStatus = 'starting' | 'standby' | 'building' | 'running' | 'waiting' | 'failed' | 'stopped';

/** How one set fares in this program, for health checks and metrics. */
export interface SetState {
  readonly set: string;
  /** `running`: follows the log; `standby`: another program does; `waiting`: a store is away, tries again. */
  readonly status: RunnerStatus;
  readonly build: number | null;
  readonly checkpoint: bigint | null;
  readonly checkpointRecordedAt: string | null;
  /** Nothing more was in the log after the last batch. */
  readonly caughtUp: boolean;
  /** Events taken in by this program. */
  readonly events: number;
  /** Over the last ten seconds. */
  readonly eventsPerSecond: number;
  /** Where the set stopped, or why it waits. */
  readonly error: Poison | { readonly message: string } | null;
}
