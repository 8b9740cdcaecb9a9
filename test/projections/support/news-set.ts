import { defineFold, type ProjectionSet } from '@voronka/projections';

/** What a depot tells reaches every parcel that ever was there: its events find them through the depot's guests. */
interface Guests {
  readonly parcels: readonly string[];
}

const guests = defineFold<Guests>({
  kind: 'fold',
  name: 'guests',
  tables: [],
  key: (event) => (event.data as { depot?: string }).depot ?? null,
  initialState: () => ({ parcels: [] }),
  on: {
    ParcelMoved: (state, event) => {
      const { parcel } = event.data as { parcel: string };
      const { parcels } = state;
      return { state: parcels.includes(parcel) ? state : { parcels: [...parcels, parcel] }, changes: [] };
    },
    DepotNamed: (state) => ({ state, changes: [] }),
  },
});

interface Heard {
  readonly times: number;
}

const news = defineFold<Heard>({
  kind: 'fold',
  name: 'news',
  tables: [
    {
      name: 'news',
      comment: 'One row per piece of news that reached a parcel',
      columns: {
        parcel_id: { type: 'text', comment: 'Parcel' },
        times: { type: 'integer', comment: 'Which piece of news it was, from 1' },
        guests: { type: 'integer', nullable: true, comment: 'Of a move: how many parcels were there by then' },
        position: { type: 'bigint', comment: 'Position of the event' },
      },
      primaryKey: ['parcel_id', 'times'],
    },
  ],
  key: (event) => (event.data as { parcel?: string }).parcel ?? null,
  through: { fold: 'guests', events: ['DepotNamed'], keys: (state) => (state as Guests).parcels },
  initialState: () => ({ times: 0 }),
  on: {
    ParcelMoved: (state, event, look, parcel) => {
      const { depot } = event.data as { depot: string };
      return heard(state, parcel, { position: event.position, guests: look<Guests>('guests', depot)?.parcels.length });
    },
    DepotNamed: (state, { position }, _look, parcel) => heard(state, parcel, { position }),
  },
});

function heard(
  state: Heard,
  parcel: string,
  said: { readonly position: bigint; readonly guests?: number | undefined },
) {
  const times = state.times + 1;
  const row = { parcel_id: parcel, times, guests: said.guests ?? null, position: said.position };
  return { state: { times }, changes: [{ op: 'insert' as const, table: 'news', row }] };
}

export const newsSet: ProjectionSet = { name: 'news', version: 1, projections: [guests, news] };
