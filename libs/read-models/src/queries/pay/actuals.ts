import { type Fraction, fraction, multiplyFractions, type Period } from '@voronka/kernel';
import type { IndicatorDocument } from '@voronka/pay/events';
import { type Actual, UNIT_SCALE } from '@voronka/pay/calculation';
import { MEDIAN, P90, percentile, ratio, valueOf } from '@voronka/pay/figures';
import type { Scope as PayScope } from '@voronka/pay/events';
import type { QueryContext } from '../context.js';
import { keyOfPlace } from '../layout.js';
import type { Filters, SliceName } from '../slices.js';
import { type Defined, definedOn, type Versions } from '../indicators/definitions.js';
import { type Tally, tallied } from '../indicators/tallies.js';

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

/** What was counted: looked up by whose it is. */
export class Actuals {
  readonly #tallies = new Map<string, { readonly defined: Defined; readonly tallies: ReadonlyMap<string, Tally> }>();

  add(counting: Counting, defined: Defined, tallies: ReadonlyMap<string, Tally>): void {
    this.#tallies.set(keyOf(counting), { defined, tallies });
  }

  /** How many countings were made. */
  get size(): number {
    return this.#tallies.size;
  }

  /** @throws TypeError for what was not asked for */
  of(counting: Counting, ownerId: string): Actual {
    const found = this.#tallies.get(keyOf(counting));
    if (found === undefined) throw new TypeError(`not counted: ${keyOf(counting)}`);
    const { code, version, definition } = found.defined;
    const place = counting.scope === 'company' ? [] : [{ value: ownerId }];
    const key = keyOfPlace({ slices: place as never, bucket: null });
    return {
      value: exactValue(definition, found.tallies.get(key)),
      definition: `${code}@${version}`,
      unit: definition.unit,
      better: definition.better,
    };
  }
}

function keyOf({ indicator, scope, period }: Counting): string {
  return `${indicator}|${scope}|${period.key}`;
}

/** Counts set-wise: one statement per indicator, scope and period, for all owners at once. */
export async function actualsAt({ facts, versions, countings, only }: ActualsQuestion): Promise<Actuals> {
  const actuals = new Actuals();
  for (const counting of distinct(countings)) {
    const { indicator, scope, period } = counting;
    const defined = definedOn(versions, indicator, period.from);
    const slice = SLICE[scope];
    const cut = { slices: slice === null ? [] : [slice], filters: filtersOf(scope, only) };
    const { tallies } = await tallied(facts, defined, cut, [period]);
    actuals.add(counting, defined, tallies);
  }
  return actuals;
}

function distinct(countings: readonly Counting[]): readonly Counting[] {
  return [...new Map(countings.map((one) => [keyOf(one), one])).values()];
}

function filtersOf(scope: PayScope, only: ActualsQuestion['only']): Filters {
  if (only === undefined || scope === 'company') return {};
  return scope === 'self' ? { employee: only.employees } : { department: only.departments };
}

const NONE: Tally = { num: 0n, den: null, pen: 0n, times: [] };

/** The exact figure in the indicator's smallest unit; null where it is undefined. */
export function exactValue(definition: IndicatorDocument, tally: Tally = NONE): Fraction | null {
  const scale = fraction(UNIT_SCALE[definition.unit]);
  if (definition.measure === 'time') {
    const found = percentile(tally.times, definition.statistic === 'median' ? MEDIAN : P90);
    return found === null ? null : fraction(found.n, found.d * MS_PER_MINUTE);
  }
  const isQuotient = ['ratio', 'conversion', 'winRate', 'timeliness'].includes(definition.measure);
  if (!isQuotient) return fraction(tally.num);
  const value = valueOf(ratio(tally.num, tally.den ?? 0n));
  return value === null ? null : multiplyFractions(value, scale);
}
