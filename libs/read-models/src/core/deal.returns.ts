import type { Recorded } from '@voronka/kernel';
import type { Change, TableDefinition } from '@voronka/projections';
import type { DealReturned } from '@voronka/sales/events';
import { column, evidence, known } from './columns.js';
import { dateOf, type OfDeal } from './deal.row-parts.js';
import { insertion } from './known-rows.js';

/** Returns, those between the steps of one bar, which end no stay, among them. */
export const dealReturns: TableDefinition = {
  name: 'deal_returns',
  comment: 'One row per return of a deal to an earlier step',
  columns: {
    ...evidence,
    deal_id: column('text', 'Deal'),
    to_step: column('text', 'Step that it was taken back to'),
    ...known,
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['occurred_at'] }],
};

/** A return depends on nothing but its own event. */
export function returnRow(event: Recorded<DealReturned>, { dealId, zone, position }: OfDeal): Change {
  const { eventId, metadata, recordedAt, data } = event;
  const row = {
    event_id: eventId,
    position,
    occurred_at: metadata.occurredAt,
    recorded_at: recordedAt,
    local_date: dateOf(metadata.occurredAt, zone),
    deal_id: dealId,
    to_step: data.toStep,
  };
  return insertion(dealReturns, row, position);
}
