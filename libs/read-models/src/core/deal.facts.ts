import { type Course, courseOf, type DealStatus, isEarlier, type Standing } from './deal.course.js';
import type { DealHistory, MoveEntry, Opening, StepEntry } from './deal.history.js';
import {
  contractFacts,
  type ContractFact,
  creditFacts,
  type CreditFact,
  expectedOf,
  type LineFact,
  productFacts,
  type ProductFact,
  termsFacts,
  type TermsFact,
} from './deal.money.facts.js';
import type { PlanFact } from './deal.plan.facts.js';
import { type DeviationFact, type Reference, type WaitFact, WayMemory } from './deal.way.facts.js';
import { rankOf, type RouteMapVersion } from './route-maps.fold.js';
import { identical, type Spell, spellsOf } from './spells.js';

/** One row to be, known by its key within its table and its deal. Members are compared by identity. */
interface Keyed {
  readonly key: string;
}
export interface StatusFact extends Keyed, Spell<DealStatus> {}
export interface OwnerFact extends Keyed, Spell<string | null> {}
export interface PositionFact extends Keyed, Omit<Spell<unknown>, 'value'> {
  readonly step: string | null;
  readonly rank: number | null;
  /** Log positions of the events that began and ended it: of what happens at one instant, the order. */
  readonly began: string;
  readonly ended: string | null;
  /** When the deal next stood at a higher bar than this one; null while it has not. */
  readonly nextRankAt: string | null;
}
export interface StepFact extends Keyed {
  readonly entry: StepEntry;
  readonly rank: number | null;
  readonly owner: string | null;
}
/** `key` is the bar; `entry` the step that the reach is dated by. */
export interface ReachFact extends Keyed {
  readonly rank: number;
  readonly entry: StepEntry;
  readonly owner: string | null;
}
export interface StayFact extends Keyed {
  readonly step: string;
  readonly rank: number;
  readonly beganAt: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly how: string | null;
  readonly owner: string | null;
}
export interface OutcomeFact extends Keyed {
  readonly entry: Extract<MoveEntry, { kind: 'won' | 'lost' }>;
  readonly amount: bigint;
  readonly owner: string | null;
}

/** Everything the read tables say of one deal, but for when it is known. */
export interface DealFacts {
  readonly statuses: readonly StatusFact[];
  readonly owners: readonly OwnerFact[];
  readonly positions: readonly PositionFact[];
  readonly products: readonly ProductFact[];
  readonly steps: readonly StepFact[];
  readonly touch: readonly ReachFact[];
  readonly implied: readonly ReachFact[];
  readonly stays: readonly StayFact[];
  readonly outcomes: readonly OutcomeFact[];
  readonly contracts: readonly ContractFact[];
  readonly lines: readonly LineFact[];
  readonly terms: readonly TermsFact[];
  readonly credit: readonly CreditFact[];
  readonly waits: readonly WaitFact[];
  readonly deviations: readonly DeviationFact[];
  readonly plans: readonly PlanFact[];
}

export const noFacts: DealFacts = {
  statuses: [],
  owners: [],
  positions: [],
  products: [],
  steps: [],
  touch: [],
  implied: [],
  stays: [],
  outcomes: [],
  contracts: [],
  lines: [],
  terms: [],
  credit: [],
  waits: [],
  deviations: [],
  plans: [],
};

/** Facts that were derived before, with the history they came from: what depends on nothing new is taken over. */
export interface Derived {
  readonly history: DealHistory;
  readonly facts: DealFacts;
  readonly way: WayMemory;
}

/** Derives everything from the history of a deal. Nothing is said of a deal whose opening is not known. */
export function deriveDeal(
  history: DealHistory,
  reference: Reference,
  before?: Derived,
  way: WayMemory = before?.way ?? new WayMemory(),
): DealFacts {
  const { version } = reference;
  const { opening } = history;
  if (opening === null) return noFacts;
  const same = sameParts(history, before);
  const kept = before?.facts ?? noFacts;
  const owners = same.owners ? kept.owners : ownerFacts(history);
  const ownerAt = (at: string): string | null => ownerOf(owners, at);
  // While the owners are the same, so is what was derived from the same entry.
  const earlier = same.owners ? kept.steps : noFacts.steps;
  const { steps, touch, implied } = same.steps ? kept : stepsAndReach(history, version, { ownerAt, earlier });
  const course = same.course ? kept : courseFacts(courseOf(history, opening, reference), history, ownerAt);
  const money = moneyFacts(history, opening, { same, kept, ownerAt });
  const onWay = isSameWay(history, same, before) ? kept : way.after(history, reference, ownerAt);
  return {
    statuses: course.statuses,
    owners,
    positions: course.positions,
    products: money.products,
    steps,
    touch,
    implied,
    stays: course.stays,
    outcomes: course.outcomes,
    contracts: money.contracts,
    lines: money.lines,
    terms: money.terms,
    credit: money.credit,
    plans: planFacts(history, same, kept),
    waits: onWay.waits,
    deviations: onWay.deviations,
  };
}

/** The way hangs on the customer, too. */
function isSameWay(now: DealHistory, same: ReturnType<typeof sameParts>, then: Derived | undefined): boolean {
  return same.course && then?.history.customer === now.customer;
}

function planFacts({ plans }: DealHistory, same: ReturnType<typeof sameParts>, kept: DealFacts): DealFacts['plans'] {
  return same.plans ? kept.plans : plans.map((entry) => ({ key: entry.id, entry }));
}

