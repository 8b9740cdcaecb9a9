import { type IndicatorDocument, partsOfOne, type Place } from '@voronka/pay/events';
import { passedBySql } from '../conversion.js';
import { type Cut, type FactName, factOf, type FactTable, select } from '../facts.js';
import { all, type Statement } from '../sql.js';
import { atPlace, filterSql, notCountable } from './conditions.js';
import {
  closings,
  contractLines,
  contracts,
  deviations,
  dueActivities,
  dueSteps,
  endedStays,
  endedWaits,
  EXITS,
  onWonDeals,
  opened,
  payments,
  reopened,
  returned,
  shared,
  sharedCounts,
} from './fact-sql.js';

/**
 * One row for everything that an indicator counts: `num` and `den` are added up (`den` is null where the figure is no
 * quotient), `pen` is what may yet count; deal_id, occurred_at and event_ids say where it comes from; `customer_id` is
 * counted once where customers are; `began` and `ended` bound a time. Slices follow as s0, s1 …, and the bucket.
 */
export interface Counted {
  readonly inner: string;
  /** `, s0, s1, bucket`. */
  readonly names: string;
}

type Of<Measure extends string> = Extract<IndicatorDocument, { measure: Measure }>;

/** @throws DomainError INDICATOR_NOT_COUNTABLE, SLICE_NOT_OF_FACT */
export function countedSql(statement: Statement, definition: IndicatorDocument, cut: Cut): Counted {
  const facts = (fact: FactName | FactTable, conditions: readonly string[] = [], numbers: Numbers = {}): Counted =>
    factRows(statement, { definition, cut }, { fact, conditions, numbers });
  switch (definition.measure) {
    case 'steps':
      return facts('steps', ["f.status = 'done'", ...(definition.counting === 'first' ? [isFirst(statement)] : [])], {
        events:
          'CASE WHEN f.known_by_event_id = f.event_id THEN ARRAY[f.event_id] ELSE ARRAY[f.event_id, f.known_by_event_id] END',
      });
    case 'activities':
      return definition.over === 'period' ? facts('activities') : facts(onWonDeals(statement));
    case 'deals':
      return dealRows(statement, definition, facts);
    case 'customers':
      return customerRows(statement, definition, facts);
    case 'contracts':
      return facts(contracts);
    case 'amount':
      return amountRows(statement, definition, contractLines(statement), facts);
    case 'conversion':
      return conversionRows(statement, definition, cut);
    case 'winRate':
      return facts(definition.by === 'close' ? closings : 'closingsByOpening', ['f.counts'], weighed(definition));
    case 'time':
      return timeRows(statement, definition, facts);
    case 'payments':
      return amountRows(statement, definition, payments, facts);
    case 'timeliness':
      return timelinessRows(statement, definition, facts);
    case 'deviations':
      return facts(deviations);
    case 'ratio':
      throw new TypeError('a ratio is counted by its parts');
    default:
      return definition satisfies never;
  }
}

interface Numbers {
  readonly num?: string;
  readonly den?: string;
  readonly events?: string;
  readonly began?: string;
}

type Facts = (fact: FactName | FactTable, conditions?: readonly string[], numbers?: Numbers) => Counted;

function factRows(
  statement: Statement,
  { definition, cut }: { readonly definition: IndicatorDocument; readonly cut: Cut },
  {
    fact,
    conditions,
    numbers,
  }: { readonly fact: FactName | FactTable; readonly conditions: readonly string[]; readonly numbers: Numbers },
): Counted {
  const { table, count } = credited(statement, typeof fact === 'string' ? factOf(fact) : fact, definition);
  const filters = filterSql(statement, definition, table);
  const { columns, names, body } = select(statement, table, cut, [...conditions, ...filters]);
  const { num = count, den = 'NULL::bigint', events = 'ARRAY[f.event_id]', began = 'NULL::timestamptz' } = numbers;
  const inner = `SELECT f.deal_id, f.occurred_at, ${events} AS event_ids, f.customer_id, ${num} AS num, ${den} AS den,
    0 AS pen, ${began} AS began, f.occurred_at AS ended${columns} ${body}`;
  return { inner, names };
}

