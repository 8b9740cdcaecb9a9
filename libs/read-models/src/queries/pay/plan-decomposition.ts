import { ceilFraction, fraction, parsePeriod } from '@voronka/kernel';
import type { PlanOwner } from '@voronka/pay/events';
import { decomposition, type DecompositionAnswer } from '../analysis/decomposition.js';
import type { QueryContext } from '../context.js';
import { versionsOf } from '../indicators/definitions.js';
import { actualsAt, type Counting } from './actuals.js';
import { filtersOfOwner, type PlannedCell, stepIndicators } from './plan-work.js';

export interface PlanDecompositionParams {
  readonly routeMap: string;
  readonly period: string;
  readonly owner: PlanOwner;
  /** The goal of the period: so many wins, or an amount. */
  readonly wins?: number | undefined;
  readonly amountKopecks?: number | undefined;
  readonly horizonDays?: number | undefined;
  readonly minimumSample?: number | undefined;
}

export interface PlannedBar {
  readonly step: string;
  /** That counts the step, each deal once; null: none does, so that nothing can be planned here. */
  readonly indicator: string | null;
  /** Counted in the period up to T. */
  readonly done: number;
  /** Deals that must still come to the bar. */
  readonly needed: number;
}

export interface PlanDecomposition extends Pick<
  DecompositionAnswer,
  'goalWins' | 'signedWins' | 'missingWins' | 'meanWin'
> {
  readonly bars: readonly PlannedBar[];
  /** What is done and what is needed besides, for the whole period: a change for `assign-plan`. */
  readonly cells: readonly PlannedCell[];
}

/**
 * The decomposition of an owner's goal as a change of his plans.
 * @throws DomainError as `decomposition`
 */
export async function planDecomposition(
  context: QueryContext,
  { owner, ...goal }: PlanDecompositionParams,
): Promise<PlanDecomposition> {
  const found = await decomposition(context, { ...goal, filters: filtersOfOwner(owner) });
  const period = parsePeriod(goal.period);
  const indicators = await stepIndicators(context, { day: period.from, routeMap: goal.routeMap });
  const named = found.bars.map(({ step, needed }) => ({ step, needed, indicator: indicators.counting(step) }));
  const codes = named.flatMap(({ indicator }) => indicator ?? []);
  const scope = owner.kind === 'employee' ? 'self' : owner.kind;
  const countings = codes.map((indicator): Counting => ({ indicator, scope, period }));
  const actuals = await actualsAt({ facts: context, versions: await versionsOf(context, codes), countings });
  const bars = named.map(({ step, needed, indicator }): PlannedBar => {
    const counted = indicator === null ? null : actuals.of({ indicator, scope, period }, owner.id).value;
    return { step, indicator, done: Number(ceilFraction(counted ?? fraction(0n))), needed };
  });
  const cells = bars.flatMap(({ indicator, done, needed }): PlannedCell[] =>
    indicator === null ? [] : [{ indicator, owner, period: period.key, value: done + needed }],
  );
  const { goalWins, signedWins, missingWins, meanWin } = found;
  return { goalWins, signedWins, missingWins, meanWin, bars, cells };
}
