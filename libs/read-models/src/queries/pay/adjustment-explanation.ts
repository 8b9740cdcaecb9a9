import {
  type BonusLine,
  BY_HAND,
  type Compared,
  type DeltaExplained,
  explainCompared,
  explainDelta,
  explainSettlement,
  type Language,
  type RuleDelta,
} from '@voronka/pay/calculation';
import type { PostedAdjustment, StatementDocument } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import type { Page } from '../page.js';
import { bonusesOf } from './bonuses.js';
import { payContext } from './context-of-pay.js';
import { aroundChanges, factChanges, termChanges } from './difference-causes.js';
import { lineWords } from './line-words.js';
import { issuedAt, payrollAt } from './payroll.js';
import { type SettledOrigin, settledOrigin } from './settled-origin.js';

/** One rule of an adjustment: three figures and the events that make them differ. */
export interface ExplainedRule extends Omit<DeltaExplained, 'delta'>, RuleDelta {
  /** By the facts now, under the terms that it was posted by. Kopecks. */
  readonly underOldTermsKopecks: number;
  /** By facts and terms now. Kopecks. */
  readonly nowKopecks: number;
}

export interface ExplainedAdjustment extends Compared {
  readonly origin: string;
  readonly dueKopecks: number;
  readonly text: readonly string[];
  readonly rules: readonly ExplainedRule[];
}

export interface AdjustmentsQuestion {
  readonly document: StatementDocument;
  readonly rule?: string | undefined;
  readonly lang: Language;
}

/**
 * What a statement posts for earlier months, rule by rule, down to the causes: facts counted otherwise than when it was
 * posted, and changes of plans, regulations and definitions since.
 */
export async function explainAdjustments(
  context: QueryContext,
  { document, rule, lang }: AdjustmentsQuestion,
  page: Page,
): Promise<readonly ExplainedAdjustment[]> {
  const { adjustments, employeeId } = document;
  if (adjustments.length === 0) return [];
  const payroll = await payrollAt(context);
  const issued = await issuedAt(context, payroll, [employeeId]);
  const explained: ExplainedAdjustment[] = [];
  for (const adjustment of adjustments) {
    const settled = settledOrigin({ origin: adjustment.origin, payroll, issued, document });
    const figures = await figuresOf(context, { employeeId, adjustment, settled });
    const rules: ExplainedRule[] = [];
    const compared: Compared = {
      posted: { facts: String(settled.facts), terms: String(settled.lastTerms) },
      now: String(context.k),
    };
    const text = [...explainSettlement(adjustment, lang), explainCompared(compared, lang)];
    for (const delta of adjustment.rules.filter((one) => rule === undefined || one.rule === rule)) {
      const told = await explainRule(delta, figures, { lang, page });
      text.push(...explainDelta(told, lang, page.offset));
      const { delta: _delta, ...rest } = told;
      const underOldTermsKopecks = delta.postedKopecks + delta.factDeltaKopecks;
      const nowKopecks = underOldTermsKopecks + delta.termDeltaKopecks;
      rules.push({ ...delta, underOldTermsKopecks, nowKopecks, ...rest });
    }
    explained.push({
      ...{ origin: adjustment.origin, dueKopecks: adjustment.dueKopecks, text },
      ...compared,
      rules,
    });
  }
  return explained;
}

/** The bonus of the month of origin three times, and what each was worked out by. */
interface Figures {
  readonly employee: string;
  readonly origin: string;
  readonly settled: SettledOrigin;
  readonly before: QueryContext;
  readonly oldTerms: QueryContext;
  readonly context: QueryContext;
  readonly posted: readonly BonusLine[];
  readonly underOldTerms: readonly BonusLine[];
  readonly now: readonly BonusLine[];
}

interface Settling {
  readonly employeeId: string;
  readonly adjustment: PostedAdjustment;
  readonly settled: SettledOrigin;
}

async function figuresOf(context: QueryContext, { employeeId, adjustment, settled }: Settling): Promise<Figures> {
  const { origin } = adjustment;
  const before = await payContext(context, settled.facts);
  const oldTerms = { ...context, k: settled.lastTerms };
  const lines = async (facts: QueryContext, terms: QueryContext): Promise<readonly BonusLine[]> => {
    const { bonuses } = await bonusesOf({ facts, terms, months: [origin], employees: [employeeId] });
    return bonuses.flatMap((bonus) => bonus.lines);
  };
  return {
    ...{ employee: employeeId, origin, settled, before, oldTerms, context },
    posted: settled.lines ?? (await lines(before, { ...context, k: settled.terms })),
    underOldTerms: await lines(context, oldTerms),
    now: await lines(context, context),
  };
}

async function explainRule(
  delta: RuleDelta,
  figures: Figures,
  { lang, page }: { readonly lang: Language; readonly page: Page },
): Promise<DeltaExplained> {
  const { employee, origin, settled, before, oldTerms, context } = figures;
  const own = (lines: readonly BonusLine[]): BonusLine | undefined =>
    lines.find(({ rule, period }) => rule === delta.rule && period === delta.period);
  const [posted, old, now] = [own(figures.posted), own(figures.underOldTerms), own(figures.now)];
  const words = async (line: BonusLine | undefined, terms: QueryContext): Promise<readonly string[]> =>
    line === undefined ? [] : await lineWords(terms, line, lang);
  const byFacts = delta.factDeltaKopecks !== 0 && delta.rule !== BY_HAND;
  const compared = { employee, before, after: context, terms: oldTerms };
  const facts = byFacts ? await factChanges(compared, known([posted, old]), page) : [];
  const byTerms = delta.termDeltaKopecks !== 0 && delta.rule !== BY_HAND;
  return {
    delta,
    postings: settled.postingsOf(delta.rule, delta.period),
    posted: await words(posted, { ...context, k: settled.terms }),
    underOldTerms: await words(old, oldTerms),
    now: await words(now, context),
    facts,
    around: byFacts ? await aroundChanges(compared, { posted, old, facts }) : [],
    terms: byTerms ? await termChanges({ employee, origin, before: oldTerms, after: context }, known([old, now])) : [],
  };
}

function known(lines: readonly (BonusLine | undefined)[]): readonly BonusLine[] {
  return lines.filter((line) => line !== undefined);
}
