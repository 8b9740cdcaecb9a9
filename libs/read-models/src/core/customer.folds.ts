import { isErased, type Recorded } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection } from '@voronka/projections';
import type {
  AnswerValue,
  CustomerCorrected,
  CustomerDescribed,
  CustomerRegistered,
  ProductAdded,
  SegmentAssigned,
  ServiceMapAssigned,
} from '@voronka/sales/events';
import { CHOICE_SEPARATOR } from '../answer-text.js';
import { identitiesOf } from './identities.js';
import { closing, insertion, type KnownRow, replaceRows } from './known-rows.js';
import { customerIdentities, customerPortrait, customers, customerSegments, products } from './reference.tables.js';
import { identical, spellsOf, type Turn } from './spells.js';
import { thingId } from './thing-id.js';

interface CustomerView {
  /** What its row says that is not personal, and since which position the row is known; null until registered. */
  readonly registered: { readonly kind: string; readonly source: string | null; readonly since: string } | null;
  /** Null: counts to none. */
  readonly segments: readonly Turn<string | null>[];
  readonly spells: readonly KnownRow[];
  /** By field of the portrait: answers as JSON text. */
  readonly portrait: Readonly<Record<string, readonly Turn<string>[]>>;
  readonly portraitSpells: readonly KnownRow[];
}

/** Sorting is stable: of two from the same moment the later told one holds. */
function turned<Value>(turns: readonly Turn<Value>[], turn: Turn<Value>): readonly Turn<Value>[] {
  return [...turns, turn].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

/**
 * Customers, the segments they count to, and what is known of them that is not personal. The name, and what customers
 * are told apart by, go into rows alone, never into the state; personal answers go nowhere.
 */
export const customersFold: FoldProjection = defineFold<CustomerView>({
  kind: 'fold',
  name: 'customers',
  tables: [customers, customerSegments, customerPortrait, customerIdentities],
  key: thingId('customer'),
  initialState: () => ({ registered: null, segments: [], spells: [], portrait: {}, portraitSpells: [] }),
  on: {
    CustomerRegistered: (state, event) => {
      if (state.registered !== null) return { state, changes: [] };
      const told = event as Recorded<CustomerRegistered>;
      const { kind, source } = told.data;
      const registered = { kind, source, since: String(told.position) };
      return { state: { ...state, registered }, changes: identityRows(told, registered) };
    },
    CustomerCorrected: (state, event) => {
      if (state.registered === null) return { state, changes: [] };
      const told = event as Recorded<CustomerCorrected>;
      const key = { customer_id: customerOf(told) };
      const { since } = state.registered;
      const closed = [customers, customerIdentities].map((table) => closing(table, key, since, told.position));
      const registered = { ...state.registered, since: String(told.position) };
      return { state: { ...state, registered }, changes: [...closed, ...identityRows(told, registered)] };
    },
    SegmentAssigned: (state, event) => {
      const { data, stream, eventId, position } = event as Recorded<SegmentAssigned>;
      const turn = { id: eventId, from: data.effectiveFrom, value: data.segment };
      // From then on, whatever was said of later moments before.
      const segments = [...state.segments.filter(({ from }) => from < turn.from), turn];
      const rows = spellsOf(segments, identical).flatMap(({ id, from, to, value }) =>
        value === null
          ? []
          : {
              customer_id: stream.slice('customer-'.length),
              segment: value,
              valid_from: from,
              valid_to: to,
              event_id: id,
            },
      );
      const replaced = replaceRows(customerSegments, state.spells, rows, position);
      return { state: { ...state, segments, spells: replaced.rows }, changes: replaced.changes };
    },
    CustomerDescribed: (state, event) => {
      const { data, stream, eventId, position, metadata } = event as Recorded<CustomerDescribed>;
      // Without a prototype, so that a field may bear any name.
      const portrait: Record<string, readonly Turn<string>[]> = Object.assign(Object.create(null), state.portrait);
      for (const [field, answer] of Object.entries(data.portrait)) {
        const turn = { id: eventId, from: metadata.occurredAt, value: JSON.stringify(answer) };
        portrait[field] = turned(portrait[field] ?? [], turn);
      }
      const rows = Object.entries(portrait).flatMap(([field, turns]) =>
        spellsOf(turns, identical).map(({ id, from, to, value }) => ({
          customer_id: stream.slice('customer-'.length),
          field,
          ...answerCells(JSON.parse(value) as AnswerValue),
          valid_from: from,
          valid_to: to,
          event_id: id,
        })),
      );
      const replaced = replaceRows(customerPortrait, state.portraitSpells, rows, position);
      return { state: { ...state, portrait, portraitSpells: replaced.rows }, changes: replaced.changes };
    },
  },
});

const customerOf = ({ stream }: Recorded): string => stream.slice('customer-'.length);

/** Who the customer is, as an event says it whole. */
function identityRows(
  event: Recorded<CustomerRegistered> | Recorded<CustomerCorrected>,
  { kind, source }: NonNullable<CustomerView['registered']>,
): Change[] {
  const { data, eventId, position } = event;
  const key = { customer_id: customerOf(event), event_id: eventId };
  const name = isErased(data.name) ? null : data.name;
  return [
    insertion(customers, { ...key, kind, name, source }, position),
    insertion(customerIdentities, { ...key, ...identitiesOf(data) }, position),
  ];
}

function answerCells(answer: AnswerValue): { value: string; choices: readonly string[] } {
  // In the order of the codes: the same choices are the same answer, however they were ticked.
  const choices = typeof answer === 'object' ? [...answer].sort() : [String(answer)];
  return { value: choices.join(CHOICE_SEPARATOR), choices };
}

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
