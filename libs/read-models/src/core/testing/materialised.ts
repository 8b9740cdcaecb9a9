import type { Recorded } from '@voronka/kernel';
import { type Change, type FoldProjection, type ProjectionSet, type Row, STILL_KNOWN } from '@voronka/projections';

/** Tables of a set in memory: projects recorded events one by one and answers as of any position. */
export class Materialised {
  readonly tables = new Map<string, Map<string, Record<string, Row[string]>>>();
  private readonly states = new Map<string, unknown>();
  private readonly keys = new Map<string, readonly string[]>();

  /** @param storing states travel through JSON after every event, as they do through a store. */
  constructor(
    private readonly set: ProjectionSet,
    private readonly storing = true,
  ) {
    for (const { tables } of set.projections) {
      for (const { name, primaryKey } of tables) {
        this.tables.set(name, new Map());
        this.keys.set(name, primaryKey);
      }
    }
  }

  project(events: readonly Recorded[]): this {
    for (const event of events) {
      for (const projection of this.set.projections) {
        if (projection.kind === 'fold') this.fold(projection, event);
        else this.apply(projection.on[event.type]?.(event, this.look) ?? []);
      }
    }
    return this;
  }

  /** Every row ever known, closed ones too. */
  all(table: string): Row[] {
    return [...(this.tables.get(table)?.values() ?? [])];
  }

  /** Rows known at a position (default: now), without the columns of knowledge. */
  asOf(table: string, position: bigint = STILL_KNOWN - 1n): Row[] {
    return this.all(table)
      .filter((row) => knownAt(row, position))
      .map(({ known_from: _from, known_to: _to, ...row }) => row);
  }

  /** State of one key of a fold. */
  state(projection: string, key: string): unknown {
    return this.states.get(`${projection}/${key}`);
  }

  private readonly look = <State>(projection: string, key: string): State | undefined =>
    this.states.get(`${projection}/${key}`) as State | undefined;

  private fold(projection: FoldProjection, event: Recorded): void {
    const handle = projection.on[event.type];
    if (handle === undefined) return;
    const key = projection.key(event);
    const keys = key === null ? this.keysThrough(projection, event) : [key];
    for (const one of keys) this.foldOne(projection, event, { key: one, handle });
  }

  private keysThrough({ through }: FoldProjection, event: Recorded): readonly string[] {
    if (through?.events.includes(event.type) !== true) return [];
    const fold = this.set.projections.find(({ name }) => name === through.fold);
    const key = fold?.kind === 'fold' ? fold.key(event) : null;
    const state = key === null ? undefined : this.states.get(`${through.fold}/${key}`);
    return state === undefined ? [] : through.keys(state);
  }

  private foldOne(
    projection: FoldProjection,
    event: Recorded,
    { key, handle }: { readonly key: string; readonly handle: FoldProjection['on'][string] },
  ): void {
    const name = `${projection.name}/${key}`;
    const before = this.states.get(name) ?? projection.initialState(key);
    const text = JSON.stringify(before);
    const { state, changes } = handle(before, event, this.look, key);
    if (JSON.stringify(before) !== text) throw new Error(`${projection.name} changed its state in place`);
    this.states.set(name, this.storing ? JSON.parse(JSON.stringify(state)) : state);
    this.apply(changes);
  }

  private apply(changes: readonly Change[]): void {
    for (const change of changes) {
      const table = this.tables.get(change.table);
      if (table === undefined) throw new Error(`no table ${change.table}`);
      if (change.op === 'insert') {
        const key = this.keyOf(change.table, change.row);
        if (table.has(key)) throw new Error(`${change.table} has ${key} already`);
        table.set(key, { ...change.row });
      } else {
        const row = table.get(this.keyOf(change.table, change.key));
        if (change.ifOpen === true && row?.['known_to'] !== STILL_KNOWN) continue;
        if (row === undefined) throw new Error(`nothing to close in ${change.table}: ${text(change.key)}`);
        if (row['known_to'] !== STILL_KNOWN) throw new Error(`closed twice in ${change.table}: ${text(change.key)}`);
        row['known_to'] = change.knownTo;
      }
    }
  }

  private keyOf(table: string, row: Row): string {
    return text((this.keys.get(table) ?? []).map((name) => row[name] ?? null));
  }
}

function knownAt(row: Row, position: bigint): boolean {
  const { known_from: from, known_to: to } = row;
  // Tables whose rows never change carry only their position.
  if (from === undefined) return BigInt(String(row['position'])) <= position;
  return BigInt(String(from)) <= position && position < BigInt(String(to));
}

/** One text for a row, whatever the order of its columns. */
export function text(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
