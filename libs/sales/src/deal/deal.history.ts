import { type Decided, refuse, toPlain, unreachable } from '@voronka/kernel';
import { documentOf } from '../route-map/route-map.decider.js';
import { assertAnswers } from '../shared/answer-values.js';
import type { Answers } from '../shared/answers.js';
import { contractIdOf } from './deal.closing.js';
import type { DealEvent } from './deal.events.js';
import type { DealContext } from './deal.gates.js';
import type {
  ActivityEntry,
  AnyHistoryEntry,
  ContractEntry,
  LostEntry,
  OpenedEntry,
  ReassignedEntry,
  RecordHistory,
  StepCompletedEntry,
} from './deal.history.commands.js';
import { sumOfLines, totalOf } from './deal.opening.js';
import { freeActivityId } from './deal.plans.js';
import type { DealState } from './deal.state.js';

/** What the entries before it made of the deal; only what later entries ask for. */
interface Course {
  readonly state: DealState;
  readonly context: DealContext;
  readonly routeMap: { readonly id: string; readonly version: number };
  readonly customerId: string | null;
  readonly ownerId: string | null;
  readonly opened: boolean;
  readonly contracts: number;
  readonly activities: number;
}

/**
 * Takes over what happened before. The gates are not asked: deviations show what the map would have refused.
 * Entries whose `ref` the deal already has are passed over, so importing again appends only what is new.
 */
export function recordHistory(
  { entries }: RecordHistory,
  state: DealState,
  context: DealContext,
): readonly Decided<DealEvent>[] {
  assertPlausible(entries, context);
  const known = new Set(state.importRefs);
  const fresh = entries.filter(({ ref }) => !known.has(ref));
  let course = courseOf(state, context);
  return fresh.map((entry) => {
    const event = eventOf(entry, course);
    course = followed(course, event);
    return {
      ...event,
      occurredAt: entry.occurredAt,
      importRef: entry.ref,
      ...((entry.assumed ?? []).length > 0 ? { assumed: entry.assumed ?? [] } : {}),
    };
  });
}

function assertPlausible(entries: readonly AnyHistoryEntry[], { now }: DealContext): void {
  const refs = new Set<string>();
  entries.forEach(({ ref, occurredAt }, index) => {
    const at = { pointer: `/entries/${index}` };
    if (refs.has(ref)) throw refuse.invalid('HISTORY_REF_REPEATED', 'give every entry a ref of its own', at);
    if (occurredAt > now)
      throw refuse.invalid('OCCURRED_IN_FUTURE', 'leave out what lies ahead: history has happened', at);
    refs.add(ref);
  });
}

function courseOf(state: DealState, context: DealContext): Course {
  const counts = { contracts: state.money.contracts.length, activities: 0, ownerId: state.ownerId, state, context };
  if (state.status === 'none') {
    return { ...counts, opened: false, customerId: null, routeMap: { id: '', version: 0 } };
  }
  const { customerId, routeMapId, routeMapVersion } = state.opening;
  return { ...counts, opened: true, customerId, routeMap: { id: routeMapId, version: routeMapVersion } };
}

function followed(course: Course, event: DealEvent): Course {
  switch (event.type) {
    case 'DealOpened': {
      const { customerId, ownerId, routeMapId, routeMapVersion } = event.data;
      return { ...course, opened: true, customerId, ownerId, routeMap: { id: routeMapId, version: routeMapVersion } };
    }
    case 'DealReassigned':
      return { ...course, ownerId: event.data.toOwnerId };
    case 'ContractSigned':
      return { ...course, contracts: course.contracts + 1 };
    case 'ActivityRecorded':
      return { ...course, activities: course.activities + 1 };
    case 'StepCompleted':
    case 'StepVerified':
    case 'StepReturned':
    case 'StepSkipped':
    case 'StepVoided':
    case 'DealReturned':
    case 'ActivityVoided':
    case 'StepCorrected':
    case 'ActivityCorrected':
    case 'ActivityPlanned':
    case 'ActivityRescheduled':
    case 'ActivityCancelled':
    case 'DealLost':
    case 'DealReopened':
    case 'ContractAmended':
    case 'ContractVoided':
    case 'ContractTerminated':
    case 'PaymentRecorded':
    case 'PaymentReversed':
    case 'CreditShared':
    case 'DealRevised':
    case 'DealMigrated':
      return course;
    default:
      return unreachable(event);
  }
}

function eventOf(entry: AnyHistoryEntry, course: Course): DealEvent {
  if (entry.kind === 'opened') return opened(entry, course);
  if (!course.opened) {
    throw refuse.rule('HISTORY_WITHOUT_OPENING', 'let the first entry of a new deal be its opening', {
      ref: entry.ref,
    });
  }
  const { customerId } = course;
  const reason = 'reason' in entry ? (entry.reason ?? null) : null;
  switch (entry.kind) {
    case 'stepCompleted':
      return stepCompleted(entry, course);
    case 'stepSkipped':
      return {
        type: 'StepSkipped',
        data: { customerId, step: entry.step, authorisedBy: entry.authorisedBy ?? null, reason },
      };
    case 'activity':
      return activity(entry, course);
    case 'contract':
      return contract(entry, course);
    case 'lost':
      return lost(entry, course);
    case 'reopened':
      return { type: 'DealReopened', data: { customerId, reason } };
    case 'reassigned':
      return reassigned(entry, course);
    case 'returned':
      return { type: 'DealReturned', data: { customerId, toStep: entry.toStep, reason } };
    default:
      return unreachable(entry);
  }
}

