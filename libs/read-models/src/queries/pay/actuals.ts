import { type Fraction, fraction, multiplyFractions, type Period } from '@voronka/kernel';
import { type IndicatorDocument, partsOfOne } from '@voronka/pay/events';
import { type Actual, UNIT_SCALE } from '@voronka/pay/calculation';
import { MEDIAN, P90, percentile, ratio, valueOf } from '@voronka/pay/figures';
import type { Scope as PayScope } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { keyOfPlace } from '../layout.js';
import type { Filters, SliceName } from '../slices.js';
import { type Defined, definedOn, type Versions } from '../indicators/definitions.js';
import { type Tallied, type Tally, tallied } from '../indicators/tallies.js';

const MS_PER_MINUTE = 60_000n;
const SLICE: Readonly<Record<PayScope, SliceName | null>> = {
  self: 'employee',
  department: 'department',
  company: null,
};

/** One counting: an indicator as it holds for a period, cut by whose it is. */
export interface Counting {
  readonly indicator: string;
  readonly scope: PayScope;
  readonly period: Period;
}

export interface ActualsQuestion {
  /** What facts are counted under: K₁, and T. */
  readonly facts: QueryContext;
  /** Definitions as known at K₂. */
  readonly versions: Versions;
  readonly countings: readonly Counting[];
  /** Only these owners, by scope; everybody's where it is left out. */
  readonly only?: { readonly employees: readonly string[]; readonly departments: readonly string[] };
}

/** Counts by whose they are. */
export interface ActualLookup {
  /** How many countings were made. */
  readonly size: number;
  /** @throws TypeError for what was not asked for */
  of(counting: Counting, ownerId: string): Actual;
}

/** What was counted: looked up by whose it is. */
export class Actuals implements ActualLookup {
  /** Facts that the countings read. */
  read = 0;
  readonly #found = new Map<string, Counted>();
  #statements = 0;

  /** Periods that were counted by one statement. */
  add(countings: readonly Counting[], counted: Counted): void {
    this.#statements += 1;
    for (const counting of countings) this.#found.set(keyOf(counting), counted);
  }

  /** How many countings were made. */
  get size(): number {
    return this.#statements;
  }

  of(counting: Counting, ownerId: string): Actual {
    const { defined, tallies } = this.counted(counting);
    return actualOf(defined, exactValue(defined.definition, tallies.get(placeOf(counting, ownerId))));
  }

  /** @throws TypeError for what was not asked for */
  counted(counting: Counting): Counted {
    const found = this.#found.get(keyOf(counting));
    if (found === undefined) throw new TypeError(`not counted: ${keyOf(counting)}`);
    return found;
  }
}

/** Key of an owner's place in a counting. */
export function placeOf({ scope, period }: Counting, ownerId: string): string {
  const slices = scope === 'company' ? [] : [{ value: ownerId }];
  return keyOfPlace({ slices: slices as never, bucket: period.key });
}

export function actualOf({ code, version, definition }: Defined, value: Fraction | null): Actual {
  const { unit, better } = definition;
  return { value, definition: `${code}@${version}`, unit, better };
}

export interface Counted {
  readonly defined: Defined;
  /** By owner and period. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

export function keyOf({ indicator, scope, period }: Counting): string {
  return `${indicator}|${scope}|${period.key}`;
}

/**
 * Counts set-wise: one statement per indicator, scope and run of neighbouring periods that go by one definition, for
 * all owners at once.
 */
export async function actualsAt({ facts, versions, countings, only }: ActualsQuestion): Promise<Actuals> {
  const actuals = new Actuals();
  for (const { defined, run } of runsOf(countings, versions)) {
    const [{ scope, period }] = run;
    const slice = SLICE[scope];
    const filters = filtersOf(scope, only);
    const slices = slice === null ? [] : [slice];
    const periods = run.map((one) => one.period);
    // A range of days has no grain: it is counted by itself, and stands under its own key.
    const counted =
      period.grain === 'range'
        ? renamed(await tallied(facts, defined, { slices, filters }, periods), period.key)
        : await tallied(facts, defined, { slices, filters, grain: period.grain }, periods);
    actuals.add(run, { defined, tallies: counted.tallies });
    actuals.read += counted.read;
  }
  return actuals;
}

type Read = Pick<Tallied, 'tallies' | 'read'>;

function renamed({ tallies, read }: Read, period: string): Read {
  return { read, tallies: new Map([...tallies].map(([key, tally]) => [`${period}${key}`, tally])) };
}

interface Run {
  readonly defined: Defined;
  readonly run: [Counting, ...Counting[]];
}

function runsOf(countings: readonly Counting[], versions: Versions): readonly Run[] {
  const ordered = [...new Map(countings.map((one) => [keyOf(one), one])).values()].toSorted(inOrder);
  const runs: Run[] = [];
  for (const counting of ordered) {
    const { indicator, period } = counting;
    const defined = definedOn(versions, indicator, period.from);
    const last = runs.at(-1);
    if (last !== undefined && continues(last, counting, defined)) last.run.push(counting);
    else runs.push({ defined, run: [counting] });
  }
  return runs;
}

function inOrder(a: Counting, b: Counting): number {
  const [one, other] = [a, b].map(
    ({ indicator, scope, period }) => `${indicator}|${scope}|${period.grain}|${period.from}`,
  );
  return (one ?? '') < (other ?? '') ? -1 : 1;
}

function continues({ defined, run }: Run, next: Counting, definition: Defined): boolean {
  const last = run.at(-1);
  return (
    last !== undefined &&
    last.indicator === next.indicator &&
    last.scope === next.scope &&
    last.period.grain === next.period.grain &&
    last.period.grain !== 'range' &&
    last.period.to === next.period.from &&
    isSameVersion(defined, definition)
  );
}

function isSameVersion(one: Defined, other: Defined): boolean {
  return one.version === other.version && one.parts.every((part, at) => part.version === other.parts[at]?.version);
}

function filtersOf(scope: PayScope, only: ActualsQuestion['only']): Filters {
  if (only === undefined || scope === 'company') return {};
  return scope === 'self' ? { employee: only.employees } : { department: only.departments };
}

const NONE: Tally = { num: 0n, den: null, pen: 0n, times: [] };

/** Is it a numerator by a denominator? */
export function isQuotient({ measure }: IndicatorDocument): boolean {
  return ['ratio', 'conversion', 'winRate', 'timeliness'].includes(measure);
}

/** The exact figure in the indicator's smallest unit; null where it is undefined. */
export function exactValue(definition: IndicatorDocument, tally: Tally = NONE): Fraction | null {
  const scale = fraction(UNIT_SCALE[definition.unit]);
  if (definition.measure === 'time') {
    const found = percentile(tally.times, definition.statistic === 'median' ? MEDIAN : P90);
    return found === null ? null : fraction(found.n, found.d * MS_PER_MINUTE);
  }
  if (!isQuotient(definition)) return fraction(tally.num, partsOfOne(definition));
  const value = valueOf(ratio(tally.num, tally.den ?? 0n));
  return value === null ? null : multiplyFractions(value, scale);
}
