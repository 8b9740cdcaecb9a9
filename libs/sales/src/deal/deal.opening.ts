import { assertNotInFuture, refuse, saysTheSame, sumKopecks } from '@voronka/kernel';
import type { OpenDeal } from './deal.commands.js';
import type { DealEvent, DealLine, DealOpened } from './deal.events.js';
import { productIds } from './deal.facts.js';
import { assertTimely, companyOf, type DealContext, employedAt, lateReason, assertMayAct } from './deal.gates.js';
import type { DealState } from './deal.state.js';

/** Opens a deal on a map that takes new ones, for a known customer, with an owner who is employed. */
export function openDeal(body: OpenDeal, state: DealState, context: DealContext): readonly DealEvent[] {
  const { zone } = companyOf(context);
  assertNotInFuture(context);
  const ownerId = body.ownerId ?? context.person;
  if (ownerId === null) throw refuse.rule('OWNER_MISSING', 'say in ownerId who answers for the deal');
  if (state.status !== 'none') return repeatedOpening(body, ownerId, state, context);
  assertMayAct(
    ownerId,
    context,
    refuse.forbidden('NOT_YOUR_DEAL', 'open it for yourself, or ask a head to open it for another', { ownerId }),
  );
  assertTimely(body, context);
  const routeMapVersion = versionFor(body, context, 'sale');
  if (context.facts.customer?.status !== 'registered') {
    throw refuse.rule('CUSTOMER_UNKNOWN', 'register the customer first', { customerId: body.customerId });
  }
  assertProducts(body.lines ?? [], context, { open: [] });
  employedAt('OWNER', { id: ownerId, state: context.facts.owner }, { at: context.occurredAt, zone });
  return [{ type: 'DealOpened', data: { ...opening(body, ownerId, routeMapVersion), ...lateReason(body) } }];
}

function opening(body: OpenDeal, ownerId: string, routeMapVersion: number): DealOpened['data'] {
  const lines = linesOf(body.lines ?? []);
  return {
    title: body.title ?? null,
    customerId: body.customerId,
    routeMapId: body.routeMapId,
    routeMapVersion,
    ownerId,
    source: body.source ?? null,
    lines,
    expectedAmountKopecks: body.expectedAmountKopecks ?? sumOfLines(lines),
    expectedCloseOn: body.expectedCloseOn ?? null,
  };
}

export function linesOf(lines: readonly { productId: string; amountKopecks?: number | null }[]): DealLine[] {
  const ids = lines.map(({ productId }) => productId);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (repeated.length > 0) {
    throw refuse.invalid('PRODUCT_REPEATED', 'name every product in one line', { products: [...new Set(repeated)] });
  }
  return lines.map(({ productId, amountKopecks }) => ({ productId, amountKopecks: amountKopecks ?? null }));
}

/** The sum if every line has an amount; null if any is unknown or there are none. */
export function sumOfLines(lines: readonly DealLine[]): number | null {
  const amounts = lines.flatMap(({ amountKopecks }) => (amountKopecks === null ? [] : [amountKopecks]));
  return lines.length === 0 || amounts.length < lines.length ? null : totalOf(amounts);
}

/** @throws DomainError `AMOUNT_TOO_LARGE` beyond 2^53 - 1 kopecks. */
export function totalOf(amounts: readonly number[]): number {
  try {
    return sumKopecks(amounts);
  } catch {
    throw refuse.invalid('AMOUNT_TOO_LARGE', 'let the lines add up to 9007199254740991 minor units at most');
  }
}

/** The same opening again says nothing new; another one on the same id is a contradiction. */
function repeatedOpening(
  body: OpenDeal,
  ownerId: string,
  state: Exclude<DealState, { status: 'none' }>,
  context: DealContext,
): readonly DealEvent[] {
  const { occurredAt, lateEntryReason: _reason, ...before } = { ...state.opening, ...state.money.revised?.first };
  const again = opening(body, ownerId, body.routeMapVersion ?? before.routeMapVersion);
  const sameTime = typeof body.occurredAt !== 'string' || body.occurredAt === occurredAt;
  if (sameTime && saysTheSame(before, again)) return [];
  throw refuse.conflict('DEAL_EXISTS', 'the id is taken by another deal; choose another id', { dealId: context.id });
}

/**
 * The version of a map that takes something new: the one asked for, or the latest.
 * @throws DomainError `ROUTE_MAP_UNKNOWN`, `ROUTE_MAP_RETIRED`, `ROUTE_MAP_NOT_FOR_SALES` or `ROUTE_MAP_NOT_FOR_SERVICE`
 */
export function versionFor(
  { routeMapId, routeMapVersion }: Pick<OpenDeal, 'routeMapId' | 'routeMapVersion'>,
  context: DealContext,
  purpose: 'sale' | 'service',
): number {
  const map = context.facts.routeMap;
  const wanted = typeof routeMapVersion === 'number' ? { routeMapId, routeMapVersion } : { routeMapId };
  if (map === undefined || map.status === 'none') {
    throw refuse.rule('ROUTE_MAP_UNKNOWN', 'publish the route map first', wanted);
  }
  const chosen = map.versions.find(({ version }) => version === (routeMapVersion ?? map.latest.version));
  if (chosen === undefined)
    throw refuse.rule(
      'ROUTE_MAP_UNKNOWN',
      'the map has no such version: name a published one, or leave it out for the newest',
      wanted,
    );
  if (map.status === 'retired') {
    throw refuse.rule('ROUTE_MAP_RETIRED', 'nothing new is opened on the map; choose another', wanted);
  }
  if (chosen.document.purpose === purpose) return chosen.version;
  throw purpose === 'sale'
    ? refuse.rule('ROUTE_MAP_NOT_FOR_SALES', 'choose a map of purpose sale for a deal', wanted)
    : refuse.rule('ROUTE_MAP_NOT_FOR_SERVICE', 'choose a map of purpose service for a service case', wanted);
}

/**
 * @throws DomainError `PRODUCT_UNKNOWN`, or `PRODUCT_RETIRED` where an open deal would sell it that was not about it
 * before.
 */
export function assertProducts(
  lines: readonly { readonly productId: string }[],
  context: DealContext,
  purpose: 'sign' | { readonly open: readonly string[] },
): void {
  const products = productIds(lines).map((id, index) => ({
    id,
    status: context.facts.products?.[index]?.status ?? 'none',
  }));
  const unknown = products.filter(({ status }) => status === 'none').map(({ id }) => id);
  if (unknown.length > 0) throw refuse.rule('PRODUCT_UNKNOWN', 'add the products first', { products: unknown });
  if (purpose === 'sign') return;
  const retired = products
    .filter(({ id, status }) => status === 'retired' && !purpose.open.includes(id))
    .map(({ id }) => id);
  if (retired.length > 0) {
    throw refuse.rule('PRODUCT_RETIRED', 'leave out the products that are no longer sold', {
      products: retired,
    });
  }
}
