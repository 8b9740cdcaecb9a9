import {
  type CommandDefinition,
  departmentsUp,
  type FactRefs,
  type FactsSender,
  headsDepartment,
  localDateOf,
  type Reach,
  reachOf,
  type Role,
} from '@voronka/kernel';
import { assignmentOn, type EmployeeState } from '../employee/employee.state.js';
import { SELLERS } from '../shared/access.js';
import type { DealFacts } from './deal.facts.js';
import type { DealContext } from './deal.gates.js';
import type { DealState } from './deal.state.js';

/** How far somebody acts: roles that only look at things give no right to act. */
export function actingReach(roles: readonly Role[]): Reach {
  return reachOf(roles.filter((role) => SELLERS.includes(role)));
}

/**
 * The department that a deal is in when a command comes: where its owner works on that day, or worked last. Null for
 * nobody's deal, which is in none.
 */
export function departmentOf(owner: EmployeeState | undefined, day: string): string | null {
  if (owner === undefined || owner.status === 'none') return null;
  return (assignmentOn(owner, day) ?? owner.current.assignments.at(-1))?.departmentId ?? null;
}

type Asked<State> = FactsSender & { readonly body: never; readonly state: State };

/** Who answers for the deal and the departments above him, where the sender's reach goes by them. */
function furtherOf(known: DealFacts, { body, state, person, roles, now }: Asked<DealState>): FactRefs {
  if (actingReach(roles) !== 'departments') return {};
  const { ownerId = null } = body as { readonly ownerId?: string | null };
  const owner = state.status === 'none' ? (ownerId ?? person) : state.ownerId;
  if (owner === null) return {};
  const answering = { category: 'employee', id: owner };
  const day = known.company?.status === 'configured' ? localDateOf(now, known.company.zone) : null;
  const start = day === null ? null : departmentOf(known.answering, day);
  if (start === null) return { answering };
  const above = departmentsUp([start], known.above ?? []);
  return { answering, above: above.map((id) => ({ category: 'department', id })) };
}

/** The same definition, with what a head's reach is judged by. */
export function withReach<State extends DealState, Definition extends CommandDefinition<State>>(
  definition: Definition,
): Definition {
  return { ...definition, further: furtherOf };
}

/** Does the deal's owner work under the person who acts? Whoever reaches the whole company leads everybody. */
export function leads(context: DealContext, zone: string): boolean {
  const reach = actingReach(context.roles);
  if (reach !== 'departments') return reach === 'company';
  const { person, facts, now } = context;
  const day = localDateOf(now, zone);
  const start = departmentOf(facts.answering, day);
  if (person === null || start === null) return false;
  return headsDepartment(person, start, { starts: [start], known: facts.above ?? [], day });
}
