import {
  addDays,
  addWorkingMinutes,
  type Instant,
  instantToMs,
  isInstant,
  localDateOf,
  type Role,
  startOfLocalDay,
  type ThingRef,
} from '@voronka/kernel';
import { Chance } from './chance.js';
import {
  CALENDAR,
  type DemoManager,
  END_DAY,
  formerProduct,
  lossReasons,
  managers,
  products,
  ROUTE_MAP_ID,
  segments,
  sources,
  ZONE,
} from './company.js';
import { identityOf, needsOf, portraitOf } from './customers.js';
import { headOf, isEmployed } from './staff.js';
import { nextEntry, type ScheduledCommand } from './scheduled-command.js';

const HOUR_MS = 3_600_000;
const DAY_MINUTES = 8 * 60;
const END = startOfLocalDay(END_DAY, ZONE);

/** Deals that begin later might be entered when the product is sold no more. */
const FORMER_UNTIL = startOfLocalDay(addDays(formerProduct.retiredOn, -7), ZONE);

type Deed = Readonly<Record<string, unknown>> & { readonly occurredAt?: never };

/** Thrown where the story passes the end of the demonstration: the deal stays as it is then. */
class EndOfStory extends Error {}

/** The life of one deal, told as the commands of the people who work on it. */
export class DealStory {
  readonly commands: ScheduledCommand[] = [];
  private now: Instant;
  /** Nothing is entered before what it builds on was entered. */
  private entered = '';
  private owner: DemoManager;
  private readonly productId: string;
  private readonly amountKopecks: number;
  /** Deal and customer share it. */
  private readonly number: number;
  private count = 0;
  private met = false;

  constructor(
    private readonly chance: Chance,
    private readonly dealId: string,
    private readonly customerId: string,
    begin: Instant,
  ) {
    this.now = begin;
    this.number = Number(customerId.slice(2));
    this.owner = chance.pick(managers.filter((manager) => isEmployed(manager, begin)));
    const product = chance.pick(products);
    this.productId = begin < FORMER_UNTIL && product.id === formerProduct.successor ? formerProduct.id : product.id;
    this.amountKopecks = Math.round((product.priceKopecks * chance.between(60, 180)) / 100);
  }

  tell(): readonly ScheduledCommand[] {
    try {
      this.openDeal();
      this.workTowardsContract();
    } catch (error) {
      if (!(error instanceof EndOfStory)) throw error;
    }
    return this.commands;
  }

  private openDeal(): void {
    const { chance, customerId, number } = this;
    this.send({ category: 'customer', id: customerId }, 'RegisterCustomer', {
      kind: 'company',
      name: `Customer ${customerId.slice(2)}`,
      source: chance.pick(sources),
      ...identityOf(number),
    });
    const portrait = { employees: chance.pick(segments).employees, ...portraitOf(number) };
    this.send({ category: 'customer', id: customerId }, 'DescribeCustomer', { portrait });
    this.wait(30, 90);
    this.deal('OpenDeal', {
      customerId,
      routeMapId: ROUTE_MAP_ID,
      ownerId: this.owner.id,
      source: chance.pick(sources),
      lines: [{ productId: this.productId, amountKopecks: this.amountKopecks }],
      expectedAmountKopecks: this.amountKopecks,
    });
  }

  private workTowardsContract(): void {
    this.calls(1, 3);
    if (!this.goesOn(0.94)) return this.end();
    this.step('first-contact');
    if (this.chance.happens(0.02)) this.mistake('first-contact');
    this.calls(0, 2);
    if (!this.goesOn(0.74)) return this.end();
    this.step('questionnaire', {
      workplaces: this.chance.pick(['up-to-15', 'over-15', 'unknown']),
      budget: this.amountKopecks,
      ...needsOf(this.number, localDateOf(this.now, ZONE)),
    });
    this.analyse();
    this.reassignNowAndThen();
    if (!this.goesOn(0.82)) return this.end();
    this.meet();
    if (!this.goesOn(0.84)) return this.end();
    this.offer();
  }

  /** Proposal to contract; some customers go back to the meeting and are offered anew, some lost ones come back. */
  private offer(): void {
    this.propose();
    this.calls(1, 3);
    if (this.met && this.chance.happens(0.14)) {
      this.wait(DAY_MINUTES, 6 * DAY_MINUTES);
      this.deal('ReturnDeal', { toStep: 'meeting', reason: 'The customer has new requirements' });
      this.wait(DAY_MINUTES, 5 * DAY_MINUTES);
      this.propose();
    }
    if (this.goesOn(0.55)) return this.sign();
    this.end();
    const mayComeBack = this.commands.at(-1)?.type === 'LoseDeal' && this.chance.happens(0.2);
    if (!mayComeBack) return;
    this.wait(10 * DAY_MINUTES, 40 * DAY_MINUTES);
    this.deal('ReopenDeal', { reason: 'The customer called again' });
    this.calls(1, 2);
    if (this.goesOn(0.6)) this.sign();
    else this.end();
  }

  private propose(): void {
    this.step('proposal', { amount: this.amountKopecks });
  }

  private sign(): void {
    this.step('contract');
    this.wait(30, 2 * DAY_MINUTES);
    const lines = [{ productId: this.productId, amountKopecks: this.amountKopecks }];
    const number = `K-${this.dealId.slice(2)}`;
    this.deal('SignContract', { contractId: number, number, lines });
  }

