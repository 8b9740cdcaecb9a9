import { type Period, parsePeriod } from '@voronka/kernel';
import { type PlanChange, type PlanOwner, type Proration, type RegulationVersion } from '@voronka/pay/events';
import { type CellPlan, foldPlan, type RecordedChange } from '@voronka/pay/calculation';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

interface RegulationRow {
  readonly regulation: string;
  readonly version: number;
  readonly effectiveFrom: string;
  readonly document: RegulationVersion['document'];
}

/** Every version of every pay regulation known at K, in the order in which they were recorded. */
export async function regulationsAt(context: QueryContext): Promise<readonly RegulationVersion[]> {
  const statement = new Statement(context);
  return await statement.rows<RegulationRow>(`SELECT r.regulation, r.version,
      r.effective_from::text AS "effectiveFrom", r.document
    FROM pay_regulation_versions r WHERE ${statement.known('r')} ORDER BY r.known_from`);
}

interface ChangeRow {
  readonly planId: string;
  readonly indicator: string;
  readonly ownerKind: PlanOwner['kind'];
  readonly ownerId: string;
  readonly period: string;
  readonly change: PlanChange['change'];
  readonly value: string | null;
  readonly fromDate: string | null;
  readonly proration: Proration | null;
  readonly eventId: string;
}

export interface PlanQuestion {
  readonly indicators: readonly string[];
  /** Keys of periods. */
  readonly periods: readonly string[];
  /** Ids of owners of every kind; all where it is left out. */
  readonly owners?: readonly string[];
}

/** Plans by their cells. */
export class Plans {
  readonly #changes = new Map<string, RecordedChange[]>();
  readonly #folded = new Map<string, CellPlan | null>();

  constructor(rows: readonly ChangeRow[]) {
    for (const row of rows) {
      const key = keyOf(row.indicator, { kind: row.ownerKind, id: row.ownerId }, row.period);
      const list = this.#changes.get(key) ?? [];
      list.push({ eventId: row.eventId, planId: row.planId, change: changeOf(row) });
      this.#changes.set(key, list);
    }
  }

  /** Null: no plan. */
  of(indicator: string, owner: PlanOwner, period: Period): CellPlan | null {
    const key = keyOf(indicator, owner, period.key);
    const known = this.#folded.get(key);
    if (known !== undefined) return known;
    const plan = foldPlan(period, this.#changes.get(key) ?? []);
    this.#folded.set(key, plan);
    return plan;
  }

  /** Cells that were ever changed, whether or not there is a plan now. */
  cells(): readonly { readonly indicator: string; readonly owner: PlanOwner; readonly period: Period }[] {
    return [...this.#changes.keys()].map((key) => {
      const [indicator = '', kind = 'company', id = '', period = ''] = key.split('|');
      return { indicator, owner: { kind: kind as PlanOwner['kind'], id }, period: parsePeriod(period) };
    });
  }
}

// Codes and ids hold no bar.
function keyOf(indicator: string, owner: PlanOwner, period: string): string {
  return `${indicator}|${owner.kind}|${owner.id}|${period}`;
}

function changeOf({ change, value, fromDate, proration }: ChangeRow): PlanChange {
  const amount = Number(value ?? '0');
  switch (change) {
    case 'withdraw':
      return { change };
    case 'replace':
      return { change, value: amount, proration: proration ?? 'none' };
    case 'add':
      return { change, value: amount, proration };
    case 'fromDate':
      return { change, from: fromDate ?? '', value: amount, proration };
    default:
      return change satisfies never;
  }
}

/** The plans of some indicators and periods, as changed up to K. */
export async function plansAt(context: QueryContext, question: PlanQuestion): Promise<Plans> {
  const statement = new Statement(context);
  const owners =
    question.owners === undefined ? '' : `AND p.owner_id = ANY(${statement.bind(question.owners, 'text[]')})`;
  const rows = await statement.rows<ChangeRow>(`SELECT p.plan_id AS "planId", p.indicator, p.owner_kind AS "ownerKind",
      p.owner_id AS "ownerId", p.period, p.change, p.value::text, p.from_date::text AS "fromDate", p.proration,
      p.event_id AS "eventId"
    FROM plan_changes p
    WHERE p.indicator = ANY(${statement.bind(question.indicators, 'text[]')})
      AND p.period = ANY(${statement.bind(question.periods, 'text[]')}) AND ${statement.known('p')} ${owners}
    ORDER BY p.known_from, p.ordinal`);
  return new Plans(rows);
}
