import { periodAt, subtractFractions } from '@voronka/kernel';
import { indicatorCatalogue } from '@voronka/pay';
import { fractionFrom, fractionText } from '@voronka/pay/calculation';
import { draftsOf, plansOf } from '@voronka/read-models';
import { departments, ROUTE_MAP_ID, ZONE } from '../demo/company.js';
import { nameOf } from '../demo/staff.js';
import { money, print, table } from '../output.js';
import type { Program } from '../program.js';
import { figure, STATUS } from './demo-pay.js';
import { askStores } from './report-question.js';

/** Plans of departments beside those of their people, and how heads are paid by them. */
export async function showPlans({ stores }: Pick<Program, 'stores'>, at: string): Promise<void> {
  const month = periodAt(at, 'month', ZONE).key;
  await askStores(stores, { routeMap: ROUTE_MAP_ID, at }, async ({ context }) => {
    print(`\nPlans of ${month} by department: its own beside those of its people together, and the gap between them`);
    print(plansTable(await plansOf(context, { period: month })));
    const { drafts } = await draftsOf(
      context,
      month,
      departments.map(({ head }) => head),
    );
    print(`\nHeads of sales, paid in ${month} for what their departments signed in the whole quarter`);
    print(
      table(
        ['Head', 'Signed', 'Plan', 'Result', 'Amount'],
        drafts.flatMap(({ document: { employeeId, lines } }) =>
          lines.map(({ unit, actual, target, status, amountKopecks }) => [
            nameOf(employeeId),
            figure(actual, unit),
            figure(target, unit),
            STATUS[status],
            money(amountKopecks),
          ]),
        ),
      ),
    );
  });
}

function plansTable({ rows, gaps }: Awaited<ReturnType<typeof plansOf>>): string {
  return table(
    ['Department', 'Indicator', 'Plan', 'Of its people', 'Gap', 'Done'],
    gaps.flatMap(({ indicator, department, gap }) => {
      const row = rows.find((one) => one.indicator === indicator && one.owner.id === department);
      if (row === undefined || row.target === null) return [];
      const { name, unit } = definitionOf(indicator);
      const ofPeople = fractionText(subtractFractions(fractionFrom(row.target), fractionFrom(gap)));
      return [
        [
          departments.find(({ id }) => id === department)?.name ?? department,
          name,
          ...[row.target, ofPeople, gap, row.actual].map((value) => figure(value, unit)),
        ],
      ];
    }),
  );
}

function definitionOf(indicator: string) {
  const known = indicatorCatalogue.find(({ code }) => code === indicator)?.definition;
  return { name: known?.name.en ?? indicator, unit: known?.unit ?? 'count' };
}
