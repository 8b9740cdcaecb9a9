import type { Instant, Recorded } from '@voronka/kernel';
import type { ActivityCorrected, ActivityRecorded, Answers, AsOfDeal, DealOpened } from '@voronka/sales/events';
import { type PlanEvent, plansAfter } from '@voronka/sales/walk';
import type { CustomerTurns } from './customer.turns.js';
import { customerAfter, customerIdOf, type CustomerTold, type DealCustomer } from './deal.customer.history.js';
import { type MoneyHistory, moneyTold, placeOf } from './deal.money.history.js';
import { planEntry, type PlanEntry } from './deal.plan.facts.js';
import { customerOn, migrated, stepsAfter, type StepTold } from './deal.steps.history.js';
import type { RouteMapVersion } from './route-maps.fold.js';

/** Where and when an event stands. Revisions order the deal's own stream; positions are decimal text. */
export interface Place {
  readonly id: string;
  readonly at: Instant;
  readonly rec: Instant;
  readonly pos: string;
  readonly rev: number;
}

export interface Opening extends Place {
  readonly customer: string | null;
  readonly map: string;
  /** The one it was opened on, or moved to since. */
  readonly version: number;
  /** Was that version published then? Else it has no bars, whatever is published later. */
  readonly mapped: boolean;
  /** Zone of the company then: norms are counted in its hours. */
  readonly zone: string;
  readonly source: string | null;
  readonly products: readonly string[];
  readonly expected: number | null;
  /** Local date of the expected closing. */
  readonly closeOn: string | null;
}

/** A move to another version of the map; since the last one the opening names that version. */
export interface MigrationEntry extends Place {
  readonly version: number;
  /** The version before it, and whether that was known. */
  readonly from: Pick<Opening, 'version' | 'mapped'>;
}

export interface StepEntry extends Place {
  readonly step: string;
  readonly by: string | null;
  readonly status: 'done' | 'awaiting' | 'returned' | 'skipped';
  /** Event that gave it this status. */
  readonly since: string;
  /** What conditions of the map ask of it. */
  readonly answers: Answers;
  /** The acceptance that it stands by; null where none was needed or none was given. */
  readonly accepted: (Place & { readonly by: string | null }) | null;
  /** When it was accepted or sent back; null: it waits for that, or never had to. */
  readonly judgedAt: string | null;
  /** Who allowed the skip. */
  readonly allowedBy: string | null;
}

/** What moves the deal besides its steps. */
export type MoveEntry = Place &
  (
    | { readonly kind: 'returned'; readonly toStep: string }
    | { readonly kind: 'won' }
    | { readonly kind: 'lost'; readonly reason: string; readonly counts: boolean }
    | { readonly kind: 'reopened' }
  );

export interface OwnerEntry {
  readonly id: string;
  readonly from: Instant;
  readonly owner: string | null;
}

export interface ActivityEntry extends Place {
  readonly activity: string;
  readonly kind: string;
  readonly topic: string | null;
  readonly outcome: string | null;
  readonly step: string | null;
  readonly minutes: number | null;
  readonly by: string | null;
}

/**
 * What was told of a deal, in the order of its stream; lists an event does not touch keep their identity. What was
 * voided is left out. Nothing personal is kept.
 */
export interface DealHistory extends MoneyHistory {
  readonly opening: Opening | null;
  readonly steps: readonly StepEntry[];
  readonly moves: readonly MoveEntry[];
  readonly owners: readonly OwnerEntry[];
  readonly migrations: readonly MigrationEntry[];
  readonly plans: readonly PlanEntry[];
  /** Activities told of before the opening; the others are rows of their own, which nothing later changes. */
  readonly early: readonly ActivityEntry[];
  /** Recording → the last correction of it, by event id: whose row stands. */
  readonly corrected: Readonly<Record<string, string>>;
  /** Null: the map looks at no customer, or there is none. */
  readonly customer: DealCustomer | null;
}

export const emptyHistory: DealHistory = {
  opening: null,
  steps: [],
  moves: [],
  owners: [],
  migrations: [],
  plans: [],
  early: [],
  corrected: {},
  customer: null,
  contracts: [],
  revisions: [],
  credit: [],
};

export type Told = AsOfDeal | CustomerTold;

/** What a history asks of what was told before it. */
export interface Around {
  /** Zone of the company. */
  readonly zone: string;
  readonly versionOf: (routeMapId: string, version: number) => RouteMapVersion | undefined;
  /** What was told of a customer, where the event names him. */
  readonly customerOf: (customerId: string) => CustomerTurns | undefined;
}

