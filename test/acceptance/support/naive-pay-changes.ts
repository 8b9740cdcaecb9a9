import { months, regulation } from '../../../apps/cli/src/demo/found-pay.js';
import type { ApiRig } from '../../api/support/api-rig.js';
import type { NaiveBooks } from './naive-pay.js';
import { SHARED_INDICATOR } from './naive-rates.js';

// Random changes of the past of the demonstration company; of what is closed by two people.

const PEOPLE_OF_NO_PLANS = ['petrova', 'sokolov', 'gareeva'];
const [TOLD_BY, ANOTHER] = ['petrova', 'sokolov'] as const;
const STEPS = ['first-contact', 'meeting'];
const REASON = 'As the situation asks';
const LATE = { reason: REASON, lateEntryReason: REASON };

const CLAUSES = [
  { months: 12, shareBps: 10_000, statementShareBps: 10_000 },
  { months: 5, shareBps: 5_000, statementShareBps: 3_000 },
  null,
];

/** The same rules at other rates, what is sold by shares. */
export function otherRates(effectiveFrom: string, contactKopecks: number, clawback: (typeof CLAUSES)[number]) {
  const [contacts, meetings, contracts] = regulation.rules;
  const rules = [
    { ...contacts, payout: { kind: 'perUnit', kopecks: contactKopecks } },
    meetings,
    { ...contracts, indicator: SHARED_INDICATOR, capKopecks: 40_000_00 },
  ];
  return { ...regulation, effectiveFrom, rules, clawback };
}

/** What is tried, and how often beside the others. */
const ACTS = {
  ...{ voidContract: 4, amendContract: 3, voidStep: 4, reassign: 2, shareCredit: 3, absence: 2, transfer: 1, plan: 7 },
  regulation: 1,
} as const;
type Act = keyof typeof ACTS;

export class NaivePayChanges {
  /** Commands that were accepted, of each kind. */
  readonly done: Partial<Record<Act, number>> = {};
  position = '0';
  private number = 0;

  constructor(
    private readonly rig: ApiRig,
    private readonly random: () => number,
    private readonly books: () => Promise<NaiveBooks>,
  ) {}

  /** Carries out so many changes that the rules accept. @returns how many it was */
  async make(wanted: number, closed: readonly string[]): Promise<number> {
    let made = 0;
    for (let tries = 0; made < wanted && tries < 20 * wanted; tries += 1) {
      this.number += 1;
      const act = this.chosen();
      if (!(await this.carriedOut(act, await this.books(), closed))) continue;
      this.done[act] = (this.done[act] ?? 0) + 1;
      made += 1;
    }
    return made;
  }

  private chosen(): Act {
    return this.pick(
      (Object.entries(ACTS) as [Act, number][]).flatMap(([act, weight]) => Array<Act>(weight).fill(act)),
    );
  }

