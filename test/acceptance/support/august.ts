import { setTimeout as sleep } from 'node:timers/promises';
import type { StatementDocument } from '@voronka/pay/events';
import type { PreviewAnswer } from '../../../apps/api/src/previews/preview.controller.js';
import { type Answered, type ApiRig, startApiRig } from '../../api/support/api-rig.js';
import { exampleOf } from '../../api/support/small-department.js';

/** A statement as it is asked for: drafted or issued. */
export interface Shown {
  readonly document: StatementDocument;
  readonly hash: string;
}

/** Roubles by rule, and what is paid out. */
export function payOf(shown: Shown | undefined): Record<string, number> & { payable: number } {
  if (shown === undefined) throw new Error('no statement');
  const { lines, totals } = shown.document;
  const rules = Object.fromEntries(lines.map(({ rule, amountKopecks }) => [rule, amountKopecks / 100]));
  return { ...rules, payable: totals.payableKopecks / 100 };
}

const step = (code: string, kind: string, funnelRank: number) => ({
  ...{ code, name: code, stage: 'way', kind, funnelRank },
  ...{ mandatory: false, after: [], roles: [], form: [] },
});

export const routeMap = {
  name: 'Sale',
  purpose: 'sale',
  stages: [{ code: 'way', name: 'Way' }],
  lossReasons: [{ code: 'price', name: 'Too dear', countsAsLoss: true }],
  steps: [step('contact', 'contact', 1), step('meeting', 'meeting', 2), step('contract', 'contract', 3)],
};

export function indicator(measure: object) {
  const text = { ru: 'Показатель', en: 'Indicator' };
  return { name: text, description: text, better: 'higher', ...measure };
}

const own = (code: string, thresholdBps: number) => ({ indicator: code, scope: 'self', thresholdBps });

export const regulation = {
  regulation: 'sales',
  effectiveFrom: '2009-08-01',
  name: 'Pay of sales managers',
  covers: { positions: ['Sales manager'] },
  rules: [
    {
      ...{ code: 'R1', name: 'First contacts', indicator: 'first_contacts' },
      gates: [own('first_contacts', 10_000)],
      payout: { kind: 'perUnit', kopecks: 150_00 },
    },
    {
      ...{ code: 'R2', name: 'Meetings', indicator: 'meetings' },
      gates: [own('meetings', 8_000)],
      payout: {
        ...{ kind: 'tiers', by: 'fulfilment', mode: 'slab', pays: 'perUnit' },
        brackets: [
          { from: 8_000, to: 10_000, value: 400_00 },
          { from: 10_000, to: 12_000, value: 500_00 },
          { from: 12_000, to: null, value: 650_00 },
        ],
      },
    },
    {
      ...{ code: 'R3', name: 'Contracts', indicator: 'contracts' },
      payout: {
        ...{ kind: 'tiers', by: 'actual', mode: 'marginal', pays: 'percent' },
        brackets: [
          { from: 0, to: 300_000_00, value: 300 },
          { from: 300_000_00, to: 500_000_00, value: 500 },
          { from: 500_000_00, to: null, value: 700 },
        ],
      },
      capKopecks: 30_000_00,
    },
  ],
  clawback: { months: 12, shareBps: 10_000, statementShareBps: 10_000 },
};

/** August of one manager, and what can be done to it. */
export interface AugustPay {
  readonly last: () => string;
  readonly command: (where: string, body: object, person?: string) => Promise<Answered>;
  readonly draft: (month: string, asOf?: string) => Promise<Shown>;
  readonly explain: (month: string, rule: string) => Promise<Record<string, unknown>>;
  readonly statements: (month: string) => Promise<readonly Shown[]>;
  /** Changes the plan of first contacts. */
  readonly try: (plan: string, route: string, change: object) => Promise<Answered>;
  readonly change: (plan: string, route: string, change: object) => Promise<void>;
  /** Of the same change of first contacts. */
  readonly preview: (plan: string, route: string, change: object) => Promise<PreviewAnswer>;
  readonly propose: (plan: string, change: object) => Promise<void>;
  readonly approve: (plan: string, person: string) => Promise<Answered>;
  readonly close: (month: string, accept?: readonly string[]) => Promise<void>;
  readonly voidContract: () => Promise<void>;
}

const cell = (indicatorCode: string) => ({
  indicator: indicatorCode,
  owner: { kind: 'employee', id: 'ivanova' },
  period: '2009-08',
});

/** The whole house with a clock that stands, and August in it. */
export interface AugustRig {
  readonly rig: ApiRig;
  /** Goes only when its instant is set. */
  readonly clock: { instant: string; now(): string };
  readonly pay: AugustPay;
}

export async function startAugust(): Promise<AugustRig> {
  const clock = { instant: '2009-07-31T19:00:00.000Z', now: (): string => clock.instant };
  const rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, clock);
  return { rig, clock, pay: await august(rig, clock) };
}

