import type { Recorded } from '@voronka/kernel';
import type { CustomerDescribed, SegmentAssigned } from '@voronka/sales/events';
import type { Turn } from './spells.js';

/** A turn, and the position (decimal text) from which it is known. */
export interface ToldTurn<Value> extends Turn<Value> {
  readonly pos: string;
}

/** By field: answers as JSON text, in the order of their instants. */
export type PortraitTurns = Readonly<Record<string, readonly ToldTurn<string>[]>>;
/** In the order of their instants; null: counts to none. */
export type SegmentTurns = readonly ToldTurn<string | null>[];

/** What is known of a customer in business time, nothing of it personal. */
export interface CustomerTurns {
  readonly segments: SegmentTurns;
  readonly portrait: PortraitTurns;
}

/** Answers given at a moment, among those from before and after it. */
export function describedBy(portrait: PortraitTurns, event: Recorded<CustomerDescribed>): PortraitTurns {
  // Without a prototype, so that a field may bear any name.
  const after: Record<string, readonly ToldTurn<string>[]> = Object.assign(Object.create(null), portrait);
  const { data, eventId: id, metadata, position } = event;
  for (const [field, answer] of Object.entries(data.portrait)) {
    const turn = { id, from: metadata.occurredAt, value: JSON.stringify(answer), pos: String(position) };
    after[field] = turned(after[field] ?? [], turn);
  }
  return after;
}

/** From then on, whatever was said of later moments before. */
export function segmentedBy(segments: SegmentTurns, event: Recorded<SegmentAssigned>): SegmentTurns {
  const { data, eventId: id, position } = event;
  const turn = { id, from: data.effectiveFrom, value: data.segment, pos: String(position) };
  return [...segments.filter(({ from }) => from < turn.from), turn];
}

/** Sorting is stable: of two from the same moment the later told one holds. */
function turned<Told extends Turn<unknown>>(turns: readonly Told[], turn: Told): readonly Told[] {
  return [...turns, turn].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}
