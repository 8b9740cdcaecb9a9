import { type Recorded, refuse } from '@voronka/kernel';
import { changesIn, OWNER_KINDS, type OwnerKind, type PlanEvent } from '@voronka/pay/events';
import { attentionOf, planDecomposition, type PlannedCell, plansOf } from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import { withStores } from '../with-stores.js';
import { type ReportOptions, wholeNumber, withContext } from './report-question.js';

type Asked = Pick<ReportOptions, 'asOf' | 'at' | 'json'>;

interface CellOptions extends Asked {
  readonly period: string;
  readonly indicator?: string;
  readonly employee?: string;
}

type Context = Parameters<Parameters<typeof withContext>[2]>[0];

async function look<T>(
  { settings }: LoadedSettings,
  options: Asked,
  ask: (context: Context) => Promise<T>,
): Promise<T> {
  return await withStores(settings, async (stores) => {
    await stores.caughtUp(undefined, ['core']);
    return await withContext(stores, options, ask).catch((error: unknown) => {
      // kernel's own words for a period that is none
      throw error instanceof RangeError ? new CliError(EXIT.usage, `--period: ${error.message}`) : error;
    });
  });
}

function paramsOf({ period, indicator, employee }: CellOptions) {
  const lists = (text: string | undefined) => text?.split(',').map((one) => one.trim());
  return { period, indicators: lists(indicator), employees: lists(employee) };
}

const ownerOf = ({ kind, id }: { readonly kind: string; readonly id: string }): string =>
  kind === 'company' ? 'company' : `${kind} ${id}`;

/** Plans of a period, what was done, the pace, and the gaps between departments and their people. */
export async function listPlans(loaded: LoadedSettings, options: CellOptions): Promise<void> {
  const answer = await look(loaded, options, (context) => plansOf(context, paramsOf(options)));
  if (options.json === true) return print(json(answer));
  const rows = answer.rows.map(({ indicator, owner, target, toDate, actual, pace }) => [
    ...[indicator, ownerOf(owner), target, toDate, actual, pace],
  ]);
  print(table(['Indicator', 'Owner', 'Plan', 'to date', 'Actual', 'Pace'], rows));
  for (const { indicator, department, gap } of answer.gaps) {
    print(`${indicator}: the plan of ${department} less those of its people is ${gap}`);
  }
  if (answer.calendarAssumed.length > 0) {
    say(`the working calendar does not state ${answer.calendarAssumed.join(', ')}: plain weeks were taken`);
  }
  say(`as of position ${answer.k}, at ${answer.at}`);
}

/** One change of plans: its events and cells, as the log has them. */
export async function showPlan({ settings }: LoadedSettings, options: Asked, id: string): Promise<void> {
  const events: Recorded[] = [];
  await withStores(settings, async ({ log }) => {
    for await (const event of log.readStream(`plan-${id}`)) events.push(event);
  });
  if (events.length === 0)
    throw refuse.notFound('PLAN_CHANGE_NOT_FOUND', `there is no change of plans ${id}: check the id`);
  if (options.json === true) return print(json(events));
  for (const event of events) {
    const { type, recordedAt, metadata, data, position } = event;
    const reason = 'reason' in data ? `: ${String(data.reason)}` : '';
    print(`${type} at ${position}, ${recordedAt}, by ${metadata.person ?? metadata.actor}${reason}`);
    const cells =
      'cells' in data && type === 'PlanChangeProposed' ? (data.cells as ReturnType<typeof changesIn>) : null;
    const rows = (cells ?? changesIn(event as PlanEvent)).map((cell) => [
      ...[cell.indicator, ownerOf(cell.owner), cell.period, cell.change],
      ...['value' in cell ? cell.value : null, 'from' in cell ? cell.from : null],
    ]);
    if (rows.length > 0) print(table(['Indicator', 'Owner', 'Period', 'Change', 'Value', 'from'], rows));
  }
}

/** Plans whose pace falls below a share, the worst first, with what the owner's own goal still takes. */
export async function attention(
  loaded: LoadedSettings,
  options: CellOptions & { readonly below: string },
): Promise<void> {
  const belowBps = wholeNumber('--below', options.below) * 100;
  const answer = await look(loaded, options, (context) => attentionOf(context, { ...paramsOf(options), belowBps }));
  if (options.json === true) return print(json(answer));
  const rows = answer.rows.map(({ indicator, owner, toDate, actual, fulfilment, asked }) => [
    ...[indicator, ownerOf(owner), toDate, actual, fulfilment],
    'reason' in asked ? `– (${asked.reason})` : `${asked.needed} for ${asked.goal}`,
  ]);
  print(table(['Indicator', 'Owner', 'Plan to date', 'Actual', 'Share', 'Still to come'], rows));
  say(`as of position ${answer.k}, at ${answer.at}`);
}

interface DecomposeOptions extends Asked {
  readonly period: string;
  readonly routeMap: string;
  readonly owner: string;
  readonly wins?: string;
  readonly amountKopecks?: string;
  readonly minimumSample?: string;
  readonly csv?: boolean;
}

/** What a goal takes at each bar; `--csv` as a file for `plans assign`. */
export async function decomposePlan(loaded: LoadedSettings, options: DecomposeOptions): Promise<void> {
  const { routeMap, period, wins, amountKopecks, minimumSample } = options;
  if ((wins === undefined) === (amountKopecks === undefined)) {
    throw new CliError(EXIT.usage, 'say the goal by --wins or by --amount-kopecks: one of them');
  }
  const number = (option: string, text: string | undefined) => (text === undefined ? undefined : amount(option, text));
  const answer = await look(loaded, options, (context) =>
    planDecomposition(context, {
      ...{ routeMap, period, owner: owner(options.owner) },
      wins: number('--wins', wins),
      amountKopecks: number('--amount-kopecks', amountKopecks),
      minimumSample: number('--minimum-sample', minimumSample),
    }),
  );
  if (options.json === true) return print(json(answer));
  if (options.csv === true) return print(csvOf(answer.cells));
  print(
    table(
      ['Step', 'Indicator', 'Done', 'Still to come'],
      answer.bars.map(({ step, indicator, done, needed }) => [step, indicator, done, needed]),
    ),
  );
  say(`${answer.goalWins} wins, ${answer.signedWins} of them signed; nothing was recorded`);
}

function csvOf(cells: readonly PlannedCell[]): string {
  const rows = cells.map(({ indicator, owner: { kind, id }, period, value }) =>
    [indicator, kind, id, period, value].join(),
  );
  return ['indicator,ownerKind,owner,period,value', ...rows].join('\n');
}

function amount(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CliError(EXIT.usage, `${option} must be a whole number`);
  return Number(text);
}

/** `company`, or `employee:ivanova`, `department:sales`. */
function owner(text: string): { readonly kind: OwnerKind; readonly id: string } {
  if (text === 'company') return { kind: 'company', id: 'main' };
  const [kind, id = ''] = text.split(':');
  const found = OWNER_KINDS.find((one) => one === kind);
  if (found === undefined || id === '') {
    throw new CliError(EXIT.usage, '--owner is company, department:<id> or employee:<id>');
  }
  return { kind: found, id };
}
