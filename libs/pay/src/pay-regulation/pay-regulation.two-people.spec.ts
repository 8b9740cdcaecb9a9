import { Shop } from '../testing/shop.js';

const STREAM = 'payRegulation-main';
const HASH = '0'.repeat(64);
const text = { ru: 'Показатель', en: 'Indicator' };
const definition = { name: text, description: text, better: 'higher', measure: 'deals', event: 'won' };

const rule = { code: 'R', name: 'Won', indicator: 'won', payout: { kind: 'perUnit', kopecks: 100 } };
const sales = {
  regulation: 'sales',
  effectiveFrom: '2009-09-01',
  name: 'Sales',
  covers: { positions: ['manager'] },
  rules: [rule],
};
const reason = 'Agreed on in July';

interface Place {
  readonly effectiveOn: string;
  readonly position: string;
}

function worked(places: readonly Place[], lastDay: string | null = null): object {
  const assignments = places.map((place) => ({ departmentId: 'sales', ...place }));
  const current = { assignments, lastDay };
  return { status: lastDay === null ? 'employed' : 'dismissed', employments: [current], current };
}

function shop(author?: object): Shop {
  const made = new Shop();
  made.now = '2009-09-10T07:00:00.000Z';
  if (author !== undefined) Object.assign(made.around, { 'employee-ivanova': author });
  made.send('indicator-won', 'DefineIndicator', definition);
  return made;
}

const manager = { effectiveOn: '2009-01-01', position: 'manager' };

describe('bug: one could publish the regulation by which he is paid', () => {
  const publish = (on: Shop, more: object = {}) =>
    [STREAM, 'PublishPayRegulation', { ...sales, ...more }, 'ivanova'] as const;

  it('whoever is covered neither publishes, nor proposes, nor approves, nor retires it', () => {
    const on = shop(worked([manager]));
    expect(on.refusal(...publish(on)).code).toBe('OWN_PAY');
    const proposal = { ...sales, proposal: 'p1', reason };
    expect(on.refusal(STREAM, 'ProposePayRegulation', proposal, 'ivanova').code).toBe('OWN_PAY');
    on.send(STREAM, 'ProposePayRegulation', proposal, 'sidorova');
    expect(on.refusal(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'ivanova').code).toBe('OWN_PAY');
    on.send(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'petrova');
    const retire = { regulation: 'sales', effectiveFrom: '2009-10-01', reason };
    expect(on.refusal(STREAM, 'RetirePayRegulation', retire, 'ivanova').code).toBe('OWN_PAY');
    const ending = { ...retire, proposal: 'p2' };
    expect(on.refusal(STREAM, 'ProposePayRegulationRetirement', ending, 'ivanova').code).toBe('OWN_PAY');
    // Nobody is named where no person acts.
    expect(on.send(STREAM, 'RetirePayRegulation', retire)).toHaveLength(1);
  });

  it('nor takes himself out of it, or another into his place', () => {
    const on = shop(worked([manager]));
    on.send(STREAM, 'PublishPayRegulation', sales);
    expect(on.refusal(...publish(on, { covers: { positions: ['head'] } })).code).toBe('OWN_PAY');
  });

  it.each([
    [
      'who becomes a director within the month',
      [manager, { effectiveOn: '2009-09-15', position: 'director' }],
      null,
      1,
    ],
    [
      'who becomes a manager later on',
      [
        { ...manager, position: 'head' },
        { ...manager, effectiveOn: '2009-11-01' },
      ],
      null,
      0,
    ],
    ['who left before', [manager], '2009-08-31', 1],
    ['who leaves in that month', [manager], '2009-09-04', 0],
    [
      'who left before his next place began',
      [manager, { effectiveOn: '2009-09-15', position: 'head' }],
      '2009-09-10',
      0,
    ],
  ] as const)('the last assigned day of a month decides: %s', (_who, places, lastDay, events) => {
    const on = shop(worked(places, lastDay));
    if (events > 0) expect(on.send(...publish(on))).toHaveLength(events);
    else expect(on.refusal(...publish(on)).code).toBe('OWN_PAY');
  });

  it('bug: who left in the quarter that a rule pays for, before the version began, could publish it alone', () => {
    const on = shop(worked([manager], '2009-08-20'));
    const quarterly = [{ ...rule, period: 'quarter' }];
    expect(on.refusal(...publish(on, { rules: quarterly })).code).toBe('OWN_PAY');
    expect(on.send(...publish(on, { rules: quarterly, effectiveFrom: '2009-10-01' }))).toHaveLength(1);
  });

  it('a month that another version of it holds for does not count', () => {
    const on = shop(worked([manager, { effectiveOn: '2009-10-01', position: 'head' }]));
    on.send(STREAM, 'PublishPayRegulation', { ...sales, effectiveFrom: '2009-10-01' });
    expect(on.send(...publish(on, { effectiveFrom: '2009-10-01', name: 'Anew' }))).toHaveLength(1);
    expect(on.refusal(...publish(on, { name: 'Earlier' })).code).toBe('OWN_PAY');
  });
});

