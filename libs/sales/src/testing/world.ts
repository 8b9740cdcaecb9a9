import { type AnyEvent, type Decider, type FactRefs, type WrittenUnion, type ThingRef } from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import { companyDecider } from '../company/company.decider.js';
import type { CompanyEvent } from '../company/company.events.js';
import { calendarDecider } from '../calendar/calendar.decider.js';
import { customerDecider } from '../customer/customer.decider.js';
import type { CustomerEvent } from '../customer/customer.events.js';
import type { DepartmentEvent } from '../department/department.events.js';
import { departmentDecider } from '../department/department.decider.js';
import { employeeDecider } from '../employee/employee.decider.js';
import type { EmployeeEvent } from '../employee/employee.events.js';
import { initialDeal } from '../deal/deal.state.js';
import { productDecider } from '../product/product.decider.js';
import type { ProductEvent } from '../product/product.events.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import type { RouteMapEvent } from '../route-map/route-map.events.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';

/** States of the things around a deal, by `category-id`, folded from real events by the real deciders. */
export type World = ReadonlyMap<string, unknown>;

/** The state of a thing after some events. */
export function stateOf<State, Event extends AnyEvent>(
  decider: Decider<State, never, Event, never>,
  events: readonly Event[],
  stream = 'given',
): State {
  const list: WrittenUnion<Event>[] = recorded(events, { stream, occurredAt: '2009-01-01T00:00:00.000Z' });
  return list.reduce((state, event) => decider.evolve(state, event), decider.initialState());
}

const company: CompanyEvent = {
  type: 'CompanyConfigured',
  data: {
    name: 'Konstanta',
    zone: 'Europe/Samara',
    currency: 'RUB',
    firstPayrollPeriod: '2009-08',
    calendarId: 'main',
    backdatingWorkingDays: 5,
  },
};

function hired(roles: readonly string[], hiredOn = '2009-02-01'): EmployeeEvent {
  const data = { name: 'Somebody', email: null, position: 'Seller', departmentId: 'sales', robot: false };
  return { type: 'EmployeeHired', data: { ...data, roles, hiredOn } };
}

function headed(name: string, employeeId: string): readonly DepartmentEvent[] {
  return [
    { type: 'DepartmentCreated', data: { name, parentId: null } },
    { type: 'DepartmentHeadAppointed', data: { employeeId, effectiveOn: '2009-02-01' } },
  ];
}

const customer: CustomerEvent = {
  type: 'CustomerRegistered',
  data: { kind: 'company', name: 'Volga Tools', taxNumber: null, contacts: [], source: null },
};

function product(...more: ProductEvent[]): readonly ProductEvent[] {
  return [{ type: 'ProductAdded', data: { name: 'Trade management', line: 'trade' } }, ...more];
}

export function published(document: RouteMapDocument, version = 1): RouteMapEvent {
  return { type: 'RouteMapPublished', data: { version, document } };
}

/**
 * Ivanova and Petrov sell, Belov analyses, Orlova heads; Novikov comes on 17 August 2009, Lebedev left on 31 July.
 * Product `old` and map `retired` are no longer taken; map `service` is no map of sales.
 */
export const world: World = new Map<string, unknown>([
  ['company-main', stateOf(companyDecider, [company])],
  ['employee-ivanova', stateOf(employeeDecider, [hired(['manager'])])],
  ['employee-petrov', stateOf(employeeDecider, [hired(['manager'])])],
  ['employee-belov', stateOf(employeeDecider, [hired(['analyst'])])],
  ['employee-orlova', stateOf(employeeDecider, [hired(['head'])])],
  ['employee-novikov', stateOf(employeeDecider, [hired(['manager'], '2009-08-17')])],
  [
    'employee-lebedev',
    stateOf(employeeDecider, [hired(['manager']), { type: 'EmployeeDismissed', data: { lastDay: '2009-07-31' } }]),
  ],
  ['department-sales', stateOf(departmentDecider, headed('sales', 'orlova'), 'department-sales')],
  ['customer-volga-tools', stateOf(customerDecider, [customer])],
  ['product-trade', stateOf(productDecider, product())],
  ['product-stock', stateOf(productDecider, product())],
  ['product-old', stateOf(productDecider, product({ type: 'ProductRetired', data: { reason: 'Replaced' } }))],
  [
    'routeMap-automation',
    stateOf(routeMapDecider, [published(exampleRouteMap), published({ ...exampleRouteMap, name: 'Second' }, 2)]),
  ],
  [
    'routeMap-retired',
    stateOf(routeMapDecider, [published(exampleRouteMap), { type: 'RouteMapRetired', data: { reason: 'Old' } }]),
  ],
  ['routeMap-service', stateOf(routeMapDecider, [published({ ...exampleRouteMap, purpose: 'service' })])],
]);

const initial: Readonly<Record<string, () => unknown>> = {
  deal: initialDeal,
  company: companyDecider.initialState,
  calendar: calendarDecider.initialState,
  department: departmentDecider.initialState,
  employee: employeeDecider.initialState,
  customer: customerDecider.initialState,
  product: productDecider.initialState,
  routeMap: routeMapDecider.initialState,
};

/** The facts that a command asks for, as the write side would look them up. */
export function factsFrom(states: World, refs: FactRefs): Readonly<Record<string, unknown>> {
  const one = ({ category, id }: ThingRef): unknown => states.get(`${category}-${id}`) ?? initial[category]?.();
  const isOne = (ref: ThingRef | readonly ThingRef[]): ref is ThingRef => !Array.isArray(ref);
  return Object.fromEntries(Object.entries(refs).map(([name, ref]) => [name, isOne(ref) ? one(ref) : ref.map(one)]));
}
