import { isErased, type Recorded } from '@voronka/kernel';
import { defineFold, type FoldProjection } from '@voronka/projections';
import type { CustomerRegistered, ProductAdded, ServiceMapAssigned, SegmentAssigned } from '@voronka/sales/events';
import { insertion, type KnownRow, replaceRows } from './known-rows.js';
import { customers, customerSegments, products } from './reference.tables.js';
import { identical, spellsOf } from './spells.js';
import { thingId } from './thing-id.js';

interface CustomerView {
  readonly registered: boolean;
  readonly segments: readonly { readonly id: string; readonly from: string; readonly value: string }[];
  readonly spells: readonly KnownRow[];
}

/** Customers and the segments they count to. The name goes into the row alone, never into the state. */
export const customersFold: FoldProjection = defineFold<CustomerView>({
  kind: 'fold',
  name: 'customers',
  tables: [customers, customerSegments],
  key: thingId('customer'),
  initialState: () => ({ registered: false, segments: [], spells: [] }),
  on: {
    CustomerRegistered: (state, event) => {
      if (state.registered) return { state, changes: [] };
      const { data, stream, eventId, position } = event as Recorded<CustomerRegistered>;
      const { kind, source } = data;
      const name = isErased(data.name) ? null : data.name;
      const row = { customer_id: stream.slice('customer-'.length), kind, name, source, event_id: eventId };
      return { state: { ...state, registered: true }, changes: [insertion(customers, row, position)] };
    },
    SegmentAssigned: (state, event) => {
      const { data, stream, eventId, position } = event as Recorded<SegmentAssigned>;
      const turn = { id: eventId, from: data.effectiveFrom, value: data.segment };
      // Sorting is stable: of two from the same moment the later told one holds.
      const segments = [...state.segments, turn].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
      const rows = spellsOf(segments, identical).map(({ id, from, to, value }) => ({
        customer_id: stream.slice('customer-'.length),
        segment: value,
        valid_from: from,
        valid_to: to,
        event_id: id,
      }));
      const replaced = replaceRows(customerSegments, state.spells, rows, position);
      return { state: { ...state, segments, spells: replaced.rows }, changes: replaced.changes };
    },
  },
});

interface ProductView {
  readonly rows: readonly KnownRow[];
}

export const productsFold: FoldProjection = defineFold<ProductView>({
  kind: 'fold',
  name: 'products',
  tables: [products],
  key: thingId('product'),
  initialState: () => ({ rows: [] }),
  on: {
    ProductAdded: (state, event) => {
      const { data, stream, eventId, position } = event as Recorded<ProductAdded>;
      const { name, line } = data;
      const row = {
        product_id: stream.slice('product-'.length),
        name,
        line,
        retired: false,
        service_map_id: null,
        event_id: eventId,
      };
      const { rows, changes } = replaceRows(products, state.rows, [row], position);
      return { state: { rows }, changes };
    },
    ProductRetired: (state, { eventId, position }) => {
      const after = state.rows.map(({ row }) => ({ ...row, retired: true, event_id: eventId }));
      const { rows, changes } = replaceRows(products, state.rows, after, position);
      return { state: { rows }, changes };
    },
    ServiceMapAssigned: (state, event) => {
      const { data, eventId, position } = event as Recorded<ServiceMapAssigned>;
      const after = state.rows.map(({ row }) => ({ ...row, service_map_id: data.routeMapId, event_id: eventId }));
      const { rows, changes } = replaceRows(products, state.rows, after, position);
      return { state: { rows }, changes };
    },
  },
});
