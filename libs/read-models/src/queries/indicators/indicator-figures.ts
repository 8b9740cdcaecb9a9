import { type Grain, parsePeriod, type Period, periodBounds, periodsBetween, refuse } from '@voronka/kernel';
import { comparedPart, comparedPeriods } from '@voronka/pay/figures';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import type { Cut } from '../facts.js';
import { type GroupRow, keyOfPlace, layOut, type Place } from '../layout.js';
import type { Filters, SliceName } from '../slices.js';
import { type Defined, definedOn, heldOn, type Versions, versionsOf } from './definitions.js';
import { addsUp, assertDimensions, namedBy, strangersTo } from './dimensions.js';
import { figureOf, type IndicatorFigure } from './figure.js';
import { type ByCalendar, together } from '../calendar.js';
import { type Tallied, tallied } from './tallies.js';

export const COMPARISONS = ['previous', 'lastYear'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface IndicatorsParams {
  /** Codes; each indicator of activity brings its result indicator along unless `results` is false. */
  readonly indicators: readonly string[];
  readonly results?: boolean | undefined;
  /** Key of the period: `2009-08`, `2009-W33`, `2009-Q3`, `2009`, `2009-08-01`, or a range of days. */
  readonly period: string;
  readonly groupBy?: readonly SliceName[] | undefined;
  readonly grain?: Grain | undefined;
  readonly filters?: Filters | undefined;
  readonly compare?: readonly Comparison[] | undefined;
}

export interface ShownIndicator extends ByCalendar {
  readonly code: string;
  readonly name: { readonly ru: string; readonly en: string };
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** `calls@1`: every definition that the figures go by, those of a ratio's parts among them. */
  readonly definitions: readonly string[];
  readonly resultIndicator: string | null;
  /** False where figures of neighbouring periods or values do not add up. */
  readonly additive: boolean;
  /** Slices asked for by which this result, brought along by another indicator, is not cut: its rows have no figure. */
  readonly notBy: readonly SliceName[];
}

type Figures = Readonly<Record<string, IndicatorFigure>>;

export interface IndicatorsRow extends Place {
  readonly figures: Figures;
  readonly previous?: Figures;
  readonly lastYear?: Figures;
}

export interface IndicatorsAnswer extends Answer<IndicatorsParams> {
  readonly indicators: readonly ShownIndicator[];
  readonly rows: readonly IndicatorsRow[];
  /** The whole, per period (if there is a grain): every fact once, never added up of rows or averaged. */
  readonly totals: readonly IndicatorsRow[];
  readonly total: IndicatorsRow;
  /** False: there are too many combinations, and only those with something counted have a row. */
  readonly zeroRows: boolean;
}

const MOST_INDICATORS = 30;
const MOST_DIMENSIONS = 3;

/**
 * Indicators × dimensions × periods.
 * @throws DomainError INDICATOR_NOT_FOUND, INDICATOR_NOT_EFFECTIVE, INDICATOR_NOT_COUNTABLE, SLICE_NOT_OF_INDICATOR,
 * TOO_MANY_INDICATORS, TOO_MANY_DIMENSIONS, ANSWER_TOO_LARGE
 */
export async function indicatorFigures(context: QueryContext, params: IndicatorsParams): Promise<IndicatorsAnswer> {
  const slices = params.groupBy ?? [];
  if (params.indicators.length > MOST_INDICATORS) throw tooMany('INDICATORS', MOST_INDICATORS);
  if (slices.length > MOST_DIMENSIONS) throw tooMany('DIMENSIONS', MOST_DIMENSIONS);
  const period = parsePeriod(params.period);
  const versions = await withResults(context, params, period);
  const question: Question = { context, params, period, versions, codes: codesOf(params, versions, period) };
  for (const code of params.indicators) assertDimensions(definedOn(versions, code, period.from), slices);
  const asked: Level = { slices, grain: params.grain };
  const counted = await countAll(question, asked);
  const uncut: Level = { ...asked, slices: [] };
  const { rows: wholes } = await placed(question, uncut, { counted, of: 'wholes' });
  // What goes by another version from some day on is one figure by the version that the period begins with.
  const whole: Level = { slices: [], grain: undefined };
  const anew = async () =>
    (await placed(question, whole, { counted: await countAll(question, whole), of: 'wholes' })).rows;
  const [total] = params.grain === undefined ? wholes : await anew();
  const placing = { counted, of: 'tallies' } as const;
  const { rows, zeroRows } =
    slices.length === 0 ? { rows: wholes, zeroRows: true } : await placed(question, asked, placing);
  return {
    ...answerHead(
      context,
      params,
      question.codes.every((code) => addsUp(definedOn(versions, code, period.from).definition, slices)),
    ),
    indicators: question.codes.map((code) => shownIndicator(question, code, counted)),
    rows,
    totals: params.grain === undefined ? [] : wholes,
    total: total ?? { slices: [], bucket: null, figures: {} },
    zeroRows,
  };
}

function tooMany(what: string, most: number): Error {
  return refuse.invalid(`TOO_MANY_${what}`, `ask for ${most} at most`, { most });
}

interface Question {
  readonly context: QueryContext;
  readonly params: IndicatorsParams;
  readonly period: Period;
  readonly versions: Versions;
  readonly codes: readonly string[];
}

interface Level {
  readonly slices: readonly SliceName[];
  readonly grain: Grain | undefined;
}

async function withResults(context: QueryContext, params: IndicatorsParams, period: Period): Promise<Versions> {
  const versions = await versionsOf(context, params.indicators);
  const codes = codesOf(params, versions, period);
  const more = codes.filter((code) => !params.indicators.includes(code));
  return more.length === 0 ? versions : new Map([...versions, ...(await versionsOf(context, more))]);
}

/** What is asked for, each once, with the results beside what is done. */
function codesOf(
  { indicators, results = true }: IndicatorsParams,
  versions: Versions,
  period: Period,
): readonly string[] {
  const codes = new Set(indicators);
  for (const code of indicators) {
    const { resultIndicator } = definedOn(versions, code, period.from).definition;
    if (results && resultIndicator !== null) codes.add(resultIndicator);
  }
  return [...codes];
}

function shownIndicator({ versions, params, period }: Question, code: string, counted: CountedAll): ShownIndicator {
  const days = bucketsOf(period, params.grain).map((bucket) => definedOn(versions, code, bucket.from));
  const defined = definedOn(versions, code, period.from);
  const { name, unit, better, resultIndicator } = defined.definition;
  const definitions = [
    ...new Set(days.flatMap((day) => [day, ...day.parts]).map((one) => `${one.code}@${one.version}`)),
  ];
  const slices = params.groupBy ?? [];
  const additive = addsUp(defined.definition, slices);
  const notBy = strangersTo(defined, slices);
  const calendarAssumed = together([...counted.values()].map((byCode) => byCode.get(code)?.calendarAssumed ?? []));
  return { code, name, unit, better, definitions, resultIndicator, additive, notBy, calendarAssumed };
}

/** The periods of a grain that the asked one touches; the asked one itself without a grain. */
function bucketsOf(period: Period, grain: Grain | undefined): readonly Period[] {
  return grain === undefined ? [period] : periodsBetween(period.from, period.to, grain);
}

type Compared = 'now' | Comparison;

/** What was counted, by what it is compared to and by indicator. */
type CountedAll = ReadonlyMap<Compared, ReadonlyMap<string, Counted>>;

async function countAll(question: Question, level: Level): Promise<CountedAll> {
  const kinds: readonly Compared[] = ['now', ...(question.params.compare ?? [])];
  const counted = new Map<Compared, Map<string, Counted>>();
  for (const kind of kinds) {
    const byCode = new Map<string, Counted>();
    for (const code of question.codes) byCode.set(code, await countOver(question, { code, level, kind }));
    counted.set(kind, byCode);
  }
  return counted;
}

async function placed(
  question: Question,
  level: Level,
  { counted, of }: { readonly counted: CountedAll; readonly of: 'tallies' | 'wholes' },
): Promise<Pick<IndicatorsAnswer, 'rows' | 'zeroRows'>> {
  const { context, params, period, codes } = question;
  const { slices } = level;
  const named = namedBy(
    codes.map((code) => definedOn(question.versions, code, period.from)),
    slices,
  );
  const cut = { ...level, named, period: periodBounds(period, context.zone), filters: params.filters };
  // What was done in a compared period alone has a row, too: the total counts it.
  const rows = [...counted.values()].flatMap((byCode) => [...byCode.values()].flatMap((one) => [...one.rows]));
  const { places, zeroRows } = await layOut(context, cut, rows);
  const shown = places.map((place) => {
    const figures = (kind: Compared): Figures =>
      Object.fromEntries(
        codes.map((code) => [code, figureAt(counted.get(kind)?.get(code), { place, kind, period, of })]),
      );
    return {
      ...place,
      figures: figures('now'),
      ...Object.fromEntries((params.compare ?? []).map((kind) => [kind, figures(kind)])),
    };
  });
  return { rows: shown, zeroRows };
}

type CountedBucket = Pick<Tallied, 'tallies' | 'wholes'> & { readonly defined: Defined };

interface Counted extends ByCalendar {
  /** By the key of a bucket (empty without a grain): what was counted there, and by which definition. */
  readonly buckets: ReadonlyMap<string, CountedBucket>;
  readonly rows: readonly GroupRow[];
  /** False for a result that the slices asked for do not cut: only its wholes are known. */
  readonly isCut: boolean;
}

/** Counts one indicator over all buckets; those that go by one version are counted together. */
async function countOver(
  { context, params, period, versions }: Question,
  { code, level, kind }: { readonly code: string; readonly level: Level; readonly kind: Compared },
): Promise<Counted> {
  const isCut = strangersTo(definedOn(versions, code, period.from), level.slices).length === 0;
  const cut: Omit<Cut, 'period'> = { slices: isCut ? level.slices : [], grain: level.grain, filters: params.filters };
  const buckets: [string, CountedBucket][] = [];
  const rows: GroupRow[] = [];
  const assumed: ByCalendar['calendarAssumed'][] = [];
  // What did not hold yet a year ago has no figure there; for the period asked for, that is refused.
  const periodsOfKind = comparedBuckets(period, level.grain, kind).filter(
    ({ from }) => kind === 'now' || heldOn(versions, code, from),
  );
  for (const { defined, periods } of runsOf(versions, code, periodsOfKind)) {
    const parts = periods.map(({ part }) => part);
    const found = await tallied(context, defined, cut, parts);
    if (isCut) rows.push(...found.rows);
    assumed.push(found.calendarAssumed);
    for (const { key } of periods) {
      buckets.push([level.grain === undefined ? '' : key, { defined, tallies: found.tallies, wholes: found.wholes }]);
    }
  }
  return { buckets: new Map(buckets), rows, isCut, calendarAssumed: together(assumed) };
}

/** A whole period, whose definition holds, with the part of it that is counted. */
interface Bucket extends Period {
  readonly part: Period;
}

/** Neighbouring periods that go by the same version. */
function runsOf(versions: Versions, code: string, periods: readonly Bucket[]) {
  const runs: { readonly defined: Defined; readonly periods: Bucket[] }[] = [];
  for (const period of periods) {
    const defined = definedOn(versions, code, period.from);
    const last = runs.at(-1);
    const isNext = last?.periods.at(-1)?.to === period.from;
    if (isNext && last !== undefined && sameVersions(last.defined, defined)) last.periods.push(period);
    else runs.push({ defined, periods: [period] });
  }
  return runs;
}

function sameVersions(one: Defined, other: Defined): boolean {
  return one.version === other.version && one.parts.every((part, at) => part.version === other.parts[at]?.version);
}

/** Buckets at the edges reach beyond the period that is asked for: as much of the compared ones counts as of them. */
function comparedBuckets(period: Period, grain: Grain | undefined, kind: Compared): readonly Bucket[] {
  return bucketsOf(period, grain).flatMap((bucket) => {
    const other = comparedTo(bucket, kind);
    const part = other === null ? null : comparedPart(bucket, period, other);
    return other === null || part === null ? [] : [{ ...other, part }];
  });
}

function comparedTo(bucket: Period, kind: Compared): Period | null {
  return kind === 'now' ? bucket : comparedPeriods(bucket)[kind];
}

function figureAt(
  counted: Counted | undefined,
  {
    place,
    kind,
    period,
    of,
  }: {
    readonly place: Place;
    readonly kind: Compared;
    readonly period: Period;
    readonly of: 'tallies' | 'wholes';
  },
): IndicatorFigure {
  const bucket = place.bucket === null ? period : parsePeriod(place.bucket);
  const other = comparedTo(bucket, kind);
  const key = place.bucket === null ? '' : (other?.key ?? '');
  const found = counted?.buckets.get(key);
  // Where the calendar has no such period there is nothing to compare with.
  if (found === undefined || other === null || (of === 'tallies' && counted?.isCut === false)) {
    return { value: null, numerator: null, denominator: null, pending: null, sample: null };
  }
  const at = keyOfPlace({ ...place, bucket: place.bucket === null ? null : other.key });
  return figureOf(found.defined.definition, found[of].get(at));
}
