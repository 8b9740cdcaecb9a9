import type { Recorded } from '@voronka/kernel';
import {
  type ColumnDefinition,
  defineFold,
  type ProjectionSet,
  type RowsProjection,
  STILL_KNOWN,
} from '@voronka/projections';
import { randomFrom } from './random.js';

/** A made-up business for the engine's tests: parcels move between depots; depots are renamed now and then. */
const position: ColumnDefinition = { type: 'bigint', comment: 'Position in the log' };
const knownTo: ColumnDefinition = { type: 'bigint', comment: 'Position at which the row was closed' };

interface DepotState {
  readonly name: string;
  readonly since: string;
}

const depots = defineFold<DepotState | null>({
  kind: 'fold',
  name: 'depots',
  resident: true,
  tables: [
    {
      name: 'depots',
      comment: "One row per name of a depot; it's closed by the next",
      columns: {
        depot_id: { type: 'text', comment: 'Depot' },
        known_from: position,
        known_to: knownTo,
        name: { type: 'text', comment: 'Name, with \\ and "quotes"' },
      },
      primaryKey: ['depot_id', 'known_from'],
      indexes: [{ columns: ['name'], where: `known_to = ${STILL_KNOWN}` }],
    },
  ],
  key: (event) => (event.data as { depot: string }).depot,
  initialState: () => null,
  on: {
    DepotNamed: (state, event) => {
      const { depot, name } = event.data as { depot: string; name: string };
      const row = { depot_id: depot, known_from: event.position, name };
      const closes =
        state === null
          ? []
          : [
              {
                op: 'close' as const,
                table: 'depots',
                key: { depot_id: depot, known_from: state.since },
                knownTo: event.position,
              },
            ];
      return {
        state: { name, since: event.position.toString() },
        changes: [...closes, { op: 'insert', table: 'depots', row }],
      };
    },
  },
});

interface ParcelState {
  readonly moves: number;
  readonly at: string | null;
  readonly stay: string | null;
}

const stays = defineFold<ParcelState>({
  kind: 'fold',
  name: 'stays',
  tables: [
    {
      name: 'stays',
      comment: 'One row per stay of a parcel in a depot',
      columns: {
        parcel_id: { type: 'text', comment: 'Parcel' },
        move_no: { type: 'integer', comment: 'Number of the move, from 1' },
        depot_id: { type: 'text', comment: 'Depot' },
        depot_name: { type: 'text', nullable: true, comment: 'Name of the depot when the parcel came' },
        occurred_at: { type: 'timestamptz', comment: 'When it came' },
        known_from: position,
        known_to: knownTo,
      },
      primaryKey: ['parcel_id', 'move_no'],
      indexes: [{ columns: ['depot_id', 'known_from desc'], include: ['parcel_id'] }],
    },
  ],
  key: (event) => (event.data as { parcel?: string }).parcel ?? null,
  initialState: () => ({ moves: 0, at: null, stay: null }),
  on: {
    ParcelMoved: (state, event, look) => {
      const { parcel, depot } = event.data as { parcel: string; depot: string };
      const moves = state.moves + 1;
      const insert = {
        op: 'insert' as const,
        table: 'stays',
        row: {
          parcel_id: parcel,
          move_no: moves,
          depot_id: depot,
          depot_name: look<DepotState>('depots', depot)?.name ?? null,
          occurred_at: event.metadata.occurredAt,
          known_from: event.position,
        },
      };
      const next = { moves, at: depot, stay: event.position.toString() };
      if (state.moves === 0) return { state: next, changes: [insert] };
      const key = { parcel_id: parcel, move_no: state.moves };
      return {
        state: next,
        changes: [{ op: 'close' as const, table: 'stays', key, knownTo: event.position }, insert],
      };
    },
  },
});

const notes: RowsProjection = {
  kind: 'rows',
  name: 'notes',
  tables: [
    {
      name: 'notes',
      comment: 'One row per note',
      columns: {
        event_id: { type: 'uuid', comment: 'Event' },
        position,
        text: { type: 'text', comment: 'What was noted' },
        urgent: { type: 'boolean', comment: 'Whether it hurries' },
        tags: { type: 'text[]', comment: 'Tags' },
        extra: { type: 'jsonb', nullable: true, comment: 'Anything' },
        due_on: { type: 'date', nullable: true, comment: 'Day' },
      },
      primaryKey: ['event_id'],
    },
  ],
  on: {
    NoteTaken: (event) => {
      const { text, tags, extra, dueOn } = event.data as NoteData;
      const row = { event_id: event.eventId, position: event.position, text, urgent: tags.length > 1, tags, extra };
      return [{ op: 'insert', table: 'notes', row: { ...row, due_on: dueOn } }];
    },
  },
};

interface NoteData {
  readonly text: string;
  readonly tags: readonly string[];
  readonly extra: object | null;
  readonly dueOn: string | null;
}

export const parcelSet: ProjectionSet = { name: 'parcels', version: 1, projections: [depots, stays, notes] };

const TEXTS = [
  'plain',
  'tab\tnew\nline\rback\\slash',
  'quote " apostrophe \' comma , brace {}',
  '\\N',
  '\\.',
  '',
  'nul\0inside',
  'half \ud800 pair',
  'смешанный текст 🚚',
  'NULL',
];

/** One event of the made-up business. */
export function parcelEvent(index: number, type: string, stream: string, data: object): Recorded {
  const at = new Date(Date.UTC(2024, 0, 1) + index * 60_000).toISOString();
  const eventId = `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
  return {
    type,
    data,
    stream,
    eventId,
    revision: index,
    position: BigInt(index) * 100n + 7n,
    recordedAt: at,
    metadata: {
      occurredAt: at,
      actor: 'test',
      person: null,
      commandId: `c${index}`,
      requestHash: '',
      correlationId: `c${index}`,
      causationId: null,
      schemaVersion: 1,
      imported: false,
    },
  };
}

/** A history of `count` events, the same for the same seed. */
export function parcelHistory(seed: number, count = 300): Recorded[] {
  const random = randomFrom(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  return Array.from({ length: count }, (_, index) => {
    const kind = random();
    const depot = `depot-${pick(6)}`;
    if (kind < 0.15)
      return parcelEvent(index, 'DepotNamed', depot, { depot, name: `${TEXTS[pick(TEXTS.length)]} ${index}` });
    if (kind < 0.75) {
      const parcel = `p${pick(40)}`;
      return parcelEvent(index, 'ParcelMoved', `parcel-${parcel}`, { parcel, depot });
    }
    if (kind < 0.8) return parcelEvent(index, 'SomethingElse', 'else-1', { parcel: 'p1' });
    const text = TEXTS[pick(TEXTS.length)] ?? '';
    const tags = Array.from({ length: pick(3) }, () => TEXTS[pick(TEXTS.length)] ?? '');
    const extra = random() < 0.5 ? null : { text, [text]: [1, null, { deep: text }] };
    return parcelEvent(index, 'NoteTaken', 'notes-1', {
      text,
      tags,
      extra,
      dueOn: random() < 0.5 ? null : '2024-02-29',
    });
  });
}
