import { type Period, parsePeriod } from '@voronka/kernel';
import type { BonusLine, FactChange, FigureChanges, NamedEvent, TermChange } from '@voronka/pay/calculation';
import type { Scope as PayScope } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { definedOn, heldOn, versionsOf } from '../indicators/definitions.js';
import { type ChangedFact, indicatorChanges } from '../indicators/indicator-changes.js';
import type { Page } from '../page.js';
import { Statement } from '../sql.js';
import { isQuotient } from './actuals.js';
import { filtersOf, ownersOf } from './line-evidence.js';

/** Between which facts, and under which terms, figures are compared. */
export interface FactsCompared {
  readonly employee: string;
  readonly before: QueryContext;
  readonly after: QueryContext;
  /** Under these both times. */
  readonly terms: QueryContext;
}

/** Everything that a line asks about, each figure once: its own and those of its gates. */
function figuresOf(lines: readonly BonusLine[]): readonly { readonly indicator: string; readonly scope: PayScope }[] {
  const asked = lines.flatMap((line) => [line, ...line.gates]);
  return [...new Map(asked.map(({ indicator, scope }) => [`${indicator}|${scope}`, { indicator, scope }])).values()];
}

/** The facts that the figures of a rule count otherwise, with the events that made it so; each figure paged by itself. */
export async function factChanges(
  compared: FactsCompared,
  lines: readonly BonusLine[],
  page: Page,
): Promise<readonly FigureChanges[]> {
  const [line] = lines;
  if (line === undefined) return [];
  const { before, after, terms, employee } = compared;
  const period = parsePeriod(line.period);
  const owners = { before: await ownersOf(before, line, employee), after: await ownersOf(after, line, employee) };
  const found: FigureChanges[] = [];
  for (const { indicator, scope } of figuresOf(lines)) {
    const versions = await versionsOf(terms, [indicator]);
    if (!heldOn(versions, indicator, period.from)) continue;
    const defined = definedOn(versions, indicator, period.from);
    const sides = {
      before: { context: before, filters: filtersOf(owners.before(scope)) },
      after: { context: after, filters: filtersOf(owners.after(scope)) },
    };
    const parts =
      defined.definition.measure === 'ratio' ? (['numerator', 'denominator'] as const) : (['numerator'] as const);
    for (const part of parts) {
      const { count, items } = await indicatorChanges({ defined, part, period, ...sides }, page);
      if (count === 0) continue;
      const { unit } = defined.definition;
      const definition = `${indicator}@${defined.version}`;
      const because = await withCauses(compared, items);
      found.push({
        definition,
        scope,
        unit: isQuotient(defined.definition) ? 'count' : unit,
        part,
        count,
        items: because,
      });
    }
  }
  return found;
}

/** What only adds to a deal: of a fact that changed it is a cause where it is itself what is counted. */
const ADDS: readonly string[] = [
  'DealOpened',
  'StepCompleted',
  'StepVerified',
  'StepSkipped',
  'ActivityPlanned',
  'ActivityRecorded',
  'ContractSigned',
  'PaymentRecorded',
];

interface CauseRow extends NamedEvent {
  readonly dealId: string;
}

/** Beside each fact the events of its deal and customer, recorded between the two, that made it count otherwise. */
async function withCauses(
  { before, after }: FactsCompared,
  items: readonly ChangedFact[],
): Promise<readonly FactChange[]> {
  const statement = new Statement(after);
  const deals = [...new Set(items.map(({ dealId }) => dealId))];
  const rows =
    await statement.rows<CauseRow>(`SELECT DISTINCT d.deal_id AS "dealId", c.event_id::text AS "eventId", c.type,
      c.position::text AS position, c.position AS place, c.occurred_at AS "occurredAt"
    FROM deals d JOIN pay_causes c ON c.kind = 'facts'
      AND c.subject = ANY(ARRAY['deal-' || d.deal_id, 'customer-' || d.customer_id])
    WHERE d.deal_id = ANY(${statement.bind(deals, 'text[]')}) AND ${statement.known('d')} AND ${since(statement, before, 'c')}
    ORDER BY place`);
  return items.map((item) => {
    const own = rows.filter(
      ({ dealId, eventId, type }) =>
        dealId === item.dealId && (!ADDS.includes(type) || item.eventIds.includes(eventId)),
    );
    return { ...item, because: own.map(namedOf) };
  });
}

/** Recorded after K of one context, and known by that of the statement. */
function since(statement: Statement, { k }: QueryContext, alias: string): string {
  const [from, to] = [k, statement.context.k].map((position) => statement.bind(String(position), 'bigint'));
  return `${alias}.position > ${from} AND ${alias}.position <= ${to}`;
}

type EventRow = NamedEvent & { readonly occurredAt: string | Date };

function namedOf({ eventId, type, position, occurredAt }: EventRow): NamedEvent {
  return { eventId, type, position, occurredAt: new Date(occurredAt).toISOString() };
}

interface OfRule {
  readonly posted: BonusLine | undefined;
  readonly old: BonusLine | undefined;
  readonly facts: readonly FigureChanges[];
}

/**
 * Events about where somebody worked, when he was away and which days are working days, where the line asks for another
 * plan or goes by another regulation, or is there only once. Where a fact counts otherwise though nothing happened to
 * its deal or customer, also those about others: a colleague moved, say.
 */
