import { plainFiveDayWeek } from '@voronka/kernel';
import { indicatorCatalogue } from '@voronka/pay';
import {
  BEGIN_MS,
  type BenchCompany,
  END_MS,
  localDate,
  ROUTE_MAP_ID,
  routeMap,
  SECOND_MAP_MS,
  ZONE,
} from './company.js';
import type { StoryCommand } from './story-command.js';

type Told = Pick<StoryCommand, 'category' | 'id' | 'type' | 'body'>;

/** Everything about the company itself, in the order of entry: what stands at first, then what changes. */
export function foundingCommands({ departments, managers, products }: BenchCompany): readonly StoryCommand[] {
  const company = { name: 'Bench', zone: ZONE, currency: 'RUB', firstPayrollPeriod: localDate(BEGIN_MS).slice(0, 7) };
  const heads = departments.map(({ id, head }) =>
    hired(head, { name: head, departmentId: id, roles: ['head', 'manager'], position: 'Head', hiredOn: '2022-01-10' }),
  );
  const staff = managers.map(({ id, name, department, hiredMs }) => {
    const departmentId = departments[department]?.id ?? '';
    return hired(id, { name, departmentId, roles: ['manager'], position: 'Manager', hiredOn: localDate(hiredMs) });
  });
  const first: readonly Told[] = [
    { category: 'company', id: 'main', type: 'ConfigureCompany', body: company },
    { category: 'calendar', id: 'main', type: 'PublishCalendar', body: { name: 'Plain', ...plainFiveDayWeek() } },
    ...departments.map(({ id, name }) => ({ category: 'department', id, type: 'CreateDepartment', body: { name } })),
    ...heads,
    ...departments.map(({ id, head: employeeId }) => {
      const body = { employeeId, effectiveOn: '2022-01-10' };
      return { category: 'department', id, type: 'AppointHead', body };
    }),
    ...staff,
    ...products.map(({ id, name, line }) => ({ category: 'product', id, type: 'AddProduct', body: { name, line } })),
    published(1),
    ...indicatorCatalogue.map(({ code, definition }) => {
      return { category: 'indicator', id: code, type: 'DefineIndicator', body: { ...definition } };
    }),
  ];
  const later = [at(SECOND_MAP_MS, published(2)), ...changesOfStaff({ departments, managers, products })];
  return [...first.map((told) => at(BEGIN_MS, told)), ...later.toSorted((a, b) => a.atMs - b.atMs)];
}

function changesOfStaff({ departments, managers }: BenchCompany): readonly StoryCommand[] {
  return managers.flatMap(({ id, moved, leftMs }) => {
    const commands: StoryCommand[] = [];
    if (moved !== null) {
      const body = { departmentId: departments[moved.department]?.id ?? '', effectiveOn: localDate(moved.ms) };
      commands.push(at(moved.ms, { category: 'employee', id, type: 'TransferEmployee', body }));
    }
    if (leftMs < END_MS) {
      const body = { lastDay: localDate(leftMs - 1) };
      commands.push(at(leftMs, { category: 'employee', id, type: 'DismissEmployee', body }));
    }
    return commands;
  });
}

function published(version: 1 | 2): Told {
  return { category: 'routeMap', id: ROUTE_MAP_ID, type: 'PublishRouteMap', body: { ...routeMap(version) } };
}

function hired(id: string, body: Readonly<Record<string, unknown>>): Told {
  return { category: 'employee', id, type: 'HireEmployee', body };
}

function at(atMs: number, told: Told): StoryCommand {
  return { ...told, atMs, occurredMs: atMs, person: null, roles: ['admin'] };
}