/** 42 first contacts, 11 meetings, contracts of 600,000.00; plans of 40 and 10. */
export async function august(rig: ApiRig, clock: { instant: string }): Promise<AugustPay> {
  let position = '0';
  const send = async (where: string, body: object, person?: string): Promise<Answered> => {
    const answer = await rig.post(
      `/v1/${where}`,
      body,
      person === undefined ? {} : { headers: { 'voronka-on-behalf-of': person } },
    );
    if (typeof answer.json['position'] === 'string') position = answer.json['position'];
    return answer;
  };
  const command = async (where: string, body: object, person?: string): Promise<Answered> => {
    const answer = await send(where, body, person);
    if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
    return answer;
  };
  await found(command);
  await work(command, clock);
  const ask = async (where: string): Promise<Record<string, unknown>> => {
    const answer = await rig.get(`/v1/${where}&after=${position}`);
    if (answer.status !== 200) throw new Error(`${where}: ${answer.text}`);
    return answer.json;
  };
  const planned = (plan: string, route: string, change: object, person = 'sidorova') =>
    send(
      `plans/${plan}/${route}`,
      { cells: [{ ...cell('first_contacts'), ...change }], reason: 'As the situation asks' },
      person,
    );
  const must = async (answer: Promise<Answered>): Promise<void> => {
    const got = await answer;
    if (got.status >= 300) throw new Error(got.text);
  };
  return {
    last: () => position,
    command,
    draft: async (month, asOf) => {
      const at = asOf === undefined ? '' : `&asOf=${asOf}`;
      const { drafts } = await ask(`payroll/drafts?period=${month}&employee=ivanova${at}`);
      const [only] = drafts as readonly Shown[];
      if (only === undefined) throw new Error('no draft');
      return only;
    },
    explain: (month, rule) => ask(`payroll/explanation?employee=ivanova&period=${month}&rule=${rule}&lang=ru`),
    statements: async (month) =>
      (await ask(`statements?period=${month}&employee=ivanova`))['items'] as readonly Shown[],
    try: planned,
    change: (plan, route, change) => must(planned(plan, route, change)),
    preview: async (plan, route, change) => {
      const body = { cells: [{ ...cell('first_contacts'), ...change }], reason: 'As the situation asks' };
      const asked = { thing: 'plans', id: plan, command: route, body };
      return (await command('previews', asked, 'sidorova')).json as unknown as PreviewAnswer;
    },
    propose: async (plan, change) => {
      const body = { cells: [{ ...cell('first_contacts'), ...change }], reason: 'As the situation asks' };
      const asked = { thing: 'plans', id: plan, command: 'propose-plan-change', body };
      const { hash } = (await command('previews', asked, 'sidorova')).json;
      await command(`plans/${plan}/propose-plan-change`, { ...body, previewHash: hash }, 'sidorova');
    },
    approve: (plan, person) => send(`plans/${plan}/approve-plan-change`, {}, person),
    close: async (month, accept = []) => {
      await command('payroll/main/close-period', { period: month, accept });
      position = await closedAt(ask, month);
    },
    voidContract: async () => {
      await command(
        'deals/d3/void-contract',
        { contractId: 'c3', reason: 'Never countersigned', dealBecomes: 'open' },
        'sidorova',
      );
    },
  };
}

async function closedAt(ask: (where: string) => Promise<Record<string, unknown>>, month: string): Promise<string> {
  for (let tries = 0; tries < 300; tries += 1) {
    const { periods } = (await ask('payroll?')) as {
      periods: readonly { period: string; status: string; since: string; data: object }[];
    };
    const found = periods.find(({ period }) => period === month);
    if (found?.status === 'closed') return found.since;
    if (found?.status === 'stopped') throw new Error(`stopped: ${JSON.stringify(found.data)}`);
    await sleep(50);
  }
  throw new Error(`${month} was not closed: ${JSON.stringify(await ask('payroll?'))}`);
}

export type Command = (where: string, body: object, person?: string) => Promise<Answered>;

export async function found(command: Command): Promise<void> {
  await command('companies/main/configure-company', {
    ...{ name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB', firstPayrollPeriod: '2009-08' },
  });
  await command('departments/sales/create-department', exampleOf('CreateDepartment'));
  const hire = exampleOf('HireEmployee');
  for (const [id, position] of Object.entries({
    ivanova: 'Sales manager',
    sidorova: 'Head of sales',
    petrova: 'Commercial director',
  })) {
    await command(`employees/${id}/hire-employee`, { ...hire, position });
  }
  await command('customers/volga-tools/register-customer', exampleOf('RegisterCustomer'));
  await command('products/trade/add-product', exampleOf('AddProduct'));
  await command('route-maps/sale/publish-route-map', routeMap);
  await command('indicators/deals_won/define-indicator', exampleOf('DefineIndicator'));
  const steps = (kind: string) =>
    indicator({
      measure: 'steps',
      counting: 'first',
      filters: { stepKinds: [kind] },
      resultIndicator: 'deals_won',
    });
  await command('indicators/first_contacts/define-indicator', steps('contact'));
  await command('indicators/meetings/define-indicator', steps('meeting'));
  await command('indicators/contracts/define-indicator', indicator({ measure: 'amount' }));
  await command('pay-regulations/main/publish-pay-regulation', regulation);
  const cells = [
    { ...cell('first_contacts'), value: 40 },
    { ...cell('meetings'), value: 10 },
  ];
  await command('plans/august/assign-plan', { cells, reason: 'Plan of August' }, 'sidorova');
}

const CONTACTS = 42;
const MEETINGS = 11;
const CONTRACTS = 3;

async function work(command: Command, clock: { instant: string }): Promise<void> {
  clock.instant = '2009-08-12T08:00:00.000Z';
  for (let index = 1; index <= CONTACTS; index += 1) {
    const deal = `deals/d${index}`;
    await command(`${deal}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, 'ivanova');
    await command(`${deal}/complete-step`, { step: 'contact' }, 'ivanova');
    if (index <= MEETINGS) await command(`${deal}/complete-step`, { step: 'meeting' }, 'ivanova');
    if (index > CONTRACTS) continue;
    const lines = [{ productId: 'trade', amountKopecks: 200_000_00 }];
    await command(`${deal}/sign-contract`, { contractId: `c${index}`, number: `N-${index}`, lines }, 'ivanova');
  }
}
