import type { Recorded } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection } from '@voronka/projections';
import { eventTypes } from '../event-types.js';
import { logClock } from './reference.tables.js';

interface ClockView {
  /** Latest recording time so far. */
  readonly latest: string;
}

/** Keeps, for turning instants into positions, where the latest recording time moved on. */
export const logClockFold: FoldProjection = defineFold<ClockView>({
  kind: 'fold',
  name: 'log_clock',
  tables: [logClock],
  key: () => 'log',
  initialState: () => ({ latest: '' }),
  on: Object.fromEntries(eventTypes.map((type) => [type, onEvent])),
});

function onEvent(state: ClockView, { position, recordedAt }: Recorded): { state: ClockView; changes: Change[] } {
  if (recordedAt <= state.latest) return { state, changes: [] };
  const row = { position, recorded_at: recordedAt };
  return { state: { latest: recordedAt }, changes: [{ op: 'insert', table: logClock.name, row }] };
}
