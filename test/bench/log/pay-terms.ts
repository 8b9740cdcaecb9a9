import { BEGIN_MS, type BenchCompany, localDate } from './company.js';

// What pay is worked out by, which the history of deals does not tell: twelve rules, and plans of everybody.

/** The first of the thirty-six months that pay is worked out for. */
export const FIRST_MONTH = localDate(BEGIN_MS).slice(0, 7);
/** The last day of the last one. */
export const LAST_DAY = '2025-12-31';
/** The most cells that one change may have. */
const MOST_CELLS = 1_000;

export interface PlanCellBody {
  readonly indicator: string;
  readonly owner: { readonly kind: 'employee' | 'department' | 'company'; readonly id: string };
  readonly period: string;
  readonly value: number;
}

const percent = (bps: number) => ({ kind: 'percentOfAmount', bps });
const perUnit = (kopecks: number) => ({ kind: 'perUnit', kopecks });
const fixed = (kopecks: number) => ({ kind: 'fixed', kopecks });
const tiers = (by: string, mode: string, pays: string, brackets: readonly (readonly [number, number])[]) => ({
  ...{ kind: 'tiers', by, mode, pays },
  brackets: brackets.map(([from, value], index) => ({ from, to: brackets[index + 1]?.[0] ?? null, value })),
});

interface Stated {
  readonly indicator: string;
  readonly payout: object;
  readonly scope?: string;
  readonly period?: string;
  /** Its own plan must be fulfilled to so many basis points. */
  readonly gate?: number;
  readonly capKopecks?: number;
}

/** Own figures, those of the department and of the company; of the month, the quarter and the year. */
const RULES: readonly Stated[] = [
  { indicator: 'first_contacts', gate: 8_000, payout: perUnit(150_00) },
  {
    indicator: 'meetings',
    payout: tiers('fulfilment', 'slab', 'perUnit', [
      [8_000, 400_00],
      [10_000, 500_00],
      [12_000, 650_00],
    ]),
  },
  {
    indicator: 'contracts_amount',
    payout: tiers('actual', 'marginal', 'percent', [
      [0, 30],
      [300_000_00, 50],
      [1_000_000_00, 70],
    ]),
    capKopecks: 90_000_00,
  },
  { indicator: 'proposals', gate: 9_000, payout: perUnit(300_00) },
  { indicator: 'calls', payout: perUnit(10_00) },
  { indicator: 'contracts_signed', gate: 10_000, payout: fixed(5_000_00) },
  { indicator: 'contracts_amount', scope: 'department', gate: 9_000, payout: percent(5) },
  { indicator: 'meetings', scope: 'department', gate: 10_000, payout: fixed(2_000_00) },
  { indicator: 'contracts_amount', scope: 'company', gate: 9_500, payout: percent(1) },
  { indicator: 'contracts_amount', period: 'quarter', payout: percent(10) },
  { indicator: 'contracts_amount', scope: 'department', period: 'quarter', payout: percent(2) },
];
/** What the last rule pays for: another one with each version, so that each has something to count. */
const LAST_RULES = [
  'new_customers',
  'deals_opened',
  'questionnaires_filled',
  'demos',
  'deals_lost',
  'customers_worked',
];

/** A regulation of twelve rules for the whole company, from the first month on. */
export function benchRegulation(version: number): object {
  const yearly: Stated = {
    ...{ indicator: LAST_RULES[version % LAST_RULES.length] ?? '', period: 'year' },
    payout: perUnit(50_00 + version),
  };
  return {
    ...{ regulation: 'sales', name: 'Pay of sales', effectiveFrom: `${FIRST_MONTH}-01` },
    covers: { positions: ['Manager', 'Head'] },
    rules: [...RULES, yearly].map(ruleOf),
  };
}

function ruleOf({ indicator, scope = 'self', period = 'month', gate, ...rest }: Stated, index: number): object {
  const gates = gate === undefined ? [] : [{ indicator, scope, thresholdBps: gate }];
  return { code: `R${index + 1}`, name: `${indicator} of ${scope}`, ...{ indicator, scope, period, gates }, ...rest };
}

export const MONTHS: readonly string[] = Array.from({ length: 36 }, (_none, index) => {
  const year = Number(FIRST_MONTH.slice(0, 4)) + Math.floor(index / 12);
  return `${year}-${String((index % 12) + 1).padStart(2, '0')}`;
});

export function employeesOf({ departments, managers }: BenchCompany): readonly string[] {
  return [...departments.map(({ head }) => head), ...managers.map(({ id }) => id)];
}

/** Plans of everybody for all months, as many cells to a change as there may be. */
export function benchPlans(company: BenchCompany): readonly (readonly PlanCellBody[])[] {
  const cells = MONTHS.flatMap((period) => [
    ...employeesOf(company).flatMap((id) => planned({ kind: 'employee', id }, period, 1)),
    ...company.departments.flatMap(({ id }) => planned({ kind: 'department', id }, period, 17)),
    ...planned({ kind: 'company', id: 'main' }, period, 200),
  ]);
  const changes: PlanCellBody[][] = [];
  for (let from = 0; from < cells.length; from += MOST_CELLS) changes.push(cells.slice(from, from + MOST_CELLS));
  return changes;
}

function planned(owner: PlanCellBody['owner'], period: string, people: number): readonly PlanCellBody[] {
  const asked = { first_contacts: 4, meetings: 3, proposals: 3, contracts_signed: 1, contracts_amount: 200_000_000 };
  return Object.entries(asked).map(([indicator, value]) => ({ indicator, owner, period, value: value * people }));
}
