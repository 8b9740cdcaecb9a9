import { addDays, parsePeriod, periodsBetween } from '@voronka/kernel';
import { END_DAY, FIRST_DAY, managers } from './company.js';

/** Months of the demonstration, in order. */
export const months = periodsBetween(FIRST_DAY, END_DAY, 'month').map(({ key }) => key);

/** How managers are paid: for first contacts and meetings once the plan is near, and a share of what they sell. */
export const regulation = {
  regulation: 'managers',
  effectiveFrom: `${months[0]}-01`,
  name: 'Pay of sales managers',
  covers: { positions: ['Sales manager'] },
  rules: [
    {
      code: 'R1',
      name: 'First contacts',
      indicator: 'first_contacts',
      gates: [{ indicator: 'first_contacts', scope: 'self', thresholdBps: 10_000 }],
      payout: { kind: 'perUnit', kopecks: 150_00 },
    },
    {
      code: 'R2',
      name: 'Meetings',
      indicator: 'meetings',
      gates: [{ indicator: 'meetings', scope: 'self', thresholdBps: 8_000 }],
      payout: {
        kind: 'tiers',
        by: 'fulfilment',
        mode: 'slab',
        pays: 'perUnit',
        brackets: [
          { from: 8_000, to: 10_000, value: 400_00 },
          { from: 10_000, to: 12_000, value: 500_00 },
          { from: 12_000, to: null, value: 650_00 },
        ],
      },
    },
    {
      code: 'R3',
      name: 'Contracts',
      indicator: 'contracts_amount',
      payout: {
        kind: 'tiers',
        by: 'actual',
        mode: 'marginal',
        pays: 'percent',
        brackets: [
          { from: 0, to: 300_000_00, value: 300 },
          { from: 300_000_00, to: 500_000_00, value: 500 },
          { from: 500_000_00, to: null, value: 700 },
        ],
      },
      capKopecks: 60_000_00,
    },
  ],
  clawback: { months: 12, shareBps: 10_000, statementShareBps: 10_000 },
};

/** How heads are paid from the last month of the story on: by what their departments sign in a quarter. */
export const headsRegulation = {
  regulation: 'heads',
  effectiveFrom: `${months.at(-1) ?? ''}-01`,
  name: 'Pay of heads of sales',
  covers: { positions: ['Head of sales'] },
  rules: [
    {
      code: 'H1',
      name: 'Contracts of the department in the quarter',
      period: 'quarter',
      indicator: 'contracts_amount',
      scope: 'department',
      gates: [{ indicator: 'contracts_amount', scope: 'department', thresholdBps: 10_000 }],
      payout: { kind: 'percentOfAmount', bps: 50 },
      capKopecks: 50_000_00,
    },
  ],
  clawback: regulation.clawback,
};

const PLANNED = { first_contacts: 4, meetings: 2 } as const;

/** Plans of everybody for every month in which he is there, as one change. */
export function plans() {
  const cells = managers.flatMap(({ id, hiredOn, lastDay }) =>
    months
      .filter((month) => isThere(month, hiredOn, lastDay))
      .flatMap((period) =>
        Object.entries(PLANNED).map(([indicator, value]) => ({
          indicator,
          owner: { kind: 'employee', id },
          period,
          value,
          proration: 'workingDays',
        })),
      ),
  );
  return { cells, reason: 'Plans of the first eighteen months' };
}

/** What departments are to reach, which is not the sum of what their people are. */
const OF_DEPARTMENTS: Readonly<Record<string, DepartmentPlan>> = {
  retail: { first_contacts: 24, meetings: 12, contracts_amount: 5_000_000_00 },
  industry: { first_contacts: 12, meetings: 6, contracts_amount: 3_000_000_00 },
  services: { first_contacts: 26, meetings: 12, contracts_amount: 5_000_000_00 },
};

interface DepartmentPlan {
  readonly first_contacts: number;
  readonly meetings: number;
  /** Of a quarter. Kopecks. */
  readonly contracts_amount: number;
}

/** By month what is done, by quarter what is signed, as one change. */
export function departmentPlans() {
  const quarters = periodsBetween(FIRST_DAY, END_DAY, 'quarter').map(({ key }) => key);
  const cells = Object.entries(OF_DEPARTMENTS).flatMap(([id, { contracts_amount, ...monthly }]) => {
    const owner = { kind: 'department', id };
    return [
      ...months.flatMap((period) =>
        Object.entries(monthly).map(([indicator, value]) => ({ indicator, owner, period, value })),
      ),
      ...quarters.map((period) => ({ indicator: 'contracts_amount', owner, period, value: contracts_amount })),
    ];
  });
  return { cells, reason: 'What each department is to reach' };
}

function isThere(month: string, hiredOn: string, lastDay: string | undefined): boolean {
  const { from, to } = parsePeriod(month);
  return hiredOn < to && (lastDay === undefined || addDays(lastDay, 1) > from);
}