  private pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.random() * list.length)];
    if (found === undefined) throw new Error('nothing to pick from');
    return found;
  }

  private carriedOut(act: Act, known: NaiveBooks, closed: readonly string[]): Promise<boolean> {
    // Of what was closed more often than of what is open still: that is what is settled.
    const month = this.pick(closed.length > 0 && this.random() < 0.7 ? closed : months);
    const people = known.employees.filter((id) => !PEOPLE_OF_NO_PLANS.includes(id));
    switch (act) {
      case 'voidContract': {
        const { contractId, deal } = this.pick(known.standing);
        return this.attempt(`deals/${deal}/void-contract`, { contractId, ...LATE, dealBecomes: 'open' });
      }
      case 'amendContract': {
        const { contractId, deal } = this.pick(known.standing);
        const lines = [1, 2].map(() => ({ productId: 'trade', amountKopecks: 1 + Math.floor(this.random() * 4e7) }));
        const effectiveOn = `${this.pick(months)}-14`;
        return this.attempt(`deals/${deal}/amend-contract`, { contractId, lines, effectiveOn, ...LATE });
      }
      case 'voidStep':
        return this.attempt(`deals/${this.pick(known.deals)}/void-step`, { step: this.pick(STEPS), ...LATE });
      case 'reassign': {
        const effectiveFrom = `${month}-${this.pick(['03', '12', '24'])}T08:00:00.000Z`;
        const body = { toOwnerId: this.pick(people), effectiveFrom, ...LATE };
        return this.attempt(`deals/${this.pick(known.deals)}/reassign-deal`, body);
      }
      case 'shareCredit': {
        const [one, other] = [this.pick(people), this.pick(people)];
        const basisPoints = 1 + Math.floor(this.random() * 9_999);
        const shares = [
          { employeeId: one, basisPoints },
          { employeeId: other, basisPoints: 10_000 - basisPoints },
        ];
        const body = { creditRole: 'sale', shares, occurredAt: `${month}-${this.pick(['05', '19'])}T07:00:00.000Z` };
        return this.attempt(`deals/${this.pick(known.standing).deal}/share-credit`, {
          ...body,
          lateEntryReason: REASON,
        });
      }
      case 'absence': {
        const days = {
          firstDay: `${month}-${this.pick(['02', '07'])}`,
          lastDay: `${month}-${this.pick(['09', '20'])}`,
        };
        const absence = { absenceId: `absence-${this.number}`, kind: 'leave', ...days };
        return this.attempt(`employees/${this.pick(people)}/record-absence`, absence);
      }
      case 'transfer': {
        const place = { departmentId: this.pick(['retail', 'industry', 'services']) };
        const position = this.pick(['Sales manager', 'Sales manager', 'Consultant']);
        const body = { ...place, position, effectiveOn: `${month}-${this.pick(['01', '16'])}` };
        return this.attempt(`employees/${this.pick(people)}/transfer-employee`, body);
      }
      case 'plan':
        return this.plan(month, this.pick(people), closed.includes(month));
      case 'regulation':
        return this.regulation(month, closed);
    }
  }

  private async plan(period: string, employee: string, isClosed: boolean): Promise<boolean> {
    const value = Math.floor(this.random() * 4);
    const change = this.pick([
      { change: 'replace', value },
      { change: 'add', value: Math.floor(this.random() * 5) - 2 },
      { change: 'fromDate', from: `${period}-${this.pick(['04', '11', '17', '28'])}`, value },
      { change: 'replace', value, proration: 'workingDays' },
      { change: 'withdraw' },
    ]);
    const owner = { kind: 'employee', id: employee };
    const body = {
      cells: [{ indicator: this.pick(['first_contacts', 'meetings']), owner, period, ...change }],
      reason: REASON,
    };
    const plan = `plans/change-${this.number}`;
    return isClosed ? this.planByTwo(plan, body) : this.attempt(`${plan}/revise-plan`, body);
  }

  /** The plan of first contacts of a closed month, far beyond what anybody does. */
  async raisePlan(period: string, employee: string): Promise<boolean> {
    const cell = { indicator: 'first_contacts', owner: { kind: 'employee', id: employee }, period };
    return this.planByTwo('plans/raised', { cells: [{ ...cell, change: 'replace', value: 40 }], reason: REASON });
  }

  /** The latest contract that was signed in a closed month. */
  async voidLatest(closed: readonly string[]): Promise<boolean> {
    const found = (await this.books()).standing
      .filter(({ month }) => closed.includes(month))
      .toSorted((one, other) => (one.month < other.month ? -1 : 1))
      .at(-1);
    if (found === undefined) return false;
    const { contractId, deal } = found;
    return this.attempt(`deals/${deal}/void-contract`, { contractId, ...LATE, dealBecomes: 'open' });
  }

  private async planByTwo(plan: string, body: object): Promise<boolean> {
    return (
      (await this.propose(plan, 'propose-plan-change', body)) &&
      (await this.attempt(`${plan}/approve-plan-change`, {}, ANOTHER))
    );
  }

  /** Other rates from a month on, by two people where it is closed. */
  private async regulation(month: string, closed: readonly string[]): Promise<boolean> {
    const contact = 100_00 + Math.floor(this.random() * 100_00);
    const body = otherRates(`${month}-01`, contact, this.pick(CLAUSES));
    const where = 'pay-regulations/main';
    if (!closed.some((one) => one >= month)) return this.attempt(`${where}/publish-pay-regulation`, body);
    const proposal = `rates-${this.number}`;
    return (
      (await this.propose(where, 'propose-pay-regulation', { ...body, proposal, reason: REASON })) &&
      this.attempt(`${where}/approve-pay-regulation`, { proposal }, ANOTHER)
    );
  }

  /** Upon its preview; what cannot even be previewed is refused. */
  private async propose(where: string, command: string, body: object): Promise<boolean> {
    const [thing, id] = where.split('/');
    const headers = { 'voronka-on-behalf-of': TOLD_BY };
    const seen = await this.rig.post('/v1/previews', { thing, id, command, body }, { headers });
    return this.attempt(`${where}/${command}`, { ...body, previewHash: seen.json['hash'] ?? null }, TOLD_BY);
  }

  /** False where the rules refuse it: a step that was never done, say. */
  private async attempt(where: string, body: object, person?: string): Promise<boolean> {
    const asking = person === undefined ? {} : { headers: { 'voronka-on-behalf-of': person } };
    const answer = await this.rig.post(`/v1/${where}`, body, asking);
    if (answer.status >= 500) throw new Error(`${where}: ${answer.text}`);
    if (answer.status >= 300) return false;
    if (typeof answer.json['position'] === 'string') this.position = answer.json['position'];
    return true;
  }
}