function opened(entry: OpenedEntry, course: Course): DealEvent {
  if (course.opened) {
    throw refuse.conflict('DEAL_EXISTS', 'the deal is open already; import under another id', { ref: entry.ref });
  }
  const routeMapVersion = versionOf(entry, course);
  const lines = (entry.lines ?? []).flatMap(({ productId, amountKopecks }) =>
    typeof productId === 'string' ? [{ productId, amountKopecks: amountKopecks ?? null }] : [],
  );
  return {
    type: 'DealOpened',
    data: {
      title: entry.title ?? null,
      customerId: entry.customerId ?? null,
      routeMapId: entry.routeMapId,
      routeMapVersion,
      ownerId: entry.ownerId ?? null,
      source: entry.source ?? null,
      lines,
      expectedAmountKopecks: entry.expectedAmountKopecks ?? sumOfLines(lines),
      expectedCloseOn: entry.expectedCloseOn ?? null,
    },
  };
}

function versionOf(entry: OpenedEntry, { context }: Course): number {
  const map = context.facts.routeMap;
  const latest = map === undefined || map.status === 'none' ? 0 : map.latest.version;
  const version = entry.routeMapVersion ?? latest;
  if (documentOf(map, version) !== null) return version;
  throw refuse.rule('ROUTE_MAP_UNKNOWN', 'publish the route map first', { routeMapId: entry.routeMapId });
}

function reassigned(entry: ReassignedEntry, { customerId, ownerId }: Course): DealEvent {
  const effectiveFrom = entry.effectiveFrom ?? entry.occurredAt;
  const data = { customerId, fromOwnerId: ownerId, toOwnerId: entry.toOwnerId, effectiveFrom };
  return { type: 'DealReassigned', data: { ...data, reason: entry.reason ?? null } };
}

/** What the form calls personal is sealed, wherever the source put it; what the source calls so stays sealed as well. */
function stepCompleted(entry: StepCompletedEntry, course: Course): DealEvent {
  const { customerId, routeMap, context } = course;
  const steps = documentOf(context.facts.routeMap, routeMap.version)?.steps ?? [];
  const form = steps.find(({ code }) => code === entry.step)?.form ?? [];
  const personalFields = new Set(form.filter(({ personal }) => personal === true).map(({ code }) => code));
  const given = Object.entries(answersOf(entry.answers));
  const answers = Object.fromEntries(given.filter(([code]) => !personalFields.has(code)));
  const sealed = given.filter(([code]) => personalFields.has(code));
  const personal = { ...Object.fromEntries(sealed), ...answersOf(entry.personalAnswers) };
  return {
    type: 'StepCompleted',
    data: {
      customerId,
      step: entry.step,
      performedBy: entry.performedBy ?? null,
      answers,
      personalAnswers: Object.keys(personal).length === 0 ? null : personal,
      awaitsVerification: false,
      lateEntryReason: null,
    },
  };
}

function answersOf(answers: Answers | null | undefined): Answers {
  assertAnswers(answers ?? {}, '/entries');
  return toPlain(answers ?? {});
}

function activity(entry: ActivityEntry, { state, context, customerId, activities }: Course): DealEvent {
  return {
    type: 'ActivityRecorded',
    data: {
      customerId,
      activityId: entry.activityId ?? freeActivityId(context.id, state, activities),
      kind: entry.activityKind,
      topic: entry.topic ?? null,
      outcome: entry.outcome ?? null,
      performedBy: entry.performedBy ?? null,
      durationMinutes: entry.durationMinutes ?? null,
      step: entry.step ?? null,
      note: entry.note ?? null,
      lateEntryReason: null,
    },
  };
}

function contract(entry: ContractEntry, { context, customerId, contracts }: Course): DealEvent {
  const contractId = entry.contractId ?? contractIdOf(context.id, contracts + 1);
  const lines = entry.lines.map(({ lineId, productId, amountKopecks }, index) => ({
    lineId: lineId ?? String(index + 1),
    productId: productId ?? null,
    amountKopecks: amountKopecks ?? 0,
  }));
  const amountKopecks = totalOf(lines.map((line) => line.amountKopecks));
  return {
    type: 'ContractSigned',
    data: { customerId, contractId, number: entry.number ?? contractId, lines, amountKopecks },
  };
}

function lost(entry: LostEntry, { context, customerId, routeMap }: Course): DealEvent {
  const { lossReason } = entry;
  const reasons = documentOf(context.facts.routeMap, routeMap.version)?.lossReasons ?? [];
  const countsAsLoss = entry.countsAsLoss ?? reasons.find(({ code }) => code === lossReason)?.countsAsLoss ?? true;
  return { type: 'DealLost', data: { customerId, lossReason, countsAsLoss, note: entry.note ?? null } };
}
