import { fractionToDecimal } from '@voronka/kernel';
import { type BonusLine, fractionFrom } from '@voronka/pay/calculation';
import type { StatementDocument } from '@voronka/pay/events';
import { draftsOf, explanationOf, statementsList } from '@voronka/read-models';
import type { PaidStory, SeenPreview } from '../demo/pay-story.js';
import { nameOf } from '../demo/staff.js';
import { money, print, table } from '../output.js';
import type { Program } from '../program.js';
import { explainedBriefly } from './demo-pay-explained.js';
import { withContext } from './report-question.js';

/** What became of a line, in words. */
export const STATUS = {
  PAID: 'paid',
  NO_PLAN: 'no plan',
  GATE_FAILED: 'plan not met',
  NO_ACTUAL: 'no figure',
} as const satisfies Record<BonusLine['status'], string>;

const TOTALS = {
  earnedKopecks: 'Earned in the month',
  adjustedKopecks: 'For closed months',
  payableKopecks: 'To be paid',
} as const;

/** An empty cell of a column of numbers, which stays one. */
const BLANK = ' ';

/** What the demonstration shows of pay: a statement, two changes of plans before and after, and why. */
export async function showPay({ stores }: Pick<Program, 'stores'>, story: PaidStory): Promise<void> {
  const { employee, closedMonth, openMonth, before } = story;
  const name = nameOf(employee);
  const [issued] = await withContext(stores, {}, async (context) => {
    const { items } = await statementsList(context, { period: closedMonth, employees: [employee] }, {});
    return items;
  });
  print(`\n=== Pay: a plan changes in a closed month and in an open one (${name}) ===`);
  if (issued !== undefined) {
    print(`\nStatement of ${name} for ${closedMonth}: closed, and never changed again`);
    print(linesTable(issued.document));
  }
  print(previewed(story));
  const drafted = async (asOf?: string) =>
    withContext(stores, asOf === undefined ? {} : { asOf }, async (context) => {
      const { drafts } = await draftsOf(context, openMonth, [employee]);
      return drafts[0]?.document;
    });
  const [then, now] = [await drafted(before), await drafted()];
  print(`\nStatement of ${name} for ${openMonth}, still open: before both changes (as of ${before}) and after`);
  print(comparedTable(then, now));
  const explained = await withContext(stores, {}, (context) =>
    explanationOf(context, { employee, period: openMonth, lang: 'en' }, {}),
  );
  print(explainedBriefly(explained, { employee, month: openMonth }));
}

/** A count or a plan as people write it; money of an indicator that counts money. */
export function figure(text: string | null, unit: BonusLine['unit']): string | null {
  if (text === null) return null;
  const value = fractionFrom(text);
  return unit === 'kopecks' ? money(Number(fractionToDecimal(value, 0))) : trimmed(fractionToDecimal(value, 2));
}

function trimmed(decimal: string): string {
  return decimal.replace(/\.?0+$/, '');
}

function linesTable({ lines, totals }: StatementDocument): string {
  return table(
    ['Rule', 'Actual', 'Plan', 'Result', 'Amount'],
    [
      ...lines.map(({ name, unit, actual, target, status, amountKopecks }) => [
        name,
        figure(actual, unit),
        figure(target, unit),
        STATUS[status],
        money(amountKopecks),
      ]),
      [TOTALS.payableKopecks, BLANK, BLANK, '', money(totals.payableKopecks)],
    ],
  );
}

/** One row per rule, then the totals: plan and amount before, plan and amount after. */
function comparedTable(then: StatementDocument | undefined, now: StatementDocument | undefined): string {
  const rules = (now?.lines ?? []).map((line) => {
    const old = then?.lines.find(({ rule, period }) => rule === line.rule && period === line.period);
    const side = (one: BonusLine | undefined): (string | null)[] =>
      one === undefined
        ? [null, null, null]
        : [figure(one.target, one.unit), STATUS[one.status], money(one.amountKopecks)];
    return [line.name, figure(line.actual, line.unit), ...side(old), ...side(line)];
  });
  const totals = (['earnedKopecks', 'adjustedKopecks', 'payableKopecks'] as const).map((total) => [
    ...[TOTALS[total], BLANK],
    ...[BLANK, '', money(then?.totals[total] ?? 0)],
    ...[BLANK, '', money(now?.totals[total] ?? 0)],
  ]);
  return table(
    ['Rule', 'Actual', 'Plan before', 'Result', 'Amount before', 'Plan after', 'Result', 'Amount after'],
    [...rules, ...totals],
  );
}

/** Both changes as they were looked at, before anything was recorded. */
function previewed({ preview, openPreview, closedMonth, closedPlan, openMonth, openPlan }: PaidStory): string {
  const rows = [
    ...previewRows(preview, `${closedPlan} in closed ${closedMonth}`),
    ...previewRows(openPreview ?? null, `${openPlan} in open ${openMonth}`),
  ];
  if (rows.length === 0) return '';
  const title = '\nPreview: what it would do if the plan of first contacts became … ; nothing is recorded yet';
  const head = ['Plan becomes', 'Who', 'Pay before', 'Pay after', 'Due', 'Waived'];
  return `${title}\n${table(head, rows)}`;
}

/** What a closed month owes comes with the statement of the open one; an open month owes nothing beside itself. */
function previewRows(preview: SeenPreview | null, change: string): (string | null)[][] {
  return (preview?.people ?? []).flatMap(({ employeeId, months, statement }) =>
    months.map(({ month, beforeKopecks, afterKopecks }) => {
      const settled = statement?.after.adjustments.find(({ origin }) => origin === month);
      const owed = settled === undefined ? [null, null] : [money(settled.dueKopecks), money(settled.waivedKopecks)];
      return [change, nameOf(employeeId), money(beforeKopecks), money(afterKopecks), ...owed];
    }),
  );
}
