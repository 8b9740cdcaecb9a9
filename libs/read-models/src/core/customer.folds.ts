import { isErased, type Recorded, type RecordedUnion } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection, type Lookup, type Through } from '@voronka/projections';
import type {
  AnswerValue,
  CustomerCorrected,
  CustomerDescribed,
  CustomerRegistered,
  DealMigrated,
  DealOpened,
  ProductAdded,
  SegmentAssigned,
  ServiceCaseMigrated,
  ServiceCaseOpened,
  ServiceMapAssigned,
} from '@voronka/sales/events';
import { looksAtCustomer } from '@voronka/sales/walk';
import { CHOICE_SEPARATOR } from '../answer-text.js';
import { type CustomerTurns, describedBy, segmentedBy } from './customer.turns.js';
import { identitiesOf } from './identities.js';
import { closing, insertion, type KnownRow, replaceRows } from './known-rows.js';
import { customerIdentities, customerPortrait, customers, customerSegments, products } from './reference.tables.js';
import { routeMapVersion } from './route-maps.fold.js';
import { identical, spellsOf } from './spells.js';
import { thingId, thingOf } from './thing-id.js';

export interface CustomerView extends CustomerTurns {
  /** What its row says that is not personal, and since which position the row is known; null until registered. */
  readonly registered: { readonly kind: string; readonly source: string | null; readonly since: string } | null;
  readonly spells: readonly KnownRow[];
  readonly portraitSpells: readonly KnownRow[];
  /** Ids of what follows a map that looks at the customer, by category: what is told of him is told of them, too. */
  readonly followed: Readonly<Record<'deal' | 'serviceCase', readonly string[]>>;
}

const ofCustomer = thingId('customer');

/** Where something of a customer begins to follow a version of a map. */
const FOLLOWING: ReadonlySet<string> = new Set([
  ...['DealOpened', 'DealMigrated', 'ServiceCaseOpened', 'ServiceCaseMigrated'],
]);

function customerKey(event: Recorded): string | null {
  if (!FOLLOWING.has(event.type)) return ofCustomer(event);
  return (event.data as { readonly customerId?: string | null }).customerId ?? null;
}

type Follows = RecordedUnion<DealOpened | DealMigrated | ServiceCaseOpened | ServiceCaseMigrated>;

function follows(state: CustomerView, recorded: Recorded, look: Lookup) {
  const event = recorded as Follows;
  const { category, id } = thingOf(event.stream);
  const number = 'toVersion' in event.data ? event.data.toVersion : event.data.routeMapVersion;
  const version = routeMapVersion(look, event.data.routeMapId, number);
  const isNone = version === undefined || !looksAtCustomer(version.document);
  if (isNone || (category !== 'deal' && category !== 'serviceCase')) return { state, changes: [] };
  const ids = state.followed[category];
  if (ids.includes(id)) return { state, changes: [] };
  return { state: { ...state, followed: { ...state.followed, [category]: [...ids, id] } }, changes: [] };
}

/** How what is told of a customer finds what follows a map that looks at him. */
export const throughCustomer = (category: keyof CustomerView['followed']): Through => ({
  fold: 'customers',
  events: ['CustomerDescribed', 'SegmentAssigned'],
  keys: (state) => (state as CustomerView).followed[category],
});

/** What is known of a customer, at an event that names him. */
export function customerTurns(look: Lookup, customerId: string): CustomerTurns | undefined {
  return look<CustomerView>('customers', customerId);
}

/**
 * Customers, the segments they count to, and what is known of them that is not personal. The name, and what customers
 * are told apart by, go into rows alone, never into the state; personal answers go nowhere. What follows a map that
 * looks at a customer is remembered with him.
 */
export const customersFold: FoldProjection = defineFold<CustomerView>({
  kind: 'fold',
  name: 'customers',
  tables: [customers, customerSegments, customerPortrait, customerIdentities],
  key: customerKey,
  initialState: () => ({
    ...{ registered: null, segments: [], spells: [], portrait: {}, portraitSpells: [] },
    followed: { deal: [], serviceCase: [] },
  }),
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
      const { stream, position } = event;
      const segments = segmentedBy(state.segments, event as Recorded<SegmentAssigned>);
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
      const { stream, position } = event;
      const portrait = describedBy(state.portrait, event as Recorded<CustomerDescribed>);
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
    DealOpened: follows,
    DealMigrated: follows,
    ServiceCaseOpened: follows,
    ServiceCaseMigrated: follows,
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
