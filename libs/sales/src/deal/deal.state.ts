import type { Instant, WrittenUnion } from '@voronka/kernel';
import type { Answers } from '../shared/answers.js';
import type {
  ActivityCorrected,
  ActivityRecorded,
  ActivityVoided,
  DealEvent,
  DealLost,
  DealMigrated,
  DealOpened,
  DealReassigned,
  StepCompleted,
} from './deal.events.js';
import { type DealMoney, moneyAfter, noMoney, revised } from './deal.money.js';
import { type PlanEvent, plannedActivity, type PlannedActivity, plansAfter } from './deal.plan.state.js';

/** One time that a step was done. Revisions order what the stream recorded; instants say when it happened. */
export interface Completion {
  /** Event id of its StepCompleted. */
  readonly completionId: string;
  readonly step: string;
  readonly performedBy: string | null;
  readonly occurredAt: Instant;
  readonly revision: number;
  readonly status: 'awaiting' | 'done' | 'returned' | 'voided';
  /** Answers to its form, without the personal ones: conditions look at them. */
  readonly answers: Answers;
  /** Who accepted it, and when; null as long as nobody did. */
  readonly verified: { readonly by: string | null; readonly at: Instant } | null;
}

export interface Skip {
  readonly step: string;
  readonly occurredAt: Instant;
  readonly revision: number;
}

export interface Return {
  readonly toStep: string;
  /**
   * Steps that it made necessary again, by the version of the map that it happened on (`withReturnsJudged`); null: the
   * map at hand says.
   */
  readonly undone: ReadonlySet<string> | null;
  readonly occurredAt: Instant;
  readonly revision: number;
}

export interface Migrated {
  readonly fromVersion: number;
  readonly addedSteps: readonly string[];
  readonly occurredAt: Instant;
  /** Of its event: what came before was done on the version before. */
  readonly revision: number;
}

export interface RecordedActivity {
  /** Event id of its ActivityRecorded. */
  readonly recordingId: string;
  readonly data: ActivityRecorded['data'];
  readonly occurredAt: Instant;
  readonly voided: boolean;
}

export type Opening = DealOpened['data'] & { readonly occurredAt: Instant };

/** What every deal remembers, whatever its status. */
export interface DealRecord {
  readonly ownerId: string | null;
  readonly ownerSince: Instant | null;
  readonly completions: readonly Completion[];
  readonly skips: readonly Skip[];
  readonly returns: readonly Return[];
  readonly activities: readonly RecordedActivity[];
  /** In the order of planning; those that were done or called off, too. */
  readonly plans: readonly PlannedActivity[];
  /** When it was last taken up again; the time it was closed before that is nobody's waiting. */
  readonly reopenedAt: Instant | null;
  /** Moves to other versions of its map, in the order of telling. */
  readonly migrations: readonly Migrated[];
  readonly money: DealMoney;
  /** Where imported events stood in their source: a second import finds them here. */
  readonly importRefs: readonly string[];
}

export type DealState = DealRecord &
  (
    | { readonly status: 'none' }
    | { readonly status: 'open'; readonly opening: Opening; readonly reopened: boolean }
    | {
        readonly status: 'won';
        readonly opening: Opening;
        readonly closedAt: Instant;
      }
    | {
        readonly status: 'lost';
        readonly opening: Opening;
        readonly loss: Pick<DealLost['data'], 'lossReason'>;
        readonly closedAt: Instant;
      }
  );

export type OpenedDeal = Exclude<DealState, { status: 'none' }>;

export function initialDeal(): DealState {
  return {
    status: 'none',
    ownerId: null,
    ownerSince: null,
    completions: [],
    skips: [],
    returns: [],
    activities: [],
    plans: [],
    reopenedAt: null,
    migrations: [],
    money: noMoney,
    importRefs: [],
  };
}

/** Folds one event. Takes any event in any order: what it cannot place, it leaves out. */
export function evolveDeal(state: DealState, event: WrittenUnion<DealEvent>): DealState {
  const next = applied(state, event);
  const { importRef } = event.metadata;
  return importRef === undefined ? next : { ...next, importRefs: [...next.importRefs, importRef] };
}

function applied(state: DealState, event: WrittenUnion<DealEvent>): DealState {
  switch (event.type) {
    case 'StepCompleted':
      return { ...state, completions: [...state.completions, completion(event)] };
    case 'StepVerified':
      return withCompletion(state, event.data.completionId, {
        status: 'done',
        verified: { by: event.data.verifiedBy, at: event.metadata.occurredAt },
      });
    case 'StepReturned':
      return withCompletion(state, event.data.completionId, { status: 'returned' });
    case 'StepVoided':
      return withCompletion(state, event.data.completionId, { status: 'voided' });
    case 'StepCorrected': {
      const { completionId, completedAt, performedBy, answers } = event.data;
      return withCompletion(state, completionId, { occurredAt: completedAt, performedBy, answers });
    }
    case 'StepSkipped':
      return { ...state, skips: [...state.skips, { step: event.data.step, ...placeOf(event) }] };
    case 'DealReturned': {
      const back = { toStep: event.data.toStep, undone: null, ...placeOf(event) };
      return { ...state, returns: [...state.returns, back] };
    }
    case 'ActivityRecorded': {
      const { occurredAt } = event.metadata;
      const activity = { recordingId: event.eventId, data: event.data, occurredAt, voided: false };
      return { ...state, activities: [...state.activities, activity], plans: plansOf(state, event) };
    }
    case 'ActivityVoided':
    case 'ActivityCorrected':
      return { ...state, activities: mended(state.activities, event), plans: plansOf(state, event) };
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCancelled':
      return { ...state, plans: plansOf(state, event) };
    case 'DealReassigned':
      return reassigned(state, event.data);
    case 'ContractAmended':
    case 'ContractTerminated':
    case 'PaymentRecorded':
    case 'PaymentReversed':
    case 'CreditShared':
      return { ...state, money: moneyAfter(state.money, event) };
    case 'DealRevised':
      return state.status === 'none' ? state : { ...state, ...revised(state.opening, state.money, event) };
    case 'DealMigrated':
      return migrated(state, event.data, placeOf(event));
    case 'DealOpened':
    case 'ContractSigned':
    case 'ContractVoided':
    case 'DealLost':
    case 'DealReopened':
      return movedOn(state, event);
    default:
      event satisfies never;
      return state;
  }
}