/** The fact as the definition credits it, and what one of it counts. */
function credited(
  statement: Statement,
  table: FactTable,
  definition: IndicatorDocument,
): { readonly table: FactTable; readonly count: string } {
  const { credit } = definition;
  if (credit === null) return { table, count: '1' };
  if (credit.by !== 'shares') return { table: { ...table, credited: credit.by }, count: '1' };
  // Amounts are split before they come here, to the kopeck.
  if (partsOfOne(definition) === 1n) return { table, count: '1' };
  return { table: sharedCounts(statement, table, credit.role), count: 'f.part' };
}

function amountRows(
  statement: Statement,
  { credit }: Of<'amount' | 'payments'>,
  fact: FactTable,
  facts: Facts,
): Counted {
  return credit?.by === 'shares'
    ? facts(shared(statement, fact, credit.role), [], { num: 'f.part' })
    : facts(fact, [], { num: 'f.amount_kopecks' });
}

function timelinessRows(statement: Statement, { work, share }: Of<'timeliness'>, facts: Facts): Counted {
  const due = work === 'steps' ? dueSteps(statement) : dueActivities(statement);
  return facts(due, [], { num: `(f.in_time = ${share === 'inTime'})::int`, den: '1' });
}

/** Only the earliest done completion of a step of the deal. */
function isFirst(statement: Statement): string {
  return `NOT EXISTS (SELECT FROM steps e WHERE e.deal_id = f.deal_id AND e.step = f.step AND e.status = 'done'
    AND ${statement.known('e')} AND (e.occurred_at, e.position) < (f.occurred_at, f.position))`;
}

function dealRows(statement: Statement, { event }: Of<'deals'>, facts: Facts): Counted {
  switch (event) {
    case 'opened':
      return facts(opened);
    case 'won':
    case 'lost':
      return facts(closings, [`f.outcome = ${statement.bind(event, 'text')}`]);
    case 'closed':
      return facts(closings);
    case 'reopened':
      return facts(reopened(statement));
    case 'returned':
      return facts(returned(statement));
    default:
      return event satisfies never;
  }
}

/** An activity or, unless it is about activities alone, a step was done. */
function workedRows({ filters }: Of<'customers'>, facts: Facts): Counted {
  const known = 'f.customer_id IS NOT NULL';
  const activities = facts('activities', [known]);
  if ([filters.activityKinds, filters.topics, filters.outcomes].some((one) => one !== undefined)) return activities;
  const steps = facts('steps', ["f.status = 'done'", known]);
  return { inner: `${activities.inner} UNION ALL ${steps.inner}`, names: activities.names };
}

function customerRows(statement: Statement, definition: Of<'customers'>, facts: Facts): Counted {
  switch (definition.event) {
    case 'opened':
      return facts(opened, ['f.customer_id IS NOT NULL']);
    case 'worked':
      return workedRows(definition, facts);
    case 'won':
      return facts(closings, ["f.outcome = 'won'", 'f.customer_id IS NOT NULL']);
    case 'firstWon':
      return facts(closings, [
        "f.outcome = 'won'",
        'f.customer_id IS NOT NULL',
        `NOT EXISTS (SELECT FROM outcomes e WHERE e.customer_id = f.customer_id AND e.outcome = 'won'
          AND ${statement.known('e')} AND (e.occurred_at, e.position) < (f.occurred_at, f.position))`,
      ]);
    default:
      return definition.event satisfies never;
  }
}

function weighed({ weigh }: Of<'winRate'>): Numbers {
  const one = weigh === 'count' ? '1' : 'f.amount_kopecks';
  return { num: `CASE WHEN f.outcome = 'won' THEN ${one} ELSE 0 END`, den: one };
}

function timeRows(statement: Statement, definition: Of<'time'>, facts: Facts): Counted {
  switch (definition.time) {
    case 'cycle':
      return facts(closings, ["f.outcome = 'won'"], { began: 'f.opened_at' });
    case 'stay': {
      if ('end' in definition.at) return notCountable('a stay at an end');
      return facts(endedStays(statement), [atPlace(statement, definition.at, 'f')], { began: 'f.began_at' });
    }
    case 'waiting': {
      if ('end' in definition.at) return notCountable('waiting for an end');
      return facts(endedWaits(statement), [atPlace(statement, definition.at, 'f')], { began: 'f.began_at' });
    }
    default:
      return definition satisfies never;
  }
}

