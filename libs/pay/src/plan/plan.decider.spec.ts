import { Shop } from '../testing/shop.js';

const COMPANY = { status: 'configured', zone: 'Europe/Samara', firstPayrollPeriod: '2009-08' };

function employed(position: string, departmentId = 'sales') {
  return worked([{ effectiveOn: '2009-01-01', departmentId, position }]);
}

/** Employed at these places one after another, and dismissed if there is a last day. */
function worked(assignments: readonly object[], lastDay: string | null = null) {
  const current = { assignments, lastDay };
  return { status: lastDay === null ? 'employed' : 'dismissed', employments: [current], current };
}

function shopWithMeetings(): Shop {
  const shop = new Shop({
    'company-main': COMPANY,
    'employee-ivanova': employed('Sales manager'),
    'employee-sidorova': employed('Head of sales'),
    'department-sales': { status: 'active' },
  });
  shop.now = '2009-09-10T07:00:00.000Z';
  const text = { ru: 'Показатель', en: 'Indicator' };
  const common = { name: text, description: text, better: 'higher' };
  shop.send('indicator-won', 'DefineIndicator', { ...common, measure: 'deals', event: 'won' });
  shop.send('indicator-lost', 'DefineIndicator', { ...common, measure: 'deals', event: 'lost' });
  const meetings = { measure: 'steps', counting: 'first', filters: { stepKinds: ['meeting'] }, resultIndicator: 'won' };
  shop.send('indicator-meetings', 'DefineIndicator', { ...common, ...meetings });
  const share = { measure: 'ratio', numerator: 'won', denominator: 'lost' };
  shop.send('indicator-share', 'DefineIndicator', { ...common, ...share });
  return shop;
}

const ivanova = { kind: 'employee', id: 'ivanova' };
const cell = { indicator: 'meetings', owner: ivanova, period: '2009-09' };
const because = { reason: 'As the situation asks' };

const faultsOf = (shop: Shop, cells: readonly object[]) =>
  (
    shop.refusal('plan-x', 'RevisePlan', { cells, ...because }).data['faults'] as { pointer: string; code: string }[]
  ).map(({ pointer, code }) => `${pointer} ${code}`);

