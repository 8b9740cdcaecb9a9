import { msToInstant } from '@voronka/kernel';
import { cellOf, type PayDesk, TOLD_BY } from './pay-desk.js';
import { ofAll, pays } from './small-cases.js';

// A company of payroll with clauses of every kind, and random work on it: of now and of the past.

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const gate = { indicator: 'first_contacts', scope: 'self', thresholdBps: 8_000 };
const rules = [
  { code: 'C', name: 'C', indicator: 'first_contacts', gates: [gate], payout: { kind: 'perUnit', kopecks: 150_33 } },
  { code: 'M', name: 'M', indicator: 'contracts', payout: ofAll(333), capKopecks: 9_000_00 },
  { code: 'Q', name: 'Q', indicator: 'contracts', period: 'quarter', payout: ofAll(51) },
  {
    ...{ code: 'T', name: 'T', indicator: 'first_contacts', scope: 'department', floorKopecks: 10_00 },
    payout: { kind: 'perUnit', kopecks: 7_77 },
  },
];
const CLAUSES = {
  whole: { months: 12, shareBps: 10_000, statementShareBps: 10_000 },
  part: { months: 2, shareBps: 5_000, statementShareBps: 3_000 },
  none: null,
} as const;

export const SELLERS = ['anna', 'boris', 'vera', 'gleb'] as const;
const POSITIONS = ['whole', 'part', 'none', 'whole'] as const;

export async function foundRandomPay(desk: PayDesk): Promise<void> {
  for (const [position, clawback] of Object.entries(CLAUSES)) {
    const body = pays(position, rules, { clawback });
    await desk.command('pay-regulations/main/publish-pay-regulation', body);
  }
  await desk.command('departments/south/create-department', { name: 'South' });
  for (const [at, id] of SELLERS.entries()) await desk.hire(id, POSITIONS[at] ?? 'whole');
}

/** What is tried, and how often beside the others. */
const ACTS = {
  ...{ contact: 8, sign: 6, voidContract: 3, voidStep: 3, plan: 6, transfer: 2, absence: 2, byHand: 1, regulation: 1 },
  ...{ dismiss: 0.3 },
} as const;
type Act = keyof typeof ACTS;

export class RandomPay {
  /** Commands that were accepted, and how often each kind was. */
  readonly done: Partial<Record<Act, number>> = {};
  private number = 0;
  private readonly closed: string[] = [];

  constructor(
    private readonly desk: PayDesk,
    private readonly random: () => number,
  ) {}

  /** Months that are closed, in order. */
  get closedMonths(): readonly string[] {
    return this.closed;
  }

  isClosed(month: string): void {
    this.closed.push(month);
  }

  /** The last one is open again. */
  isReopened(): void {
    this.closed.pop();
  }

  /** By the statement of the current month, somebody's difference of that one. */
  async settleByHand(month: string): Promise<boolean> {
    this.number += 1;
    return await this.adjusted(month);
  }

  /** One thing of the current month, or of one before. */
  async move(): Promise<void> {
    this.number += 1;
    const { desk } = this;
    desk.clock.instant = msToInstant(Date.parse(desk.clock.instant) + Math.floor(this.random() * 30 * HOUR_MS));
    const act = this.chosen();
    if (await this[act]()) this.done[act] = (this.done[act] ?? 0) + 1;
  }

