import { overdueSteps } from '@voronka/api';
import { periodAt } from '@voronka/kernel';
import {
  activity,
  conformance,
  duplicatesList,
  funnel,
  funnelAnalysis,
  indicatorFigures,
  type SliceName,
  type StandingHere,
  winRate,
  worklist,
} from '@voronka/read-models';
import { ROUTE_MAP_ID, ZONE } from '../demo/company.js';
import { money, print, table } from '../output.js';
import type { Program } from '../program.js';
import { askStores } from './report-question.js';
import { activityTable, barTable } from './reports.js';
import { rowName } from './row-name.js';

const LONGEST_LIST = 10;

/** What comes first: the funnel of all deals, at an instant of the demonstration's own clock. */
export async function showFunnel({ stores }: Pick<Program, 'stores'>, at: string): Promise<void> {
  const bars = await askStores(stores, { routeMap: ROUTE_MAP_ID, at }, ({ context, routeMap }) =>
    funnel(context, { routeMap, reach: 'touch', basis: 'cohort' }),
  );
  print('\nFunnel: deals that were really at each bar');
  print(barTable(bars.total));
}

/** Everything else that the demonstration shows at that instant. */
export async function showFigures({ stores }: Pick<Program, 'stores'>, at: string): Promise<void> {
  const options = { routeMap: ROUTE_MAP_ID, at };
  const work = await askStores(stores, options, ({ context }) => activity(context, { groupBy: ['performer'] }));
  print('\nActivity by performer, and what came of it');
  print(activityTable([...work.rows, work.total], 'performer'));
  await showWins(stores, options, 'department', 'department of the owner');
  await showWins(stores, options, 'segment', 'segment of the customer, by the rules of the portrait');
  await showWins(stores, options, 'portrait:industry', 'industry, as the portrait tells it');
  await showIndicators(stores, options);
  await showOutlook(stores, options);
  await showAttention(stores, options);
  await showDuplicates(stores, options);
}

type Asked = Readonly<Record<'routeMap' | 'at', string>>;

async function showWins(stores: Program['stores'], options: Asked, slice: SliceName, title: string): Promise<void> {
  const wins = await askStores(stores, options, ({ context }) =>
    winRate(context, { by: 'close', measure: 'count', slice }),
  );
  print(`\nWin rate by ${title}`);
  print(
    table(
      ['', 'Won', 'Amount won', 'Lost', 'Win rate %'],
      [...wins.rows, wins.total].map((row) => [
        rowName(row),
        row.won.deals,
        money(row.won.amountKopecks),
        row.lost.deals,
        row.percent,
      ]),
    ),
  );
}

async function showIndicators(stores: Program['stores'], options: Asked): Promise<void> {
  const period = periodAt(options.at, 'quarter', ZONE).key;
  const indicators = ['first_contacts', 'meetings', 'contracts_amount'];
  const answer = await askStores(stores, options, ({ context }) =>
    indicatorFigures(context, { indicators, period, groupBy: ['department'], compare: ['previous'] }),
  );
  print(`\nIndicators of ${period} by department, each activity with its result; before it the quarter before`);
  const shown = (row: (typeof answer)['total'], code: string, unit: string): (string | null)[] =>
    [row.previous, row.figures].map((figures) => {
      const value = figures?.[code]?.value ?? null;
      return value === null ? null : unit === 'kopecks' ? money(Number(value)) : String(value);
    });
  print(
    table(
      ['Department', ...answer.indicators.flatMap(({ name }) => ['before', name.en])],
      [...answer.rows, answer.total].map((row) => [
        rowName(row),
        ...answer.indicators.flatMap(({ code, unit }) => shown(row, code, unit)),
      ]),
    ),
  );
}

