import { formatKopecks } from '@voronka/kernel';
import type { StatementDocument } from '@voronka/pay/events';
import { draftsOf, explanationOf, statementsList } from '@voronka/read-models';
import type { PaidStory } from '../demo/pay-story.js';
import { money, print, table } from '../output.js';
import type { Program } from '../program.js';
import { withContext } from './report-question.js';

/** What the demonstration shows of pay: a statement, a change of the past before and after, and why. */
export async function showPay({ stores }: Pick<Program, 'stores'>, story: PaidStory): Promise<void> {
  const { employee, closedMonth, closedPlan, openMonth, openPlan, before } = story;
  const [issued] = await withContext(stores, {}, async (context) => {
    const { items } = await statementsList(context, { period: closedMonth, employees: [employee] }, {});
    return items;
  });
  if (issued !== undefined) {
    print(`\nStatement of ${employee} for ${closedMonth}, closed`);
    print(linesTable(issued.document.lines));
  }
  if (story.preview !== null) print(previewOfClosed(story, story.preview));
  const drafted = async (asOf?: string) =>
    withContext(stores, asOf === undefined ? {} : { asOf }, async (context) => {
      const { drafts } = await draftsOf(context, openMonth, [employee]);
      return drafts[0]?.document;
    });
  const [then, now] = [await drafted(before), await drafted()];
  print(
    `\n${openMonth}, open: before and after the plan of first contacts became ${openPlan} there, and ${closedPlan} in closed ${closedMonth}`,
  );
  print(
    table(
      ['', 'before', 'after'],
      (['earnedKopecks', 'adjustedKopecks', 'payableKopecks'] as const).map((name) => [
        name.replace('Kopecks', ''),
        formatKopecks(then?.totals[name] ?? 0),
        formatKopecks(now?.totals[name] ?? 0),
      ]),
    ),
  );
  const explained = await withContext(stores, {}, (context) =>
    explanationOf(context, { employee, period: openMonth, lang: 'en' }, {}),
  );
  for (const { text } of explained.adjustments)
    print(text.map((line, at) => (at === 0 ? `${line}:` : `  ${line}`)).join('\n'));
  const first = explained.lines.find(({ rule }) => rule === 'R1');
  if (first !== undefined) print(first.text.join('\n  '));
}

function linesTable(lines: StatementDocument['lines']): string {
  return table(
    ['Rule', 'Actual', 'Plan', 'Status', 'Amount'],
    lines.map(({ name, unit, actual, target, status, amountKopecks }) => [
      name,
      unit === 'kopecks' && actual !== null ? money(Number(actual)) : actual,
      target,
      status,
      formatKopecks(amountKopecks),
    ]),
  );
}

function previewOfClosed({ closedMonth, closedPlan }: PaidStory, preview: NonNullable<PaidStory['preview']>): string {
  const rows = preview.people.flatMap(({ employeeId, months, statement }) =>
    months.map(({ month, beforeKopecks, afterKopecks }) => {
      const settled = statement?.after.adjustments.find(({ origin }) => origin === month);
      return [
        ...[employeeId, month, formatKopecks(beforeKopecks), formatKopecks(afterKopecks)],
        ...[settled?.dueKopecks, settled?.waivedKopecks].map((kopecks) => formatKopecks(kopecks ?? 0)),
      ];
    }),
  );
  const title = `\nPreview: the plan of first contacts becomes ${closedPlan} in closed ${closedMonth}; nothing recorded yet`;
  return `${title}\n${table(['', 'Month', 'before', 'after', 'due', 'waived'], rows)}`;
}