function stepsAndReach(
  history: DealHistory,
  version: RouteMapVersion | null,
  known: { ownerAt: OwnerAt; earlier: readonly StepFact[] },
): Pick<DealFacts, 'steps' | 'touch' | 'implied'> {
  const steps = stepFacts(history, version, known);
  const touch = touchFacts(steps);
  return { steps, touch, implied: impliedFacts(touch, version) };
}

type MoneyFacts = Pick<DealFacts, 'products' | 'contracts' | 'lines' | 'terms' | 'credit'>;

function moneyFacts(
  history: DealHistory,
  opening: Opening,
  { same, kept, ownerAt }: { same: ReturnType<typeof sameParts>; kept: DealFacts; ownerAt: OwnerAt },
): MoneyFacts {
  const { contracts, lines } = same.contracts ? kept : contractFacts(history, ownerAt);
  return {
    contracts,
    lines,
    products: same.products ? kept.products : productFacts(opening, history),
    terms: same.terms ? kept.terms : termsFacts(opening, history),
    credit: same.credit ? kept.credit : creditFacts(history),
  };
}

/** Which parts rest on lists that the last event did not touch. */
function sameParts(now: DealHistory, derived: Derived | undefined) {
  const then = derived?.history;
  const opening = then !== undefined && now.opening === then.opening;
  const owners = opening && now.owners === then.owners;
  const steps = owners && now.steps === then.steps;
  const contracts = owners && now.contracts === then.contracts;
  const terms = opening && now.revisions === then.revisions;
  const plans = opening && now.plans === then.plans;
  const products = contracts && terms;
  const credit = opening && now.credit === then.credit;
  return {
    owners,
    steps,
    contracts,
    terms,
    products,
    credit,
    plans,
    course: steps && products && now.moves === then.moves,
  };
}

function ownerFacts({ owners }: DealHistory): OwnerFact[] {
  // Sorting is stable: of two from the same moment the later told one holds.
  const turns = owners
    .map(({ id, from, owner }) => ({ id, from, value: owner }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return spellsOf(turns, identical).map(({ id, from, to, value }) => ({ key: id, id, from, to, value }));
}

/** Owner at a moment; what happened before the deal was opened counts to its first owner. */
function ownerOf(owners: readonly OwnerFact[], at: string): string | null {
  return (owners.findLast(({ from }) => from <= at) ?? owners[0])?.value ?? null;
}

type OwnerAt = (at: string) => string | null;

function stepFacts(
  { steps }: DealHistory,
  version: RouteMapVersion | null,
  { ownerAt, earlier }: { ownerAt: OwnerAt; earlier: readonly StepFact[] },
): StepFact[] {
  return steps.map((entry, index) => {
    const known = earlier[index];
    if (known?.entry === entry) return known;
    return { key: entry.id, entry, rank: rankOf(version, entry.step), owner: ownerAt(entry.at) };
  });
}

function touchFacts(steps: readonly StepFact[]): ReachFact[] {
  const first = new Map<string, ReachFact>();
  for (const { entry, rank, owner } of steps) {
    if (entry.status !== 'done' || rank === null) continue;
    const known = first.get(entry.step);
    if (known === undefined || isEarlier(entry, known.entry))
      first.set(entry.step, { key: entry.step, rank, entry, owner });
  }
  return [...first.values()];
}

function impliedFacts(touch: readonly ReachFact[], version: RouteMapVersion | null): ReachFact[] {
  if (version === null || touch.length === 0) return [];
  const touched = new Map(touch.map((fact) => [fact.key, fact]));
  const implied: ReachFact[] = [];
  let earliest: ReachFact | undefined;
  for (const { step, rank } of version.bars.toReversed()) {
    const own = touched.get(step);
    if (own !== undefined && (earliest === undefined || isEarlier(own.entry, earliest.entry))) earliest = own;
    if (earliest !== undefined) implied.push({ key: step, rank, entry: earliest.entry, owner: earliest.owner });
  }
  return implied.reverse();
}

function courseFacts(course: Course, history: DealHistory, ownerAt: OwnerAt) {
  const { closing } = course;
  const { opening } = history;
  return {
    statuses: course.statuses.map(({ id, from, to, value }) => ({ key: id, id, from, to, value })),
    positions: positionFacts(course.positions),
    stays: course.stays.map(({ bar, began, ended, how }) => ({
      key: began.id,
      step: bar.step,
      rank: bar.rank,
      beganAt: began.at,
      endedAt: ended?.at ?? null,
      endedBy: ended?.id ?? null,
      how,
      owner: ownerAt(began.at),
    })),
    outcomes:
      closing === null
        ? []
        : [{ key: '', entry: closing, amount: amountOf(closing, opening, history), owner: ownerAt(closing.at) }],
  };
}

function positionFacts(positions: readonly Spell<Standing>[]): PositionFact[] {
  return positions.map(({ id, from, to, value: { bar, pos } }, index) => {
    const rank = bar?.rank ?? null;
    const higher = positions.find((later, at) => at > index && (later.value.bar?.rank ?? -1) > (rank ?? -1));
    const ended = positions[index + 1]?.value.pos ?? null;
    const stood = { step: bar?.step ?? null, rank, began: pos, ended, nextRankAt: higher?.from ?? null };
    return { key: id, id, from, to, ...stood };
  });
}

function amountOf({ kind }: MoveEntry, opening: Opening | null, history: DealHistory): bigint {
  if (kind !== 'won') return BigInt((opening === null ? null : expectedOf(opening, history)) ?? 0);
  return history.contracts.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}