type StatusEvent = Extract<
  WrittenUnion<DealEvent>,
  { type: 'DealOpened' | 'ContractSigned' | 'ContractVoided' | 'DealLost' | 'DealReopened' }
>;

/** Changes of status. A deal that was never opened has no status to change. */
function movedOn(state: DealState, event: StatusEvent): DealState {
  const closedAt = event.metadata.occurredAt;
  if (event.type === 'DealOpened') {
    if (state.status !== 'none') return state;
    const opening = { ...event.data, occurredAt: closedAt };
    const owner = state.ownerSince === null ? { ownerId: event.data.ownerId, ownerSince: closedAt } : {};
    return { ...state, ...owner, status: 'open', opening, reopened: false };
  }
  const ofContract = event.type === 'ContractSigned' || event.type === 'ContractVoided';
  const money = ofContract ? moneyAfter(state.money, event) : state.money;
  if (state.status === 'none') return { ...state, money };
  const { opening } = state;
  const record = { ...recordOf(state), money };
  switch (event.type) {
    case 'ContractSigned':
      // A further contract does not win the deal again.
      return { ...record, status: 'won', opening, closedAt: state.status === 'won' ? state.closedAt : closedAt };
    case 'ContractVoided': {
      const { dealBecomes, lossReason } = event.data;
      if (dealBecomes === null) return { ...state, money };
      if (dealBecomes === 'lost') {
        return { ...record, status: 'lost', opening, loss: { lossReason: lossReason ?? '' }, closedAt };
      }
      return { ...record, reopenedAt: closedAt, status: 'open', opening, reopened: false };
    }
    case 'DealLost':
      return { ...record, status: 'lost', opening, loss: event.data, closedAt };
    case 'DealReopened':
      return { ...record, reopenedAt: closedAt, status: 'open', opening, reopened: true };
    default:
      event satisfies never;
      return state;
  }
}

export function recordOf(state: DealState): DealRecord {
  const { ownerId, ownerSince, completions, skips, returns, activities, plans, ...more } = state;
  const { reopenedAt, migrations, money, importRefs } = more;
  const told = { ownerId, ownerSince, completions, skips, returns, activities, plans };
  return { ...told, reopenedAt, migrations, money, importRefs };
}

function plansOf({ plans }: DealState, event: PlanEvent): readonly PlannedActivity[] {
  return plansAfter(plans, event, plannedActivity);
}

function migrated(
  state: DealState,
  { fromVersion, toVersion: routeMapVersion, addedSteps }: DealMigrated['data'],
  place: { readonly occurredAt: Instant; readonly revision: number },
): DealState {
  if (state.status === 'none') return state;
  const migrations = [...state.migrations, { fromVersion, addedSteps, ...place }];
  return { ...state, migrations, opening: { ...state.opening, routeMapVersion } };
}

function placeOf(event: WrittenUnion<DealEvent>): { occurredAt: Instant; revision: number } {
  return { occurredAt: event.metadata.occurredAt, revision: event.revision };
}

function completion(event: Extract<WrittenUnion<DealEvent>, { type: StepCompleted['type'] }>): Completion {
  const { step, performedBy, answers, awaitsVerification } = event.data;
  const status = awaitsVerification ? 'awaiting' : 'done';
  return { completionId: event.eventId, step, performedBy, status, answers, verified: null, ...placeOf(event) };
}

function withCompletion(state: DealState, completionId: string, change: Partial<Completion>): DealState {
  const completions = state.completions.map((candidate) =>
    candidate.completionId === completionId ? { ...candidate, ...change } : candidate,
  );
  return { ...state, completions };
}

function mended(
  activities: readonly RecordedActivity[],
  event: WrittenUnion<ActivityVoided | ActivityCorrected>,
): RecordedActivity[] {
  return event.type === 'ActivityVoided'
    ? withVoided(activities, event.data.recordingId)
    : withCorrected(activities, event.data);
}

function withVoided(activities: readonly RecordedActivity[], recordingId: string): RecordedActivity[] {
  return activities.map((activity) =>
    activity.recordingId === recordingId ? { ...activity, voided: true } : activity,
  );
}

function withCorrected(
  activities: readonly RecordedActivity[],
  correction: ActivityCorrected['data'],
): RecordedActivity[] {
  const { recordingId, happenedAt, kind, topic, outcome, performedBy, durationMinutes, step, note } = correction;
  const noted = note === undefined ? {} : { note };
  const said = { kind, topic, outcome, performedBy, durationMinutes, step, ...noted };
  return activities.map((activity) =>
    activity.recordingId === recordingId
      ? { ...activity, data: { ...activity.data, ...said }, occurredAt: happenedAt }
      : activity,
  );
}

function reassigned(state: DealState, { toOwnerId, effectiveFrom }: DealReassigned['data']): DealState {
  const earlier = state.ownerSince !== null && effectiveFrom < state.ownerSince;
  return earlier ? state : { ...state, ownerId: toOwnerId, ownerSince: effectiveFrom };
}