describe('plans', () => {
  it('are assigned as one change of many cells, periods by their one name', () => {
    const cells = [
      { ...cell, value: 10 },
      { ...cell, period: '2009-08-31..2009-09-06', value: 3 },
    ];
    expect(shopWithMeetings().send('plan-x', 'AssignPlan', { cells, ...because })).toEqual([
      {
        type: 'PlanAssigned',
        data: {
          cells: [
            { ...cell, change: 'replace', value: 10, proration: 'none' },
            { ...cell, period: '2009-08-31..2009-09-06', change: 'replace', value: 3, proration: 'none' },
          ],
          ...because,
        },
      },
    ]);
  });

  it('every fault of every cell is told at once', () => {
    const shop = shopWithMeetings();
    expect(
      faultsOf(shop, [
        { ...cell, change: 'replace', value: -1 },
        { ...cell, change: 'replace', value: 1 },
        { ...cell, indicator: 'nothing', change: 'replace' },
        { ...cell, owner: { kind: 'employee', id: 'nobody' }, change: 'withdraw', value: 1 },
        { ...cell, owner: { kind: 'company', id: 'other' }, change: 'add', value: 1, proration: 'workingDays' },
        { ...cell, period: '2009-W54', change: 'replace', value: 1 },
        { ...cell, indicator: 'share', change: 'add', value: 1 },
        { ...cell, period: '2009-10', change: 'fromDate', from: '2009-09-01', value: 1 },
        { ...cell, period: '2009-11', change: 'fromDate', value: 1 },
        { ...cell, period: '2009-12-01', change: 'replace', value: 1, from: '2009-12-01' },
      ]),
    ).toEqual([
      '/cells/0/value VALUE_NEGATIVE',
      '/cells/1 CELL_REPEATED',
      '/cells/2/indicator INDICATOR_UNKNOWN',
      '/cells/2/value FIELD_MISSING',
      '/cells/3/owner/id OWNER_UNKNOWN',
      '/cells/3/value FIELD_NOT_ALLOWED',
      '/cells/4/owner/id OWNER_UNKNOWN',
      '/cells/4/proration PRORATION_PERSONAL',
      '/cells/5/period PERIOD_UNKNOWN',
      '/cells/6/change RATIO_REPLACED_ONLY',
      '/cells/7/from DATE_OUTSIDE_PERIOD',
      '/cells/8/from FIELD_MISSING',
      '/cells/9/period PERIOD_NOT_PLANNED',
      '/cells/9/from FIELD_NOT_ALLOWED',
    ]);
  });

  it('one stream is one change: the same again changes nothing, another is refused', () => {
    const shop = shopWithMeetings();
    const first = { cells: [{ ...cell, value: 10 }], ...because };
    shop.send('plan-x', 'AssignPlan', first);
    expect(shop.send('plan-x', 'AssignPlan', first)).toEqual([]);
    const other = { cells: [{ ...cell, value: 11 }], ...because };
    expect(shop.refusal('plan-x', 'AssignPlan', other).code).toBe('PLAN_CHANGE_EXISTS');
  });

  it('nobody changes what pays himself', () => {
    const shop = shopWithMeetings();
    shop.send('payRegulation-main', 'PublishPayRegulation', {
      regulation: 'heads',
      effectiveFrom: '2009-09-01',
      name: 'Heads',
      covers: { positions: ['Head of sales'] },
      rules: [
        {
          code: 'R',
          name: 'Meetings of the department',
          indicator: 'won',
          gates: [{ indicator: 'meetings', scope: 'department', thresholdBps: 10_000 }],
          payout: { kind: 'perUnit', kopecks: 100 },
        },
      ],
    });
    const assign = (person: string, owner: object, indicator = 'meetings') => {
      const cells = [{ ...cell, owner, indicator, value: 10 }];
      return [
        `plan-${person}-${JSON.stringify(owner)}-${indicator}`,
        'AssignPlan',
        { cells, ...because },
        person,
      ] as const;
    };
    const department = { kind: 'department', id: 'sales' };
    expect(shop.refusal(...assign('ivanova', ivanova)).code).toBe('OWN_PAY');
    expect(shop.refusal(...assign('sidorova', department)).code).toBe('OWN_PAY');
    expect(shop.send(...assign('sidorova', department, 'won'))).toHaveLength(1);
    expect(shop.send(...assign('sidorova', ivanova))).toHaveLength(1);
    expect(shop.send(...assign('ivanova', department))).toHaveLength(1);
  });

  describe('bug: whom a plan pays was judged by where he works today, not in the period of the plan', () => {
    const department = { kind: 'department', id: 'sales' };
    const manager = { effectiveOn: '2009-01-01', departmentId: 'sales', position: 'Sales manager' };
    const director = { effectiveOn: '2009-09-01', departmentId: 'board', position: 'Director' };
    const rule = { code: 'R', name: 'Meetings', indicator: 'won', payout: { kind: 'perUnit', kopecks: 100 } };
    const gates = [{ indicator: 'meetings', scope: 'department', thresholdBps: 10_000 }];
    const regulation = { regulation: 'sales', name: 'Sales', covers: { positions: ['Sales manager'] } };
    const changing = (owner: object, period: string) =>
      [{ cells: [{ ...cell, owner, period, change: 'replace', value: 10 }], ...because }, 'ivanova'] as const;

    function shop(author: object): Shop {
      const made = shopWithMeetings();
      Object.assign(made.around, { 'employee-ivanova': author });
      const body = { ...regulation, effectiveFrom: '2009-08-01', rules: [{ ...rule, gates }] };
      made.send('payRegulation-main', 'PublishPayRegulation', body);
      return made;
    }
    const seen = (body: object) => ({ ...body, previewHash: '0'.repeat(64) });

    it('who was a manager in closed August and is director now is paid by the plan of August', () => {
      const on = shop(worked([manager, director]));
      on.send('payroll-main', 'ClosePeriod', { period: '2009-08' });
      const [august, person] = changing(department, '2009-08');
      expect(on.refusal('plan-x', 'ProposePlanChange', seen(august), person).code).toBe('OWN_PAY');
      on.send('plan-x', 'ProposePlanChange', seen(august), 'sidorova');
      expect(on.refusal('plan-x', 'ApprovePlanChange', {}, person).code).toBe('OWN_PAY');
      expect(on.send('plan-y', 'RevisePlan', ...changing(department, '2009-09'))).toHaveLength(1);
    });

    it('who left on 20 August is paid by the plan of August, not of September', () => {
      const on = shop(worked([manager], '2009-08-20'));
      expect(on.refusal('plan-x', 'RevisePlan', ...changing(department, '2009-08')).code).toBe('OWN_PAY');
      expect(on.send('plan-x', 'RevisePlan', ...changing(department, '2009-09'))).toHaveLength(1);
    });

    it('the regulation is that of the period, and its rules are of that kind of period', () => {
      const on = shop(worked([manager]));
      const october = {
        ...regulation,
        effectiveFrom: '2009-10-01',
        rules: [rule, { ...rule, code: 'Q', period: 'quarter', gates }],
      };
      on.send('payRegulation-main', 'PublishPayRegulation', october);
      const refused = (period: string) => on.refusal(`plan-${period}`, 'RevisePlan', ...changing(department, period));
      expect([refused('2009-09').code, refused('2009-Q4').code]).toEqual(['OWN_PAY', 'OWN_PAY']);
      for (const period of ['2009-10', '2009-Q3', '2009-W40']) {
        expect(on.send(`plan-${period}`, 'RevisePlan', ...changing(department, period))).toHaveLength(1);
      }
    });
  });

  it('of closed months are proposed by one and approved by another', () => {
    const shop = shopWithMeetings();
    shop.send('payroll-main', 'ClosePeriod', { period: '2009-08' });
    const cells = [
      { ...cell, change: 'replace', value: 1 },
      { ...cell, period: '2009-08', change: 'replace', value: 12 },
    ];
    expect(shop.refusal('plan-x', 'RevisePlan', { cells, ...because })).toMatchObject({
      code: 'PERIOD_CLOSED',
      data: { cell: 1, period: '2009-08', closedThrough: '2009-08' },
    });
    const seen = { cells, ...because, previewHash: '0'.repeat(64) };
    expect(shop.refusal('plan-x', 'ProposePlanChange', seen).code).toBe('PERSON_NEEDED');
    expect(shop.refusal('plan-x', 'ProposePlanChange', { cells, ...because }, 'sidorova')).toMatchObject({
      code: 'PREVIEW_NEEDED',
      data: { cell: 1, period: '2009-08' },
    });
    shop.send('plan-x', 'ProposePlanChange', seen, 'sidorova');
    expect(shop.refusal('plan-x', 'ApprovePlanChange', {}, 'sidorova').code).toBe('SECOND_PERSON_NEEDED');
    expect(shop.refusal('plan-x', 'ApprovePlanChange', {}, 'ivanova').code).toBe('OWN_PAY');
    const [approved] = shop.send('plan-x', 'ApprovePlanChange', {}, 'petrova');
    // Bug: what two people changed had no reason, and nobody could see who had proposed it.
    expect(approved).toMatchObject({
      type: 'PlanChangeApproved',
      data: { cells: [{ value: 1 }, { value: 12 }], ...because, proposedBy: 'sidorova' },
    });
    expect(shop.refusal('plan-x', 'RejectPlanChange', because, 'petrova').code).toBe('PLAN_CHANGE_SETTLED');
  });

  it('bug: what was proposed for an open month was approved without a preview once the month was closed', () => {
    const shop = shopWithMeetings();
    const body = { cells: [{ ...cell, period: '2009-08', change: 'replace', value: 12 }], ...because };
    shop.send('plan-x', 'ProposePlanChange', body, 'sidorova');
    shop.send('payroll-main', 'ClosePeriod', { period: '2009-08', accept: ['PENDING_APPROVALS'] });
    expect(shop.refusal('plan-x', 'ApprovePlanChange', {}, 'petrova')).toEqual({
      code: 'PREVIEW_NEEDED',
      data: { cell: 0, period: '2009-08' },
    });
    expect(shop.send('plan-x', 'ApprovePlanChange', { previewHash: '0'.repeat(64) }, 'petrova')).toMatchObject([
      { type: 'PlanChangeApproved' },
    ]);
  });

  it('a quarter is closed with its last month, a week never', () => {
    const shop = shopWithMeetings();
    shop.send('payroll-main', 'ClosePeriod', { period: '2009-08' });
    const assign = (period: string) =>
      ['plan-' + period, 'AssignPlan', { cells: [{ ...cell, period, value: 10 }], ...because }] as const;
    expect(shop.send(...assign('2009-Q3'))).toHaveLength(1);
    expect(shop.send(...assign('2009-W33'))).toHaveLength(1);
    expect(shop.refusal(...assign('2009-Q2')).code).toBe('PERIOD_CLOSED');
  });
});

