import { type Instant, localDateOf } from '@voronka/kernel';
import type { Row, TableDefinition } from '@voronka/projections';
import type { DealFacts } from './deal.facts.js';
import type { Opening, Place } from './deal.history.js';

/** What every row of a deal shares, at the event that tells it. */
export interface OfDeal {
  readonly dealId: string;
  readonly opening: Opening;
  /** Zone of the company. */
  readonly zone: string;
  /** From which the rows are known. */
  readonly position: bigint;
}

export interface Writer<Fact> {
  readonly table: TableDefinition;
  /** Columns of the primary key but for `known_from`. */
  readonly key: (fact: Fact, dealId: string) => Row;
  // Rows are one plain literal each: putting them together from pieces took most of the time of a rebuild.
  readonly row: (fact: Fact, deal: OfDeal) => Row;
}

export const dealKey = (_fact: object, dealId: string): Row => ({ deal_id: dealId });
export const eventKey = ({ entry }: { entry: Place }): Row => ({ event_id: entry.id });
export const spellKey = ({ id, from }: { id: string; from: string }, dealId: string): Row => ({
  deal_id: dealId,
  valid_from: from,
  event_id: id,
});

let lastDate = { at: '', zone: '', date: '' };

// The rows that one event gives mostly share its moment.
export function dateOf(at: Instant, zone: string): string {
  if (lastDate.at !== at || lastDate.zone !== zone) lastDate = { at, zone, date: localDateOf(at, zone) };
  return lastDate.date;
}

export type Writers = { readonly [Part in keyof DealFacts]: Writer<DealFacts[Part][number]> };
