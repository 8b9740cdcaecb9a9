import { type Instant, type LocalDate, localDateOf, type Recorded, type RecordedUnion } from '@voronka/kernel';
import { defineFold, type FoldProjection, type Lookup } from '@voronka/projections';
import type { EmploymentEvent } from '@voronka/sales/events';
import { isUpTo, thingId } from './thing-id.js';

/** From a day on; `roles` null: no longer employed. Entries stand in the order they were told. */
interface Entry {
  readonly position: string;
  readonly on: LocalDate;
  readonly roles: readonly string[] | null;
  /** A hiring leaves nothing of an earlier employment behind. */
  readonly hired: boolean;
}

interface WorkingRolesView {
  readonly entries: readonly Entry[];
}

/** Working roles of everybody; resident, since deviations ask who may do what. Without tables of its own. */
export const workingRolesFold: FoldProjection = defineFold<WorkingRolesView>({
  kind: 'fold',
  name: 'working_roles',
  tables: [],
  resident: true,
  key: thingId('employee'),
  initialState: () => ({ entries: [] }),
  on: { EmployeeHired: told, EmployeeTransferred: told, EmployeeDismissed: told },
});

function told({ entries }: WorkingRolesView, recorded: Recorded) {
  const entry = entryOf(recorded as RecordedUnion<EmploymentEvent>);
  return { state: { entries: [...entries, entry] }, changes: [] };
}

function entryOf(event: RecordedUnion<EmploymentEvent>): Entry {
  const position = String(event.position);
  switch (event.type) {
    case 'EmployeeHired':
      return { position, on: event.data.hiredOn, roles: event.data.roles, hired: true };
    case 'EmployeeTransferred':
      return { position, on: event.data.effectiveOn, roles: event.data.roles, hired: false };
    case 'EmployeeDismissed':
      return { position, on: event.data.lastDay, roles: null, hired: false };
    default:
      return event satisfies never;
  }
}

/**
 * Working roles of an employee on the local day of an instant, as they were known at a position; null where nobody
 * knows, or who was not employed that day.
 */
export function workingRolesAt(
  look: Lookup,
  { employee, at, zone, position }: { employee: string; at: Instant; zone: string; position: string },
): readonly string[] | null {
  const entries = look<WorkingRolesView>('working_roles', employee)?.entries ?? [];
  const day = localDateOf(at, zone);
  let holding: Entry | null = null;
  for (const entry of entries) {
    if (!isUpTo(entry.position, position)) break;
    if (holdsOn(entry, day) && (holding === null || takesThePlaceOf(entry, holding))) holding = entry;
  }
  return holding?.roles ?? null;
}

/** The last working day still belongs to the employment. */
function holdsOn({ on, roles }: Entry, day: LocalDate): boolean {
  return roles === null ? on < day : on <= day;
}

function takesThePlaceOf(entry: Entry, earlier: Entry): boolean {
  return entry.hired || entry.roles === null || entry.on >= earlier.on;
}