describe('a head plans', () => {
  const headed = (parentId: string | null, ...people: readonly string[]) => ({
    status: 'active',
    created: { parentId },
    heads: people.map((employeeId) => ({ employeeId, effectiveOn: '2009-02-01' })),
  });
  function shop(): Shop {
    const made = shopWithMeetings();
    Object.assign(made.around, {
      'department-sales': headed('firm', 'sidorova'),
      'department-firm': headed(null, 'chief'),
      'department-keys': headed('firm', 'smirnov'),
      'employee-chief': employed('Director', 'firm'),
      'employee-smirnov': employed('Head of keys', 'keys'),
    });
    return made;
  }
  const sales = { kind: 'department', id: 'sales' };
  const company = { kind: 'company', id: 'main' };
  const planned = (owner: object) => ({ cells: [{ ...cell, owner, value: 10 }], ...because });

  it('for the departments he heads, those below, and their people', () => {
    for (const [person, owner] of [
      ['sidorova', ivanova],
      ['sidorova', sales],
      ['chief', ivanova],
      ['chief', sales],
    ] as const) {
      expect(shop().send('plan-x', 'AssignPlan', planned(owner), person, ['head'])).toHaveLength(1);
    }
  });

  it('not for others, nor for the company (NOT_YOUR_DEPARTMENT)', () => {
    for (const type of ['AssignPlan', 'RevisePlan', 'ProposePlanChange', 'WithdrawPlan']) {
      for (const [owner, departmentId] of [
        [ivanova, 'sales'],
        [sales, 'sales'],
        [company, null],
      ] as const) {
        const change =
          type === 'AssignPlan' ? { value: 10 } : type === 'WithdrawPlan' ? {} : { change: 'replace', value: 10 };
        const body = { cells: [{ ...cell, owner, ...change }], ...because };
        expect(shop().refusal('plan-x', type, body, 'smirnov', ['head'])).toEqual({
          code: 'NOT_YOUR_DEPARTMENT',
          data: { cell: 0, departmentId },
        });
      }
    }
    expect(shop().send('plan-x', 'AssignPlan', planned(company), 'smirnov', ['director'])).toHaveLength(1);
  });
});