export async function aroundChanges(
  { employee, before, after }: FactsCompared,
  { posted, old, facts }: OfRule,
): Promise<readonly NamedEvent[]> {
  const isOthers = facts.some(({ items }) => items.some(({ because }) => because.length === 0));
  const isOwn = posted === undefined || old === undefined || besideFacts(posted) !== besideFacts(old);
  if (!isOwn && !isOthers) return [];
  const statement = new Statement(after);
  const who = statement.bind(employee, 'text');
  const whose = isOthers ? 'true' : `c.subject = ${who}`;
  const ofCompany = isOthers ? `c.subject NOT LIKE 'indicator-%'` : `c.subject LIKE 'calendar-%'`;
  const rows = await statement.rows<EventRow>(`SELECT c.event_id::text AS "eventId", c.type,
      c.position::text AS position, c.occurred_at AS "occurredAt"
    FROM pay_causes c WHERE ${since(statement, before, 'c')}
      AND (c.kind = 'absence' AND c.subject = ${who}
        OR c.kind = 'staff' AND ${whose}
        OR c.kind = 'company' AND ${ofCompany})
    ORDER BY c.position`);
  return rows.map(namedOf);
}

/** What of a line does not come from what was counted. */
function besideFacts({ regulation, target, gates, steps }: BonusLine): string {
  const shares = steps.flatMap((step) => (step.step === 'fixed' ? [step.share] : []));
  return JSON.stringify([regulation, target, gates.map((gate) => gate.target), shares]);
}

/** Between which terms lines are compared: K of `before` is that of the last posting, A. */
export interface TermsCompared {
  readonly employee: string;
  readonly origin: string;
  readonly before: QueryContext;
  readonly after: QueryContext;
}

/** Changes of plans, regulations and definitions that a rule's lines rest on, in the order of the log. */
export async function termChanges(
  compared: TermsCompared,
  lines: readonly BonusLine[],
): Promise<readonly TermChange[]> {
  const [line] = lines;
  if (line === undefined) return [];
  return [
    ...(await planChangesOf(compared, lines, parsePeriod(line.period))),
    ...(await regulationChanges(compared, lines)),
    ...(await definitionChanges(compared, lines)),
  ];
}

type PlanChangeTold = Extract<TermChange, { kind: 'plan' }>;

async function planChangesOf(
  { employee, before, after }: TermsCompared,
  lines: readonly BonusLine[],
  period: Period,
): Promise<readonly PlanChangeTold[]> {
  const cells = new Map<string, { indicator: string; kind: string; id: string }>();
  for (const line of lines) {
    const ownerOf = await ownersOf(after, line, employee);
    for (const { indicator, planScope } of [line, ...line.gates]) {
      const owner = ownerOf(planScope);
      cells.set(`${indicator}|${owner.kind}|${owner.id}`, { indicator, ...owner });
    }
  }
  const statement = new Statement(after);
  const asked = [...cells.values()];
  const column = (pick: (cell: (typeof asked)[number]) => string): string => statement.bind(asked.map(pick), 'text[]');
  return await statement.rows<PlanChangeTold>(`SELECT 'plan' AS kind, p.event_id::text AS "eventId",
      p.plan_id AS "planId", p.indicator, p.owner_kind || '/' || p.owner_id AS owner, p.change, p.value::text AS value,
      p.from_date::text AS "fromDate", p.author, p.proposed_by AS "proposedBy", p.reason
    FROM plan_changes p
    WHERE (p.indicator, p.owner_kind, p.owner_id) IN (SELECT * FROM unnest(
        ${column(({ indicator }) => indicator)}, ${column(({ kind }) => kind)}, ${column(({ id }) => id)}))
      AND p.period = ${statement.bind(period.key, 'text')} AND ${statement.known('p')}
      AND p.known_from > ${statement.bind(String(before.k), 'bigint')}
    ORDER BY p.known_from, p.ordinal`);
}

type VersionTold = Extract<TermChange, { kind: 'regulation' | 'definition' }>;

async function regulationChanges(
  { origin, before, after }: TermsCompared,
  lines: readonly BonusLine[],
): Promise<readonly VersionTold[]> {
  const statement = new Statement(after);
  const codes = [...new Set(lines.map(({ regulation }) => regulation.slice(0, regulation.lastIndexOf('@'))))];
  return await statement.rows<VersionTold>(`SELECT 'regulation' AS kind, r.event_id::text AS "eventId",
      r.regulation || '@' || r.version AS version
    FROM pay_regulation_versions r
    WHERE r.regulation = ANY(${statement.bind(codes, 'text[]')}) AND ${statement.known('r')}
      AND r.effective_from <= ${statement.bind(parsePeriod(origin).from, 'date')}
      AND r.known_from > ${statement.bind(String(before.k), 'bigint')}
    ORDER BY r.known_from`);
}

async function definitionChanges(
  { before, after }: TermsCompared,
  lines: readonly BonusLine[],
): Promise<readonly VersionTold[]> {
  const codes = figuresOf(lines).map(({ indicator }) => indicator);
  // With what ratios among them are made of.
  const all = [...(await versionsOf(after, codes)).keys()];
  const statement = new Statement(after);
  return await statement.rows<VersionTold>(`SELECT 'definition' AS kind, i.event_id::text AS "eventId",
      i.code || '@' || i.version AS version
    FROM indicator_versions i
    WHERE i.code = ANY(${statement.bind(all, 'text[]')}) AND ${statement.known('i')}
      AND i.known_from > ${statement.bind(String(before.k), 'bigint')}
    ORDER BY i.known_from`);
}
