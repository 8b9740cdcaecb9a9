import { parsePeriod } from '@voronka/kernel';
import type { BonusLine, GateResult } from '@voronka/pay/calculation';
import { OWNER_OF_SCOPE, type PlanOwner, type Scope as PayScope } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { definedOn, heldOn, versionsOf } from '../indicators/definitions.js';
import { indicatorDrill, type IndicatorDrillAnswer } from '../indicators/indicator-drill.js';
import type { Page } from '../page.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';
import { isQuotient } from './actuals.js';
import { placesAt } from './places.js';

/** Whose figure a scope of a line means: the employee, the department that his line goes by, or the company. */
export type OwnerOf = (scope: PayScope) => PlanOwner;

/** Owners of a line, whose period is the rule's: who moved may have been elsewhere in the month in which it is paid. */
export async function ownersOf(context: QueryContext, { period }: BonusLine, employee: string): Promise<OwnerOf> {
  const span = parsePeriod(period);
  const place = (await placesAt(context, span, [employee])).lastIn(employee, span);
  const ids: Readonly<Record<PayScope, string>> = {
    self: employee,
    department: place?.departmentId ?? '',
    company: 'main',
  };
  return (scope) => ({ kind: OWNER_OF_SCOPE[scope], id: ids[scope] });
}

/** A change of a plan's cell that a target rests on. */
export interface PlanEventRow {
  readonly eventId: string;
  readonly planId: string;
  readonly change: string;
  /** In the smallest unit. */
  readonly value: string | null;
  readonly fromDate: string | null;
  /** Who made it count. */
  readonly author: string | null;
  /** Where it took two people: who proposed it. */
  readonly proposedBy: string | null;
  readonly recordedAt: string;
  readonly reason: string | null;
}

/** The changes behind the targets of a line and its gates. One event changes up to 1,000 cells: those of others are not shown. */
export async function planEvents(
  context: QueryContext,
  line: Pick<BonusLine, 'indicator' | 'planScope' | 'because' | 'period' | 'gates'>,
  ownerOf: OwnerOf,
): Promise<readonly PlanEventRow[]> {
  const cells = [line, ...line.gates].flatMap(({ indicator, planScope, because }) => {
    const { kind, id } = ownerOf(planScope);
    return because.map((eventId) => ({ eventId, indicator, kind, id }));
  });
  if (cells.length === 0) return [];
  const statement = new Statement(context);
  const column = (pick: (cell: (typeof cells)[number]) => string): string => statement.bind(cells.map(pick), 'text[]');
  return await statement.rows<PlanEventRow>(`SELECT p.event_id AS "eventId", p.plan_id AS "planId", p.change,
      p.value::text AS value, p.from_date::text AS "fromDate", p.author, p.proposed_by AS "proposedBy",
      p.recorded_at AS "recordedAt", p.reason
    FROM plan_changes p
    WHERE (p.event_id::text, p.indicator, p.owner_kind, p.owner_id) IN (SELECT * FROM unnest(
        ${column(({ eventId }) => eventId)}, ${column(({ indicator }) => indicator)},
        ${column(({ kind }) => kind)}, ${column(({ id }) => id)}))
      AND p.period = ${statement.bind(line.period, 'text')} AND ${statement.known('p')}
    ORDER BY p.known_from, p.ordinal`);
}

/** The events behind an actual, of a line or of a gate; each list is paged by itself. Null unless one rule is asked for. */
export interface OpenedActual {
  /** What was counted; of a quotient its numerator. */
  readonly counted: IndicatorDrillAnswer | null;
  /** What a quotient was measured against: its denominator. Null for any other figure. */
  readonly against: IndicatorDrillAnswer | null;
}

export const NOT_OPENED: OpenedActual = { counted: null, against: null };

/** A figure that a line or one of its gates asks about. */
export interface AskedFigure extends Pick<BonusLine | GateResult, 'indicator' | 'scope'> {
  /** Key of the rule's period. */
  readonly period: string;
}

/** What an indicator did not hold for yet opens to nothing. */
export async function openedActual(
  context: QueryContext,
  { indicator, scope, period: key }: AskedFigure,
  { ownerOf, page }: { readonly ownerOf: OwnerOf; readonly page: Page },
): Promise<OpenedActual> {
  const period = parsePeriod(key);
  const versions = await versionsOf(context, [indicator]);
  if (!heldOn(versions, indicator, period.from)) return NOT_OPENED;
  const { definition } = definedOn(versions, indicator, period.from);
  const question = { indicator, period: period.key, filters: filtersOf(ownerOf(scope)), place: { slices: {} } };
  return {
    counted: await indicatorDrill(context, { ...question, part: 'numerator' }, page),
    against: isQuotient(definition) ? await indicatorDrill(context, { ...question, part: 'denominator' }, page) : null,
  };
}

/** By whom the figure credits: as the bonus counts it. */
export function filtersOf({ kind, id }: PlanOwner): Filters {
  if (kind === 'company') return {};
  return kind === 'employee' ? { employee: [id] } : { department: [id] };
}
