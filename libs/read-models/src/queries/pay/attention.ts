import {
  ceilFraction,
  compareFractions,
  DomainError,
  divideFractions,
  type Fraction,
  fraction,
  fractionToDecimal,
  parsePeriod,
} from '@voronka/kernel';
import { fractionFrom } from '@voronka/pay/calculation';
import { type IndicatorDocument, type PlanOwner, versionOn } from '@voronka/pay/events';
import { decomposition } from '../analysis/decomposition.js';
import type { ByCalendar } from '../calendar.js';
import { answerHead, type Answer, type QueryContext } from '../context.js';
import { type Versions, versionsOf } from '../indicators/definitions.js';
import { filtersOfOwner, type StepIndicators, stepIndicators } from './plan-work.js';
import { type PlanRow, plansOf, type PlansParams } from './plans.js';

export interface AttentionParams extends PlansParams {
  /** Share of the plan to date, in basis points, below which a cell stands here. */
  readonly belowBps: number;
  /** Of the decompositions; see `AnalysisParams`. */
  readonly horizonDays?: number | undefined;
  readonly minimumSample?: number | undefined;
}

/** What the decomposition of the owner's own goal asks of the indicator's bar. */
export type Asked =
  | { readonly goal: string; readonly step: string; readonly needed: number; readonly standing: number }
  /** Why it asks nothing: the indicator counts no bar, no goal is planned, or the code that refused it. */
  | { readonly reason: string };

export interface AttentionRow extends PlanRow {
  /** How much of the plan to date is fulfilled, as a decimal; where less is better, plan ÷ actual. */
  readonly fulfilment: string;
  readonly asked: Asked;
}

export interface AttentionAnswer extends Answer<AttentionParams>, ByCalendar {
  /** The worst first; of equal ones by indicator and owner. */
  readonly rows: readonly AttentionRow[];
}

/** Cells of a period whose pace, as known at K and counted to T, lies below a share; what has no pace is not judged. */
export async function attentionOf(context: QueryContext, params: AttentionParams): Promise<AttentionAnswer> {
  const period = parsePeriod(params.period);
  const { rows, calendarAssumed } = await plansOf(context, params);
  const codes = [...new Set(rows.map(({ indicator }) => indicator))];
  const versions = await versionsOf(context, codes);
  const least = fraction(BigInt(params.belowBps), 10_000n);
  const behind = rows
    .flatMap((row) => {
      const share = fulfilmentOf(row, versionOn(versions.get(row.indicator) ?? [], period.from)?.definition);
      return share === null || compareFractions(share, least) >= 0 ? [] : [{ row, share }];
    })
    .toSorted((a, b) => compareFractions(a.share, b.share) || (keyOf(a.row) < keyOf(b.row) ? -1 : 1));
  const asking = new Asking(context, {
    params: { ...params, period: period.key },
    goals: await goalsOf(context, { rows, versions, params }),
    steps: await stepIndicators(context, { day: period.from, routeMap: null }),
  });
  const shown: AttentionRow[] = [];
  for (const { row, share } of behind) {
    shown.push({ ...row, fulfilment: fractionToDecimal(share, 4), asked: await asking.of(row) });
  }
  return { ...answerHead(context, params, true), calendarAssumed, rows: shown };
}

function keyOf({ indicator, owner }: PlanRow): string {
  return `${indicator}|${owner.kind}|${owner.id}`;
}

/** Null where nothing is asked for yet, or nothing is counted. Where less is better, nothing done is no trouble. */
function fulfilmentOf({ actual, toDate }: PlanRow, definition: IndicatorDocument | undefined): Fraction | null {
  if (actual === null || toDate === null || definition === undefined) return null;
  const [done, due] = [fractionFrom(actual), fractionFrom(toDate)];
  const divisor = definition.better === 'lower' ? done : due;
  if (divisor.n === 0n) return null;
  return definition.better === 'lower' ? divideFractions(due, done) : divideFractions(done, due);
}

/** A plan that a decomposition can begin with. */
interface Goal {
  readonly indicator: string;
  readonly owner: PlanOwner;
  readonly wins?: number;
  readonly amountKopecks?: number;
}

interface Around {
  readonly rows: readonly PlanRow[];
  readonly versions: Versions;
  readonly params: AttentionParams;
}

/** Plans of wins and of amounts in the same period: all of them, whatever indicators were asked about. */
async function goalsOf(context: QueryContext, { rows, versions, params }: Around): Promise<readonly Goal[]> {
  const { from } = parsePeriod(params.period);
  const { employees, departments, period } = params;
  const isNarrow = params.indicators !== undefined;
  const all = isNarrow ? (await plansOf(context, { period, employees, departments })).rows : rows;
  const known = isNarrow ? await versionsOf(context, [...new Set(all.map(({ indicator }) => indicator))]) : versions;
  return all.flatMap(({ indicator, owner, target }): Goal[] => {
    const definition = versionOn(known.get(indicator) ?? [], from)?.definition;
    if (target === null || definition === undefined) return [];
    // A plan that changed within the period is a fraction; so much is still to be won.
    const value = Number(ceilFraction(fractionFrom(target)));
    if (value <= 0) return [];
    if (definition.measure === 'deals' && definition.event === 'won') return [{ indicator, owner, wins: value }];
    return definition.measure === 'amount' ? [{ indicator, owner, amountKopecks: value }] : [];
  });
}

interface Ground {
  readonly params: AttentionParams;
  readonly goals: readonly Goal[];
  readonly steps: StepIndicators;
}

type Needs = ReadonlyMap<string, { readonly needed: number; readonly standing: number }>;

/** Decomposes each owner's goal once per route map. */
class Asking {
  readonly #found = new Map<string, Needs | { readonly reason: string }>();

  constructor(
    private readonly context: QueryContext,
    private readonly ground: Ground,
  ) {}

  async of({ indicator, owner }: PlanRow): Promise<Asked> {
    const { goals, steps } = this.ground;
    const bar = steps.barOf(indicator);
    if (bar === null) return { reason: 'NOT_A_BAR' };
    const own = goals.filter((one) => one.owner.kind === owner.kind && one.owner.id === owner.id);
    // A number of wins says more than an amount, which takes the mean of a win besides.
    const goal = own.find(({ wins }) => wins !== undefined) ?? own[0];
    if (goal === undefined) return { reason: 'NO_GOAL' };
    const needs = await this.#needs(goal, bar.routeMap);
    if ('reason' in needs) return needs;
    const { needed = 0, standing = 0 } = needs.get(bar.step) ?? {};
    return { goal: goal.indicator, step: bar.step, needed, standing };
  }

  async #needs(goal: Goal, routeMap: string): Promise<Needs | { readonly reason: string }> {
    const { owner, wins, amountKopecks } = goal;
    const key = `${owner.kind}|${owner.id}|${routeMap}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const { period, horizonDays, minimumSample } = this.ground.params;
    const asked = { routeMap, period, horizonDays, minimumSample, wins, amountKopecks };
    const found = await decomposition(this.context, { ...asked, filters: filtersOfOwner(owner) }).then(
      ({ bars }) => new Map(bars.map(({ step, needed, standing }) => [step, { needed, standing }])),
      refusedFor,
    );
    this.#found.set(key, found);
    return found;
  }
}

/** Too small a sample says nothing; that is no fault of the list. */
function refusedFor(error: unknown): { readonly reason: string } {
  if (error instanceof DomainError && error.code.startsWith('DECOMPOSITION_')) return { reason: error.code };
  throw error;
}
