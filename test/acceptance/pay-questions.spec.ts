import type { PlansAnswer } from '@voronka/read-models';
import { indicator, regulation } from './support/august.js';
import { cellOf, PayDesk, TOLD_BY } from './support/pay-desk.js';

// What is asked about pay and plans, and who may look at it.

const desk = new PayDesk();
const keys: Record<string, string> = {};

beforeAll(async () => {
  await desk.start();
  for (const id of ['ivanova', 'orlova', 'smirnov']) await desk.hire(id, 'Sales manager');
  await desk.command('pay-regulations/main/publish-pay-regulation', regulation);
  await desk.command('departments/north/create-department', { name: 'North' });
  await desk.hire('volkov', 'Sales manager', { departmentId: 'north' });
  for (const [department, employeeId] of [
    ['sales', TOLD_BY],
    ['north', 'volkov'],
  ] as const) {
    await desk.command(`departments/${department}/appoint-head`, { employeeId, effectiveOn: '2009-02-01' });
    keys[department] = await desk.rig.keyFor(['head'], employeeId);
  }
}, 180_000);
afterAll(async () => {
  await desk.stop();
}, 60_000);

/** What the head of a department is told, or the code by which it is refused. */
const asHead = async <T>(department: string, where: string): Promise<T> => {
  const more = `${where.includes('?') ? '&' : '?'}after=${desk.position}`;
  const { status, json } = await desk.rig.get(`/v1/${where}${more}`, { key: keys[department] ?? null });
  return (status === 200 ? json : json['code']) as T;
};

const explained = async (employee: string, month: string, rule: string) => {
  const { lines } = await desk.ask(`payroll/explanation?employee=${employee}&period=${month}&rule=${rule}`);
  const [line] = lines as readonly { plans: { value: string; planId: string }[] }[];
  if (line === undefined) throw new Error(`no line of ${rule}`);
  return line;
};

describe('the changes of plans behind a line', () => {
  it('a bulk change shows only his own cell, not the plans of everybody in it', async () => {
    const cells = ['ivanova', 'orlova', 'smirnov'].map((id, at) =>
      cellOf(id, 'first_contacts', '2009-08', { change: 'replace', value: 40 + at }),
    );
    await desk.plan(cells);
    const { plans } = await explained('orlova', '2009-08', 'R1');
    expect(plans.map(({ value }) => value)).toEqual(['41']);
  });
});

describe('plans, for the head of a department', () => {
  const cell = (kind: string, id: string, value: number) => ({
    ...{ indicator: 'meetings', owner: { kind, id }, period: '2009-10', change: 'replace', value },
  });

  beforeAll(async () => {
    await desk.command('plans/october/revise-plan', {
      cells: [
        ...['ivanova', 'orlova'].map((id) => cell('employee', id, 26)),
        ...[cell('employee', 'volkov', 7), cell('department', 'sales', 60), cell('department', 'north', 9)],
        cell('company', 'main', 70),
      ],
      reason: 'October',
    });
  });

  it('hold his department’s plan and the gap to its people’s', async () => {
    const { rows, gaps } = await asHead<PlansAnswer>('sales', 'plans?period=2009-10');
    expect(rows.map(({ owner, target }) => [owner.id, target])).toEqual([
      ['ivanova', '26'],
      ['orlova', '26'],
      ['sales', '60'],
    ]);
    expect(gaps).toEqual([{ indicator: 'meetings', department: 'sales', gap: '8' }]);
    const one = await asHead<PlansAnswer>('sales', 'plans?period=2009-10&employee=orlova');
    expect(one.rows.map(({ owner }) => owner.id)).toEqual(['orlova']);
  });

  it('need attention where they are his department’s', async () => {
    const where = 'plans/attention?period=2009-10&at=2009-10-20T08:00:00Z';
    const { rows } = await asHead<PlansAnswer>('north', where);
    expect(rows.map(({ owner }) => owner.id).toSorted()).toEqual(['north', 'volkov']);
  });
});

describe('a plan of a ratio', () => {
  it('has no pace, and the attention list does not judge it by one', async () => {
    const flow = { measure: 'conversion', conversion: 'flow', reach: 'touch' };
    const share = indicator({ ...flow, from: { kind: 'contact' }, to: { kind: 'meeting' } });
    await desk.command('indicators/to_meeting/define-indicator', share);
    const rest = { indicator: 'to_meeting', owner: { kind: 'employee', id: 'smirnov' }, period: '2009-08' };
    await desk.plan([{ ...rest, change: 'replace', value: 5_000 }]);
    desk.clock.instant = '2009-08-12T08:00:00.000Z';
    await desk.deals('smirnov', 3, ['contact']);
    await desk.deals('smirnov', 1, ['contact', 'meeting'], 'both');
    const about = 'period=2009-08&indicator=to_meeting';
    // 25 per cent of 50 asked for: by the days that had passed 19.05 of them, so it seemed to be well ahead.
    const { rows } = (await desk.ask(`plans?${about}`)) as unknown as PlansAnswer;
    expect(rows).toMatchObject([{ target: '5000', actual: '2500', toDate: null, pace: null }]);
    expect((await desk.ask(`plans/attention?${about}&below=1000`))['rows']).toEqual([]);
  });
});