  private chosen(): Act {
    const all = Object.entries(ACTS) as [Act, number][];
    let left = this.random() * all.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [act, weight] of all) {
      left -= weight;
      if (left < 0) return act;
    }
    return 'contact';
  }

  private pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.random() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  private async attempt(where: string, body: object, person: string | undefined = TOLD_BY): Promise<boolean> {
    const answer = await this.desk.send(where, body, person);
    if (answer.status >= 500) throw new Error(`${where}: ${answer.text}`);
    return answer.status < 300;
  }

  /** Now, or up to seventy days ago. */
  private entered(): object {
    const back = this.random() < 0.6 ? 0 : Math.floor(this.random() * 70 * DAY_MS);
    const ms = Math.max(Date.parse('2009-08-01T06:00:00.000Z'), Date.parse(this.desk.clock.instant) - back);
    return { occurredAt: msToInstant(Math.min(ms, Date.parse(this.desk.clock.instant))), lateEntryReason: 'Found' };
  }

  private deal(): string {
    return `r${1 + Math.floor(this.random() * this.number)}`;
  }

  private async open(): Promise<{ readonly deal: string; readonly when: object } | null> {
    const when = this.entered();
    const deal = `r${this.number}`;
    const body = { customerId: 'volga-tools', routeMapId: 'sale', ownerId: this.pick(SELLERS), ...when };
    return (await this.attempt(`deals/${deal}/open-deal`, body)) ? { deal, when } : null;
  }

  private async contact(): Promise<boolean> {
    const opened = await this.open();
    if (opened === null) return false;
    const step = { step: 'contact', performedBy: this.pick(SELLERS), ...opened.when };
    return this.attempt(`deals/${opened.deal}/complete-step`, step);
  }

  private async sign(): Promise<boolean> {
    const opened = await this.open();
    if (opened === null) return false;
    const lines = [{ productId: 'trade', amountKopecks: 1 + Math.floor(this.random() * 20_000_000) }];
    const contract = { contractId: opened.deal, number: opened.deal, lines, ...opened.when };
    return this.attempt(`deals/${opened.deal}/sign-contract`, contract);
  }

  private voidContract(): Promise<boolean> {
    const deal = this.deal();
    const body = { contractId: deal, reason: 'Never countersigned', dealBecomes: 'open' };
    return this.attempt(`deals/${deal}/void-contract`, body);
  }

  private voidStep(): Promise<boolean> {
    return this.attempt(`deals/${this.deal()}/void-step`, {
      step: 'contact',
      reason: 'Another firm',
      lateEntryReason: 'Told late',
    });
  }

  private month(): string {
    const current = this.desk.clock.instant.slice(0, 7);
    return this.random() < 0.5 || this.closed.length === 0 ? current : this.pick(this.closed);
  }

  private async plan(): Promise<boolean> {
    const month = this.month();
    const value = Math.floor(this.random() * 4);
    const change = this.pick([
      { change: 'replace', value },
      { change: 'replace', value, proration: 'workingDays' },
      { change: 'add', value: value - 2 },
      { change: 'fromDate', from: `${month}-${this.pick(['05', '14', '26'])}`, value },
      { change: 'withdraw' },
    ]);
    const body = { cells: [cellOf(this.pick(SELLERS), 'first_contacts', month, change)], reason: 'As it asks' };
    const plan = `plans/r${this.number}`;
    if (!this.closed.includes(month)) return this.attempt(`${plan}/revise-plan`, body);
    return (
      (await this.propose(plan, 'propose-plan-change', body)) &&
      this.attempt(`${plan}/approve-plan-change`, {}, 'petrova')
    );
  }

  private transfer(): Promise<boolean> {
    const effectiveOn = `${this.month()}-${this.pick(['01', '09', '20'])}`;
    const body = { departmentId: this.pick(['sales', 'south']), position: this.pick(POSITIONS), effectiveOn };
    return this.attempt(`employees/${this.pick(SELLERS)}/transfer-employee`, body);
  }

  private absence(): Promise<boolean> {
    const month = this.month();
    const days = { firstDay: `${month}-${this.pick(['02', '08'])}`, lastDay: `${month}-${this.pick(['10', '21'])}` };
    const body = { absenceId: `r${this.number}`, kind: 'leave', ...days };
    return this.attempt(`employees/${this.pick(SELLERS)}/record-absence`, body);
  }

  private byHand(): Promise<boolean> {
    return this.adjusted(this.closed.length > 0 && this.random() < 0.6 ? this.pick(this.closed) : null);
  }

  private async adjusted(settles: string | null): Promise<boolean> {
    const amountKopecks = Math.floor(this.random() * 2_000_00) - 1_000_00 || 1;
    const body = {
      ...{ adjustmentId: `r${this.number}`, employeeId: this.pick(SELLERS), settles, amountKopecks },
      ...{ period: this.desk.clock.instant.slice(0, 7), reason: 'Agreed on' },
    };
    return (
      (await this.attempt('payroll/main/post-manual-adjustment', body)) &&
      this.attempt('payroll/main/approve-manual-adjustment', { adjustmentId: body.adjustmentId }, 'petrova')
    );
  }

  /** Other rates for a month that is closed already, by two people. */
  private async regulation(): Promise<boolean> {
    if (this.closed.length === 0) return false;
    const position = this.pick(POSITIONS);
    const other = rules.map((rule) =>
      rule.code === 'M' ? { ...rule, payout: ofAll(100 + Math.floor(this.random() * 500)) } : rule,
    );
    const proposal = `r${this.number}`;
    const body = {
      ...pays(position, other, { clawback: CLAUSES[position] }),
      ...{ effectiveFrom: `${this.pick(this.closed)}-01`, proposal, reason: 'Agreed on' },
    };
    return (
      (await this.propose('pay-regulations/main', 'propose-pay-regulation', body)) &&
      this.attempt('pay-regulations/main/approve-pay-regulation', { proposal }, 'petrova')
    );
  }

  /** Upon its preview; what cannot even be previewed is refused. */
  private async propose(where: string, route: string, body: object): Promise<boolean> {
    const [thing, id] = where.split('/');
    const seen = await this.desk.send('previews', { thing, id, command: route, body }, TOLD_BY);
    return this.attempt(`${where}/${route}`, { ...body, previewHash: seen.json['hash'] ?? null });
  }

  private dismiss(): Promise<boolean> {
    const lastDay = `${this.month()}-${this.pick(['10', '25'])}`;
    return this.attempt(`employees/${this.pick(['vera', 'gleb'])}/dismiss-employee`, { lastDay });
  }
}
