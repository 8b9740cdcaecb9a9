import { refuse, saysTheSame } from '@voronka/kernel';
import type { CorrectActivity } from './deal.correction.commands.js';
import { assertAnythingSaid, assertMoment } from './deal.corrections.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertOwn, assertTimelyAt, employedAt, stepOf } from './deal.gates.js';
import { assertEvidenceKept } from './deal.held.js';
import type { RecordedActivity } from './deal.state.js';

/** How the activity should have been recorded. */
export function correctActivity(body: CorrectActivity, entry: Admitted): readonly DealEvent[] {
  const { state, context, zone, common } = entry;
  assertOwn(entry);
  const { activityId, reason } = body;
  const recorded = state.activities.findLast(({ data, voided }) => data.activityId === activityId && !voided);
  if (recorded === undefined) {
    throw refuse.conflict('ACTIVITY_NOT_RECORDED', 'name an activity that the deal has', { activityId });
  }
  const { happenedAt, kind, topic, outcome, performedBy, durationMinutes, step, note } = body;
  assertAnythingSaid([happenedAt, kind, topic, outcome, performedBy, durationMinutes, step, note]);
  if (typeof step === 'string') stepOf(entry, step);
  const before = saidBy(recorded);
  const after = saidBetter(body, before);
  const noted = note === undefined || saysTheSame(note, recorded.data.note) ? {} : { note };
  if (Object.keys(noted).length === 0 && saysTheSame(before, after)) return [];
  assertTimelyAt(before.happenedAt, body, entry);
  const moved = after.happenedAt !== before.happenedAt;
  if (moved) assertMoment(body, after.happenedAt, entry);
  if (after.performedBy !== null && (moved || after.performedBy !== before.performedBy)) {
    const performer = { id: after.performedBy, state: context.facts.performer };
    employedAt('PERFORMER', performer, { at: after.happenedAt, zone });
  }
  assertEvidenceKept(
    state.activities.map((one) => (one === recorded ? saying(after, one) : one)),
    entry,
  );
  const { recordingId } = recorded;
  return [{ type: 'ActivityCorrected', data: { ...common, activityId, recordingId, ...after, ...noted, reason } }];
}

function saidBy({ data, occurredAt }: RecordedActivity) {
  const { kind, topic, outcome, performedBy, durationMinutes, step } = data;
  return { happenedAt: occurredAt, kind, topic, outcome, performedBy, durationMinutes, step };
}

function saying(said: ReturnType<typeof saidBy>, { data, ...activity }: RecordedActivity): RecordedActivity {
  const { happenedAt, ...better } = said;
  return { ...activity, occurredAt: happenedAt, data: { ...data, ...better } };
}

function saidBetter(body: CorrectActivity, before: ReturnType<typeof saidBy>): ReturnType<typeof saidBy> {
  return {
    happenedAt: body.happenedAt ?? before.happenedAt,
    kind: body.kind ?? before.kind,
    topic: orAsBefore(body.topic, before.topic),
    outcome: orAsBefore(body.outcome, before.outcome),
    performedBy: orAsBefore(body.performedBy, before.performedBy),
    durationMinutes: orAsBefore(body.durationMinutes, before.durationMinutes),
    step: orAsBefore(body.step, before.step),
  };
}

function orAsBefore<T>(said: T | null | undefined, before: T | null): T | null {
  return said === undefined ? before : said;
}
