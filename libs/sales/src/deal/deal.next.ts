import { addWorkingMinutes, type Instant, isAssumed, localDateOf, type WorkCalendar } from '@voronka/kernel';
import type { FormField } from '../form/form.document.js';
import type { RouteMapDocument, StepDefinition, StepKind } from '../route-map/route-map.document.js';
import type { MissingOperand } from '../shared/condition.js';
import { isSatisfied } from './deal.standing.js';
import type { DealState } from './deal.state.js';
import { type CustomerPortrait, type MissingEvidence, type UndecidedStep, Way } from './deal.way.js';

/** What a deal's next steps hang on besides its own history and its map. */
export interface NextFacts {
  readonly calendar: WorkCalendar;
  /** IANA zone of the company. */
  readonly zone: string;
  readonly customer: CustomerPortrait;
  readonly now: Instant;
  /** What speaks for products, of all of them or of the deal's; shown as far as it is for this customer. */
  readonly advantages?: readonly StatedAdvantage[];
}

export interface StatedAdvantage {
  readonly productId: string;
  /** Null: for all. */
  readonly segment: string | null;
  readonly text: string;
}

interface NamedStep {
  readonly code: string;
  readonly name: string;
  readonly stage: string;
  readonly kind: StepKind;
  readonly mandatory: boolean;
}

/** How long a step has been waiting to be done; nulls where it waits for something itself, or has no norm. */
export interface Timing {
  readonly since: Instant | null;
  /** When its norm of working hours has passed. */
  readonly dueAt: Instant | null;
  readonly overdue: boolean;
  /** The due time reaches into a year that the calendar does not state: plain weeks were assumed for it. */
  readonly dueAssumed: boolean;
}

/** A step that can be completed now. */
export interface OpenStep extends NamedStep, Timing {
  readonly form: readonly FormField[];
  /** Working roles that may perform it; empty: anyone. */
  readonly roles: readonly string[];
  /** Working role of the person who will have to accept it. */
  readonly verificationRole: string | null;
  readonly guidance: { readonly text: string | null; readonly forSegment: string | null };
  /** It was done, and the deal was returned to it: it may be done again, and nothing waits for that. */
  readonly repeat: boolean;
  /** It was done, and its verifier sent it back. */
  readonly sentBack: boolean;
}

/** A completion that somebody else has to accept or to send back. */
export interface AwaitingStep extends NamedStep {
  readonly completionId: string;
  readonly since: Instant;
  readonly performedBy: string | null;
  readonly verificationRole: string | null;
}

/** A step that cannot be completed now, with everything that keeps it. */
export interface BlockedStep extends NamedStep, Timing {
  /** Steps to be done (and accepted) first. */
  readonly missingSteps: readonly string[];
  /** Answers that decide whether the step belongs to the way; null where that is decided. */
  readonly undecided: { readonly when: string; readonly missing: readonly MissingOperand[] } | null;
  /** Activities to be recorded first. Where nothing else is missing, the step's time is running. */
  readonly missingEvidence: readonly MissingEvidence[];
}

export interface NotApplicableStep extends NamedStep {
  readonly when: string;
  /** Questions that do not belong to the way and leave the condition open; none where it is false. */
  readonly excluded: readonly string[];
}

/**
 * Everything that can, must and cannot be done on a deal. On a closed or unopened deal nothing is open or blocked;
 * what was done before the end may still be accepted after it.
 */
export interface Next {
  readonly status: DealState['status'];
  readonly open: readonly OpenStep[];
  readonly awaiting: readonly AwaitingStep[];
  readonly blocked: readonly BlockedStep[];
  readonly notApplicable: readonly NotApplicableStep[];
  readonly done: readonly string[];
  readonly skipped: readonly string[];
  /** What speaks for the deal's products, for the segment of its customer. */
  readonly advantages: readonly StatedAdvantage[];
  /** What keeps the contract from being signed, as far as the map has a say. */
  readonly contract: {
    readonly ready: boolean;
    readonly missing: readonly string[];
    readonly undecided: readonly UndecidedStep[];
  };
}

/**
 * What is to be done next on a deal, in the order of its map. Uses the very gates of the commands: what is open here
 * is accepted, what is blocked is refused, for the reasons given. Never throws; a calendar without working time ahead
 * gives no due time.
 */
export function nextOf(state: DealState, document: RouteMapDocument, facts: NextFacts): Next {
  const way = new Way(state, document, facts.customer);
  const { missing, undecided } = way.bars();
  const active = state.status === 'open';
  const lists: Lists = { open: [], awaiting: [], blocked: [], notApplicable: [], done: [], skipped: [] };
  for (const step of document.steps) sort(placeOf(step, way, facts), lists);
  return {
    status: state.status,
    ...lists,
    ...(active ? {} : { open: [], blocked: [] }),
    advantages: advantagesOn(state, facts),
    contract: { ready: active && missing.length === 0 && undecided.length === 0, missing, undecided },
  };
}

interface Lists {
  readonly open: OpenStep[];
  readonly awaiting: AwaitingStep[];
  readonly blocked: BlockedStep[];
  readonly notApplicable: NotApplicableStep[];
  readonly done: string[];
  readonly skipped: string[];
}