function conversionRows(statement: Statement, definition: Of<'conversion'>, cut: Cut): Counted {
  if (definition.conversion === 'exit') {
    const { from } = definition;
    if ('end' in from) return notCountable('an exit from an end');
    return factRows(
      statement,
      { definition, cut },
      {
        fact: endedStays(statement),
        conditions: [atPlace(statement, from, 'f'), `f.ended_how IN (${EXITS.map((how) => `'${how}'`).join(', ')})`],
        numbers: { num: "(f.ended_how = 'forward')::int", den: '1' },
      },
    );
  }
  const { from, to, reach } = definition;
  const side = (place: Place, numbers: Numbers = {}): Counted => {
    const { fact, conditions } = arrivals(statement, place, reach);
    return factRows(statement, { definition, cut }, { fact, conditions, numbers });
  };
  if (definition.conversion === 'flow') {
    const [above, below] = [side(to, { num: '1', den: '0' }), side(from, { num: '0', den: '1' })];
    return { inner: `${above.inner} UNION ALL ${below.inner}`, names: above.names };
  }
  const begun = side(from);
  const { counts, inTime, pending } = horizonSql(statement, definition.horizonDays);
  const inner = `SELECT a.deal_id, a.occurred_at, array_remove(a.event_ids || ARRAY[b.event_id], NULL) AS event_ids,
    a.customer_id, (${counts} AND coalesce(b.occurred_at >= a.occurred_at AND ${inTime}, false))::int AS num,
    (${counts})::int AS den, (${pending})::int AS pen, a.began, a.ended${namesOf('a', begun.names)}
    FROM (${begun.inner}) a LEFT JOIN LATERAL (${arrivalOf(statement, to, reach)}) b ON true`;
  return { inner, names: begun.names };
}

function horizonSql(statement: Statement, days: number | undefined) {
  if (days === undefined) {
    const open = `NOT EXISTS (SELECT FROM deal_states s WHERE s.deal_id = a.deal_id AND s.status IN ('won', 'lost')
      AND ${statement.holds('s', statement.now)})`;
    return { counts: 'true', inTime: 'true', pending: `coalesce(b.occurred_at < a.occurred_at, true) AND ${open}` };
  }
  const passedBy = (moment: string): string => passedBySql(statement, 'a.occurred_at', days, moment);
  const counts = passedBy(statement.now);
  return { counts, inTime: `NOT ${passedBy('b.occurred_at')}`, pending: `NOT ${counts}` };
}

/** Deals by their first arrival at a place: of several steps of one kind the earliest counts, of those that one event implies the lowest. */
function arrivals(
  statement: Statement,
  place: Place,
  reach: 'touch' | 'implied',
): { readonly fact: FactTable; readonly conditions: readonly string[] } {
  if ('end' in place) {
    if (place.end === 'entry') return { fact: opened, conditions: [] };
    return { fact: closings, conditions: ["f.outcome = 'won'"] };
  }
  const { own: _own, ...fact } = factOf(reach);
  const earlier = `NOT EXISTS (SELECT FROM ${fact.table} e WHERE e.deal_id = f.deal_id AND ${atPlace(statement, place, 'e')}
    AND ${statement.known('e')} AND (e.occurred_at, e.position, e.rank) < (f.occurred_at, f.position, f.rank))`;
  return { fact, conditions: [atPlace(statement, place, 'f'), ...('kind' in place ? [earlier] : [])] };
}

/** The first arrival of deal `a` at a place by T. */
function arrivalOf(statement: Statement, place: Place, reach: 'touch' | 'implied'): string {
  const { fact, conditions } = 'end' in place ? arrivals(statement, place, reach) : ofPlace(statement, place, reach);
  const where = ['f.deal_id = a.deal_id', statement.known('f'), `f.occurred_at <= ${statement.now}`, ...conditions];
  return `SELECT f.event_id, f.occurred_at FROM ${fact.table} f WHERE ${all(where)}
    ORDER BY f.occurred_at, f.position LIMIT 1`;
}

function ofPlace(statement: Statement, place: Exclude<Place, { end: string }>, reach: 'touch' | 'implied') {
  return { fact: factOf(reach), conditions: [atPlace(statement, place, 'f')] };
}

/** `, a.s0, a.bucket` for `, s0, bucket`. */
function namesOf(alias: string, names: string): string {
  const columns = names.split(', ').filter((name) => name !== '');
  return columns.map((name) => `, ${alias}.${name}`).join('');
}
