import type { Recorded, RecordedUnion } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection, type Lookup, type TableDefinition } from '@voronka/projections';
import { asOfDeal, type ServiceCaseEvent, serviceCaseEvents } from '@voronka/sales/events';
import { throughCustomer } from './customer.folds.js';
import type { CustomerTold } from './deal.customer.history.js';
import { type DealView, initialDealView, onDealEvent } from './deal.fold.js';
import type { Told } from './deal.history.js';
import { dealTables } from './deal.tables.js';
import { thingId } from './thing-id.js';

/** The table in which service cases have what deals have in another: figures of sales never meet them. */
export function serviceTable(name: string): string {
  return name === 'deals'
    ? 'service_cases'
    : name.startsWith('deal_')
      ? `service_case_${name.slice(5)}`
      : `service_${name}`;
}

const tables = dealTables.map((table): TableDefinition => ({
  ...table,
  name: serviceTable(table.name),
  comment: `Of service cases, whose id is in deal_id (won: completed; lost: abandoned). ${table.comment}`,
}));

/** Names of the deals' tables as they are read where service cases are asked about. */
export const serviceVariant: Readonly<Record<string, string>> = Object.fromEntries(
  dealTables.map(({ name }) => [name, serviceTable(name)]),
);

const salesVariant = (name: string): readonly [string, string] => [serviceTable(name), name];

/**
 * Asked about service, the names of the cases' tables mean those of sales: a question about a customer, who is the
 * same to both, reads each under its name and comes upon all that was done with him whatever it is asked about.
 */
export const otherSide: Readonly<Record<string, string>> = Object.fromEntries(
  ['deals', 'activities', 'steps'].map(salesVariant),
);

/** A service case is derived as a deal is, from its events in a deal's words, into tables of its own. */
export const serviceCasesFold: FoldProjection = defineFold<DealView>({
  kind: 'fold',
  name: 'service_cases',
  tables,
  key: thingId('serviceCase'),
  through: throughCustomer('serviceCase'),
  initialState: initialDealView,
  on: {
    ...handling(Object.keys(serviceCaseEvents), (event) => asOfDeal(event as RecordedUnion<ServiceCaseEvent>)),
    ...handling(throughCustomer('serviceCase').events, (event) => event as CustomerTold),
  },
});

function handling(types: readonly string[], asTold: (event: Recorded) => Told) {
  const handle = (state: DealView, event: Recorded, look: Lookup, dealId: string) => {
    const { state: next, changes } = onDealEvent(state, asTold(event), { dealId, look });
    return { state: next, changes: changes.map(renamed) };
  };
  return Object.fromEntries(types.map((type) => [type, handle]));
}

function renamed(change: Change): Change {
  return { ...change, table: serviceVariant[change.table] ?? change.table };
}
