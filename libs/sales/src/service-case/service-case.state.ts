import type { Instant, WrittenUnion } from '@voronka/kernel';
import type { DealFacts } from '../deal/deal.facts.js';
import { type DealState, evolveDeal, initialDeal, type OpenedDeal, recordOf } from '../deal/deal.state.js';
import type { ServiceCaseEvent, ServiceCaseOpened } from './service-case.events.js';
import { asOfDeal } from './service-case.way.events.js';

/** Where the case stands on its map, as a deal would, and how it was opened. Its status `won` means completed. */
export type ServiceCaseState = DealState & { readonly opened: ServiceCaseOpened['data'] | null };

/** What decisions about a case look at: what those about a deal do, and the deal that it comes from. */
export interface ServiceCaseFacts extends DealFacts {
  readonly deal?: DealState;
}

export function initialServiceCase(): ServiceCaseState {
  return { ...initialDeal(), opened: null };
}

/** Folds one event. Takes any event in any order: what it cannot place, it leaves out. */
export function evolveServiceCase(state: ServiceCaseState, event: WrittenUnion<ServiceCaseEvent>): ServiceCaseState {
  const opened = state.opened ?? (event.type === 'ServiceCaseOpened' ? event.data : null);
  const told = asOfDeal(event);
  if (told.type !== 'ServiceCaseClosed') return { ...evolveDeal(state, told), opened };
  if (state.status === 'none') return state;
  return completed(state, told.metadata.occurredAt);
}

function completed(state: ServiceCaseState & OpenedDeal, closedAt: Instant): ServiceCaseState {
  const { opened, opening } = state;
  return { ...recordOf(state), opened, opening, status: 'won', closedAt };
}
