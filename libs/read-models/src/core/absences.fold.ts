import type { Recorded } from '@voronka/kernel';
import { defineFold, type FoldProjection } from '@voronka/projections';
import type { AbsenceCancelled, AbsenceRecorded } from '@voronka/sales/events';
import { type KnownRow, replaceRows } from './known-rows.js';
import { absences } from './reference.tables.js';
import { thingId, thingOf } from './thing-id.js';

interface AbsencesView {
  readonly rows: readonly KnownRow[];
}

export const absencesFold: FoldProjection = defineFold<AbsencesView>({
  kind: 'fold',
  name: 'absences',
  tables: [absences],
  key: thingId('employee'),
  initialState: () => ({ rows: [] }),
  on: {
    AbsenceRecorded: (state, event) => {
      const { data, stream, eventId, position } = event as Recorded<AbsenceRecorded>;
      const { absenceId, kind, firstDay, lastDay } = data;
      const days = { absence_id: absenceId, kind, first_day: firstDay, last_day: lastDay };
      const row = { employee_id: thingOf(stream).id, ...days, event_id: eventId };
      const others = state.rows.map((one) => one.row).filter((one) => one['absence_id'] !== absenceId);
      const { rows, changes } = replaceRows(absences, state.rows, [...others, row], position);
      return { state: { rows }, changes };
    },
    AbsenceCancelled: (state, event) => {
      const { data, position } = event as Recorded<AbsenceCancelled>;
      const left = state.rows.map((one) => one.row).filter((one) => one['absence_id'] !== data.absenceId);
      const { rows, changes } = replaceRows(absences, state.rows, left, position);
      return { state: { rows }, changes };
    },
  },
});
