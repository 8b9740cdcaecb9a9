import { formatKopecks } from '@voronka/kernel';
import { earliestOpen, type Explanation, explanationOf, type Language, payrollAt } from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say } from '../output.js';
import { withStores } from '../with-stores.js';
import { wholeNumber, withContext } from './report-question.js';

export interface ExplainOptions {
  readonly employee: string;
  readonly period?: string;
  readonly rule?: string;
  readonly asOf?: string;
  readonly lang: Language;
  readonly limit?: string;
  readonly offset?: string;
  readonly json?: boolean;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
/** Of one page, unless another number is given. */
const EVENTS_SHOWN = 500;

/** Prints a month's pay of one employee in words and numbers. */
export async function explainPay({ settings }: LoadedSettings, options: ExplainOptions): Promise<void> {
  const { employee, rule, lang } = options;
  if (options.period !== undefined && !MONTH.test(options.period)) {
    throw new CliError(EXIT.usage, '--period must be a month, such as 2009-08');
  }
  const page = {
    limit: options.limit === undefined ? EVENTS_SHOWN : wholeNumber('--limit', options.limit),
    offset: options.offset === undefined ? 0 : wholeNumber('--offset', options.offset),
  };
  const answer = await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return withContext(stores, options, async (context) => {
      const period = options.period ?? earliestOpen(await payrollAt(context));
      return explanationOf(context, { employee, period, rule, lang }, page);
    });
  });
  if (options.json === true) {
    print(json(answer));
    return;
  }
  for (const line of explanationLines(answer, lang, page.offset)) print(line);
  say(`as of position ${answer.k}, zone ${answer.zone}`);
}

const WORDS = {
  ru: {
    plan: 'план',
    change: { replace: 'заменён', fromDate: 'с даты', add: 'добавлено', withdraw: 'отозван' },
    dispute: 'спор',
    status: { open: 'открыт', upheld: 'признан', dismissed: 'отклонён' },
    pinned: 'тогда было',
    totals: {
      earnedKopecks: 'начислено',
      adjustedKopecks: 'за прошлые месяцы',
      manualKopecks: 'вручную',
      broughtKopecks: 'перенесено с прошлого месяца',
      payableKopecks: 'к выплате',
      carriedKopecks: 'переносится на следующий месяц',
    },
    against: 'знаменатель',
    assumed: 'приняты обычные недели для годов, которых нет в рабочем календаре',
    gate: 'порог',
    more: 'ещё событий',
  },
  en: {
    plan: 'plan',
    change: { replace: 'replaced', fromDate: 'from a day on', add: 'added', withdraw: 'withdrawn' },
    dispute: 'dispute',
    status: { open: 'open', upheld: 'upheld', dismissed: 'dismissed' },
    pinned: 'it was then',
    totals: {
      earnedKopecks: 'earned',
      adjustedKopecks: 'for earlier months',
      manualKopecks: 'by hand',
      broughtKopecks: 'brought from the month before',
      payableKopecks: 'to be paid',
      carriedKopecks: 'carried to the next month',
    },
    against: 'out of',
    assumed: 'plain weeks were taken for years that the working calendar does not state',
    gate: 'gate',
    more: 'more events',
  },
} as const satisfies Record<Language, object>;

/** The answer as it is printed, line by line; `offset`: so many events were shown before. */
export function explanationLines(answer: Explanation, lang: Language, offset: number): readonly string[] {
  const { lines, adjustments, manual, totals, leaving, disputes, calendarAssumed } = answer;
  const words = WORDS[lang];
  const explained = lines.flatMap((line) => [
    ...line.text,
    ...line.plans.map((plan) => planLine(plan, lang)),
    ...line.disputed.map(({ disputeId, pinnedKopecks }) => {
      const pinned = pinnedKopecks === null ? '–' : formatKopecks(pinnedKopecks);
      return `  ${words.dispute} ${disputeId}: ${words.pinned} ${pinned}`;
    }),
    ...eventLines(line.counted, lang, offset),
    ...(line.against === null ? [] : [`  ${words.against}:`, ...eventLines(line.against, lang, offset)]),
    ...line.gates.filter((gate) => !asksTheSame(line, gate)).flatMap((gate) => gateLines(gate, lang, offset)),
    '',
  ]);
  const settled = [...adjustments, ...manual].flatMap(({ text }) => [...text, '']);
  const doubted = disputes.map(({ disputeId, status, rules, reason, answer: why }) =>
    [`${words.dispute} ${disputeId}`, words.status[status], ...rules, reason, why].filter(Boolean).join(', '),
  );
  const names = Object.keys(words.totals) as (keyof typeof words.totals)[];
  const sums = names.map((name) => `${words.totals[name]}: ${formatKopecks(totals[name])}`);
  const assumed = calendarAssumed.length === 0 ? [] : [`${words.assumed}: ${calendarAssumed.join(', ')}`];
  return [...explained, ...settled, ...sums, ...leaving, ...doubted, ...assumed];
}

type Line = Explanation['lines'][number];

/** Many a gate asks for what the line counts: its events are shown already. */
function asksTheSame({ line }: Line, { gate }: Line['gates'][number]): boolean {
  return gate.indicator === line.indicator && gate.scope === line.scope;
}

/** Of one rule: the events behind a gate's own figure. */
function gateLines({ gate, counted, against }: Line['gates'][number], lang: Language, offset: number) {
  if (counted === null) return [];
  const { gate: word, against: under } = WORDS[lang];
  return [
    `  ${word} ${gate.definition}:`,
    ...eventLines(counted, lang, offset),
    ...(against === null ? [] : [`  ${under}:`, ...eventLines(against, lang, offset)]),
  ];
}

function planLine(plan: Line['plans'][number], lang: Language): string {
  const { planId, change, value, fromDate, recordedAt, author, proposedBy, reason, eventId } = plan;
  const { plan: word, change: names } = WORDS[lang];
  const what = names[change as keyof typeof names];
  const by = proposedBy === null ? author : `${proposedBy} → ${author}`;
  const parts = [what, fromDate, value, new Date(recordedAt).toISOString(), by, reason, eventId];
  return `  ${word} ${planId}: ${parts.filter((part) => part !== null && part !== '').join(' ')}`;
}

function eventLines(counted: Line['counted'], lang: Language, offset: number): readonly string[] {
  if (counted === null) return [];
  const shown = counted.items.map(
    ({ dealId, occurredAt, eventIds }) => `  ${occurredAt} ${dealId} ${eventIds.join(' ')}`,
  );
  const left = counted.count - offset - counted.items.length;
  return left > 0 ? [...shown, `  ${WORDS[lang].more}: ${left}`] : shown;
}
