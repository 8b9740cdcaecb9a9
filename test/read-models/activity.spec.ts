import { activity, type ActivityParams, resolveAsOf, stepActivity } from '@voronka/read-models';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { act, asked, AUGUST, close, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(async () => database?.close());
beforeEach(async () => startOver(database));

const PARAMS: ActivityParams = { period: AUGUST };

/** Spells of a deal at the ranks given, each from its instant to the next. */
async function positions(
  deal: string,
  spells: readonly (readonly [from: string, rank: number | null])[],
): Promise<void> {
  for (const [at, [from, rank]] of spells.entries()) {
    const to = spells[at + 1]?.[0] ?? 'infinity';
    await database.put('deal_positions', {
      deal_id: deal,
      step: rank === null ? null : `s${rank}`,
      rank,
      next_rank_at: spells.find(([, later], n) => n > at && (later ?? -1) > (rank ?? -1))?.[0] ?? null,
      valid_from: from,
      valid_to: to,
    });
  }
}

describe('done activities', () => {
  it('go to the performer; nobody, the robot and those who did nothing have rows, and all add up', async () => {
    await act(database, 'a', { performer_id: 'boris' });
    await act(database, 'a', { performer_id: 'robot' });
    await act(database, 'a', { performer_id: null });
    await act(database, 'a', { performer_id: 'anna', occurred_at: '2009-08-31T19:00:00.000Z' });
    const answer = await activity(asked(database), PARAMS);
    expect(answer.rows.map((row) => [row.slices[0]?.value, row.slices[0]?.kind, row.done])).toEqual([
      ['anna', 'person', 0],
      ['boris', 'person', 1],
      ['idle', 'person', 0],
      ['robot', 'robot', 1],
      [null, 'none', 1],
    ]);
    expect(answer.total.done).toBe(3);
  });

  it('the department is that of the performer, and several slices combine', async () => {
    await database.put('employee_assignments', { employee_id: 'vera', department_id: 'south', position: 'manager' });
    await act(database, 'a', { performer_id: 'vera', source: 'fair' });
    const departments = await activity(asked(database), { ...PARAMS, groupBy: ['department'] });
    expect(departments.rows.map((row) => [row.slices[0]?.value, row.done])).toEqual([
      ['north', 0],
      ['south', 1],
    ]);
    const both = await activity(asked(database), { ...PARAMS, groupBy: ['performer', 'source'], grain: 'isoWeek' });
    const busy = both.rows.filter((row) => row.done > 0);
    expect(busy.map((row) => [...row.slices.map((slice) => slice.value), row.bucket])).toEqual([
      ['vera', 'fair', '2009-W32'],
    ]);
  });

  it('by the owner of the deal at the time; before the opening by its first owner', async () => {
    const turns = [
      ['anna', '2009-08-01T00:00:00.000Z', '2009-08-10T00:00:00.000Z'],
      ['boris', '2009-08-10T00:00:00.000Z', 'infinity'],
    ] as const;
    for (const [owner_id, valid_from, valid_to] of turns) {
      await database.put('deal_owners', { deal_id: 'a', owner_id, valid_from, valid_to });
    }
    for (const day of ['2009-07-31', '2009-08-09', '2009-08-10']) {
      await act(database, 'a', { occurred_at: `${day}T08:00:00.000Z`, local_date: day });
    }
    const answer = await activity(asked(database), { groupBy: ['owner'] });
    const busy = answer.rows.filter(({ done }) => done > 0);
    expect(busy.map((row) => [row.slices[0]?.value, row.done])).toEqual([
      ['anna', 2],
      ['boris', 1],
    ]);
    const own = await activity(asked(database), { groupBy: ['performer'], filters: { owner: ['boris'] } });
    expect(own.total.done).toBe(1);
  });

  it('of some kinds or topics only', async () => {
    await act(database, 'a', { kind: 'call', topic: 'offer' });
    await act(database, 'a', { kind: 'visit', topic: null });
    const done = async (params: ActivityParams) => (await activity(asked(database), params)).total.done;
    expect(await done({ ...PARAMS, kinds: ['visit'] })).toBe(1);
    expect(await done({ ...PARAMS, topics: ['offer'] })).toBe(1);
    expect(await done({ ...PARAMS, topics: ['offer', null] })).toBe(2);
  });
});

describe('results beside', () => {
  it('followed by the next rank within H: only a higher position, only in time, only once H has passed', async () => {
    await positions('followed', [
      ['-infinity', null],
      ['2009-08-05T08:00:00.000Z', 10],
    ]);
    await positions('back', [
      ['-infinity', 20],
      ['2009-08-05T08:00:00.000Z', 10],
    ]);
    await positions('late', [
      ['-infinity', 10],
      ['2009-09-02T08:00:00.000Z', 20],
    ]);
    await positions('young', [
      ['-infinity', 10],
      ['2009-08-31T08:00:00.000Z', 20],
    ]);
    for (const deal of ['followed', 'back', 'late', 'unplaced']) await act(database, deal);
    await act(database, 'young', { occurred_at: '2009-08-30T08:00:00.000Z' });
    const at = '2009-09-28T08:00:00.000Z';
    const { total } = await activity(asked(database, { at }), PARAMS);
    expect(total.next).toEqual({
      ...{ followed: 1, matured: 4, pending: 1, percent: '25.00' },
      ...{ small: true, lower: '4.56', upper: '69.94' },
    });
    const longer = await activity(asked(database, { at }), { ...PARAMS, horizonDays: 31 });
    expect(longer.total.next).toMatchObject({ followed: 2, matured: 4 });
  });

  it('followed within H local days: where the clocks go back ten days are an hour longer', async () => {
    for (const [deal, followed] of [
      ['in', '2009-10-30T08:59:59.999Z'],
      ['out', '2009-10-30T09:00:00.000Z'],
    ] as const) {
      await positions(deal, [
        ['-infinity', 10],
        [followed, 20],
      ]);
      await act(database, deal, { occurred_at: '2009-10-20T08:00:00.000Z', local_date: '2009-10-20' });
    }
    const period = { from: '2009-09-30T19:00:00.000Z', to: '2009-10-31T20:00:00.000Z' };
    const nextAt = async (at: string) =>
      (await activity(asked(database, { at }), { period, horizonDays: 10 })).total.next;
    expect(await nextAt('2009-10-30T08:59:59.999Z')).toMatchObject({ followed: 0, matured: 0, pending: 2 });
    expect(await nextAt('2009-10-30T09:00:00.000Z')).toMatchObject({ followed: 1, matured: 2, pending: 0 });
    expect(await nextAt('2009-12-31T00:00:00.000Z')).toMatchObject({ followed: 1, matured: 2, pending: 0 });
  });

  it('a position that began before the period and one that ends after it are followed all the same', async () => {
    await positions('long', [
      ['2009-07-01T08:00:00.000Z', 10],
      ['2009-09-02T08:00:00.000Z', 20],
    ]);
    await act(database, 'long', { occurred_at: '2009-08-20T08:00:00.000Z' });
    const { total } = await activity(asked(database), PARAMS);
    expect(total.next).toMatchObject({ followed: 1, matured: 1 });
  });

  it('activities per win, and those ever done on the deals won', async () => {
    await act(database, 'won', { occurred_at: '2009-07-01T08:00:00.000Z' });
    await act(database, 'won');
    await act(database, 'other', { performer_id: 'boris' });
    await close(database, 'won', 'won');
    await close(database, 'lost', 'lost', { owner_id: 'boris' });
    await close(database, 'untouched', 'won', { owner_id: 'idle' });
    const answer = await activity(asked(database), PARAMS);
    const [anna, boris, idle] = answer.rows;
    expect(idle).toMatchObject({ done: 0, won: 1, doneOnWon: 0, activitiesOnWon: '0.00' });
    expect(anna).toMatchObject({ done: 1, won: 1, activitiesPerWin: '1.00', doneOnWon: 2, activitiesOnWon: '2.00' });
    expect(boris).toMatchObject({ done: 1, won: 0, activitiesPerWin: null, activitiesOnWon: null });
    expect(answer.total).toMatchObject({ done: 2, won: 2, activitiesPerWin: '1.00' });
  });
});

describe('done steps', () => {
  it('by performer and step: repetitions count, awaiting, returned and skipped ones do not', async () => {
    const step = { deal_id: 'a', step: 'meeting', known_by_event_id: '00000000-0000-4000-8000-000000000000' };
    for (const status of ['done', 'done', 'awaiting', 'returned', 'skipped']) {
      await database.put('steps', { ...step, status, performer_id: 'boris' });
    }
    await database.put('steps', { ...step, step: 'extra', status: 'done', performer_id: null });
    const answer = await stepActivity(asked(database), { routeMap: 'sale', period: AUGUST });
    const table = answer.rows.map((row) => [row.slices[0]?.value, row.steps.map((cell) => cell.done)]);
    expect(answer.total.steps.map((cell) => cell.step)).toEqual([
      'contact',
      'meeting',
      'proposal',
      'contract',
      'extra',
    ]);
    expect(table).toEqual([
      ['anna', [0, 0, 0, 0, 0]],
      ['boris', [0, 2, 0, 0, 0]],
      ['idle', [0, 0, 0, 0, 0]],
      [null, [0, 0, 0, 0, 1]],
    ]);
    expect(answer.total.done).toBe(3);
  });

  it('a verified step counts from its acceptance on and on the day it was done', async () => {
    const step = { deal_id: 'a', step: 'meeting', performer_id: 'anna', occurred_at: '2009-08-15T08:00:00.000Z' };
    const known_by_event_id = '00000000-0000-4000-8000-000000000000';
    await database.put('steps', { ...step, status: 'awaiting', known_by_event_id, known_from: 10, known_to: 20 });
    await database.put('steps', { ...step, status: 'done', known_by_event_id, known_from: 20 });
    const done = async (k: bigint) =>
      (await stepActivity(asked(database, { k }), { routeMap: 'sale', period: AUGUST, grain: 'day' })).totals
        .filter((row) => row.done > 0)
        .map((row) => [row.bucket, row.done]);
    expect(await done(15n)).toEqual([]);
    expect(await done(20n)).toEqual([['2009-08-15', 1]]);
  });
});

describe('K of an instant', () => {
  beforeEach(async () => {
    for (const [position, recorded_at] of [
      [100, '2009-08-01T08:00:00.000Z'],
      [200, '2009-08-02T08:00:00.000Z'],
    ] as const) {
      await database.put('log_clock', { position, recorded_at });
    }
  });

  it.each([
    ['2009-07-01T00:00:00.000Z', 99n],
    ['2009-08-01T07:59:59.999Z', 99n],
    ['2009-08-01T08:00:00.000Z', 199n],
    ['2009-08-02T08:00:00.000Z', 250n],
    ['2010-01-01T00:00:00.000Z', 250n],
  ])('%s is position %s', async (instant, position) => {
    expect(await resolveAsOf(database.client, { instant }, 250n)).toBe(position);
  });

  it('is the checkpoint by default, a position as it is, and none that is not there yet', async () => {
    expect(await resolveAsOf(database.client, undefined, 250n)).toBe(250n);
    expect(await resolveAsOf(database.client, { position: 120n }, 250n)).toBe(120n);
    await expect(resolveAsOf(database.client, { position: 251n }, 250n)).rejects.toThrow('AS_OF_NOT_REACHED');
  });
});
