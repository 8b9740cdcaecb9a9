import type { Scope } from '../pay-regulation/pay-regulation.document.js';
import type { Unit } from '../indicator/indicator.document.js';
import { type Language, quantity, rub, signed } from './explain-format.js';
import type { RuleDelta } from './settlement.js';

/** An event by its id. */
export interface NamedEvent {
  readonly eventId: string;
  readonly type: string;
  readonly position: string;
  readonly occurredAt: string;
}

/** A fact that a figure counts otherwise than it did when it was posted. */
export interface FactChange {
  readonly dealId: string;
  readonly occurredAt: string;
  /** Events that make the fact. */
  readonly eventIds: readonly string[];
  /** What it counted for, in the smallest unit (of a quotient above/below); null: it did not count. */
  readonly before: string | null;
  /** What it counts for now; null: it does not. */
  readonly after: string | null;
  /** Events recorded since then that made it so. */
  readonly because: readonly NamedEvent[];
}

/** Of one figure that a rule asks about, the facts that changed; paged by itself. */
export interface FigureChanges {
  /** `meetings@1`. */
  readonly definition: string;
  readonly scope: Scope;
  readonly unit: Unit;
  readonly part: 'numerator' | 'denominator';
  /** How many facts there are in all. */
  readonly count: number;
  readonly items: readonly FactChange[];
}

/** A change of terms between those of the last posting and those of now. */
export type TermChange =
  | {
      readonly kind: 'plan';
      readonly eventId: string;
      readonly planId: string;
      readonly indicator: string;
      readonly owner: string;
      readonly change: string;
      /** In the smallest unit. */
      readonly value: string | null;
      readonly fromDate: string | null;
      readonly author: string | null;
      readonly proposedBy: string | null;
      readonly reason: string | null;
    }
  | { readonly kind: 'regulation' | 'definition'; readonly eventId: string; readonly version: string };

/** Where a rule's posted amount comes from: a statement's event, or that of an adjustment by hand. */
export interface PostingNamed {
  readonly month: string;
  readonly eventId: string | null;
  readonly kopecks: number;
}

/** One rule of an adjustment, down to the events of both sides. */
export interface DeltaExplained {
  readonly delta: RuleDelta;
  readonly postings: readonly PostingNamed[];
  /** Each with its arithmetic in words; empty: the rule paid nobody then. */
  readonly posted: readonly string[];
  readonly underOldTerms: readonly string[];
  readonly now: readonly string[];
  readonly facts: readonly FigureChanges[];
  /** Of where he worked, when he was away, and the calendar. */
  readonly around: readonly NamedEvent[];
  readonly terms: readonly TermChange[];
}

const WORDS = {
  ru: {
    posted: 'начислено ранее',
    old: 'по фактам теперь, по условиям начисления',
    now: 'по фактам и условиям теперь',
    gone: 'больше не считается',
    come: 'теперь считается',
    other: 'считается иначе',
    under: 'знаменатель',
    more: 'ещё изменений',
    compared: 'факты и условия как известно на позиции',
    around: 'место работы, отсутствия, календарь',
    plan: 'план',
    change: { replace: 'заменён', fromDate: 'с даты', add: 'добавлено', withdraw: 'отозван' },
    regulation: 'положение',
    definition: 'определение показателя',
  },
  en: {
    posted: 'posted before',
    old: 'by facts now, under the terms it was posted by',
    now: 'by facts and terms now',
    gone: 'counted no more',
    come: 'counted now',
    other: 'counted otherwise',
    under: 'denominator',
    more: 'more changes',
    compared: 'facts and terms as known at the position',
    around: 'place of work, absences, calendar',
    plan: 'plan',
    change: { replace: 'replaced', fromDate: 'from a day on', add: 'added', withdraw: 'withdrawn' },
    regulation: 'regulation',
    definition: 'definition of an indicator',
  },
} as const satisfies Record<Language, object>;

/**
 * A rule of an adjustment: the three figures with their arithmetic, then what made them differ, one sentence a line.
 * `offset`: so many facts of each figure were shown on pages before.
 */
export function explainDelta(explained: DeltaExplained, language: Language, offset = 0): readonly string[] {
  const { delta, postings, facts, around, terms } = explained;
  const words = WORDS[language];
  const old = delta.postedKopecks + delta.factDeltaKopecks;
  const now = old + delta.termDeltaKopecks;
  return [
    `${delta.rule}, ${delta.period}: ${words.posted} ${rub(delta.postedKopecks)}`,
    ...inner(postings.map(({ month, kopecks, eventId }) => said([month, signed(kopecks), eventId]))),
    ...inner(explained.posted),
    `${words.old}: ${rub(old)} (${signed(delta.factDeltaKopecks)})`,
    ...inner(explained.underOldTerms),
    ...inner(facts.flatMap((figure) => figureLines(figure, language, offset))),
    ...inner(around.length === 0 ? [] : [`${words.around}: ${around.map(named).join(', ')}`]),
    `${words.now}: ${rub(now)} (${signed(delta.termDeltaKopecks)})`,
    ...inner(explained.now),
    ...inner(terms.map((term) => termLine(term, language))),
  ];
}

/** What two bonuses are compared by: positions of the log. */
export interface Compared {
  /** Facts and terms that the posted figure rests on. */
  readonly posted: { readonly facts: string; readonly terms: string };
  readonly now: string;
}

/** Between which positions a difference lies. */
export function explainCompared({ posted, now }: Compared, language: Language): string {
  const { facts, terms } = posted;
  return `${WORDS[language].compared}: ${facts}, ${terms} → ${now}`;
}

function inner(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function said(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

function named({ type, eventId }: NamedEvent): string {
  return `${type} ${eventId}`;
}

function figureLines(
  { definition, unit, part, count, items }: FigureChanges,
  language: Language,
  offset: number,
): readonly string[] {
  const words = WORDS[language];
  const what = part === 'denominator' ? `${definition} (${words.under})` : definition;
  const shown = items.map(({ dealId, occurredAt, eventIds, before, after, because }) => {
    const how = after === null ? words.gone : before === null ? words.come : words.other;
    const value = (text: string | null): string | null => valueOf(text, unit, language);
    const amounts = [value(before), value(after)].filter((text) => text !== null).join(' → ');
    const causes = because.length === 0 ? '' : `: ${because.map(named).join(', ')}`;
    return `${what} ${how}: ${said([dealId, occurredAt, amounts, ...eventIds])}${causes}`;
  });
  const left = count - offset - items.length;
  return left > 0 ? [...shown, `${what}, ${words.more}: ${left}`] : shown;
}

/** A quotient's two numbers stand as they are. */
function valueOf(text: string | null, unit: Unit, language: Language): string | null {
  return text === null || unit !== 'kopecks' ? text : quantity(unit, language)(text);
}

function termLine(term: TermChange, language: Language): string {
  const words = WORDS[language];
  if (term.kind !== 'plan') return `${words[term.kind]} ${term.version}: ${term.eventId}`;
  const { planId, indicator, owner, change, fromDate, value, author, proposedBy, reason, eventId } = term;
  const by = proposedBy === null ? author : `${proposedBy} → ${author}`;
  const what = words.change[change as keyof typeof words.change];
  return `${words.plan} ${planId}: ${said([indicator, owner, what, fromDate, value, by, reason, eventId])}`;
}