async function showOutlook(stores: Program['stores'], options: Asked): Promise<void> {
  const period = periodAt(options.at, 'quarter', ZONE).key;
  const analysis = await askStores(stores, options, ({ context, routeMap }) =>
    funnelAnalysis(context, { routeMap, period }),
  );
  print('\nWhat stands in the funnel and should come of it: matured conversions, Wilson intervals at 95 %');
  print(
    table(
      [
        'Bar',
        'To next %',
        'To win %',
        '95 %',
        'Standing',
        'Expected',
        'By %',
        'Of deals',
        'Potential',
        'Wins lost here',
      ],
      [
        ...analysis.offBars.map((row) => [row.step ?? 'before the first', null, null, null, ...standing(row), null]),
        ...analysis.bars.map(({ name, toNext, toWin, winsLost, ...row }) => [
          name,
          toNext.percent,
          toWin.percent,
          toWin.lower === null ? null : `${toWin.lower}–${toWin.upper}`,
          ...standing(row),
          winsLost,
        ]),
      ],
    ),
  );
  print('\nWhere deals went back to');
  print(
    table(
      ['From', 'To', 'Returns'],
      analysis.returns.slice(0, LONGEST_LIST).map(({ step, to, returns }) => [step, to, returns]),
    ),
  );
  const { forecast, potentialKopecks, bottleneck } = analysis;
  print(`Potential ${money(potentialKopecks)}; forecast of ${period}: signed ${money(forecast.signedKopecks)} and`);
  print(`${money(forecast.expectedKopecks)} of ${forecast.expected} open deals. Bottleneck: ${bottleneck ?? 'none'}.`);
}

/** What stands at one place, the conversion that its potential goes by, and the sample of that. */
function standing({ standing: here, potentialConversion, potentialOf, potentialKopecks }: StandingHere) {
  const { percent, denominator } = potentialConversion;
  return [
    here.deals,
    money(here.expectedKopecks),
    percent,
    potentialOf === 'slice' ? denominator : `${denominator} (company)`,
    potentialKopecks === null ? null : money(potentialKopecks),
  ];
}

/** Where work left the map, and what waits too long. */
async function showAttention(stores: Program['stores'], options: Asked): Promise<void> {
  const [attention, left, late] = await Promise.all([
    askStores(stores, options, ({ context }) => worklist(context, {})),
    askStores(stores, options, ({ context, routeMap }) => conformance(context, { routeMap })),
    askStores(stores, options, ({ context }) => overdueSteps(stores, context, { k: null })),
  ]);
  const { worked, deviating, percent } = left.deals;
  print(`\nWhere deals left their map: ${deviating} of ${worked} deals (${percent ?? '–'} %), the worst first`);
  print(
    table(
      ['Kind', 'Step', 'Who', 'Times', 'Deals'],
      left.rows
        .slice(0, LONGEST_LIST)
        .map(({ kind, step, performerName, deviations, deals }) => [kind, step, performerName, deviations, deals]),
    ),
  );
  print('\nOverdue: steps whose norm of working hours has passed, the longest first');
  print(
    table(
      ['Deal', 'Owner', 'Step', 'Was due'],
      late.overdue
        .slice(0, LONGEST_LIST)
        .map(({ dealId, ownerId, step, dueAt }) => [dealId, ownerId, step, dueAt.slice(0, 10)]),
    ),
  );
  print('\nMissed: planned activities whose time has passed');
  print(
    table(
      ['Deal', 'Owner', 'Activity', 'Due'],
      attention.missed
        .slice(0, LONGEST_LIST)
        .map(({ dealId, ownerId, kind, dueAt }) => [dealId, ownerId, kind, dueAt.slice(0, 10)]),
    ),
  );
  print('\nStuck: the deals that have stood longest where they are');
  print(
    table(
      ['Deal', 'Owner', 'Bar', 'Days'],
      attention.stuck.slice(0, LONGEST_LIST).map(({ dealId, ownerId, step, days }) => [dealId, ownerId, step, days]),
    ),
  );
}

/** By keyed hashes of what is one's own: neither numbers nor phones are shown. */
async function showDuplicates(stores: Program['stores'], options: Asked): Promise<void> {
  const { items } = await askStores(stores, options, ({ context }) => duplicatesList(context));
  const shared = new Map<string, readonly string[]>();
  for (const { kind, customers } of items) {
    const names = customers.map(({ customerId, name }) => name ?? customerId).join(', ');
    shared.set(names, [...(shared.get(names) ?? []), SHARED[kind] ?? kind]);
  }
  print(
    `\nEntered twice, it seems: ${shared.size} groups of customers share what should be one's own; the first of them`,
  );
  print(
    table(
      ['Customers', 'The same'],
      [...shared].slice(0, LONGEST_LIST).map(([names, kinds]) => [names, kinds.join(', ')]),
    ),
  );
}

const SHARED: Readonly<Record<string, string>> = { taxNumber: 'tax number', phone: 'phone', email: 'e-mail' };
