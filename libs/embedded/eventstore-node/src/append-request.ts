/** What the writer asks of the stream before it appends. */
export type Expected =
  | { readonly kind: 'revision'; readonly revision: bigint }
  | { readonly kind: 'noStream' | 'any' | 'streamExists' };

/** An event as it came, not yet part of the log. */
export interface ProposedEvent {
  /** Lower-case dashed UUID. */
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface AppendRequest {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly ProposedEvent[];
}

export type AppendOutcome =
  | { readonly kind: 'appended'; readonly revision: number | null; readonly position: number | null }
  | { readonly kind: 'wrongRevision'; readonly current: number | null };
