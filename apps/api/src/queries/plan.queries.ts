import { refuse } from '@voronka/kernel';
import { distributeYear, OWNER_KINDS, type OwnerKind, type PlanOwner, PRORATIONS, type Proration } from '@voronka/pay';
import { attentionOf, departmentCells, planDecomposition } from '@voronka/read-models';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Several, WholeNumber } from './convert.js';
import { FIGURE_READERS } from './figure.queries.js';
import { AmountKopecks, HorizonDays, MinimumSample, Wins } from './param-kinds.js';
import { AskedParams } from './params.js';
import { checkedPeriod, PlansQuery } from './pay.queries.js';
import { visible, visibleOwners } from './pay.scope.js';
import { askCore, defineQuery, type QueryDefinition, type ScopedContext } from './query.definition.js';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const SHARE = /^\d{1,5}$/;

export class PlanDistributionQuery extends AskedParams {
  @Matches(CODE)
  indicator: string;

  @IsIn(OWNER_KINDS)
  ownerKind: OwnerKind;

  /** Employee or department; `main` for the company. */
  @Matches(CODE)
  owner: string;

  @Matches(/^\d{4}$/, { message: 'must be a year: 2009' })
  year: string;

  /** The year's plan in the smallest unit of the indicator. */
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  value: number;

  /** Twelve shares in basis points, from January on; equal months unless they are given. */
  @IsOptional()
  @Several()
  @IsArray()
  @ArrayMaxSize(12)
  @Matches(SHARE, { each: true })
  basisPoints?: string[];
}

const PERIOD = /^[0-9QW.-]{4,24}$/;

export class PlanAttentionQuery extends PlansQuery {
  /** Per cent of the plan to date below which a cell is listed; 90 unless it is said. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1_000)
  below?: number;

  /** H of the decompositions’ conversions, in local calendar days; 90 unless it is said. */
  @HorizonDays()
  horizonDays?: number;

  /** Smallest sample that a conversion is taken from; 30 unless it is said. */
  @MinimumSample()
  minimumSample?: number;
}

export class PlanDecompositionQuery extends AskedParams {
  @Matches(CODE)
  routeMap: string;

  @Matches(PERIOD)
  period: string;

  @IsIn(OWNER_KINDS)
  ownerKind: OwnerKind;

  /** Employee or department; `main` for the company. */
  @Matches(CODE)
  owner: string;

  /** The goal as a number of wins … */
  @Wins()
  wins?: number;

  /** … or as an amount, in minor units. */
  @AmountKopecks()
  amountKopecks?: number;

  /** H of the conversions, in local calendar days; 90 unless it is said. */
  @HorizonDays()
  horizonDays?: number;

  /** Smallest sample that a conversion is taken from; 30 unless it is said. */
  @MinimumSample()
  minimumSample?: number;
}

export class PlanDepartmentQuery extends AskedParams {
  @Matches(CODE)
  indicator: string;

  @Matches(CODE)
  department: string;

  @Matches(PERIOD)
  period: string;

  /** So much for each, in the smallest unit of the indicator … */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  each?: number;

