import { assertNotInFuture, type DecisionContext, refuse, saysTheSame } from '@voronka/kernel';
import { assertTimely, companyOf, employedAt, lateReason, assertMayAct } from '../deal/deal.gates.js';
import { assertProducts, versionFor } from '../deal/deal.opening.js';
import type { OpenServiceCase } from './service-case.commands.js';
import type { ServiceCaseEvent, ServiceCaseOpened } from './service-case.events.js';
import type { ServiceCaseFacts, ServiceCaseState } from './service-case.state.js';

export type ServiceCaseContext = DecisionContext<ServiceCaseFacts>;

/** Opens a case on a map of purpose service, for a known customer, with an owner who is employed. */
export function openServiceCase(
  body: OpenServiceCase,
  state: ServiceCaseState,
  context: ServiceCaseContext,
): readonly ServiceCaseEvent[] {
  const { zone } = companyOf(context);
  assertNotInFuture(context);
  const ownerId = body.ownerId ?? context.person;
  if (ownerId === null) throw refuse.rule('OWNER_MISSING', 'say in ownerId who answers for the service case');
  if (state.opened !== null) return repeatedOpening(body, ownerId, state.opened, context);
  const detail = 'open it for yourself, or ask a head to open it for another';
  assertMayAct(ownerId, context, refuse.forbidden('NOT_YOUR_SERVICE_CASE', detail, { ownerId }));
  assertTimely(body, context);
  const data = openingOf(body, ownerId, versionFor(body, context, 'service'));
  if (context.facts.customer?.status !== 'registered') {
    throw refuse.rule('CUSTOMER_UNKNOWN', 'register the customer first', { customerId: body.customerId });
  }
  // Service goes on for what is no longer sold.
  assertProducts(linesOf(data.productIds), context, 'sign');
  assertDealOfCustomer(data, context);
  employedAt('OWNER', { id: ownerId, state: context.facts.owner }, { at: context.occurredAt, zone });
  return [{ type: 'ServiceCaseOpened', data: { ...data, ...lateReason(body) } }];
}

/** Products in the form of a deal's lines. */
export function linesOf(productIds: readonly string[] | null | undefined): readonly { readonly productId: string }[] {
  return (productIds ?? []).map((productId) => ({ productId }));
}

function openingOf(body: OpenServiceCase, ownerId: string, routeMapVersion: number): ServiceCaseOpened['data'] {
  const { customerId, title = null, routeMapId, productIds, dealId = null } = body;
  return { customerId, title, routeMapId, routeMapVersion, ownerId, productIds: productIds ?? [], dealId };
}

/** The same opening again says nothing new; another one on the same id is a contradiction. */
function repeatedOpening(
  body: OpenServiceCase,
  ownerId: string,
  opened: ServiceCaseOpened['data'],
  context: ServiceCaseContext,
): readonly ServiceCaseEvent[] {
  const { lateEntryReason: _reason, ...before } = opened;
  if (saysTheSame(before, openingOf(body, ownerId, body.routeMapVersion ?? before.routeMapVersion))) return [];
  throw refuse.conflict('SERVICE_CASE_EXISTS', 'the id is taken by another service case; choose another id', {
    serviceCaseId: context.id,
  });
}

/** @throws DomainError `DEAL_UNKNOWN` or `DEAL_OF_ANOTHER_CUSTOMER`. */
function assertDealOfCustomer({ dealId, customerId }: ServiceCaseOpened['data'], { facts }: ServiceCaseContext): void {
  if (dealId === null) return;
  if (facts.deal === undefined || facts.deal.status === 'none') {
    throw refuse.rule('DEAL_UNKNOWN', 'name a deal that was opened, or none', { dealId });
  }
  if (facts.deal.opening.customerId === customerId) return;
  throw refuse.rule('DEAL_OF_ANOTHER_CUSTOMER', 'name a deal with the customer of the service case', {
    dealId,
    customerId,
  });
}
