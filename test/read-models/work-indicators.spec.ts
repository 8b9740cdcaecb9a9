import { plainFiveDayWeek } from '@voronka/kernel';
import { indicatorDrill } from '@voronka/read-models';
import { byValue, questions } from './support/indicator-questions.js';
import { type Cells, type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { asked, startOver } from './support/small-company.js';

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());
beforeEach(() => startOver(database));

const { define, ask } = questions(() => database);

describe('how the work was done', () => {
  const hours = { measure: 'time', time: 'waiting', at: { step: 'meeting' }, statistic: 'median' };
  const waits = async (deal: string, over: Cells): Promise<string> =>
    await database.put('waiting', { deal_id: deal, step: 'meeting', ordinal: 1, ...over });
  const ended = (at: string, how: string, over: Cells = {}): Cells => ({
    began_at: '2009-08-10T05:00:00Z',
    began_event_id: '00000000-0000-4000-8000-000000000001',
    ended_at: at,
    ended_event_id: '00000000-0000-4000-8000-000000000002',
    ended_how: how,
    performer_id: how === 'done' ? 'anna' : null,
    ...over,
  });

  it('the time that steps waited: median and ninth decile, counted anew for the total', async () => {
    await define('wait', { ...hours, hours: 'calendar', unit: 'hours', credit: { by: 'performer' } });
    await define('wait_p90', {
      ...{ ...hours, statistic: 'p90' },
      ...{ hours: 'calendar', unit: 'hours', credit: { by: 'performer' } },
    });
    await define('wait_working', { ...hours, hours: 'working', unit: 'workingHours', credit: { by: 'performer' } });
    await waits('a', ended('2009-08-10T15:00:00Z', 'done'));
    await waits('b', ended('2009-08-10T07:00:00Z', 'done', { performer_id: 'boris' }));
    await waits('c', ended('2009-08-11T05:00:00Z', 'done', { performer_id: 'boris' }));
    await waits('d', ended('2009-08-20T05:00:00Z', 'closed'));
    await waits('e', ended('2009-08-10T06:00:00Z', 'done', { step: 'proposal' }));
    const answer = await ask(['wait', 'wait_p90'], { groupBy: ['employee'] });
    expect(byValue(answer, 'wait')).toEqual([
      ['anna', '10.00'],
      ['boris', '13.00'],
      ['idle', null],
    ]);
    expect(answer.total.figures).toMatchObject({ wait: { value: '10.00' }, wait_p90: { value: '21.20' } });
    // 7, 2 and 8 hours of a week of five days, 9 to 13 and 14 to 18.
    expect((await ask(['wait_working'])).total.figures['wait_working']).toMatchObject({
      value: '7.00',
      sample: { size: 3 },
    });
  });

  it('bug: plain weeks were taken for a year that the calendar does not state, and the figures did not say so', async () => {
    await define('wait', { ...hours, hours: 'calendar', unit: 'hours' });
    await define('wait_working', { ...hours, hours: 'working', unit: 'workingHours' });
    await define('in_time', { measure: 'timeliness', work: 'steps', share: 'inTime', unit: 'percent' });
    const codes = ['wait', 'wait_working', 'in_time'];
    const assumed = async (): Promise<unknown[]> =>
      (await ask(codes)).indicators.map(({ calendarAssumed }) => calendarAssumed);
    expect(await assumed()).toEqual([[], [], []]);
    await waits('a', ended('2009-08-10T15:00:00Z', 'done', { due_at: '2009-08-12T13:00:00Z' }));
    expect(await assumed()).toEqual([[], [2009], [2009]]);
    await waits('b', ended('2009-08-10T15:00:00Z', 'done', { began_at: '2008-12-30T05:00:00Z' }));
    expect(await assumed()).toEqual([[], [2008, 2009], [2009]]);
    const calendar = { ...plainFiveDayWeek(), years: [{ year: 2009, source: 'Order 7' }] };
    await database.put('calendars', { calendar_id: 'main', version: 1, calendar: JSON.stringify(calendar) });
    expect(await assumed()).toEqual([[], [2008], []]);
  });

  it('steps done in time, of those that were due: what needed no doing any more was not', async () => {
    await define('in_time', { measure: 'timeliness', work: 'steps', share: 'inTime', unit: 'percent' });
    await define('late', { measure: 'timeliness', work: 'steps', share: 'late', unit: 'percent' });
    const due = { due_at: '2009-08-12T13:00:00Z' };
    await waits('a', ended('2009-08-12T13:00:00Z', 'done', due));
    await waits('b', ended('2009-08-12T13:00:01Z', 'done', due));
    await waits('c', ended('2009-08-11T13:00:00Z', 'skipped', due));
    await waits('d', ended('2009-08-13T13:00:00Z', 'closed', due));
    await waits('e', { began_at: '2009-08-10T05:00:00Z', began_event_id: crypto.randomUUID(), ...due });
    await waits('f', { began_at: '2009-08-10T05:00:00Z', began_event_id: crypto.randomUUID(), due_at: null });
    await waits('g', ended('2009-08-12T13:00:00Z', 'done', { due_at: '2009-09-01T13:00:00Z' }));
    await database.put('deal_owners', { deal_id: 'e', owner_id: 'boris', valid_from: '2009-08-01T00:00:00Z' });
    const { total, ...answer } = await ask(['in_time', 'late'], { groupBy: ['employee'] });
    expect(total.figures).toMatchObject({
      in_time: { value: '25.00', numerator: 1, denominator: 4 },
      late: { value: '75.00', numerator: 3, denominator: 4 },
    });
    // Whoever did it; what nobody did is its owner's.
    expect(byValue({ ...answer, total }, 'late')).toEqual([
      ['anna', '50.00'],
      ['boris', '100.00'],
      ['idle', null],
      [null, '100.00'],
    ]);
    const opened = await indicatorDrill(asked(database), {
      ...{ indicator: 'late', part: 'numerator', period: '2009-08' },
      place: { slices: {} },
    });
    expect([opened.sum, opened.items.map(({ dealId }) => dealId)]).toEqual(['3', ['b', 'd', 'e']]);
  });

  it('activities done in time, of those planned; what was called off before was not due', async () => {
    await define('late', { measure: 'timeliness', work: 'activities', share: 'late', unit: 'percent' });
    const plan = async (deal: string, over: Cells): Promise<string> =>
      await database.put('planned_activities', {
        ...{ deal_id: deal, activity_id: `${deal}-1`, kind: 'call', performer_id: 'anna' },
        ...{ due_at: '2009-08-12T13:00:00Z', ...over },
      });
    await plan('a', { done_at: '2009-08-12T12:00:00Z', done_event_id: crypto.randomUUID() });
    await plan('b', { done_at: '2009-08-12T14:00:00Z', done_event_id: crypto.randomUUID() });
    await plan('c', { cancelled_at: '2009-08-12T12:00:00Z', cancelled_event_id: crypto.randomUUID() });
    await plan('d', { kind: 'visit' });
    const { rows, total } = await ask(['late'], { groupBy: ['activityKind'] });
    expect(rows.map(({ slices, figures }) => [slices[0]?.value, figures['late']?.value])).toEqual([
      ['call', '50.00'],
      ['visit', '100.00'],
    ]);
    expect(total.figures['late']).toMatchObject({ numerator: 2, denominator: 3 });
  });

  it('deviations by kind, under their filter', async () => {
    await define('faults', { measure: 'deviations' });
    await define('skips', { measure: 'deviations', filters: { deviationKinds: ['skipped'] } });
    for (const [deal, kind] of [
      ['a', 'skipped'],
      ['b', 'skipped'],
      ['c', 'late'],
    ] as const) {
      await database.put('deviations', { deal_id: deal, kind, step: 'meeting', silent: false, performer_id: 'anna' });
    }
    const answer = await ask(['faults', 'skips'], { groupBy: ['deviationKind'] });
    expect(byValue(answer, 'faults')).toEqual([
      ['late', 1],
      ['repeated', 0],
      ['skipped', 2],
      ['unknownStep', 0],
      ['wrongOrder', 0],
      ['wrongRole', 0],
    ]);
    expect(answer.total.figures).toMatchObject({ faults: { value: 3 }, skips: { value: 2 } });
  });
});