describe('bug: a proposal was judged only for whom it covers once it was approved', () => {
  const approve = (on: Shop) => on.refusal(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'petrova');

  it('an indicator that is in use no more is a fault by then', () => {
    const on = shop();
    on.send(STREAM, 'ProposePayRegulation', { ...sales, proposal: 'p1', reason }, 'sidorova');
    on.send('indicator-won', 'RetireIndicator', { reason });
    const { code, data } = approve(on);
    expect(code).toBe('PROPOSAL_OUTDATED');
    expect(data).toMatchObject({
      proposal: 'p1',
      faults: [{ pointer: '/rules/0/indicator', code: 'INDICATOR_UNKNOWN' }],
    });
    expect(on.send(STREAM, 'RejectPayRegulation', { proposal: 'p1', reason }, 'petrova')).toHaveLength(1);
  });

  it('so is another regulation that came to cover the same people', () => {
    const on = shop();
    on.send(STREAM, 'ProposePayRegulation', { ...sales, proposal: 'p1', reason }, 'sidorova');
    on.send(STREAM, 'PublishPayRegulation', { ...sales, regulation: 'other' });
    expect(approve(on).data['faults']).toMatchObject([{ pointer: '/covers', code: 'COVERAGE_OVERLAPS' }]);
  });

  it('and every kind of payout comes through its second judgement', () => {
    const on = shop();
    on.send('indicator-sold', 'DefineIndicator', { ...definition, measure: 'amount', event: undefined });
    const payouts = [
      { kind: 'fixed', kopecks: 100, prorated: true },
      { kind: 'tiers', by: 'actual', mode: 'slab', pays: 'fixed', brackets: [{ from: 0, value: 1 }] },
      { kind: 'perUnit', kopecks: 5 },
    ];
    const rules = [
      ...payouts.map((payout, at) => ({ ...rule, code: `R${at}`, payout })),
      { ...rule, indicator: 'sold', payout: { kind: 'percentOfAmount', bps: 100 }, floorKopecks: 1, capKopecks: 2 },
    ];
    on.send(STREAM, 'ProposePayRegulation', { ...sales, rules, proposal: 'p1', reason }, 'sidorova');
    expect(on.send(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'petrova')).toHaveLength(1);
  });
});

describe('bug: the end of a regulation that touches closed months could not be proposed', () => {
  const ending = { regulation: 'sales', effectiveFrom: '2009-08-01', reason: 'Dissolved in July' };

  function closed(): Shop {
    const on = shop();
    on.send(STREAM, 'PublishPayRegulation', { ...sales, effectiveFrom: '2009-08-01' });
    on.send('payroll-main', 'ClosePeriod', { period: '2009-08' });
    return on;
  }

  it('takes two people and a preview, like a version', () => {
    const on = closed();
    expect(on.refusal(STREAM, 'RetirePayRegulation', ending).code).toBe('PERIOD_CLOSED');
    const proposal = { ...ending, proposal: 'end' };
    const propose = 'ProposePayRegulationRetirement';
    expect(on.refusal(STREAM, propose, proposal, 'sidorova').code).toBe('PREVIEW_NEEDED');
    expect(on.send(STREAM, propose, { ...proposal, previewHash: HASH }, 'sidorova')).toMatchObject([
      { type: 'PayRegulationProposed', data: { document: null, proposedBy: 'sidorova' } },
    ]);
    expect(on.refusal(STREAM, propose, { ...proposal, previewHash: HASH }, 'sidorova').code).toBe('PROPOSAL_EXISTS');
    const approval = [STREAM, 'ApprovePayRegulation', { proposal: 'end' }] as const;
    expect(on.refusal(...approval, 'sidorova').code).toBe('SECOND_PERSON_NEEDED');
    expect(on.send(...approval, 'petrova')).toMatchObject([
      { type: 'PayRegulationRetired', data: { ...ending, version: 2, proposal: 'end' } },
    ]);
    expect(on.refusal(...approval, 'petrova').code).toBe('PROPOSAL_SETTLED');
  });

  it('is refused where it covers nobody then as it is, and outdated where it came to do so', () => {
    const on = closed();
    const proposal = { ...ending, previewHash: HASH };
    const propose = (id: string) => [STREAM, 'ProposePayRegulationRetirement', { ...proposal, proposal: id }] as const;
    on.send(...propose('one'), 'sidorova');
    on.send(...propose('two'), 'sidorova');
    on.send(STREAM, 'ApprovePayRegulation', { proposal: 'one' }, 'petrova');
    expect(on.refusal(...propose('three'), 'sidorova').code).toBe('PAY_REGULATION_NOT_IN_FORCE');
    expect(on.refusal(STREAM, 'ApprovePayRegulation', { proposal: 'two' }, 'petrova').code).toBe('PROPOSAL_OUTDATED');
    const unknown = { ...ending, regulation: 'none', proposal: 'four' };
    expect(on.refusal(STREAM, 'ProposePayRegulationRetirement', unknown, 'sidorova').code).toBe(
      'PAY_REGULATION_NOT_FOUND',
    );
  });
});

describe('bug: a rule could bear the code under which adjustments by hand are settled', () => {
  it('it is refused', () => {
    const { code, data } = shop().refusal(STREAM, 'PublishPayRegulation', {
      ...sales,
      rules: [{ ...rule, code: 'manual' }],
    });
    expect(code).toBe('PAY_REGULATION_FAULTY');
    expect(data['faults']).toMatchObject([{ pointer: '/rules/0/code', code: 'RULE_RESERVED' }]);
  });
});
