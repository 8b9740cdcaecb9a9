import { assertNotInFuture, type Instant, refuse, saysTheSame } from '@voronka/kernel';
import { documentOf } from '../route-map/route-map.decider.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import type { CorrectStep } from './deal.correction.commands.js';
import type { DealEntry } from './deal.entry.js';
import type { DealEvent, StepCorrected } from './deal.events.js';
import { type Admitted, assertNotBefore, assertLed, assertOpen, assertTimelyAt, stepOf } from './deal.gates.js';
import { assertNotHeld, isHeld } from './deal.held.js';
import { standingContracts } from './deal.money.js';
import { assertNotBeforeDecided, assertNotBeforeDone, wayOf } from './deal.passage.js';
import { undoes, versionThen } from './deal.standing.js';
import type { Completion, DealState } from './deal.state.js';
import { assertMayPerform } from './deal.steps.js';
import type { Way } from './deal.way.js';
import { type SortedAnswers, sortedAnswers } from '../form/form-answers.js';

/** The completion that a correction is about; those that were sent back or voided are corrected no more. */
export function correctable({ step, completionId }: CorrectStep, state: DealState): Completion | undefined {
  return state.completions.findLast(
    (candidate) =>
      candidate.step === step &&
      (candidate.status === 'done' || candidate.status === 'awaiting') &&
      (typeof completionId !== 'string' || candidate.completionId === completionId),
  );
}

/** How the completion should have been recorded. It stays in its place between the steps before and behind it. */
export function correctStep(body: CorrectStep, entry: Admitted): readonly DealEvent[] {
  assertLed(entry);
  const before = correctable(body, entry.state);
  const then = before === undefined ? entry : asItWasDone(before, entry);
  const step = stepOf(then, body.step);
  if (before === undefined) {
    throw refuse.conflict('STEP_NOT_COMPLETED', 'name a step and a completion that stands', {
      step: body.step,
      completionId: body.completionId ?? null,
    });
  }
  assertAnythingSaid([body.completedAt, body.performedBy, body.answers]);
  const given = answersGiven(body, step);
  const after: Completion = {
    ...before,
    occurredAt: body.completedAt ?? before.occurredAt,
    performedBy: body.performedBy === undefined ? before.performedBy : body.performedBy,
    answers: given?.answers ?? before.answers,
  };
  const asksPersonal = given !== null && step.form.some(({ personal }) => personal === true);
  if (saysTheSame(after, before) && !asksPersonal) return [];
  assertPossible(body, { step, before, after }, then);
  assertNothingLacks(after, entry);
  const { completionId, occurredAt: completedAt, performedBy, answers } = after;
  const data: StepCorrected['data'] = {
    ...entry.common,
    step: step.code,
    completionId,
    completedAt,
    performedBy,
    answers,
    ...(given === null ? {} : { personalAnswers: given.personalAnswers }),
    reason: body.reason,
  };
  return [{ type: 'StepCorrected', data }];
}

function assertPossible(body: CorrectStep, move: Move, entry: Admitted): void {
  const { step, before, after } = move;
  assertTimelyAt(before.occurredAt, body, entry);
  const moves = after.occurredAt !== before.occurredAt;
  if (moves) assertMovable(body, move, entry);
  if (moves || after.performedBy !== before.performedBy) assertPerformer(step, after, entry);
}

/** A step that left the map with a move to another version is corrected by the rules of the version it was done on. */
function asItWasDone({ step, revision }: Completion, entry: Admitted): Admitted {
  const { document, state, context } = entry;
  if (document.steps.some(({ code }) => code === step)) return entry;
  const before = documentOf(context.facts.routeMap, versionThen(state, revision));
  return before === null ? entry : { ...entry, document: before };
}

function answersGiven({ answers }: CorrectStep, step: StepDefinition): SortedAnswers | null {
  return answers === undefined || answers === null ? null : sortedAnswers(step.code, step.form, answers);
}

/** @throws DomainError `NOTHING_CORRECTED`. */
export function assertAnythingSaid(members: readonly unknown[]): void {
  if (members.some((member) => member !== undefined)) return;
  throw refuse.invalid('NOTHING_CORRECTED', 'say what should have been recorded otherwise');
}

interface Move {
  readonly step: StepDefinition;
  readonly before: Completion;
  readonly after: Completion;
}

/** Another time must be possible, entered by authority where it lies far back, and keep the order of the way. */
function assertMovable(body: CorrectStep, { step, before, after }: Move, entry: Admitted): void {
  const at = after.occurredAt;
  assertMoment(body, at, entry);
  const way = wayOf(entry);
  const { done, awaiting } = way.standing(step.code);
  if (after.completionId !== done?.completionId && after.completionId !== awaiting?.completionId) return;
  for (const { code, standing } of way.prerequisites(step)) assertNotBeforeDone(at, step.code, code, standing);
  if (at < before.occurredAt) assertNotBeforeDecided(step, way, at);
  assertAfterReturns({ step, before, after }, entry);
  const missing = way.missingEvidence(step, at);
  if (missing.length > 0 && way.missingEvidence(step, before.occurredAt).length === 0) {
    throw refuse.rule(
      'EVIDENCE_MISSING',
      'give a completedAt that is not before the activities that the step asks for',
      {
        step: step.code,
        missing,
      },
    );
  }
  assertBeforeCompletion({ step, before, after }, entry);
  assertBeforeWhatFollowed({ step, before, after }, way, entry);
}

