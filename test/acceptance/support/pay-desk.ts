import { setTimeout as sleep } from 'node:timers/promises';
import type { StatementDocument } from '@voronka/pay/events';
import { type Answered, type ApiRig, type Asking, startApiRig } from '../../api/support/api-rig.js';
import { exampleOf } from '../../api/support/small-department.js';
import { indicator, routeMap } from './august.js';

export const TOLD_BY = 'sidorova';
export const ANOTHER = 'petrova';

export interface Shown {
  readonly document: StatementDocument;
  readonly hash: string;
  readonly disputes?: readonly object[];
}

interface Month {
  readonly period: string;
  readonly status: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The whole house with a clock that stands, one company of payroll since August 2009, and commands over HTTP. Read
 * models and processes begin to follow with the first question: what is told before it is told fast.
 */
export class PayDesk {
  readonly clock = { instant: '2009-07-31T19:00:00.000Z', now: (): string => this.clock.instant };
  rig!: ApiRig;
  position = '0';
  private plans = 0;
  private following: Promise<void> | null = null;

  async start(): Promise<void> {
    this.rig = await startApiRig({ VORONKA_TIME_ZONE: 'Europe/Samara' }, this.clock, { isHeld: true });
    await this.command('companies/main/configure-company', {
      ...{ name: 'Konstanta', zone: 'Europe/Samara', currency: 'RUB', firstPayrollPeriod: '2009-08' },
    });
    await this.command('departments/sales/create-department', exampleOf('CreateDepartment'));
    await this.hire(TOLD_BY, 'Head of sales', { roles: ['head'] });
    await this.hire(ANOTHER, 'Commercial director', { roles: ['director'] });
    await this.command('customers/volga-tools/register-customer', exampleOf('RegisterCustomer'));
    await this.command('products/trade/add-product', exampleOf('AddProduct'));
    await this.command('route-maps/sale/publish-route-map', routeMap);
    await this.command('indicators/deals_won/define-indicator', exampleOf('DefineIndicator'));
    for (const [code, kind] of Object.entries({ first_contacts: 'contact', meetings: 'meeting' })) {
      const steps = { measure: 'steps', counting: 'first', filters: { stepKinds: [kind] } };
      const definition = indicator({ ...steps, resultIndicator: 'deals_won' });
      await this.command(`indicators/${code}/define-indicator`, definition);
    }
    await this.command('indicators/contracts/define-indicator', indicator({ measure: 'amount' }));
  }

  async stop(): Promise<void> {
    await this.rig.stop();
  }

  /** Read models and processes follow; the first question lets them begin, too. */
  followed(): Promise<void> {
    return (this.following ??= this.rig.follow());
  }

  async send(where: string, body: object, person?: string): Promise<Answered> {
    if (where === 'previews') await this.followed();
    const asking: Asking = person === undefined ? {} : { headers: { 'voronka-on-behalf-of': person } };
    const answer = await this.rig.post(`/v1/${where}`, body, asking);
    if (typeof answer.json['position'] === 'string') this.position = answer.json['position'];
    return answer;
  }

  /** @throws Error with the answer's text where it is refused */
  async command(where: string, body: object, person?: string): Promise<Answered> {
    const answer = await this.send(where, body, person);
    if (answer.status >= 300) throw new Error(`${where}: ${answer.text}`);
    return answer;
  }

  /** The code by which a command is refused. */
  async refusal(where: string, body: object, person?: string): Promise<unknown> {
    const answer = await this.send(where, body, person);
    if (answer.status < 300) throw new Error(`${where} was not refused`);
    return answer.json['code'];
  }

  async ask(where: string): Promise<Record<string, unknown>> {
    await this.followed();
    const answer = await this.rig.get(`/v1/${where}${where.includes('?') ? '&' : '?'}after=${this.position}`);
    if (answer.status !== 200) throw new Error(`${where}: ${answer.text}`);
    return answer.json;
  }

  async hire(id: string, position: string, more: object = {}): Promise<void> {
    await this.command(`employees/${id}/hire-employee`, { ...exampleOf('HireEmployee'), position, ...more });
  }

