import type { Role } from '@voronka/kernel';
import type { PlanCellBody } from './plan.commands.js';
import type { OwnerKind } from './plan.document.js';

/** Heads plan for the departments they head and their people; whoever is paid by a plan does not change it. */
export const PLANNERS: readonly Role[] = ['admin', 'service', 'head', 'director'];

/** The things that cells name, each once. */
export function idsNamed(cells: readonly PlanCellBody[]): {
  readonly indicators: readonly string[];
  readonly employees: readonly string[];
  readonly departments: readonly string[];
} {
  const owners = (kind: OwnerKind) => cells.flatMap(({ owner }) => (owner.kind === kind ? [owner.id] : []));
  return {
    indicators: [...new Set(cells.map(({ indicator }) => indicator))],
    employees: [...new Set(owners('employee'))],
    departments: [...new Set(owners('department'))],
  };
}