/** What was done after a return stays behind it. */
function assertAfterReturns({ step, before, after }: Move, { state, document }: Admitted): void {
  for (const back of state.returns) {
    const { toStep, occurredAt, revision } = back;
    const concerned = toStep === step.code || undoes(back, document, step.code);
    const came = concerned && revision < after.revision && occurredAt <= before.occurredAt;
    if (came) assertNotBefore(after.occurredAt, occurredAt, 'OCCURRED_BEFORE_RETURN', { step: step.code });
  }
}

/** The time that a correction names must be possible, and have its authority where it lies far back. */
export function assertMoment(body: DealEntry, at: Instant, entry: Admitted): void {
  assertNotInFuture({ ...entry.context, occurredAt: at });
  assertNotBefore(at, entry.state.opening.occurredAt, 'OCCURRED_BEFORE_OPENING', {});
  assertTimelyAt(at, body, entry);
}

/** A case is completed on its mandatory steps: none of them was done after it. @throws `SERVICE_CASE_CLOSED`. */
function assertBeforeCompletion({ step, before, after }: Move, entry: Admitted): void {
  const { state, noun } = entry;
  if (noun.code !== 'SERVICE_CASE' || state.status !== 'won' || !step.mandatory) return;
  if (after.occurredAt > state.closedAt && before.occurredAt <= state.closedAt) assertOpen(entry);
}

/** @throws DomainError `OCCURRED_AFTER_DEPENDENT` where something that relied on the step would be older than it. */
function assertBeforeWhatFollowed({ step, before, after }: Move, way: Way, { state, document }: Admitted): void {
  const followers: { dependent: string; at: Instant }[] = [];
  if (before.verified !== null) followers.push({ dependent: 'verification', at: before.verified.at });
  for (const other of document.steps) {
    const { done } = way.standing(other.code);
    const waited = done !== null && way.prerequisites(other).some(({ code }) => code === step.code);
    if (waited) followers.push({ dependent: other.code, at: done.occurredAt });
  }
  const contracts = step.mandatory ? standingContracts(state.money) : [];
  followers.push(...contracts.map(({ contractId, signedAt }) => ({ dependent: contractId, at: signedAt })));
  const returns = state.returns.filter(({ revision, toStep }) => revision > after.revision && toStep === step.code);
  followers.push(...returns.map(({ occurredAt }) => ({ dependent: 'return', at: occurredAt })));
  const first = followers.find(({ at }) => at < after.occurredAt && at >= before.occurredAt);
  if (first === undefined) return;
  throw refuse.rule('OCCURRED_AFTER_DEPENDENT', 'give a completedAt that is not after what relied on the step', {
    step: step.code,
    completedAt: after.occurredAt,
    ...first,
  });
}

/** Who did it in truth must have been allowed to, and be nobody who accepted or verified it. */
function assertPerformer(step: StepDefinition, after: Completion, entry: Admitted): void {
  const { performedBy, occurredAt, completionId } = after;
  const judges = [after.verified?.by, ...verifiersOf(step.code, entry.document, entry.state)];
  if (performedBy === null || !judges.includes(performedBy)) {
    assertMayPerform(step, performedBy, { ...entry, context: { ...entry.context, occurredAt } });
    return;
  }
  throw refuse.rule('VERIFIER_IS_PERFORMER', 'nobody has verified his own work: void the verification first', {
    step: step.code,
    completionId,
    performedBy,
  });
}

function verifiersOf(code: string, document: RouteMapDocument, { completions }: DealState): readonly (string | null)[] {
  const verifying = document.steps.filter(({ kind, concerns }) => kind === 'verification' && concerns === code);
  const codes = new Set(verifying.map((step) => step.code));
  return completions.filter(({ step, status }) => codes.has(step) && status === 'done').map((done) => done.performedBy);
}

/** Other answers must not make steps mandatory that a standing contract, or a completed case, did without. */
function assertNothingLacks(after: Completion, entry: Admitted): void {
  if (!isHeld(entry)) return;
  const { state } = entry;
  const completions = state.completions.map((candidate) =>
    candidate.completionId === after.completionId ? after : candidate,
  );
  const lacked = lackedBy(wayOf(entry));
  const missing = lackedBy(wayOf({ ...entry, state: { ...state, completions } })).filter(
    (code) => !lacked.includes(code),
  );
  if (missing.length === 0) return;
  assertNotHeld(entry, 'by these answers the contract lacks steps: void the contract first', { missing });
}

function lackedBy(way: Way): readonly string[] {
  const { missing, undecided } = way.bars();
  return [...missing, ...undecided.map(({ step }) => step)];
}
