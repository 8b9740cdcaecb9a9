import type { Role } from '@voronka/kernel';
import type { Chance } from '../../../apps/cli/src/demo/chance.js';
import {
  type BenchCompany,
  departmentAt,
  isEmployed,
  lossReasons,
  type Manager,
  type Product,
  ROUTE_MAP_ID,
  SECOND_MAP_MS,
  segments,
  sources,
} from './company.js';
import type { StoryCommand } from './story-command.js';
import { afterWork, WORKING_DAY } from './working-time.js';

const DAY_MS = 86_400_000;

type Told = Generator<StoryCommand, void>;
type Body = Readonly<Record<string, unknown>>;

export interface StoryOptions {
  readonly chance: Chance;
  readonly company: BenchCompany;
  readonly dealId: string;
  readonly customerId: string;
  readonly isNewCustomer: boolean;
  /** Milliseconds since 1970. */
  readonly beginMs: number;
}

/** The life of one deal as the commands of those who work on it, told one by one: thousands are alive at a time. */
export class DealStory {
  private nowMs: number;
  private enteredMs: number;
  private owner: Manager;
  private readonly chance: Chance;
  private readonly lines: readonly { readonly productId: string; readonly amountKopecks: number }[];
  private readonly amountKopecks: number;
  private activities = 0;
  private isOpened = false;
  private met = false;

  constructor(private readonly options: StoryOptions) {
    const { chance, company, beginMs } = options;
    this.chance = chance;
    this.nowMs = beginMs;
    this.enteredMs = beginMs;
    // The opening may come on the next working day.
    const stays = (manager: Manager): boolean =>
      isEmployed(manager, beginMs) && isEmployed(manager, beginMs + 4 * DAY_MS);
    this.owner = chance.pick(company.managers.filter(stays));
    const products = new Set<Product>([chance.pick(company.products)]);
    while (chance.happens(0.35)) products.add(chance.pick(company.products));
    this.lines = [...products].map(({ id, priceKopecks }) => ({
      productId: id,
      amountKopecks: Math.round((priceKopecks * chance.between(60, 180)) / 100),
    }));
    this.amountKopecks = this.lines.reduce((sum, line) => sum + line.amountKopecks, 0);
  }

  *tell(): Told {
    yield* this.open();
    yield* this.calls(2, 4);
    if (!this.goesOn(0.95)) return yield* this.end();
    yield* this.step('first-contact');
    if (this.chance.happens(0.02)) yield* this.mistake();
    yield* this.calls(2, 4);
    if (!this.goesOn(0.94)) return yield* this.end();
    yield* this.gather();
    if (!this.goesOn(0.94)) return yield* this.end();
    yield* this.meet();
    yield* this.reassignNowAndThen();
    yield* this.offer();
    if (!this.goesOn(0.7)) return yield* this.loseAndPerhapsComeBack();
    yield* this.sign();
  }

  private *open(): Told {
    const { customerId, isNewCustomer } = this.options;
    const source = this.chance.pick(sources);
    if (isNewCustomer) {
      const name = `Customer ${customerId}`;
      yield this.command('customer', customerId, 'RegisterCustomer', { kind: 'company', name, source });
      yield this.command('customer', customerId, 'AssignSegment', { segment: this.chance.pick(segments) });
      this.wait(20, 120);
    }
    const lines = this.lines.map((line) => ({ ...line }));
    yield* this.deal('OpenDeal', { customerId, routeMapId: ROUTE_MAP_ID, ownerId: this.owner.id, source, lines });
    this.isOpened = true;
  }

  private *gather(): Told {
    const answers = { workplaces: this.chance.pick(['up-to-15', 'over-15', 'unknown']), budget: this.amountKopecks };
    yield* this.step('questionnaire', this.chance.happens(0.3) ? { ...answers, decider: 'The director' } : answers);
    yield* this.calls(2, 4);
    yield* this.verified('analysis');
    yield* this.step('specification');
    yield* this.verified('review');
    if (this.chance.happens(0.5)) {
      yield* this.activity('demo');
      yield* this.step('demonstration');
    }
  }

  private *meet(): Told {
    yield* this.calls(2, 4);
    if (this.chance.happens(0.04)) {
      this.wait(60, WORKING_DAY);
      return yield* this.byHead('SkipStep', { step: 'meeting', reason: 'The customer is abroad' });
    }
    yield* this.activity('meeting');
    yield* this.step('meeting');
    this.met = true;
    if (this.options.beginMs > SECOND_MAP_MS && this.chance.happens(0.4)) yield* this.step('trial');
  }

  /** Estimate, proposal and its approval; some customers go back to the meeting, and are offered anew. */
  private *offer(): Told {
    yield* this.propose();
    if (!this.met || !this.chance.happens(0.1)) return;
    this.wait(WORKING_DAY, 6 * WORKING_DAY);
    yield* this.deal('ReturnDeal', { toStep: 'meeting', reason: 'The customer has new requirements' });
    yield* this.calls(1, 4);
    yield* this.propose();
  }

  private *propose(): Told {
    yield* this.step('estimate', { amount: this.amountKopecks });
    yield* this.calls(2, 4);
    yield* this.step('proposal', { amount: this.amountKopecks });
    yield* this.calls(2, 4);
    yield* this.verified('approval');
    yield* this.step('terms');
    yield* this.calls(1, 3);
    yield* this.verified('legal-check');
  }