function sort(place: Place, lists: Lists): void {
  switch (place.kind) {
    case 'open':
      lists.open.push(place.step);
      if (place.step.repeat) lists.done.push(place.step.code);
      return;
    case 'awaiting':
      lists.awaiting.push(place.step);
      return;
    case 'blocked':
      lists.blocked.push(place.step);
      return;
    case 'notApplicable':
      lists.notApplicable.push(place.step);
      return;
    case 'done':
    case 'skipped':
      lists[place.kind].push(place.step);
      return;
    default:
      place satisfies never;
  }
}

function advantagesOn(state: DealState, { advantages = [], customer }: NextFacts): readonly StatedAdvantage[] {
  const lines = state.status === 'none' ? [] : state.opening.lines;
  return advantages.filter(
    ({ productId, segment }) =>
      (segment === null || segment === customer.segment) && lines.some((line) => line.productId === productId),
  );
}

type Place =
  | { readonly kind: 'open'; readonly step: OpenStep }
  | { readonly kind: 'awaiting'; readonly step: AwaitingStep }
  | { readonly kind: 'blocked'; readonly step: BlockedStep }
  | { readonly kind: 'notApplicable'; readonly step: NotApplicableStep }
  | { readonly kind: 'done' | 'skipped'; readonly step: string };

function placeOf(step: StepDefinition, way: Way, facts: NextFacts): Place {
  const standing = way.standing(step.code);
  const { done, awaiting, mayRepeat } = standing;
  if (awaiting !== null) {
    const { completionId, occurredAt: since, performedBy } = awaiting;
    const verificationRole = step.verification?.role ?? null;
    return { kind: 'awaiting', step: { ...named(step), completionId, since, performedBy, verificationRole } };
  }
  if (isSatisfied(standing) && !mayRepeat) return { kind: done === null ? 'skipped' : 'done', step: step.code };
  const place = aheadOf(step, way, facts);
  // What was done and may be repeated is done, as long as something keeps it from being repeated.
  return done === null || place.kind === 'open' ? place : { kind: 'done', step: step.code };
}

/** The place of a step that is neither done nor skipped, or may be done again. */
function aheadOf(step: StepDefinition, way: Way, facts: NextFacts): Place {
  const applicability = way.applicability(step);
  if (applicability.applies === 'no') {
    const { when, excluded } = applicability;
    return { kind: 'notApplicable', step: { ...named(step), when, excluded } };
  }
  const undecided =
    applicability.applies === 'undecided' ? { when: applicability.when, missing: applicability.missing } : null;
  const missingSteps = way.missingBefore(step);
  const missingEvidence = way.missingEvidence(step, facts.now);
  const waits = missingSteps.length > 0 || undecided !== null;
  const timing = waits || way.standing(step.code).mayRepeat ? NO_TIME : timingOf(step, way, facts);
  if (!waits && missingEvidence.length === 0) return { kind: 'open', step: openStep(step, way, { facts, timing }) };
  return { kind: 'blocked', step: { ...named(step), ...timing, missingSteps, undecided, missingEvidence } };
}

function named({ code, name, stage, kind, mandatory }: StepDefinition): NamedStep {
  return { code, name, stage, kind, mandatory };
}

function openStep(step: StepDefinition, way: Way, { facts, timing }: { facts: NextFacts; timing: Timing }): OpenStep {
  const { segment } = facts.customer;
  const last = way.state.completions.findLast(({ step: of, status }) => of === step.code && status !== 'voided');
  return {
    ...named(step),
    ...timing,
    form: step.form,
    roles: step.roles,
    verificationRole: step.verification?.role ?? null,
    guidance: {
      text: step.guidance ?? null,
      forSegment: step.guidanceBySegment?.find((one) => one.segment === segment)?.text ?? null,
    },
    repeat: way.standing(step.code).mayRepeat,
    sentBack: last?.status === 'returned',
  };
}

const NO_TIME: Timing = { since: null, dueAt: null, overdue: false, dueAssumed: false };

function timingOf(step: StepDefinition, way: Way, { calendar, zone, now }: NextFacts): Timing {
  const since = way.waitingSince(step);
  const dueAt = since === null ? null : dueOf(step, since, { calendar, zone });
  if (since === null || dueAt === null) return { since, dueAt, overdue: false, dueAssumed: false };
  const dueAssumed = isAssumed(calendar, localDateOf(since, zone), localDateOf(dueAt, zone));
  return { since, dueAt, overdue: now > dueAt, dueAssumed };
}

interface WorkingTime {
  readonly calendar: WorkCalendar;
  readonly zone: string;
}

/** Null: the step has no norm. */
export function normMinutesOf({ normWorkingHours }: StepDefinition): number | null {
  return normWorkingHours === undefined ? null : Math.round(normWorkingHours * 60);
}

/** When the norm of a step that has waited since an instant has passed; null without a norm or working time ahead. */
export function dueOf(step: StepDefinition, since: Instant, time: WorkingTime): Instant | null {
  return dueAfter(normMinutesOf(step), since, time);
}

/** As `dueOf`, of the norm alone. */
export function dueAfter(minutes: number | null, since: Instant, { calendar, zone }: WorkingTime): Instant | null {
  if (minutes === null) return null;
  try {
    return addWorkingMinutes(calendar, zone, since, minutes);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
