import { type DecisionContext, refuse, saysTheSame } from '@voronka/kernel';
import type { CancelAbsence, RecordAbsence } from './employee.commands.js';
import type { EmployeeEvent } from './employee.events.js';
import { assignmentOn, type EmployeeState } from './employee.state.js';

type Context = Pick<DecisionContext<object>, 'id' | 'person'>;
type Known = Exclude<EmployeeState, { status: 'none' }>;

/** Absences of one person never overlap, so that a day is left out of a plan once. */
export function recordAbsence(body: RecordAbsence, state: Known, context: Context): readonly EmployeeEvent[] {
  assertOther(context);
  const { absenceId, kind, firstDay, lastDay } = body;
  const data = { absenceId, kind, firstDay, lastDay };
  const before = state.absences.find((one) => one.absenceId === absenceId);
  if (before !== undefined) {
    if (saysTheSame(before, { ...data, cancelled: false })) return [];
    throw refuse.conflict('ABSENCE_EXISTS', 'the id is taken by another absence: cancel that one, use another id', {
      absenceId,
    });
  }
  if (lastDay < firstDay) {
    throw refuse.rule('ABSENCE_ENDS_BEFORE', 'give a last day that is not before the first', { firstDay, lastDay });
  }
  if (assignmentOn(state, firstDay) === null) {
    throw refuse.rule('EMPLOYEE_NOT_EMPLOYED', 'let the absence begin on a day of the employment', { firstDay });
  }
  const other = state.absences.find((one) => !one.cancelled && one.firstDay <= lastDay && firstDay <= one.lastDay);
  if (other === undefined) return [{ type: 'AbsenceRecorded', data }];
  throw refuse.conflict('ABSENCE_OVERLAPS', 'part of these days is another absence: cancel it, or choose other days', {
    absenceId: other.absenceId,
    firstDay: other.firstDay,
    lastDay: other.lastDay,
  });
}

/** Cancelled once; again, it is quiet. */
export function cancelAbsence(
  { absenceId, reason }: CancelAbsence,
  state: Known,
  context: Context,
): readonly EmployeeEvent[] {
  assertOther(context);
  const found = state.absences.find((one) => one.absenceId === absenceId);
  if (found === undefined) {
    throw refuse.notFound('ABSENCE_NOT_FOUND', 'name an absence that was recorded', { absenceId });
  }
  return found.cancelled ? [] : [{ type: 'AbsenceCancelled', data: { absenceId, reason } }];
}

/** Plans may be prorated by absences, and nobody changes what pays himself. */
function assertOther({ id, person }: Context): void {
  if (person !== id) return;
  throw refuse.forbidden('OWN_PAY', 'ask somebody else to tell of your absences', { employeeId: id });
}
