import { refuse } from '@voronka/kernel';
import type { IndicatorDocument, IndicatorFilters, Place } from '@voronka/pay/events';
import { type Credit, customerIn, factValueIn, type OwnColumn, portraitSlice, valueIn } from '../slices.js';
import type { Statement } from '../sql.js';
import { stepKinds } from '../step-kinds.js';

const OWN: Readonly<Partial<Record<keyof IndicatorFilters, OwnColumn>>> = {
  steps: 'step',
  activityKinds: 'activityKind',
  topics: 'topic',
  outcomes: 'outcome',
  lossReasons: 'lossReason',
  deviationKinds: 'deviationKind',
};

/**
 * Which of the facts `f` the definition counts.
 * @throws DomainError INDICATOR_NOT_COUNTABLE for a filter that such facts cannot be tried by
 */
export function filterSql(statement: Statement, { filters }: IndicatorDocument, credit: Credit): string[] {
  const conditions: string[] = [];
  const among = (column: string, values: readonly string[] | undefined): void => {
    if (values !== undefined) conditions.push(valueIn(statement, column, values));
  };
  among('f.route_map_id', filters.routeMaps);
  among('f.source', filters.sources);
  for (const [name, column] of Object.entries(OWN) as [keyof IndicatorFilters, OwnColumn][]) {
    const values = filters[name] as readonly string[] | undefined;
    if (values !== undefined) among(credit.own?.[column] ?? notCountable(name), values);
  }
  if (filters.stepKinds !== undefined) conditions.push(ofKinds(statement, filters.stepKinds, 'f'));
  if (filters.products !== undefined) {
    const { product } = credit;
    conditions.push(
      product === undefined
        ? factValueIn(statement, 'product', filters.products, credit)
        : valueIn(statement, product, filters.products),
    );
  }
  if (filters.productLines !== undefined) conditions.push(ofLines(statement, filters.productLines, credit));
  const customer = { alias: 'f', instant: credit.instant };
  if (filters.segments !== undefined) conditions.push(customerIn(statement, 'segment', filters.segments, customer));
  for (const { field, values } of filters.portrait ?? [])
    conditions.push(customerIn(statement, portraitSlice(field), values, customer));
  return conditions;
}

/** @throws DomainError INDICATOR_NOT_COUNTABLE */
export function notCountable(what: string): never {
  throw refuse.invalid('INDICATOR_NOT_COUNTABLE', 'revise the indicator: the read models do not hold what it counts', {
    what,
  });
}

/** Condition on fact `alias`, which has a step: it is a step of these kinds by its own version of the map. */
export function ofKinds(statement: Statement, kinds: readonly string[], alias: string): string {
  // A handful of rows, hashed once: asked for every fact by itself it took longer than everything else.
  return `(${alias}.route_map_id, ${alias}.route_map_version, ${alias}.step) IN (
    SELECT k.route_map_id, k.version, k.step FROM ${stepKinds(statement)} k
    WHERE k.kind = ANY(${statement.bind(kinds, 'text[]')}))`;
}

function ofLines(statement: Statement, lines: readonly string[], credit: Credit): string {
  const { product } = credit;
  if (product === undefined) return factValueIn(statement, 'productLine', lines, credit);
  return `EXISTS (SELECT FROM products pl WHERE pl.product_id = ${product} AND ${statement.known('pl')}
    AND pl.line = ANY(${statement.bind(lines, 'text[]')}))`;
}

/** Condition on a reach or a stay: it is at this place. */
export function atPlace(statement: Statement, place: Exclude<Place, { end: string }>, alias: string): string {
  return 'step' in place
    ? `${alias}.step = ${statement.bind(place.step, 'text')}`
    : ofKinds(statement, [place.kind], alias);
}
