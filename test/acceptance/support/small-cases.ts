import { indicator, regulation as august, routeMap } from './august.js';
import { cellOf, type PayDesk } from './pay-desk.js';

// The company of the small cases: a regulation for each of them, and whoever is paid by it in August 2009.

const rule = (code: string, indicatorCode: string, more: object) => ({
  ...{ code, name: code, indicator: indicatorCode, ...more },
});

/** A regulation for one position. */
export const pays = (regulation: string, rules: readonly object[], more: object = {}) => ({
  ...{ regulation, effectiveFrom: '2009-08-01', name: regulation, covers: { positions: [regulation] }, rules },
  ...{ clawback: august.clawback, ...more },
});

export const ofAll = (bps: number) => ({ kind: 'percentOfAmount', bps });

const [r1, r2, r3] = august.rules;

/** R1 at 100.00 and R2 at 600.00 per unit in its bracket. */
export const secondVersion = pays('twin', [
  { ...r1, payout: { kind: 'perUnit', kopecks: 100_00 } },
  {
    ...r2,
    payout: {
      ...{ kind: 'tiers', by: 'fulfilment', mode: 'slab', pays: 'perUnit' },
      brackets: [
        { from: 8_000, to: 10_000, value: 400_00 },
        { from: 10_000, to: 12_000, value: 600_00 },
        { from: 12_000, to: null, value: 650_00 },
      ],
    },
  },
]);

const byActual = (mode: 'slab' | 'marginal', brackets: readonly object[]) => ({
  ...{ kind: 'tiers', by: 'actual', mode, pays: 'percent', brackets },
});

const regulations = [
  { ...august, covers: { positions: ['Sales manager'] } },
  pays('twin', [r1 ?? {}, r2 ?? {}]),
  pays('graded', [
    rule('M', 'meetings', {
      payout: {
        ...{ kind: 'tiers', by: 'fulfilment', mode: 'marginal', pays: 'perUnit' },
        brackets: [
          { from: 0, to: 10_000, value: 400_00 },
          { from: 10_000, to: null, value: 500_00 },
        ],
      },
    }),
  ]),
  pays('percent', [rule('P', 'contracts', { payout: ofAll(100) })]),
  pays('shared', [{ ...r3, code: 'S', indicator: 'shared_contracts' }]),
  pays('split', [rule('W', 'shared_contracts', { payout: ofAll(10_000) })]),
  pays('team', [
    rule('T', 'meetings', {
      gates: [
        { indicator: 'meetings', scope: 'self', thresholdBps: 10_000 },
        { indicator: 'meetings', scope: 'department', thresholdBps: 10_000 },
      ],
      payout: { kind: 'perUnit', kopecks: 500_00 },
      floorKopecks: 1_000_00,
    }),
  ]),
  pays('leap', [
    rule('L', 'contracts', {
      payout: byActual('slab', [
        { from: 0, to: 1_000_000_00, value: 500 },
        { from: 1_000_000_00, to: null, value: 700 },
      ]),
    }),
  ]),
  pays('counted', [rule('C', 'first_contacts', { payout: { kind: 'perUnit', kopecks: 100_00 } })]),
];

/** Who is paid by what. */
const PEOPLE: Readonly<Record<string, readonly string[]>> = {
  'Sales manager': ['capped', 'levels', 'withdrawn', 'both-a', 'both-b', 'away'],
  twin: ['twin-1'],
  graded: ['graded-1'],
  percent: ['percent-1', 'percent-2'],
  shared: ['half-1', 'half-2'],
  split: ['third-1', 'third-2', 'third-3'],
  leap: ['leap-1', 'leap-2'],
  counted: ['counted-1'],
};

export const target = (id: string, code: string, value: number, more: object = {}) =>
  cellOf(id, code, '2009-08', { change: 'replace', value, ...more });

/** Hires, defines and plans. */
export async function foundSmallCases(desk: PayDesk): Promise<void> {
  const shared = indicator({ measure: 'amount', credit: { by: 'shares', role: 'sale' } });
  await desk.command('indicators/shared_contracts/define-indicator', shared);
  for (const one of regulations) await desk.command('pay-regulations/main/publish-pay-regulation', one);
  for (const [position, ids] of Object.entries(PEOPLE)) for (const id of ids) await desk.hire(id, position);
  for (const id of ['late-1', 'late-2']) await desk.hire(id, 'Sales manager', { hiredOn: '2009-08-17' });
  await desk.command('departments/team/create-department', { name: 'Team' });
  for (const id of ['team-1', 'team-2']) await desk.hire(id, 'team', { departmentId: 'team' });
  const [step] = routeMap.steps;
  const checked = { ...routeMap, steps: [{ ...step, verification: { role: 'head' } }] };
  await desk.command('route-maps/checked/publish-route-map', checked);
  const prorated = { proration: 'workingDays' };
  await desk.plan([
    ...['both-a', 'both-b', 'twin-1', 'levels'].map((id) => target(id, 'first_contacts', 40)),
    ...['twin-1', 'graded-1', 'withdrawn', 'team-1'].map((id) => target(id, 'meetings', 10)),
    target('late-1', 'first_contacts', 40, prorated),
    target('late-2', 'first_contacts', 40),
    target('away', 'first_contacts', 42, prorated),
    { ...target('team', 'meetings', 30), owner: { kind: 'department', id: 'team' } },
  ]);
}

/** What all of them did on 20 August. */
export async function workSmallCases(desk: PayDesk): Promise<void> {
  for (const id of ['both-a', 'both-b', 'twin-1']) await desk.deals(id, 42, ['contact'], `${id}-c`);
  for (const id of ['twin-1', 'graded-1', 'withdrawn', 'team-1']) await desk.deals(id, 11, ['meeting'], `${id}-m`);
  await desk.deals('team-2', 18, ['meeting']);
  for (const id of ['late-1', 'late-2']) await desk.deals(id, 21, ['contact']);
  await desk.deals('away', 22, ['contact']);
  await desk.contract('capped', 'capped-1', 670_000_00);
  await desk.contract('capped', 'capped-2', 50_000_00);
  await desk.contract('percent-1', 'percent-1a', 100_50);
  await desk.contract('percent-1', 'percent-1b', 100_50);
  await desk.contract('percent-2', 'percent-2a', 100_000_00);
  await desk.contract('leap-1', 'leap-1', 999_999_00);
  await desk.contract('leap-2', 'leap-2', 1_000_000_00);
  const half = ['half-1', 'half-2'].map((employeeId) => ({ employeeId, basisPoints: 5_000 }));
  await sharedContract(desk, { owner: 'half-1', id: 'halves', amountKopecks: 600_000_00, shares: half });
  const thirds = [3_334, 3_333, 3_333].map((basisPoints, at) => ({ employeeId: `third-${at + 1}`, basisPoints }));
  await sharedContract(desk, { owner: 'third-1', id: 'thirds', amountKopecks: 10_00, shares: thirds });
}

interface Shared {
  readonly owner: string;
  readonly id: string;
  readonly amountKopecks: number;
  readonly shares: readonly object[];
}

async function sharedContract(desk: PayDesk, { owner, id, amountKopecks, shares }: Shared): Promise<void> {
  await desk.command(`deals/${id}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, owner);
  await desk.command(`deals/${id}/share-credit`, { creditRole: 'sale', shares }, 'sidorova');
  await desk.sign(owner, id, amountKopecks);
}
