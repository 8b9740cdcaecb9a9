import { lastDayOf, parsePeriod, type Period } from '@voronka/kernel';
import { PAY_GRAINS, type Scope } from '../pay-regulation/pay-regulation.document.js';
import type { RegulationState } from '../pay-regulation/pay-regulation.decider.js';
import { regulationFor } from '../pay-regulation/pay-regulation.versions.js';
import type { Assignment, AuthorFact } from '../shared/author.js';
import type { PlanCell } from './plan.document.js';

interface Question {
  readonly person: string;
  readonly author: AuthorFact;
  readonly regulations: RegulationState;
}

const SCOPE_OF: Readonly<Record<PlanCell['owner']['kind'], Scope>> = {
  employee: 'self',
  department: 'department',
  company: 'company',
};

/**
 * Is the person paid by the plan? His own plan always; his department's and the company's if a rule or gate of the
 * regulation that covers him for the plan's period asks for it. As for pay itself, the last assigned day in the period
 * decides, wherever he works today. A plan of a week or a range of days pays nobody.
 */
export function paysHimself({ indicator, owner, period: key }: PlanCell, question: Question): boolean {
  const { person, author, regulations } = question;
  if (owner.kind === 'employee') return owner.id === person;
  const period = parsePeriod(key);
  const grain = PAY_GRAINS.find((one) => one === period.grain);
  const place = lastPlaceIn(author, period);
  if (grain === undefined || place === null) return false;
  if (owner.kind === 'department' && owner.id !== place.departmentId) return false;
  const paidIn = `${lastDayOf(period).slice(0, 'YYYY-MM'.length)}-01`;
  const found = regulationFor(regulations.versions, paidIn, { employeeId: person, ...place });
  const scope = SCOPE_OF[owner.kind];
  return (
    found?.document.rules.some(
      (rule) =>
        rule.period === grain &&
        [rule, ...rule.gates].some((one) => one.indicator === indicator && one.planScope === scope),
    ) ?? false
  );
}

/** Where somebody works on the last day on which he is assigned in a period; null where he is on none. */
function lastPlaceIn(author: AuthorFact, period: Period): Assignment | null {
  if (author.status === 'none') return null;
  const last = lastDayOf(period);
  for (const { assignments, lastDay } of author.employments.toReversed()) {
    const end = lastDay !== null && lastDay < last ? lastDay : last;
    const place = end < period.from ? undefined : assignments.findLast(({ effectiveOn }) => effectiveOn <= end);
    if (place !== undefined) return place;
  }
  return null;
}
