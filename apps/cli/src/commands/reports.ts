import { GRAINS, type Grain, normaliseInstant, parsePeriod, periodBounds } from '@voronka/kernel';
import { withSnapshot } from '@voronka/projections';
import {
  activity,
  type AsOf,
  assertSlice,
  conversion,
  funnel,
  type FunnelRow,
  type InstantPeriod,
  type Place,
  type QueryContext,
  resolveAsOf,
  type SliceName,
  winRate,
} from '@voronka/read-models';
import type { LoadedSettings, Settings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { money, print, say, table } from '../output.js';
import { type OpenStores, withStores } from '../with-stores.js';

export interface ReportOptions {
  readonly routeMap?: string;
  readonly period?: string;
  readonly by?: string;
  readonly grain?: string;
  readonly asOf?: string;
  readonly at?: string;
  readonly json?: boolean;
}

/** What the options of a report mean, with the company's zone. */
interface Asked {
  readonly context: QueryContext;
  readonly routeMap: string;
  readonly common: { readonly period?: InstantPeriod; readonly grain?: Grain; readonly slice?: SliceName };
}

export async function funnelReport(
  { settings }: LoadedSettings,
  options: ReportOptions & {
    readonly reach: 'touch' | 'implied';
    readonly basis: 'cohort' | 'flow';
    readonly routeMapVersion?: string;
  },
): Promise<void> {
  const version =
    options.routeMapVersion === undefined
      ? {}
      : { version: wholeNumber('--route-map-version', options.routeMapVersion) };
  const answer = await ask(settings, options, ({ context, routeMap, common }) =>
    funnel(context, { routeMap, reach: options.reach, basis: options.basis, ...version, ...common }),
  );
  show(answer, options, () => {
    const rows = answer.rows.length > 1 ? [...answer.rows, answer.total] : [answer.total];
    return options.by === undefined && options.grain === undefined
      ? barTable(answer.total)
      : sliceTable(rows, options.by ?? 'period');
  });
}

/** One funnel, a bar a line. */
export function barTable({ bars }: FunnelRow): string {
  return table(
    ['Bar', 'Deals', '% of first', '% of previous'],
    bars.map((bar) => [bar.name, bar.deals, bar.percentOfFirst, bar.percentOfPrevious]),
  );
}

function sliceTable(rows: readonly FunnelRow[], by: string): string {
  const names = rows[0]?.bars.map(({ name }) => name) ?? [];
  return table(
    [by, ...names, 'Last % of first'],
    rows.map((row) => [label(row), ...row.bars.map(({ deals }) => deals), row.bars.at(-1)?.percentOfFirst ?? null]),
  );
}

export async function activityReport({ settings }: LoadedSettings, options: ReportOptions): Promise<void> {
  const answer = await ask(settings, { by: 'performer', ...options }, ({ context, common }) => {
    const { slice, ...rest } = common;
    return activity(context, { ...rest, groupBy: slice === undefined ? [] : [slice] });
  });
  show(answer, options, () => activityTable([...answer.rows, answer.total], options.by ?? 'performer'));
}

export function activityTable(rows: readonly Awaited<ReturnType<typeof activity>>['total'][], by: string): string {
  return table(
    [by, 'Done', 'Followed %', 'Won', 'Done per win', 'On won deals'],
    rows.map((row) => [label(row), row.done, row.next.percent, row.won, row.activitiesPerWin, row.activitiesOnWon]),
  );
}

export async function conversionReport(
  { settings }: LoadedSettings,
  options: ReportOptions & {
    readonly fromStep: string;
    readonly toStep: string;
    readonly kind: 'cohort' | 'flow';
    readonly reach: 'touch' | 'implied';
    readonly horizon?: string;
  },
): Promise<void> {
  const horizonDays = options.horizon === undefined ? 'soFar' : wholeNumber('--horizon', options.horizon);
  const { fromStep, toStep, kind, reach } = options;
  const answer = await ask(settings, options, ({ context, routeMap, common }) =>
    conversion(context, {
      routeMap,
      fromStep,
      toStep,
      kind,
      reach,
      ...(kind === 'cohort' ? { horizonDays } : {}),
      ...common,
    }),
  );
  show(answer, options, () =>
    table(
      [options.by ?? '', toStep, `of ${fromStep}`, '%', 'Pending', 'Reversed', 'Mature %'],
      withTotal(answer).map((row) => [
        label(row),
        row.numerator,
        row.denominator,
        row.percent,
        row.pending,
        row.reversed,
        row.maturity,
      ]),
    ),
  );
}

export async function winRateReport(
  { settings }: LoadedSettings,
  options: ReportOptions & { readonly date: 'close' | 'opening'; readonly measure: 'count' | 'value' },
): Promise<void> {
  const answer = await ask(settings, options, ({ context, common }) =>
    winRate(context, {
      by: options.date,
      measure: options.measure,
      ...(options.routeMap === undefined ? {} : { routeMap: options.routeMap }),
      ...common,
    }),
  );
  show(answer, options, () =>
    table(
      [options.by ?? '', 'Won', 'Amount won', 'Lost', 'Win rate %'],
      withTotal(answer).map((row) => [
        label(row),
        row.won.deals,
        money(row.won.amountKopecks),
        row.lost.deals,
        row.percent,
      ]),
    ),
  );
}

function withTotal<Row>({ rows, total }: { readonly rows: readonly Row[]; readonly total: Row }): readonly Row[] {
  return rows.length > 1 ? [...rows, total] : [total];
}

function label({ slices, bucket }: Place): string {
  const names = slices.map(({ label: name }) => name);
  return [...names, ...(bucket === null ? [] : [bucket])].join(' · ') || 'Total';
}

async function ask<T>(settings: Settings, options: ReportOptions, work: (asked: Asked) => Promise<T>): Promise<T> {
  return withStores(settings, async (stores) => {
    await stores.caughtUp();
    return askStores(stores, options, work);
  });
}

/** Asks one question of the read models, in one consistent look. */
export async function askStores<T>(
  stores: Pick<OpenStores, 'pool'>,
  options: ReportOptions,
  work: (asked: Asked) => Promise<T>,
): Promise<T> {
  return withSnapshot(stores.pool, 'core', async ({ client, k: checkpoint }) => {
    const k = await resolveAsOf(client, asOf(options.asOf), checkpoint ?? 0n);
    const { rows } = await client.query<{ zone: string }>(
      'select zone from company where known_from <= $1 and known_to > $1',
      [String(k)],
    );
    const zone = rows[0]?.zone ?? 'UTC';
    const context: QueryContext = {
      client,
      k,
      zone,
      at: options.at === undefined ? new Date().toISOString() : instant('--at', options.at),
    };
    const common = {
      ...(options.period === undefined ? {} : { period: period(options.period, zone) }),
      ...(options.grain === undefined ? {} : { grain: grain(options.grain) }),
      ...(options.by === undefined ? {} : { slice: assertSlice(options.by) }),
    };
    return work({ context, routeMap: options.routeMap ?? (await onlyRouteMap(context)), common });
  });
}

async function onlyRouteMap({ client, k }: QueryContext): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'select distinct route_map_id as id from route_maps where known_from <= $1 and known_to > $1 order by 1',
    [String(k)],
  );
  const [first, ...others] = rows.map(({ id }) => id);
  if (first === undefined)
    throw new CliError(EXIT.failed, 'there is no route map yet: publish one, import history, or run `voronka demo`');
  if (others.length > 0)
    throw new CliError(EXIT.usage, `name a route map with --route-map: ${[first, ...others].join(', ')}`);
  return first;
}

