import type { Role } from '@voronka/kernel';

/** Everyone who works with customers, and services on their behalf. */
export const SELLERS: readonly Role[] = ['admin', 'service', 'manager', 'head', 'director'];
/** Those who may decide about other people's deals. */
export const LEADERS: readonly Role[] = ['admin', 'service', 'head', 'director'];
/** Those who may make an exception from the route map; a service has nobody's authority of its own. */
export const AUTHORITIES: readonly Role[] = ['admin', 'head', 'director'];
/** Those who keep staff, products and route maps. */
export const KEEPERS: readonly Role[] = ['admin', 'service', 'director'];
/** Those who set the company up and take history over. */
export const OPERATORS: readonly Role[] = ['admin', 'service'];

export function hasAnyOf(roles: readonly Role[], wanted: readonly Role[]): boolean {
  return roles.some((role) => wanted.includes(role));
}