  /** Deals of somebody with the steps named, each opened and gone through now. */
  async deals(owner: string, count: number, steps: readonly string[], name = owner): Promise<void> {
    for (let n = 1; n <= count; n += 1) {
      const deal = `deals/${name}-${n}`;
      await this.command(`${deal}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, owner);
      for (const step of steps) await this.command(`${deal}/complete-step`, { step }, owner);
    }
  }

  /** A deal with a contract of so many kopecks, signed now. */
  async contract(owner: string, id: string, amountKopecks: number): Promise<void> {
    await this.command(`deals/${id}/open-deal`, { customerId: 'volga-tools', routeMapId: 'sale' }, owner);
    await this.sign(owner, id, amountKopecks);
  }

  async sign(owner: string, id: string, amountKopecks: number): Promise<void> {
    const lines = [{ productId: 'trade', amountKopecks }];
    await this.command(`deals/${id}/sign-contract`, { contractId: id, number: id, lines }, owner);
  }

  async voidContract(id: string): Promise<void> {
    const body = { contractId: id, reason: 'Never countersigned', dealBecomes: 'open' };
    await this.command(`deals/${id}/void-contract`, body, TOLD_BY);
  }

  /** A change of plans in open months. */
  async plan(cells: readonly object[], route = 'revise-plan'): Promise<void> {
    await this.command(`plans/p${(this.plans += 1)}/${route}`, { cells, reason: 'As the situation asks' }, TOLD_BY);
  }

  /** A change of plans in closed months, by two people. */
  async planByTwo(cells: readonly object[]): Promise<void> {
    const plan = `plans/p${(this.plans += 1)}`;
    await this.propose(plan, 'propose-plan-change', { cells, reason: 'As the situation asks' });
    await this.command(`${plan}/approve-plan-change`, {}, ANOTHER);
  }

  /** Proposes what touches closed months, upon its preview. */
  async propose(where: string, route: string, body: object): Promise<void> {
    const [thing, id] = where.split('/');
    const { json } = await this.command('previews', { thing, id, command: route, body }, TOLD_BY);
    await this.command(`${where}/${route}`, { ...body, previewHash: json['hash'] }, TOLD_BY);
  }

  async draft(employee: string, month: string, asOf?: string): Promise<Shown> {
    const at = asOf === undefined ? '' : `&asOf=${asOf}`;
    const { drafts } = await this.ask(`payroll/drafts?period=${month}&employee=${employee}${at}`);
    const [only] = drafts as readonly Shown[];
    if (only === undefined) throw new Error(`no draft of ${employee} for ${month}`);
    return only;
  }

  async statements(month: string, employee?: string): Promise<readonly Shown[]> {
    const whose = employee === undefined ? '' : `&employee=${employee}`;
    return (await this.ask(`statements?period=${month}${whose}&limit=500`))['items'] as readonly Shown[];
  }

  /** What rules pay somebody, in kopecks, by the draft of a month. */
  async pays(employee: string, month: string, asOf?: string): Promise<Readonly<Record<string, number>>> {
    const { document } = await this.draft(employee, month, asOf);
    return Object.fromEntries(document.lines.map(({ rule, amountKopecks }) => [rule, amountKopecks]));
  }

  async month(period: string): Promise<Month | undefined> {
    return ((await this.ask('payroll')) as unknown as { periods: readonly Month[] }).periods.find(
      (one) => one.period === period,
    );
  }

  /** Sends a command of the closing, and waits for what comes of it. */
  async closing(period: string, route = 'close-period', more: object = {}): Promise<Month> {
    await this.command(`payroll/main/${route}`, { period, ...more });
    for (let tries = 0; tries < 400; tries += 1) {
      const found = await this.month(period);
      if (found !== undefined && found.status !== 'closing') return found;
      await sleep(25);
    }
    throw new Error(`${period} is still being closed`);
  }

  /** Closes a month whatever the checklist says. @throws Error where it is not closed */
  async close(period: string): Promise<Month> {
    const accept = ['UNVERIFIED_STEPS', 'NO_PLAN', 'PENDING_APPROVALS', 'OPEN_DISPUTES'];
    const month = await this.closing(period, 'close-period', { accept });
    if (month.status !== 'closed') throw new Error(`${period}: ${JSON.stringify(month)}`);
    return month;
  }

  /** Opens a closed month again, by two people. */
  async reopen(period: string): Promise<void> {
    await this.command('payroll/main/reopen-period', { period, reason: 'As the situation asks' }, TOLD_BY);
    await this.command('payroll/main/approve-reopening', { period }, ANOTHER);
  }
}

/** Of a plan of an employee. */
export function cellOf(employee: string, indicatorCode: string, period: string, change: object) {
  return { indicator: indicatorCode, owner: { kind: 'employee', id: employee }, period, ...change };
}
