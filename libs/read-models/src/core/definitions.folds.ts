import type { Recorded } from '@voronka/kernel';
import type { IndicatorDefined, IndicatorRevised } from '@voronka/pay/events';
import { defineFold, type FoldProjection, type RowsProjection, STILL_KNOWN } from '@voronka/projections';
import type { CalendarPublished } from '@voronka/sales/events';
import { calendars, indicators, indicatorVersions } from './definitions.tables.js';
import { insertion, type KnownRow, replaceRows } from './known-rows.js';
import { thingId } from './thing-id.js';

interface Known {
  readonly rows: readonly KnownRow[];
}

/** The company's working calendar: each publication takes the place of the one before. */
export const calendarsFold: FoldProjection = defineFold<{ readonly position: string | null }>({
  kind: 'fold',
  name: 'calendars',
  tables: [calendars],
  key: thingId('calendar'),
  initialState: () => ({ position: null }),
  on: {
    CalendarPublished: ({ position: before }, event) => {
      const { data, stream, eventId, position } = event as Recorded<CalendarPublished>;
      const key = { calendar_id: stream.slice('calendar-'.length) };
      const row = { ...key, version: data.version, calendar: data.calendar, event_id: eventId };
      const insert = { ...row, known_from: position, known_to: STILL_KNOWN };
      const changes = [{ op: 'insert' as const, table: calendars.name, row: insert }];
      if (before === null) return { state: { position: String(position) }, changes };
      const closed = { ...key, known_from: BigInt(before) };
      const close = { op: 'close' as const, table: calendars.name, key: closed, knownTo: position };
      return { state: { position: String(position) }, changes: [close, ...changes] };
    },
  },
});

/** Versions of indicators: each is a row for ever; which one holds is said by its own first day. */
export const indicatorVersionRows: RowsProjection = {
  kind: 'rows',
  name: 'indicator_versions',
  tables: [indicatorVersions],
  on: { IndicatorDefined: versionRow, IndicatorRevised: versionRow },
};

function versionRow(event: Recorded) {
  const { data, stream, eventId, position } = event as Recorded<IndicatorDefined | IndicatorRevised>;
  const { version, effectiveFrom, definition } = data;
  const code = stream.slice('indicator-'.length);
  const row = { code, version, effective_from: effectiveFrom, definition, event_id: eventId };
  return [
    {
      op: 'insert' as const,
      table: indicatorVersions.name,
      row: { ...row, known_from: position, known_to: STILL_KNOWN },
    },
  ];
}

/** Indicators that are defined, with their newest names, and whether they are in use. */
export const indicatorsFold: FoldProjection = defineFold<Known>({
  kind: 'fold',
  name: 'indicators',
  tables: [indicators],
  key: thingId('indicator'),
  initialState: () => ({ rows: [] }),
  on: {
    IndicatorDefined: named,
    IndicatorRevised: named,
    IndicatorRetired: (state, { eventId, position }) => {
      const after = state.rows.map(({ row }) => ({ ...row, retired: true, event_id: eventId }));
      const { rows, changes } = replaceRows(indicators, state.rows, after, position);
      return { state: { rows }, changes };
    },
  },
});

function named(state: Known, event: Recorded) {
  const { data, stream, eventId, position } = event as Recorded<IndicatorDefined | IndicatorRevised>;
  const { name, measure, unit } = data.definition;
  const retired = state.rows[0]?.row['retired'] === true;
  const code = stream.slice('indicator-'.length);
  const row = { code, name_ru: name.ru, name_en: name.en, measure, unit, retired, event_id: eventId };
  if (state.rows.length === 0) {
    return {
      state: { rows: [{ row, from: String(position) }] },
      changes: [insertion(indicators, row, position)],
    };
  }
  const { rows, changes } = replaceRows(indicators, state.rows, [row], position);
  return { state: { rows }, changes };
}
