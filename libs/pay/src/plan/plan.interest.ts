import type { LocalDate } from '@voronka/kernel';
import type { Scope } from '../pay-regulation/pay-regulation.document.js';
import type { RegulationState } from '../pay-regulation/pay-regulation.decider.js';
import { regulationFor } from '../pay-regulation/pay-regulation.versions.js';
import type { PlanCell } from './plan.document.js';

/** What is asked of the person who changes a plan: where he works. */
export type AuthorFact =
  | { readonly status: 'none' }
  | {
      readonly status: 'employed' | 'dismissed';
      readonly current: {
        readonly assignments: readonly {
          readonly effectiveOn: LocalDate;
          readonly departmentId: string;
          readonly position: string;
        }[];
      };
    };

interface Question {
  readonly person: string;
  readonly author: AuthorFact;
  readonly regulations: RegulationState;
  readonly today: LocalDate;
}

const SCOPE_OF: Readonly<Record<PlanCell['owner']['kind'], Scope>> = {
  employee: 'self',
  department: 'department',
  company: 'company',
};

/**
 * Is the person paid by the plan? His own plan always; his department's and the company's if a rule or gate of the
 * regulation that covers him today asks for it.
 */
export function paysHimself({ indicator, owner }: PlanCell, { person, author, regulations, today }: Question): boolean {
  if (owner.kind === 'employee') return owner.id === person;
  if (author.status !== 'employed') return false;
  const place = author.current.assignments.findLast(({ effectiveOn }) => effectiveOn <= today);
  if (place === undefined || (owner.kind === 'department' && owner.id !== place.departmentId)) return false;
  const found = regulationFor(regulations.versions, today, { employeeId: person, ...place });
  const scope = SCOPE_OF[owner.kind];
  return (
    found?.document.rules.some((rule) =>
      [rule, ...rule.gates].some((one) => one.indicator === indicator && one.planScope === scope),
    ) ?? false
  );
}
