import {
  activity,
  conversion,
  funnel,
  type FunnelRow,
  type Place,
  type ShownSample,
  winRate,
} from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import { json, money, print, say, table } from '../output.js';
import { ask, type ReportOptions, wholeNumber } from './report-question.js';
import { rowName } from './row-name.js';

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
  show(answer, options, () =>
    options.by === undefined && options.grain === undefined
      ? barTable(answer.total)
      : sliceTable(withTotal(answer), options.by ?? 'period'),
  );
}

/** One funnel, a bar a line. */
export function barTable({ bars }: FunnelRow): string {
  return table(
    ['Bar', 'Deals', '% of first', 'Within %', '% of previous', 'Within % of it'],
    bars.map((bar) => [
      bar.name,
      bar.deals,
      bar.percentOfFirst,
      within(bar.sampleOfFirst),
      bar.percentOfPrevious,
      bar.sampleOfPrevious === null ? null : within(bar.sampleOfPrevious),
    ]),
  );
}

function sliceTable(rows: readonly FunnelRow[], by: string): string {
  const names = rows[0]?.bars.map(({ name }) => name) ?? [];
  return table(
    [by, ...names, 'Last % of first', 'Within %'],
    rows.map((row) => {
      const last = row.bars.at(-1);
      const share = last === undefined ? [null, null] : [last.percentOfFirst, within(last.sampleOfFirst)];
      return [rowName(row), ...row.bars.map(({ deals }) => deals), ...share];
    }),
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
    [by, 'Done', 'Followed %', 'Within %', 'Won', 'Done per win', 'On won deals'],
    rows.map((row) => [
      rowName(row),
      row.done,
      row.next.percent,
      within(row.next),
      row.won,
      row.activitiesPerWin,
      row.activitiesOnWon,
    ]),
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
      [options.by ?? '', toStep, `of ${fromStep}`, '%', 'Within %', 'Pending', 'Reversed', 'Mature %'],
      withTotal(answer).map((row) => [
        rowName(row),
        row.numerator,
        row.denominator,
        row.percent,
        within(row),
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
      [options.by ?? '', 'Won', 'Amount won', 'Lost', 'Win rate %', 'Within %'],
      withTotal(answer).map((row) => [
        rowName(row),
        row.won.deals,
        money(row.won.amountKopecks),
        row.lost.deals,
        row.percent,
        within(row),
      ]),
    ),
  );
}

/** The interval at 95 %; of a small sample with a mark. */
function within({ small, lower, upper }: ShownSample): string | null {
  const mark = small ? ' small' : '';
  return lower === null ? mark.trim() || null : `${lower}–${upper}${mark}`;
}

/** The rows and their total; the total alone where nothing was cut. */
function withTotal<Row extends Place>({
  rows,
  total,
}: {
  readonly rows: readonly Row[];
  readonly total: Row;
}): readonly Row[] {
  return rows.every(({ slices, bucket }) => slices.length === 0 && bucket === null) ? [total] : [...rows, total];
}

function show(
  answer: { readonly k: string; readonly zone: string; readonly additive: boolean },
  options: ReportOptions,
  draw: () => string,
): void {
  if (options.json === true) {
    print(json(answer));
    return;
  }
  print(draw());
  say(
    `As of position ${answer.k}, ${answer.zone}.${answer.additive ? '' : ' A deal may stand in several rows; the total counts it once.'}`,
  );
}
