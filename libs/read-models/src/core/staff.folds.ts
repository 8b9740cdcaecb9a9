import { addDays, isErased, type LocalDate, type Recorded, type RecordedUnion, startOfLocalDay } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection, type Lookup } from '@voronka/projections';
import type { DepartmentEvent, EmploymentEvent } from '@voronka/sales/events';
import { zoneOf } from './company.fold.js';
import { type KnownRow, type PlainRow, replaceRows } from './known-rows.js';
import { departmentHeads, departments, employeeAssignments, employees } from './reference.tables.js';
import { identical, OPEN_END, spellsOf, type Turn } from './spells.js';
import { thingId } from './thing-id.js';

interface DepartmentView {
  readonly rows: readonly KnownRow[];
  /** Heads in the order of their first days. */
  readonly turns: readonly Turn<string>[];
  readonly heads: readonly KnownRow[];
}

export const departmentsFold: FoldProjection = defineFold<DepartmentView>({
  kind: 'fold',
  name: 'departments',
  tables: [departments, departmentHeads],
  key: thingId('department'),
  initialState: () => ({ rows: [], turns: [], heads: [] }),
  on: { DepartmentCreated: onDepartment, DepartmentHeadAppointed: onDepartment },
});

function onDepartment(
  state: DepartmentView,
  recorded: Recorded,
  look: Lookup,
): { state: DepartmentView; changes: Change[] } {
  const event = recorded as RecordedUnion<DepartmentEvent>;
  const { data, type, eventId, position, stream } = event;
  const id = { department_id: stream.slice('department-'.length) };
  if (type === 'DepartmentCreated') {
    const row = { ...id, name: data.name, parent_id: data.parentId, event_id: eventId };
    const { rows, changes } = replaceRows(departments, state.rows, [row], position);
    return { state: { ...state, rows }, changes };
  }
  const from = startOfLocalDay(data.effectiveOn, zoneOf(look));
  // The later appointment to a day takes the place of the earlier one.
  const turns = [...state.turns.filter((turn) => turn.from !== from), { id: eventId, from, value: data.employeeId }];
  const after = spellsOf(
    turns.toSorted((a, b) => (a.from < b.from ? -1 : 1)),
    identical,
  ).map((spell) => ({
    ...id,
    employee_id: spell.value,
    valid_from: spell.from,
    valid_to: spell.to,
    event_id: spell.id,
  }));
  const { rows: heads, changes } = replaceRows(departmentHeads, state.heads, after, position);
  return { state: { ...state, turns, heads }, changes };
}

interface Assignment {
  readonly id: string;
  readonly on: LocalDate;
  readonly department: string;
  readonly position: string;
}

interface Employment {
  readonly hiredOn: LocalDate;
  readonly lastDay: LocalDate | null;
  readonly assignments: readonly Assignment[];
}

interface EmployeeView {
  readonly employments: readonly Employment[];
  readonly person: readonly KnownRow[];
  readonly places: readonly KnownRow[];
}

/** People, and where they work: days of the log turned into moments of the company's zone. */
export const employeesFold: FoldProjection = defineFold<EmployeeView>({
  kind: 'fold',
  name: 'employees',
  tables: [employees, employeeAssignments],
  key: thingId('employee'),
  initialState: () => ({ employments: [], person: [], places: [] }),
  on: { EmployeeHired: onEmployee, EmployeeTransferred: onEmployee, EmployeeDismissed: onEmployee },
});

function onEmployee(state: EmployeeView, recorded: Recorded, look: Lookup): { state: EmployeeView; changes: Change[] } {
  const event = recorded as RecordedUnion<EmploymentEvent>;
  const { position, stream } = event;
  const employments = employmentsAfter(state.employments, event);
  const own = { employee_id: stream.slice('employee-'.length) };
  const row = employeeRow(state.person[0]?.row, event);
  const person = replaceRows(employees, state.person, row === undefined ? [] : [{ ...row, ...own }], position);
  const spells = assignmentRows(employments, zoneOf(look)).map((spell) => ({ ...own, ...spell }));
  const places = replaceRows(employeeAssignments, state.places, spells, position);
  return {
    state: { employments, person: person.rows, places: places.rows },
    changes: [...person.changes, ...places.changes],
  };
}

function employeeRow(row: PlainRow | undefined, event: RecordedUnion<EmploymentEvent>): PlainRow | undefined {
  switch (event.type) {
    case 'EmployeeHired': {
      const { name, robot, hiredOn } = event.data;
      const called = isErased(name) ? null : name;
      return { name: called, robot, hired_on: hiredOn, dismissed_on: null, event_id: event.eventId };
    }
    case 'EmployeeDismissed':
      return row === undefined ? row : { ...row, dismissed_on: event.data.lastDay, event_id: event.eventId };
    case 'EmployeeTransferred':
      return row;
    default:
      event satisfies never;
      return row;
  }
}

function employmentsAfter(
  employments: readonly Employment[],
  event: RecordedUnion<EmploymentEvent>,
): readonly Employment[] {
  const current = employments.at(-1);
  if (event.type === 'EmployeeHired') {
    const { hiredOn, departmentId, position } = event.data;
    const assignments = [{ id: event.eventId, on: hiredOn, department: departmentId, position }];
    return [...employments, { hiredOn, lastDay: null, assignments }];
  }
  if (current === undefined) return employments;
  const earlier = employments.slice(0, -1);
  switch (event.type) {
    case 'EmployeeTransferred': {
      const { departmentId, position, effectiveOn } = event.data;
      const place = { id: event.eventId, on: effectiveOn, department: departmentId, position };
      // The later entry for a day replaces the earlier one.
      const others = current.assignments.filter(({ on }) => on !== effectiveOn);
      const assignments = [...others, place].toSorted((a, b) => (a.on < b.on ? -1 : 1));
      return [...earlier, { ...current, assignments }];
    }
    case 'EmployeeDismissed':
      return [...earlier, { ...current, lastDay: event.data.lastDay }];
    default:
      event satisfies never;
      return employments;
  }
}

function assignmentRows(employments: readonly Employment[], zone: string): PlainRow[] {
  return employments.flatMap(({ hiredOn, lastDay, assignments }, index) => {
    const end = earliest(dayAfter(lastDay), employments[index + 1]?.hiredOn ?? null);
    return assignments.flatMap(({ id, on, department, position }, at) => {
      const from = on < hiredOn ? hiredOn : on;
      const to = earliest(assignments[at + 1]?.on ?? null, end);
      if (to !== null && to <= from) return [];
      const valid_to = to === null ? OPEN_END : startOfLocalDay(to, zone);
      const valid_from = startOfLocalDay(from, zone);
      return [{ department_id: department, position, valid_from, valid_to, event_id: id }];
    });
  });
}

/** Commands take no such days any more, but a log may hold them. */
const LAST_OF_ALL = '9999-12-31';

function dayAfter(lastDay: LocalDate | null): LocalDate | null {
  return lastDay === null || lastDay === LAST_OF_ALL ? null : addDays(lastDay, 1);
}

/** The earlier of two days; null is never. */
function earliest(a: LocalDate | null, b: LocalDate | null): LocalDate | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
