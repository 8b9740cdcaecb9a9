import type { EventLog } from '@voronka/event-log';
import type { Pool } from 'pg';
import { readiness } from './store-health.js';

const row = (set: string, error: object | null, status = 'active') => ({
  ...{ set_name: set, build: 1, schema_name: `${set}_v1`, version: 1, status, checkpoint: '7', error },
  ...{ checkpoint_event_id: null, checkpoint_event_position: null, checkpoint_stream: null },
  ...{ checkpoint_revision: null, checkpoint_recorded_at: null, started_at: new Date(0), finished_at: new Date(0) },
});
const stopped = { position: '8', eventType: 'DealOpened', eventId: 'e', message: 'm' };
const log = { end: () => Promise.resolve(9n) } as unknown as EventLog;

/** A database that has built both sets. */
const poolOf = (error: object | null): Pool =>
  ({ query: () => Promise.resolve({ rows: [row('core', error), row('audit', null)] }) }) as unknown as Pool;

describe('readiness of a program without a projector', () => {
  it('is there while the sets are followed elsewhere', async () => {
    expect(await readiness({ log, pool: poolOf(null) })).toMatchObject({ ready: true, sets: [{ lag: '2' }, {}] });
  });

  it('bug: it overlooked a set that had stopped elsewhere', async () => {
    const found = await readiness({ log, pool: poolOf(stopped) });
    expect(found.ready).toBe(false);
    expect(found.sets).toMatchObject([
      { set: 'core', built: true, status: 'failed', error: expect.stringContaining('projections status') },
      { set: 'audit', built: true },
    ]);
  });

  it('bug: it overlooked one while its own projector stood by', async () => {
    const standby = { set: 'core', status: 'standby' } as never;
    const found = await readiness({ log, pool: poolOf(stopped), projectorStates: () => [standby] });
    expect([found.ready, found.sets[0]?.status]).toEqual([false, 'failed']);
  });

  it('tells how far a set is that is being built elsewhere for the first time', async () => {
    const rows = [row('core', null, 'building'), row('audit', null)];
    const pool = { query: () => Promise.resolve({ rows }) } as unknown as Pool;
    const found = await readiness({ log, pool });
    expect(found.ready).toBe(false);
    expect(found.sets[0]).toEqual({ set: 'core', built: false, checkpoint: '7', lag: '2', status: 'building' });
  });
});

describe('readiness of a program that builds its read models', () => {
  const building = { set: 'core', status: 'building', checkpoint: 3n } as never;

  it('is not there before they are followed, however it looks in the database', async () => {
    const found = await readiness({ log, pool: poolOf(null), isFollowed: () => false });
    expect(found.ready).toBe(false);
  });

  it('tells how far it is, not how far those of the version before are', async () => {
    const found = await readiness({ log, pool: poolOf(null), projectorStates: () => [building] });
    expect(found.ready).toBe(false);
    expect(found.sets[0]).toEqual({ set: 'core', built: false, checkpoint: '3', lag: '6', status: 'building' });
  });
});