/** Adds one event. Takes any event in any order: what it cannot place, it leaves out. Changes nothing in place. */
export function told<History extends DealHistory>(history: History, event: Told, around: Around): History {
  switch (event.type) {
    case 'DealOpened':
      return opened(history, event, around);
    case 'StepCompleted':
    case 'StepSkipped':
    case 'StepVerified':
    case 'StepReturned':
    case 'StepCorrected':
    case 'StepVoided':
      return withSteps(history, event, around);
    case 'ActivityRecorded': {
      const planned = withPlans(history, event);
      return history.opening === null ? { ...planned, early: [...history.early, activityOf(event)] } : planned;
    }
    case 'ActivityCorrected':
      return activityCorrected(withPlans(history, event), event);
    case 'ActivityVoided': {
      const planned = withPlans(history, event);
      if (history.early.length === 0) return planned;
      const { recordingId } = event.data;
      return { ...planned, early: history.early.filter(({ id }) => id !== recordingId) };
    }
    case 'DealReassigned': {
      const { effectiveFrom, toOwnerId } = event.data;
      const entry = { id: event.eventId, from: effectiveFrom, owner: toOwnerId };
      return { ...history, owners: [...history.owners, entry] };
    }
    case 'ContractSigned':
    case 'ContractAmended':
    case 'ContractVoided':
    case 'ContractTerminated':
    case 'CreditShared':
    case 'DealRevised': {
      const change = moneyTold(history, event);
      return change === null ? history : { ...history, ...change };
    }
    case 'DealMigrated':
      return migrated(history, event, around);
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCancelled':
      return withPlans(history, event);
    case 'PaymentRecorded':
    case 'PaymentReversed':
      return history;
    case 'ServiceCaseClosed':
      // Of the ends of a case only that which was reached comes here: to the tables it is won.
      return { ...history, moves: [...history.moves, { ...placeOf(event), kind: 'won' }] };
    case 'DealReturned':
    case 'DealLost':
    case 'DealReopened':
      return { ...history, ...moved(history, event) };
    case 'CustomerDescribed':
    case 'SegmentAssigned':
      return toldOfCustomer(history, event);
    default:
      event satisfies never;
      return history;
  }
}

function opened<History extends DealHistory>(history: History, event: Recorded<DealOpened>, around: Around): History {
  // A deal is opened once; a log that says so twice keeps the first.
  if (history.opening !== null) return history;
  const { customerId, routeMapId, routeMapVersion, ownerId, source, lines } = event.data;
  const { zone, versionOf } = around;
  const place = placeOf(event);
  const opening: Opening = {
    ...place,
    customer: customerId ?? null,
    map: routeMapId,
    version: routeMapVersion,
    mapped: versionOf(routeMapId, routeMapVersion) !== undefined,
    zone,
    source,
    products: lines.map(({ productId }) => productId),
    expected: event.data.expectedAmountKopecks,
    closeOn: event.data.expectedCloseOn,
  };
  return {
    ...history,
    opening,
    early: [],
    owners: [{ id: place.id, from: place.at, owner: ownerId }, ...history.owners],
    customer: customerOn(opening, history.migrations, around),
  };
}

function toldOfCustomer<History extends DealHistory>(history: History, event: CustomerTold): History {
  if (history.customer === null || history.opening?.customer !== customerIdOf(event)) return history;
  const customer = customerAfter(history.customer, event);
  return customer === history.customer ? history : { ...history, customer };
}

function withSteps<History extends DealHistory>(history: History, event: StepTold, around: Around): History {
  const steps = stepsAfter(history, event, around);
  return steps === history.steps ? history : { ...history, steps };
}

function withPlans<History extends DealHistory>(
  history: History,
  event: Extract<Told, { type: PlanEvent['type'] }>,
): History {
  const plans = plansAfter(history.plans, event, planEntry);
  return plans === history.plans ? history : { ...history, plans };
}

function activityCorrected<History extends DealHistory>(history: History, event: Recorded<ActivityCorrected>): History {
  const { recordingId } = event.data;
  if (history.opening !== null) {
    return { ...history, corrected: { ...history.corrected, [recordingId]: event.eventId } };
  }
  const early = history.early.map((entry) =>
    entry.id === recordingId ? { ...correctedOf(event), id: recordingId } : entry,
  );
  return { ...history, early };
}

/** The activity as the correction says it was. */
export function correctedOf(event: Recorded<ActivityCorrected>): ActivityEntry {
  const { activityId, happenedAt, kind, topic, outcome, step, durationMinutes, performedBy } = event.data;
  const said = { activity: activityId, kind, topic, outcome, step, minutes: durationMinutes, by: performedBy };
  return { ...placeOf(event), at: happenedAt, ...said };
}

export function activityOf(event: Recorded<ActivityRecorded>): ActivityEntry {
  const { activityId, kind, topic, outcome, step, durationMinutes, performedBy } = event.data;
  const { id, at, rec, pos, rev } = placeOf(event);
  // One plain literal: half of all events are activities, and an object put together from two is a slow one.
  return {
    id,
    at,
    rec,
    pos,
    rev,
    activity: activityId,
    kind,
    topic,
    outcome,
    step,
    minutes: durationMinutes,
    by: performedBy,
  };
}

type MoveTold = Extract<Told, { type: 'DealReturned' | 'DealLost' | 'DealReopened' }>;

function moved(history: DealHistory, event: MoveTold): Pick<DealHistory, 'moves'> {
  return { moves: [...history.moves, moveOf(event)] };
}

function moveOf(event: MoveTold): MoveEntry {
  const place = placeOf(event);
  switch (event.type) {
    case 'DealReturned':
      return { ...place, kind: 'returned', toStep: event.data.toStep };
    case 'DealLost':
      return { ...place, kind: 'lost', reason: event.data.lossReason, counts: event.data.countsAsLoss };
    case 'DealReopened':
      return { ...place, kind: 'reopened' };
    default:
      return event satisfies never;
  }
}
