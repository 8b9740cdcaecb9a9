/** One record of the source: its fields by name, and where it stands (line, or ordinal within its deal, from 1). */
export interface SourceRecord {
  readonly fields: Readonly<Record<string, string>>;
  readonly ordinal: number;
}

/** All records about one deal, in the order of the source. */
export interface SourceCase {
  readonly attributes: Readonly<Record<string, string>>;
  readonly records: readonly SourceRecord[];
  /** A row that cannot be read as one: nothing is known of its deal. */
  readonly fault?: { readonly line: number; readonly detail: string };
}

export interface ReadProgress {
  bytesRead: number;
  bytesTotal: number;
}
