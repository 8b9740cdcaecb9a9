import type { Recorded, RecordedUnion, Written, WrittenUnion } from '@voronka/kernel';
import type { DealEvent, DealOpened } from '../deal/deal.events.js';
import type { ServiceCaseClosed, ServiceCaseEvent, ServiceCaseOpened } from './service-case.events.js';

/** What a case's event says in the words of a deal's way; the end that was reached has no such word. */
export type AsOfDeal = RecordedUnion<DealEvent> | Recorded<ServiceCaseClosed>;
type WrittenAsOfDeal = WrittenUnion<DealEvent> | Written<ServiceCaseClosed>;

/**
 * The event as that of a deal: one engine walks both along their maps. A case that was given up went the way of a
 * lost deal; a completed one is no contract, and stays what it is.
 */
export function asOfDeal(event: RecordedUnion<ServiceCaseEvent>): AsOfDeal;
export function asOfDeal(event: WrittenUnion<ServiceCaseEvent>): WrittenAsOfDeal;
export function asOfDeal(event: WrittenUnion<ServiceCaseEvent>): WrittenAsOfDeal {
  if (event.type === 'ServiceCaseOpened') return { ...event, type: 'DealOpened', data: openingOf(event.data) };
  if (event.type === 'ServiceCaseReturned') return { ...event, type: 'DealReturned', data: event.data };
  if (event.type === 'ServiceCaseReassigned') return { ...event, type: 'DealReassigned', data: event.data };
  if (event.type === 'ServiceCaseMigrated') return { ...event, type: 'DealMigrated', data: event.data };
  if (event.type === 'ServiceCaseReopened') return { ...event, type: 'DealReopened', data: event.data };
  if (event.type !== 'ServiceCaseClosed') return event;
  const { outcome, lossReason, counts, customerId, note } = event.data;
  if (outcome === 'completed') return event;
  return { ...event, type: 'DealLost', data: { customerId, lossReason: lossReason ?? '', countsAsLoss: counts, note } };
}

function openingOf(data: ServiceCaseOpened['data']): DealOpened['data'] {
  const { customerId, title, routeMapId, routeMapVersion, ownerId, productIds } = data;
  return {
    customerId,
    title,
    routeMapId,
    routeMapVersion,
    ownerId,
    source: null,
    lines: productIds.map((productId) => ({ productId, amountKopecks: null })),
    expectedAmountKopecks: null,
    expectedCloseOn: null,
  };
}
