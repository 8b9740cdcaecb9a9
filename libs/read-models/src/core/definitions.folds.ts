import { plainFiveDayWeek, type Recorded, type WorkCalendar } from '@voronka/kernel';
import type { IndicatorDefined, IndicatorRevised } from '@voronka/pay/events';
import { defineFold, type FoldProjection, type Lookup, type RowsProjection, STILL_KNOWN } from '@voronka/projections';
import type { CalendarPublished } from '@voronka/sales/events';
import { calendars, indicators, indicatorVersions } from './definitions.tables.js';
import { insertion, type KnownRow, replaceRows } from './known-rows.js';
import { isUpTo, thingId } from './thing-id.js';

interface Known {
  readonly rows: readonly KnownRow[];
}

interface CalendarView {
  /** Each with the position from which it is known, the oldest first. */
  readonly versions: readonly { readonly position: string; readonly calendar: WorkCalendar }[];
}

const PLAIN = plainFiveDayWeek();

/** The company's calendar as it was known at a position; five days a week as long as none was published. */
export function calendarAt(look: Lookup, position: string): WorkCalendar {
  const versions = look<CalendarView>('calendars', 'main')?.versions;
  return versions?.findLast((version) => isUpTo(version.position, position))?.calendar ?? PLAIN;
}

/** The company's working calendar; resident, since norms are counted in its hours: each publication takes the place of the one before. */
export const calendarsFold: FoldProjection = defineFold<CalendarView>({
  kind: 'fold',
  name: 'calendars',
  tables: [calendars],
  resident: true,
  key: thingId('calendar'),
  initialState: () => ({ versions: [] }),
  on: {
    CalendarPublished: ({ versions }, event) => {
      const before = versions.at(-1)?.position;
      const { data, stream, eventId, position } = event as Recorded<CalendarPublished>;
      const key = { calendar_id: stream.slice('calendar-'.length) };
      const row = { ...key, version: data.version, calendar: data.calendar, event_id: eventId };
      const insert = { ...row, known_from: position, known_to: STILL_KNOWN };
      const changes = [{ op: 'insert' as const, table: calendars.name, row: insert }];
      const state = { versions: [...versions, { position: String(position), calendar: data.calendar }] };
      if (before === undefined) return { state, changes };
      const closed = { ...key, known_from: BigInt(before) };
      const close = { op: 'close' as const, table: calendars.name, key: closed, knownTo: position };
      return { state, changes: [close, ...changes] };
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