function asOf(text: string | undefined): AsOf | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? { position: BigInt(text) } : { instant: instant('--as-of', text) };
}

function instant(option: string, text: string): string {
  try {
    return normaliseInstant(text);
  } catch {
    throw new CliError(EXIT.usage, `${option} must be a time with an offset, such as 2009-08-31T20:00:00Z`);
  }
}

function period(text: string, zone: string): InstantPeriod {
  try {
    return periodBounds(parsePeriod(text), zone);
  } catch (error) {
    throw new CliError(EXIT.usage, `--period: ${(error as Error).message}`);
  }
}

function grain(text: string): Grain {
  const found = GRAINS.find((name) => name === text);
  if (found === undefined) throw new CliError(EXIT.usage, `--grain must be one of ${GRAINS.join(', ')}`);
  return found;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new CliError(EXIT.usage, `${option} must be a whole number`);
  return Number(text);
}

function show(
  answer: { readonly k: string; readonly zone: string; readonly additive: boolean },
  options: ReportOptions,
  draw: () => string,
): void {
  if (options.json === true) {
    print(JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value), 2));
    return;
  }
  print(draw());
  say(
    `As of position ${answer.k}, ${answer.zone}.${answer.additive ? '' : ' A deal may stand in several rows; the total counts it once.'}`,
  );
}
