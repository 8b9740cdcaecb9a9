import { Chance } from '../../../apps/cli/src/demo/chance.js';
import { BEGIN_MS, type BenchCompany, END_MS } from './company.js';
import { DealStory } from './deal-story.js';
import type { StoryCommand } from './story-command.js';
import { afterWork, WORKING_DAY } from './working-time.js';

/** Events that a deal comes to, its customer's included; found by counting. */
const EVENTS_PER_DEAL = 36.6;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const NEW_CUSTOMERS = 0.6;

/** What is entered within one hour, told deal by deal. */
export interface Slice {
  /** When the hour ends, in milliseconds since 1970. */
  readonly endMs: number;
  readonly stories: readonly Story[];
}

export interface Story {
  readonly dealId: string;
  readonly commands: readonly StoryCommand[];
  /** No command will follow. */
  readonly isOver: boolean;
}

interface Running {
  readonly dealId: string;
  readonly told: Iterator<StoryCommand, void>;
  next: StoryCommand;
}

export interface HistoryOptions {
  readonly seed: number;
  readonly deals: number;
  readonly company: BenchCompany;
  /** Begins the numbers of deals and customers, so that two histories can stand in one log. */
  readonly prefix?: string;
}

/** How many deals make about so many events. */
export function dealsFor(events: number): number {
  return Math.max(1, Math.round(events / EVENTS_PER_DEAL));
}

/**
 * All deals of three years, hour by hour, thousands under way at a time. The same seed and number of deals tell the
 * same; what lies behind the end of the three years is not told.
 */
export function* dealHistory({ seed, deals, company, prefix = '' }: HistoryOptions): Generator<Slice, void> {
  const hours = Math.ceil((END_MS - BEGIN_MS) / HOUR_MS);
  const waiting: Running[][] = Array.from({ length: hours }, () => []);
  const hourOf = ({ atMs }: StoryCommand): number => Math.floor((atMs - BEGIN_MS) / HOUR_MS);
  for (const running of beginnings({ seed, deals, company, prefix })) waiting[hourOf(running.next)]?.push(running);
  for (const [hour, running] of waiting.entries()) {
    waiting[hour] = [];
    const stories = running.map((one) => {
      const commands: StoryCommand[] = [];
      let isOver = false;
      while (!isOver && hourOf(one.next) === hour) {
        commands.push(one.next);
        const { value, done } = one.told.next();
        if (done === true || value.atMs >= END_MS) isOver = true;
        else one.next = value;
      }
      if (!isOver) waiting[hourOf(one.next)]?.push(one);
      return { dealId: one.dealId, commands, isOver };
    });
    if (stories.length > 0) yield { endMs: BEGIN_MS + (hour + 1) * HOUR_MS, stories };
  }
}

/** Deals in the order in which they begin, a little more of them towards the end. */
function* beginnings({ seed, deals, company, prefix = '' }: HistoryOptions): Generator<Running, void> {
  const chance = new Chance(seed, deals);
  /** When each customer was registered; the first `settled` of them are old enough to be met again. */
  const registered: number[] = [];
  let settled = 0;
  for (let number = 1; number <= deals; number += 1) {
    const share = ((number - 0.5) / deals) ** 0.85;
    const morning = BEGIN_MS + share * (END_MS - BEGIN_MS);
    const beginMs = afterWork(morning, chance.between(5, WORKING_DAY - 5));
    while ((registered[settled] ?? Number.POSITIVE_INFINITY) < beginMs - WEEK_MS) settled += 1;
    const isNewCustomer = settled === 0 || chance.happens(NEW_CUSTOMERS);
    if (isNewCustomer) registered.push(beginMs);
    const customer = isNewCustomer ? registered.length : chance.between(1, settled);
    const dealId = `d-${prefix}${String(number).padStart(6, '0')}`;
    const customerId = `c-${prefix}${String(customer).padStart(6, '0')}`;
    const own = new Chance(seed, number);
    const story = new DealStory({ chance: own, company, dealId, customerId, isNewCustomer, beginMs });
    const told = story.tell();
    const first = told.next();
    if (first.done !== true && first.value.atMs < END_MS) yield { dealId, told, next: first.value };
  }
}