describe('shared credit', () => {
  const signed = async (deal: string, amount: number): Promise<void> => {
    await database.put('deals', { deal_id: deal, imported: false });
    const contract = { contract_id: `${deal}-contract`, line_id: '1', owner_id: 'anna', deal_id: deal };
    await database.put('contract_lines', { ...contract, product_id: 'crm', amount_kopecks: amount });
  };
  const share = async (deal: string, shares: Readonly<Record<string, number>>): Promise<void> => {
    for (const [employee_id, basis_points] of Object.entries(shares)) {
      const spell = { valid_from: '2009-01-01T00:00:00Z', credit_role: 'sale' };
      await database.put('credit_shares', { ...spell, deal_id: deal, employee_id, basis_points });
    }
  };
  beforeEach(async () => {
    await define('amount', { measure: 'amount', unit: 'kopecks', credit: { by: 'shares', role: 'sale' } });
  });

  it('contract 600,000.00 shared 50/50: 300,000.00 each, and the total once', async () => {
    await signed('a', 600_000_00);
    await share('a', { anna: 5_000, boris: 5_000 });
    const answer = await ask(['amount'], { groupBy: ['employee'] });
    expect(byValue(answer, 'amount')).toEqual([
      ['anna', 300_000_00],
      ['boris', 300_000_00],
      ['idle', 0],
    ]);
    expect(answer.total.figures['amount']?.value).toBe(600_000_00);
  });

  it('10.00 shared by three: 3.34, 3.33, 3.33; without shares the owner has the whole', async () => {
    await signed('a', 10_00);
    await share('a', { anna: 3_334, boris: 3_333, idle: 3_333 });
    await signed('b', 7_00);
    const answer = await ask(['amount'], { groupBy: ['employee'] });
    expect(byValue(answer, 'amount')).toEqual([
      ['anna', 3_34 + 7_00],
      ['boris', 3_33],
      ['idle', 3_33],
    ]);
    expect(answer.total.figures['amount']?.value).toBe(17_00);
  });

  it('trap: split credit counted twice: contracts shared 60 to 40 count 0.6 and 0.4, the total once', async () => {
    await define('won', { measure: 'contracts', credit: { by: 'shares', role: 'sale' } });
    await define('owned', { measure: 'contracts', credit: { by: 'owner' } });
    await define('each', { measure: 'ratio', numerator: 'amount', denominator: 'won', unit: 'kopecks' });
    for (const [deal, amount] of Object.entries({ a: 10_00, b: 4_00 })) {
      await signed(deal, amount);
      const contract = { contract_id: `${deal}-contract`, number: deal, owner_id: 'anna', deal_id: deal };
      const terms = {
        amount_kopecks: amount,
        status: 'signed',
        known_by_event_id: '5f2b7c1e-8d4a-4c3e-9b1a-3f6d2e7a9c04',
      };
      await database.put('contracts', { ...contract, ...terms });
    }
    await share('a', { anna: 6_000, boris: 4_000 });
    const answer = await ask(['won', 'owned', 'each'], { groupBy: ['employee'] });
    expect(byValue(answer, 'won')).toEqual([
      ['anna', '1.6000'],
      ['boris', '0.4000'],
      ['idle', '0.0000'],
    ]);
    expect(answer.total.figures).toMatchObject({
      won: { value: '2.0000' },
      owned: { value: 2 },
      each: { value: 7_00 },
    });
    // 6.00 and 4.00 of 1.6 contracts; 4.00 of 0.4 contracts.
    expect(byValue(answer, 'each').slice(0, 2)).toEqual([
      ['anna', 6_25],
      ['boris', 10_00],
    ]);
  });

  it('what was paid before the deal was anybody’s is its first owner’s, as it is without shares', async () => {
    const paid = { credit: { by: 'shares', role: 'sale' }, measure: 'payments', unit: 'kopecks' };
    await define('shared', paid);
    await define('owned', { ...paid, credit: { by: 'owner' } });
    await database.put('deal_owners', { deal_id: 'p', owner_id: 'boris', valid_from: '2009-08-20T00:00:00Z' });
    await database.put('payments', { deal_id: 'p', payment_id: 'p1', contract_id: 'k', amount_kopecks: 5_00 });
    const answer = await ask(['shared', 'owned'], { groupBy: ['employee'] });
    for (const code of ['shared', 'owned']) {
      expect(byValue(answer, code)).toEqual([
        ['anna', 0],
        ['boris', 5_00],
        ['idle', 0],
      ]);
    }
  });

  it('one kopeck shared evenly goes to the smaller id, and another role shares nothing', async () => {
    await signed('a', 1);
    await share('a', { boris: 5_000, anna: 5_000 });
    await define('other', { measure: 'amount', unit: 'kopecks', credit: { by: 'shares', role: 'help' } });
    await signed('b', 3);
    await share('b', { boris: 10_000 });
    const answer = await ask(['amount', 'other'], { groupBy: ['employee'] });
    expect(byValue(answer, 'amount').slice(0, 2)).toEqual([
      ['anna', 1],
      ['boris', 3],
    ]);
    expect(byValue(answer, 'other').slice(0, 2)).toEqual([
      ['anna', 4],
      ['boris', 0],
    ]);
  });
});
