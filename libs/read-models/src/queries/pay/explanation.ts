import { parsePeriod, refuse } from '@voronka/kernel';
import { explainLine, explainSettlement, type Language } from '@voronka/pay/calculation';
import type { BonusLine, StatementTotals } from '@voronka/pay/calculation';
import { type Answer, answerHead, type QueryContext } from '../context.js';
import { indicatorDrill, type IndicatorDrillAnswer } from '../indicators/indicator-drill.js';
import type { Page } from '../page.js';
import type { Filters } from '../slices.js';
import { Statement } from '../sql.js';
import { draftsOf, payContext } from './statements.js';

export interface ExplanationParams {
  readonly employee: string;
  /** Month. */
  readonly period: string;
  readonly rule?: string | undefined;
  readonly lang: Language;
}

export interface ExplainedLine {
  readonly rule: string;
  readonly amountKopecks: number;
  readonly text: readonly string[];
  readonly line: BonusLine;
  /** The changes of plans that the target rests on. */
  readonly plans: readonly PlanEventRow[];
  /** What was counted; paged. Null unless one rule is asked for. */
  readonly counted: IndicatorDrillAnswer | null;
}

interface PlanEventRow {
  readonly eventId: string;
  readonly planId: string;
  readonly change: string;
  /** In the smallest unit. */
  readonly value: string | null;
  readonly fromDate: string | null;
  readonly author: string | null;
  readonly recordedAt: string;
  readonly reason: string | null;
}

export interface Explanation extends Answer<ExplanationParams> {
  readonly regulation: string | null;
  readonly totals: StatementTotals;
  readonly lines: readonly ExplainedLine[];
  readonly adjustments: readonly {
    readonly origin: string;
    readonly dueKopecks: number;
    readonly text: readonly string[];
  }[];
}

/**
 * A month's pay of one employee as it is known at K, in words and numbers; with one rule, also the events counted.
 * @throws DomainError RULE_NOT_FOUND, NOTHING_PAID
 */
export async function explanationOf(asked: QueryContext, params: ExplanationParams, page: Page): Promise<Explanation> {
  const { employee, period, rule, lang } = params;
  const { drafts } = await draftsOf(asked, period, [employee]);
  const document = drafts[0]?.document;
  if (document === undefined) {
    throw refuse.rule('NOTHING_PAID', 'nobody by this id worked in the month', { employee, period });
  }
  const wanted = document.lines.filter((line) => rule === undefined || line.rule === rule);
  if (rule !== undefined && wanted.length === 0) {
    const rules = document.lines.map((line) => line.rule);
    throw refuse.notFound('RULE_NOT_FOUND', 'no such rule covers the employee in the month', { rule, rules });
  }
  const context = await payContext(asked);
  const lines: ExplainedLine[] = [];
  for (const line of wanted) {
    lines.push({
      rule: line.rule,
      amountKopecks: line.amountKopecks,
      text: explainLine(line, lang),
      line,
      plans: await planEvents(context, line),
      counted: rule === undefined ? null : await counted(context, line, { employee, place: document.place, page }),
    });
  }
  return {
    ...answerHead(context, params, true),
    regulation: document.regulation,
    totals: document.totals,
    lines,
    adjustments: document.adjustments.map((one) => ({
      origin: one.origin,
      dueKopecks: one.dueKopecks,
      text: explainSettlement(one, lang),
    })),
  };
}

async function planEvents(context: QueryContext, line: BonusLine): Promise<readonly PlanEventRow[]> {
  const ids = [...new Set([...line.because, ...line.gates.flatMap(({ because }) => because)])];
  if (ids.length === 0) return [];
  const statement = new Statement(context);
  const indicators = [line.indicator, ...line.gates.map(({ indicator }) => indicator)];
  return await statement.rows<PlanEventRow>(`SELECT p.event_id AS "eventId", p.plan_id AS "planId", p.change,
      p.value::text AS value, p.from_date::text AS "fromDate", p.author, p.recorded_at AS "recordedAt", p.reason
    FROM plan_changes p
    WHERE p.event_id::text = ANY(${statement.bind(ids, 'text[]')}) AND p.period = ${statement.bind(line.period, 'text')}
      AND p.indicator = ANY(${statement.bind(indicators, 'text[]')}) AND ${statement.known('p')}
    ORDER BY p.known_from, p.ordinal`);
}

interface Whose {
  readonly employee: string;
  readonly place: { readonly departmentId: string } | null;
  readonly page: Page;
}

/** The events behind the actual, page by page. */
async function counted(
  context: QueryContext,
  line: BonusLine,
  { employee, place, page }: Whose,
): Promise<IndicatorDrillAnswer> {
  const filters: Filters =
    line.scope === 'self'
      ? { employee: [employee] }
      : line.scope === 'department'
        ? { department: [place?.departmentId ?? null] }
        : {};
  const question = {
    indicator: line.indicator,
    part: 'numerator' as const,
    period: parsePeriod(line.period).key,
    filters,
  };
  return await indicatorDrill(context, { ...question, place: { slices: {} } }, page);
}
