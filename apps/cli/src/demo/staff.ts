import { type Instant, startOfLocalDay } from '@voronka/kernel';
import { type DemoManager, departments, managers, transfer, ZONE } from './company.js';
import type { ScheduledCommand } from './scheduled-command.js';

export function isEmployed(manager: DemoManager, at: Instant): boolean {
  if (at < startOfLocalDay(manager.hiredOn, ZONE)) return false;
  return manager.lastDay === undefined || at < startOfLocalDay(manager.lastDay, ZONE);
}

/** Who heads the department that a manager is in at the time. */
export function headOf(managerId: string, at: Instant): string {
  const manager = managers.find(({ id }) => id === managerId);
  const moved = managerId === transfer.employee && at >= startOfLocalDay(transfer.effectiveOn, ZONE);
  const place = moved ? transfer.department : manager?.department;
  return departments.find(({ id }) => id === place)?.head ?? departments[0].head;
}

/** As that head, of the department of whoever gave a command. */
export function byHeadOf({ person }: ScheduledCommand, at: Instant): Pick<ScheduledCommand, 'person' | 'roles'> {
  return { person: headOf(person ?? '', at), roles: ['head'] };
}

/** What somebody of the story is called; an id of nobody in it stays as it is. */
export function nameOf(id: string): string {
  const manager = managers.find((one) => one.id === id)?.name;
  return manager ?? departments.find(({ head }) => head === id)?.headName ?? id;
}
