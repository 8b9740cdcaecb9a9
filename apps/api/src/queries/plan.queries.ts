import { distributeYear, OWNER_KINDS, type OwnerKind } from '@voronka/pay';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Several, WholeNumber } from './convert.js';
import { FIGURE_READERS } from './figure.queries.js';
import { AskedParams } from './params.js';
import { askCore, defineQuery, type QueryDefinition } from './query.definition.js';

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

export const planQueries: readonly QueryDefinition[] = [
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
