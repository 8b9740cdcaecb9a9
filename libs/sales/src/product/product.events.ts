import type { EventDefinitions, EventOf } from '@voronka/kernel';

export type ProductAdded = EventOf<'ProductAdded', { readonly name: string; readonly line: string }>;

/** What speaks for the product, for one segment or (null) for all. */
export type AdvantageStated = EventOf<
  'AdvantageStated',
  { readonly advantageId: string; readonly segment: string | null; readonly text: string }
>;

export type ProductRetired = EventOf<'ProductRetired', { readonly reason: string }>;

/** A deal won with the product opens a service case on the map from then on; null: no longer. */
export type ServiceMapAssigned = EventOf<'ServiceMapAssigned', { readonly routeMapId: string | null }>;

export type ProductEvent = ProductAdded | AdvantageStated | ProductRetired | ServiceMapAssigned;

export const productEvents: EventDefinitions<ProductEvent> = {
  ProductAdded: {},
  AdvantageStated: {},
  ProductRetired: {},
  ServiceMapAssigned: {},
};
