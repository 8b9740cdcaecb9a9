import { type ClosedMonths, type FactRefs, payrollRef, type ThingRef } from '@voronka/kernel';
import type { CalendarState } from '../calendar/calendar.decider.js';
import { COMPANY_CALENDAR_ID, COMPANY_ID, type CompanyState } from '../company/company.decider.js';
import type { CustomerState } from '../customer/customer.decider.js';
import type { EmployeeState } from '../employee/employee.state.js';
import type { ProductState } from '../product/product.decider.js';
import type { RouteMapState } from '../route-map/route-map.decider.js';
import type { DepartmentFacts } from '../shared/within-departments.js';
import type { DealState } from './deal.state.js';

/** Other things that decisions about a deal look at; each command asks for those it needs. */
export interface DealFacts extends DepartmentFacts {
  readonly company?: CompanyState;
  readonly calendar?: CalendarState;
  /** Absent as long as no month was closed. */
  readonly payroll?: ClosedMonths;
  readonly routeMap?: RouteMapState;
  readonly customer?: CustomerState;
  /** In the order of `productIds` of the command's lines. */
  readonly products?: readonly ProductState[];
  /** Owner of the deal, or who is to become it. */
  readonly owner?: EmployeeState;
  readonly performer?: EmployeeState;
  /** In the order of the shares of the command. */
  readonly credited?: readonly EmployeeState[];
  /** The employee who acts. */
  readonly person?: EmployeeState;
}

interface Sender {
  readonly person: string | null;
}

/** Company, calendar and closed months, for every dated entry. */
export const companyRefs = {
  company: { category: 'company', id: COMPANY_ID },
  calendar: { category: 'calendar', id: COMPANY_CALENDAR_ID },
  payroll: payrollRef,
} as const;

/** A reference under a name, or nothing where there is no id. */
export function refTo(name: keyof DealFacts, category: string, id: string | null | undefined): FactRefs {
  return typeof id === 'string' ? { [name]: { category, id } } : {};
}

/** What every command on an opened deal needs. */
export function entryRefs(state: DealState): FactRefs {
  const map = state.status === 'none' ? null : state.opening.routeMapId;
  return { ...companyRefs, ...refTo('routeMap', 'routeMap', map) };
}

/** What commands need that ask which steps belong to the deal's way: conditions look at the customer, too. */
export function wayRefs(state: DealState): FactRefs {
  const customer = state.status === 'none' ? null : state.opening.customerId;
  return { ...entryRefs(state), ...refTo('customer', 'customer', customer) };
}

/** Who does it: named, or the sender himself. */
export function performerOf(body: { performedBy?: string | null }, sender: Sender): string | null {
  return body.performedBy ?? sender.person;
}

/** Ids of the products that lines name, each once, in their order. */
export function productIds(lines: readonly { readonly productId?: string | null }[]): readonly string[] {
  return [...new Set(lines.flatMap(({ productId }) => (typeof productId === 'string' ? [productId] : [])))];
}

export function productRefs(lines: readonly { readonly productId?: string | null }[]): { products: ThingRef[] } {
  return { products: productIds(lines).map((id) => ({ category: 'product', id })) };
}
