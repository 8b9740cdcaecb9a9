import {
  type DepartmentFact,
  departmentsUp,
  type FactRefs,
  type FactSender,
  headsDepartment,
  type LocalDate,
  localDateOf,
  reachOf,
  refuse,
  type Role,
} from '@voronka/kernel';
import type { CompanyFact } from '../indicator/indicator.faults.js';
import type { PlanCellBody } from './plan.commands.js';
import { idsNamed, PLANNERS } from './plan.named.js';
import type { AuthorFact } from '../shared/author.js';

/** What a head's reach over plans is judged by. */
export interface ReachFacts {
  readonly company?: CompanyFact;
  /** In the order of `idsNamed`. */
  readonly employees: readonly ({ readonly status: string } | undefined)[];
  /** Departments that the cells are about and those above, in the order of `departmentsUp`. */
  readonly above?: readonly (DepartmentFact | undefined)[];
}

type Cells = readonly PlanCellBody[];

/** Departments whose heads must be known, where the sender plans as a head. */
export function reachRefs(
  known: ReachFacts,
  { body, roles, now }: FactSender & { readonly body: { readonly cells: Cells } },
): FactRefs {
  if (!isLimited(roles) || known.company?.status !== 'configured') return {};
  const places = placesOf(body.cells, known, localDateOf(now, known.company.zone));
  const ids = departmentsUp(startsOf(places), known.above ?? []);
  return { above: ids.map((id) => ({ category: 'department', id })) };
}

/** @throws DomainError `NOT_YOUR_DEPARTMENT` for a head who plans beyond the departments he heads today */
export function assertWithinReach(
  cells: Cells,
  sender: { readonly person: string | null; readonly roles: readonly Role[]; readonly day: LocalDate },
  facts: ReachFacts,
): void {
  if (!isLimited(sender.roles)) return;
  const { person, day } = sender;
  const places = placesOf(cells, facts, day);
  const known = { starts: startsOf(places), known: facts.above ?? [], day };
  const beyond = places.findIndex(
    (place) => place === null || person === null || !headsDepartment(person, place, known),
  );
  if (beyond < 0) return;
  throw refuse.forbidden(
    'NOT_YOUR_DEPARTMENT',
    'a head plans for the departments he heads today and their people: ask a director to plan beyond them',
    { cell: beyond, departmentId: places[beyond] ?? null },
  );
}

function isLimited(roles: readonly Role[]): boolean {
  return reachOf(roles.filter((role) => PLANNERS.includes(role))) === 'departments';
}

/** The department of each cell's owner on a day; null for the company, and for somebody who works nowhere. */
function placesOf(cells: Cells, { employees }: ReachFacts, day: LocalDate): readonly (string | null)[] {
  const states = new Map(
    idsNamed(cells).employees.map((id, index) => [id, employees[index] as AuthorFact | undefined]),
  );
  return cells.map(({ owner }) => {
    if (owner.kind === 'department') return owner.id;
    const state = owner.kind === 'employee' ? states.get(owner.id) : undefined;
    if (state === undefined || state.status === 'none') return null;
    const { assignments } = state.current;
    return (assignments.findLast(({ effectiveOn }) => effectiveOn <= day) ?? assignments[0])?.departmentId ?? null;
  });
}

function startsOf(places: readonly (string | null)[]): readonly string[] {
  return places.flatMap((place) => (place === null ? [] : [place]));
}