  /** … or in all, in equal parts. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  total?: number;

  @IsOptional()
  @IsIn(PRORATIONS)
  proration?: Proration;
}

/** @throws DomainError SCOPE_EXCEEDED for somebody else's plans */
async function assertOwner(context: ScopedContext, { kind, id }: PlanOwner, period: string): Promise<void> {
  const { scope } = context;
  if (scope === null) return;
  if (kind === 'employee') return void (await visible(context, [id], period));
  if (kind === 'department' && 'departments' in scope && scope.departments.includes(id)) return;
  throw refuse.forbidden('SCOPE_EXCEEDED', 'ask about yourself, or about departments you head', { [kind]: id });
}

async function attention(context: ScopedContext, params: PlanAttentionQuery): Promise<object> {
  const period = checkedPeriod(params.period);
  const owners = await visibleOwners(context, params.employee, period);
  const asked = { period, indicators: params.indicator };
  const { below = 90, horizonDays, minimumSample } = params;
  const shares = { belowBps: below * 100, horizonDays, minimumSample };
  return await attentionOf(context, { ...asked, ...shares, ...owners });
}

async function decomposed(context: ScopedContext, params: PlanDecompositionQuery): Promise<object> {
  const { routeMap, ownerKind, owner, wins, amountKopecks, horizonDays, minimumSample } = params;
  if ((wins === undefined) === (amountKopecks === undefined)) {
    throw refuse.invalid('GOAL_UNCLEAR', 'say the goal by wins or by amountKopecks: one of them');
  }
  const period = checkedPeriod(params.period);
  await assertOwner(context, { kind: ownerKind, id: owner }, period);
  const asked = { routeMap, period, owner: { kind: ownerKind, id: owner }, wins, amountKopecks };
  const found = await planDecomposition(context, { ...asked, horizonDays, minimumSample });
  const { k, at, zone } = context;
  return { k: String(k), at, zone, params: { ...asked, horizonDays, minimumSample }, additive: true, ...found };
}

async function department(context: ScopedContext, params: PlanDepartmentQuery): Promise<object> {
  const { indicator, department: id, each, total, proration } = params;
  if ((each === undefined) === (total === undefined)) {
    throw refuse.invalid('PLAN_UNCLEAR', 'say how much for each, or in total: one of them');
  }
  const period = checkedPeriod(params.period);
  await assertOwner(context, { kind: 'department', id }, period);
  const asked = { indicator, department: id, period, each, total, proration };
  const cells = await departmentCells(context, asked);
  const { k, at, zone } = context;
  return { k: String(k), at, zone, params: asked, additive: true, cells };
}

export const planQueries: readonly QueryDefinition[] = [
  defineQuery<PlanAttentionQuery>({
    name: 'PlanAttention',
    path: 'plans/attention',
    params: PlanAttentionQuery,
    roles: FIGURE_READERS,
    summary: 'Plans whose pace falls below a share, the worst first, with what the decomposition of the goal asks for.',
    example: { period: '2009-08' },
    answer: (sources, params) => askCore(sources, params, (context) => attention(context, params)),
  }),
  defineQuery<PlanDecompositionQuery>({
    name: 'PlanDecomposition',
    path: 'plans/decomposition',
    params: PlanDecompositionQuery,
    roles: FIGURE_READERS,
    summary: 'What a goal takes at each bar, as cells of a plan to be assigned. Nothing is recorded.',
    example: { routeMap: 'automation', period: '2009-08', ownerKind: 'company', owner: 'main', wins: '10' },
    needsHistory: 'DECOMPOSITION_SAMPLE_TOO_SMALL',
    answer: (sources, params) => askCore(sources, params, (context) => decomposed(context, params)),
  }),
  defineQuery<PlanDepartmentQuery>({
    name: 'PlanDepartment',
    path: 'plans/department',
    params: PlanDepartmentQuery,
    roles: FIGURE_READERS,
    summary: 'A plan for everybody of a department, as cells to be assigned. Nothing is recorded.',
    example: { indicator: 'contacts', department: 'sales', period: '2009-08', each: '40' },
    answer: (sources, params) => askCore(sources, params, (context) => department(context, params)),
  }),
  defineQuery<PlanDistributionQuery>({
    name: 'PlanDistribution',
    path: 'plans/distribution',
    params: PlanDistributionQuery,
    roles: FIGURE_READERS,
    summary: 'A year’s plan over its months, as cells to be assigned. Nothing is recorded.',
    example: { indicator: 'contacts', ownerKind: 'employee', owner: 'ivanova', year: '2009', value: '100' },
    answer: (sources, params) =>
      askCore(sources, params, ({ k, at, zone }) => {
        const { indicator, ownerKind, owner, year, value } = params;
        const basisPoints = params.basisPoints?.map(Number);
        const cells = distributeYear({ indicator, owner: { kind: ownerKind, id: owner }, year, value, basisPoints });
        const asked = { indicator, ownerKind, owner, year, value, basisPoints };
        return Promise.resolve({ k: String(k), at, zone, params: asked, additive: true, cells });
      }),
  }),
];
