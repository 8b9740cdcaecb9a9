import { localDateOf, parsePeriod, type Period } from '@voronka/kernel';
import { PAY_GRAINS, type PlanOwner } from '@voronka/pay/events';
import type { QueryContext } from '../queries/context.js';
import { placesAt } from '../queries/pay/places.js';
import { monthOfEnd } from './counts.js';

interface CauseRow {
  readonly kind: 'facts' | 'plan' | 'regulation' | 'absence' | 'staff' | 'company';
  readonly subject: string | null;
  readonly ownerKind: PlanOwner['kind'] | null;
  readonly ownerId: string | null;
  readonly period: string | null;
}

/** What has to be worked out anew. */
export interface Dirty {
  /** Anything may have changed: nothing that was kept holds. */
  readonly everything: boolean;
  /** First month with facts that may have changed; null: none did. */
  readonly factsFrom: string | null;
  /** First month with another regulation. */
  readonly regulationsFrom: string | null;
  /** In every month. */
  readonly employees: ReadonlySet<string>;
  /** Somebody came, went or was moved: what departments did is another sum, whoever of them did it. */
  readonly departments: boolean;
  /** By month; null: everybody. */
  readonly people: ReadonlyMap<string, ReadonlySet<string> | null>;
}

/** What the events in (after, K] may have changed. */
export async function dirtySince(context: QueryContext, after: bigint): Promise<Dirty> {
  const span = [String(after), String(context.k)];
  const { rows } = await context.client.query<CauseRow>(
    `SELECT DISTINCT c.kind, c.subject, c.owner_kind AS "ownerKind", c.owner_id AS "ownerId", c.period
     FROM pay_causes c WHERE c.position > $1::bigint AND c.position <= $2::bigint`,
    span,
  );
  const of = (kind: CauseRow['kind']): CauseRow[] => rows.filter((row) => row.kind === kind);
  const regulations = of('regulation').map(({ period }) => (period ?? '').slice(0, 7));
  return {
    everything: of('company').length > 0,
    factsFrom: await firstMonth(context, of('facts')),
    regulationsFrom: regulations.toSorted()[0] ?? null,
    employees: new Set([...of('absence'), ...of('staff')].map(({ subject }) => subject ?? '')),
    departments: of('staff').length > 0,
    people: await planned(context, of('plan')),
  };
}

/**
 * An event may change any fact of its deal, none from before the deal's first; one of a customer, who may be registered
 * after it happened, any fact of any of his deals.
 */
async function firstMonth({ client, k, zone }: QueryContext, facts: readonly CauseRow[]): Promise<string | null> {
  if (facts.length === 0) return null;
  const subjects = facts.map(({ subject }) => subject ?? '');
  const { rows } = await client.query<{ first: Date | null }>(
    `SELECT min(c.occurred_at) AS first FROM pay_causes c
     WHERE c.kind = 'facts' AND c.position <= $2::bigint AND c.subject = ANY($1::text[] || ARRAY(
       SELECT 'deal-' || d.deal_id FROM deals d WHERE d.customer_id = ANY($3::text[])))`,
    [subjects, String(k), customersAmong(subjects)],
  );
  const first = rows[0]?.first ?? null;
  return first === null ? null : localDateOf(first.toISOString(), zone).slice(0, 7);
}

const CUSTOMER = 'customer-';

function customersAmong(subjects: readonly string[]): readonly string[] {
  return subjects.filter((subject) => subject.startsWith(CUSTOMER)).map((subject) => subject.slice(CUSTOMER.length));
}

/** Whoever is paid by these plans: the owner, everybody of the department, or everybody. */
async function planned(context: QueryContext, cells: readonly CauseRow[]): Promise<Map<string, Set<string> | null>> {
  const people = new Map<string, Set<string> | null>();
  for (const { ownerKind, ownerId, period: key } of cells) {
    const period = parsePeriod(key ?? '');
    if (!(PAY_GRAINS as readonly string[]).includes(period.grain)) continue;
    const month = monthOfEnd({ period });
    const known = people.get(month);
    if (known === null) continue;
    if (ownerKind === 'company') {
      people.set(month, null);
      continue;
    }
    const found = ownerKind === 'employee' ? [ownerId ?? ''] : await membersOf(context, ownerId ?? '', period);
    people.set(month, new Set([...(known ?? []), ...found]));
  }
  return people;
}

/** Who is paid by the department's figures: those whose last assigned day of the period was there. */
async function membersOf(context: QueryContext, departmentId: string, period: Period): Promise<readonly string[]> {
  const places = await placesAt(context, period, null);
  return places.employees(period).filter((id) => places.lastIn(id, period)?.departmentId === departmentId);
}

/** Besides, everybody of some months. */
export function withEverybody(dirty: Dirty, months: readonly string[]): Dirty {
  return { ...dirty, people: new Map([...dirty.people, ...months.map((month) => [month, null] as const)]) };
}

/** The months that are kept, and whom of each to work out; null: everybody. */
export function workOf(
  dirty: Dirty,
  months: readonly string[],
  /** Months up to this one are kept; later ones are new. */
  keptUpTo: string,
): ReadonlyMap<string, ReadonlySet<string> | null> {
  const work = new Map<string, ReadonlySet<string> | null>();
  for (const month of months) {
    const isWhole =
      dirty.everything || month > keptUpTo || isFrom(dirty.factsFrom, month) || isFrom(dirty.regulationsFrom, month);
    const people = dirty.people.get(month);
    if (isWhole || people === null) work.set(month, null);
    else if (people !== undefined || dirty.employees.size > 0)
      work.set(month, new Set([...(people ?? []), ...dirty.employees]));
  }
  return work;
}

function isFrom(first: string | null, month: string): boolean {
  return first !== null && month >= first;
}