  private analyse(): void {
    this.step('analysis');
    this.wait(2 * 60, 2 * DAY_MINUTES);
    if (this.chance.happens(0.12)) {
      this.verify(false, 'Who decides is not asked');
      this.step('analysis');
      this.wait(60, DAY_MINUTES);
    }
    this.verify(true);
  }

  private verify(accepted: boolean, reason?: string): void {
    const body = { step: 'analysis', accepted, ...(reason === undefined ? {} : { reason }) };
    this.byHead('VerifyStep', body);
  }

  private meet(): void {
    if (this.chance.happens(0.05)) {
      this.wait(60, DAY_MINUTES);
      this.byHead('SkipStep', { step: 'meeting', reason: 'The customer is abroad' });
      return;
    }
    this.activity('meeting', 'held');
    this.step('meeting');
    this.met = true;
  }

  /** Entered by mistake, taken back, then done in earnest. */
  private mistake(step: string): void {
    this.wait(30, 120);
    this.byHead('VoidStep', { step, reason: 'Entered for the wrong deal' });
    this.step(step);
  }

  private calls(low: number, high: number): void {
    for (let left = this.chance.between(low, high); left > 0; left -= 1) {
      this.activity(this.chance.pick(['call', 'call', 'email', 'visit']), this.chance.pick(['reached', 'not-reached']));
    }
  }

  private activity(kind: string, outcome: string): void {
    const planned = this.chance.happens(0.3) ? this.plan(kind) : null;
    this.wait(60, 4 * DAY_MINUTES);
    this.deal('RecordActivity', {
      ...(planned === null ? {} : { plannedActivityId: planned }),
      kind,
      outcome,
      performedBy: this.owner.id,
      durationMinutes: this.chance.between(2, 90),
    });
  }

  /** Says what is to be done next, and by when. */
  private plan(kind: string): string {
    const activityId = `${this.dealId}.${this.count}`;
    const days = this.chance.between(1, 5);
    const dueAt = addWorkingMinutes(CALENDAR, ZONE, this.now, days * DAY_MINUTES);
    this.deal('PlanActivity', { activityId, kind, dueAt });
    return activityId;
  }

  private step(step: string, answers?: Readonly<Record<string, unknown>>): void {
    this.wait(60, 7 * DAY_MINUTES);
    this.deal('CompleteStep', { step, performedBy: this.owner.id, ...(answers === undefined ? {} : { answers }) });
  }

  private reassignNowAndThen(): void {
    if (!this.chance.happens(0.08)) return;
    const others = managers.filter((other) => other.id !== this.owner.id && isEmployed(other, this.now));
    this.wait(60, DAY_MINUTES);
    this.handOver(this.chance.pick(others), 'Spread of work');
  }

  private handOver(to: DemoManager, reason: string): void {
    const from = this.now;
    const { owner } = this;
    // Half of the hand-overs are entered days after they took place.
    if (this.chance.happens(0.5)) this.wait(DAY_MINUTES, 3 * DAY_MINUTES);
    // Whoever left meanwhile has handed it over already.
    if (this.owner !== owner) return;
    this.byHead('ReassignDeal', { toOwnerId: to.id, effectiveFrom: from, reason });
    this.owner = to;
  }

  private goesOn(likely: number): boolean {
    return this.chance.happens(Math.min(0.97, likely * this.owner.skill));
  }

  /** Lost and said so, or just left lying. */
  private end(): void {
    if (this.chance.happens(0.12)) {
      if (this.chance.happens(0.5)) this.plan('call');
      return;
    }
    this.wait(2 * DAY_MINUTES, 25 * DAY_MINUTES);
    this.deal('LoseDeal', { lossReason: this.chance.happens(0.03) ? 'duplicate' : this.chance.pick(lossReasons) });
  }

  private wait(lowMinutes: number, highMinutes: number): void {
    this.now = addWorkingMinutes(CALENDAR, ZONE, this.now, this.chance.between(lowMinutes, highMinutes));
    if (this.now >= END) throw new EndOfStory();
    if (isEmployed(this.owner, this.now)) return;
    // Whoever left hands the deal over before anything else happens on it.
    const colleagues = managers.filter(
      (other) => other.department === this.owner.department && isEmployed(other, this.now),
    );
    this.owner = { ...this.owner };
    const to = this.chance.pick(colleagues);
    if (this.count > 0) this.byHead('ReassignDeal', { toOwnerId: to.id, reason: 'The manager left' });
    this.owner = to;
  }

  private byHead(type: string, body: Deed): void {
    this.deal(type, body, 'head');
  }

  private deal(type: string, body: Deed, role?: Role): void {
    this.send({ category: 'deal', id: this.dealId }, type, body, role);
    this.count += 1;
  }

  private send({ category, id }: ThingRef, type: string, body: Deed, role: Role = 'manager'): void {
    const late = this.count > 0 && this.chance.happens(0.06) ? this.chance.between(1, 3) * 24 * HOUR_MS : 0;
    const at = laterOf(nextEntry(instantToMs(this.now) + late), this.entered);
    if (at >= END) throw new EndOfStory();
    this.entered = at;
    // The head of the day of the entry: by then the owner may have changed the department.
    const person = role === 'head' ? headOf(this.owner.id, at) : this.owner.id;
    this.commands.push({ at, category, id, type, body: { ...body, occurredAt: this.now }, person, roles: [role] });
  }
}

function laterOf(a: Instant, b: Instant): Instant {
  return isInstant(b) && b > a ? b : a;
}
