import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { employeeDecider } from './employee.decider.js';
import type { EmployeeEvent } from './employee.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'employee');
if (thing === undefined) throw new Error('no employee');
const given = scene(employeeDecider, thing);
const hired: EmployeeEvent = {
  type: 'EmployeeHired',
  data: {
    ...{ name: 'Anna', email: null, position: 'Seller', departmentId: 'sales', roles: [], robot: false },
    hiredOn: '2009-02-01',
  },
};
const days = { absenceId: 'a1', kind: 'vacation', firstDay: '2009-08-10', lastDay: '2009-08-21' };
const away: EmployeeEvent = { type: 'AbsenceRecorded', data: days };
const back: EmployeeEvent = { type: 'AbsenceCancelled', data: { absenceId: 'a1', reason: 'Put off' } };

describe('absences', () => {
  it('are recorded once, and cancelled once', () => {
    given(hired).when('RecordAbsence', days).then([away]);
    given(hired, away).when('RecordAbsence', days).then([]);
    given(hired, away).when('CancelAbsence', { absenceId: 'a1', reason: 'Put off' }).then([back]);
    given(hired, away, back).when('CancelAbsence', { absenceId: 'a1', reason: 'Put off' }).then([]);
  });

  it('never overlap; the days of a cancelled one are free', () => {
    const next = { ...days, absenceId: 'a2', firstDay: '2009-08-21', lastDay: '2009-08-25' };
    given(hired, away).when('RecordAbsence', next).thenRefused('ABSENCE_OVERLAPS', {
      absenceId: 'a1',
      firstDay: '2009-08-10',
      lastDay: '2009-08-21',
    });
    given(hired, away, back)
      .when('RecordAbsence', next)
      .then([{ type: 'AbsenceRecorded', data: next }]);
    const after = { ...next, firstDay: '2009-08-22' };
    given(hired, away)
      .when('RecordAbsence', after)
      .then([{ type: 'AbsenceRecorded', data: after }]);
  });

  it('nobody tells of his own: OWN_PAY', () => {
    const own = { id: 'anna', person: 'anna' };
    given(hired).when('RecordAbsence', days, own).thenRefused('OWN_PAY');
    given(hired, away).when('CancelAbsence', { absenceId: 'a1', reason: 'x' }, own).thenRefused('OWN_PAY');
    given(hired).when('RecordAbsence', days, { id: 'anna', person: 'boris' }).then([away]);
  });

  it('are refused with the rule', () => {
    const wrong = { ...days, lastDay: '2009-08-09' };
    given(hired).when('RecordAbsence', wrong).thenRefused('ABSENCE_ENDS_BEFORE');
    given(hired)
      .when('RecordAbsence', { ...days, firstDay: '2009-01-10' })
      .thenRefused('EMPLOYEE_NOT_EMPLOYED');
    given(hired, away)
      .when('RecordAbsence', { ...days, kind: 'training' })
      .thenRefused('ABSENCE_EXISTS');
    given(hired).when('CancelAbsence', { absenceId: 'a9', reason: 'x' }).thenRefused('ABSENCE_NOT_FOUND');
    given().when('RecordAbsence', days).thenRefused('EMPLOYEE_NOT_FOUND');
  });
});