  private *sign(): Told {
    yield* this.calls(0, 3);
    yield* this.step('contract');
    this.wait(30, 2 * WORKING_DAY);
    const lines = this.lines.map((line) => ({ ...line }));
    yield* this.deal('SignContract', { number: `K-${this.options.dealId}`, lines });
    yield* this.calls(0, 4);
  }

  private *loseAndPerhapsComeBack(): Told {
    yield* this.calls(1, 4);
    this.wait(2 * WORKING_DAY, 20 * WORKING_DAY);
    yield* this.deal('LoseDeal', { lossReason: this.chance.pick(lossReasons) });
    if (!this.chance.happens(0.12)) return;
    this.wait(10 * WORKING_DAY, 40 * WORKING_DAY);
    yield* this.deal('ReopenDeal', { reason: 'The customer called again' });
    yield* this.calls(2, 4);
    if (this.goesOn(0.6)) yield* this.sign();
    else yield* this.end();
  }

  /** Lost and said so, or just left lying. */
  private *end(): Told {
    yield* this.calls(0, 3);
    if (this.chance.happens(0.1)) return;
    this.wait(2 * WORKING_DAY, 25 * WORKING_DAY);
    yield* this.deal('LoseDeal', {
      lossReason: this.chance.happens(0.03) ? 'duplicate' : this.chance.pick(lossReasons),
    });
  }

  private *verified(step: string): Told {
    yield* this.step(step);
    this.wait(120, 2 * WORKING_DAY);
    if (this.chance.happens(0.1)) {
      yield* this.byHead('VerifyStep', { step, accepted: false, reason: 'Not complete' });
      yield* this.step(step);
      this.wait(60, WORKING_DAY);
    }
    yield* this.byHead('VerifyStep', { step, accepted: true });
  }

  /** Entered by mistake, taken back, then done in earnest. */
  private *mistake(): Told {
    this.wait(30, 120);
    yield* this.byHead('VoidStep', { step: 'first-contact', reason: 'Entered for the wrong deal' });
    yield* this.step('first-contact');
  }

  private *calls(low: number, high: number): Told {
    for (let left = this.chance.between(low, high); left > 0; left -= 1) {
      yield* this.activity(this.chance.pick(['call', 'call', 'email', 'visit']));
    }
  }

  private *activity(kind: string): Told {
    this.wait(60, 3 * WORKING_DAY);
    this.activities += 1;
    const activityId = `${this.options.dealId}:t${this.activities}`;
    const outcome = this.chance.pick(['reached', 'not-reached']);
    const note = this.chance.happens(0.08) ? { note: 'Asked to call back next week' } : {};
    const durationMinutes = this.chance.between(2, 90);
    yield* this.deal('RecordActivity', { activityId, kind, outcome, durationMinutes, ...note });
    if (!this.chance.happens(0.006)) return;
    this.wait(10, 60);
    yield* this.deal('VoidActivity', { activityId, reason: 'Entered twice' });
  }

  private *step(step: string, answers?: Body): Told {
    this.wait(60, 5 * WORKING_DAY);
    yield* this.deal('CompleteStep', { step, ...(answers === undefined ? {} : { answers }) });
  }

  private *reassignNowAndThen(): Told {
    if (!this.chance.happens(0.08)) return;
    this.wait(60, WORKING_DAY);
    yield* this.handOver(this.options.company.managers, 'Spread of work');
  }

  private *handOver(among: readonly Manager[], reason: string): Told {
    const others = among.filter((other) => other.id !== this.owner.id && isEmployed(other, this.nowMs));
    const to = this.chance.pick(others);
    yield* this.byHead('ReassignDeal', { toOwnerId: to.id, reason });
    this.owner = to;
  }

  /** A deal of somebody who left is handed over before anything else happens on it. */
  private *deal(type: string, body: Body): Told {
    if (this.isOpened && !isEmployed(this.owner, this.nowMs)) {
      yield* this.handOver(this.options.company.managers, 'The manager left');
    }
    yield this.command('deal', this.options.dealId, type, body);
  }

  private *byHead(type: string, body: Body): Told {
    yield this.command('deal', this.options.dealId, type, body, 'head');
  }

  /** Of the department that the owner is in on the day of the entry. */
  private head(): string {
    const { departments } = this.options.company;
    return departments[departmentAt(this.owner, this.enteredMs)]?.head ?? '';
  }

  private goesOn(likely: number): boolean {
    return this.chance.happens(Math.min(0.97, likely * this.owner.skill));
  }

  private wait(lowMinutes: number, highMinutes: number): void {
    this.nowMs = afterWork(this.nowMs, this.chance.between(lowMinutes, highMinutes));
  }

  // One in twenty-five is entered a day or two late; what builds on it is entered later still.
  private command(category: string, id: string, type: string, body: Body, role: Role = 'manager'): StoryCommand {
    const late = this.isOpened && this.chance.happens(0.04) ? this.chance.between(1, 2) * DAY_MS : 0;
    this.enteredMs = Math.max(this.enteredMs, this.nowMs + late);
    const person = role === 'head' ? this.head() : this.owner.id;
    return { atMs: this.enteredMs, occurredMs: this.nowMs, category, id, type, body, person, roles: [role] };
  }
}
