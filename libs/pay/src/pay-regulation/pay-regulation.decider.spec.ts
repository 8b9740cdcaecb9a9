import fc from 'fast-check';
import { Shop } from '../testing/shop.js';
import { isCovered } from './pay-regulation.document.js';
import { mayOverlap } from './pay-regulation.versions.js';

const STREAM = 'payRegulation-main';

function shop(): Shop {
  const made = new Shop();
  made.now = '2009-09-10T07:00:00.000Z';
  const text = { ru: 'Показатель', en: 'Indicator' };
  const common = { name: text, description: text, better: 'higher' };
  made.send('indicator-won', 'DefineIndicator', { ...common, measure: 'deals', event: 'won' });
  made.send('indicator-contracts', 'DefineIndicator', { ...common, measure: 'amount' });
  const late = { measure: 'timeliness', work: 'steps', share: 'late', better: 'lower' };
  made.send('indicator-late', 'DefineIndicator', { ...common, ...late });
  return made;
}

const rule = { code: 'R', name: 'Won', indicator: 'won', payout: { kind: 'perUnit', kopecks: 100 } };
const sales = {
  regulation: 'sales',
  effectiveFrom: '2009-09-01',
  name: 'Sales',
  covers: { positions: ['manager'] },
  rules: [rule],
};

const faultsOf = (body: object, on = shop()) =>
  (on.refusal(STREAM, 'PublishPayRegulation', body).data['faults'] as { pointer: string; code: string }[]).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  );
const tiers = (brackets: readonly object[], more: object = {}) => ({
  ...rule,
  payout: { kind: 'tiers', by: 'fulfilment', mode: 'slab', pays: 'perUnit', brackets, ...more },
});

describe('a pay regulation', () => {
  it('is published in versions; the same again changes nothing', () => {
    const on = shop();
    expect(on.send(STREAM, 'PublishPayRegulation', sales)).toMatchObject([{ data: { version: 1, proposal: null } }]);
    expect(on.send(STREAM, 'PublishPayRegulation', sales)).toEqual([]);
    const dearer = { ...sales, rules: [{ ...rule, payout: { kind: 'perUnit', kopecks: 200 } }] };
    expect(on.send(STREAM, 'PublishPayRegulation', dearer)).toMatchObject([{ data: { version: 2 } }]);
  });

  it('with brackets of 75 to 80 and 81 to 90 has a gap', () => {
    const brackets = [
      { from: 7_500, to: 8_000, value: 1 },
      { from: 8_100, to: 9_000, value: 1 },
    ];
    expect(faultsOf({ ...sales, rules: [tiers(brackets)] })).toEqual([
      '/rules/0/payout/brackets/1/from BRACKETS_GAP',
      '/rules/0/payout/brackets/1/to BRACKETS_END',
    ]);
  });

  it('is told every fault at once', () => {
    const brackets = [
      { from: 0, to: 10, value: 1 },
      { from: 5, to: 5, value: 1 },
      { from: 5, to: null, value: 1 },
      { from: 9, to: null, value: 1 },
    ];
    const body = {
      ...sales,
      covers: {},
      rules: [
        { ...rule, floorKopecks: 10, capKopecks: 5 },
        { ...rule, payout: { kind: 'percentOfAmount', bps: 1 } },
        { ...rule, code: 'R2', indicator: 'nothing', payout: { kind: 'fixed', bps: 3 } },
        { ...tiers(brackets, { mode: 'marginal' }), code: 'R3', indicator: 'late' },
      ],
    };
    expect(faultsOf(body)).toEqual([
      '/covers COVERAGE_EMPTY',
      '/rules/0/capKopecks CAP_BELOW_FLOOR',
      '/rules/1/code RULE_REPEATED',
      '/rules/2/payout/kopecks FIELD_MISSING',
      '/rules/2/payout/bps FIELD_NOT_ALLOWED',
      '/rules/1/payout PAYOUT_NEEDS_AMOUNT',
      '/rules/2/indicator INDICATOR_UNKNOWN',
      '/rules/3/payout/brackets/1/from BRACKETS_OVERLAP',
      '/rules/3/payout/brackets/1/to BRACKET_EMPTY',
      '/rules/3/payout/brackets/2/to BRACKET_OPEN',
      '/rules/3/payout PAYOUT_NEEDS_COUNT',
      '/rules/3/payout/mode MARGINAL_NOT_ALLOWED',
    ]);
  });

  it.each([
    ['a month', 'month', '2009-08-01', true],
    ['a month later on', 'month', '2009-09-01', false],
    ['a quarter that began earlier', 'quarter', '2009-09-01', true],
    ['the next quarter', 'quarter', '2009-10-01', false],
    ['a year that began earlier', 'year', '2009-10-01', true],
  ])('bug: an indicator that did not hold yet was taken for %s', (_what, period, effectiveFrom, isFaulty) => {
    const on = shop();
    const text = { ru: 'Показатель', en: 'Indicator' };
    const later = { name: text, description: text, better: 'higher', measure: 'deals', event: 'won' };
    on.send('indicator-later', 'DefineIndicator', { ...later, effectiveFrom: '2009-09-01' });
    const gate = { indicator: 'later', scope: 'self', thresholdBps: 10_000 };
    const rules = [
      { ...rule, period, gates: [gate] },
      { ...rule, code: 'R2', period, indicator: 'later' },
    ];
    const body = { ...sales, effectiveFrom, rules };
    if (!isFaulty) return expect(on.send(STREAM, 'PublishPayRegulation', body)).toHaveLength(1);
    return expect(faultsOf(body, on)).toEqual([
      '/rules/0/gates/0/indicator INDICATOR_NOT_EFFECTIVE',
      '/rules/1/indicator INDICATOR_NOT_EFFECTIVE',
    ]);
  });

  it('that could cover somebody whom another covers is refused', () => {
    const on = shop();
    on.send(STREAM, 'PublishPayRegulation', sales);
    const other = (covers: object) => ({ ...sales, regulation: 'other', covers });
    expect(faultsOf(other({ departments: ['key-accounts'] }), on)).toEqual(['/covers COVERAGE_OVERLAPS']);
    expect(faultsOf(other({ employees: ['ivanova'] }), on)).toEqual(['/covers COVERAGE_OVERLAPS']);
    expect(on.send(STREAM, 'PublishPayRegulation', other({ positions: ['head'] }))).toHaveLength(1);
  });

  it('bug: nobody could be excepted for a regulation that names him', () => {
    const on = shop();
    const but = { positions: ['manager'], exceptEmployees: ['e1'] };
    on.send(STREAM, 'PublishPayRegulation', { ...sales, covers: but });
    const star = (employees: readonly string[]) => ({ ...sales, regulation: 'star', covers: { employees } });
    expect(faultsOf(star(['e1', 'e2']), on)).toEqual(['/covers COVERAGE_OVERLAPS']);
    expect(on.send(STREAM, 'PublishPayRegulation', star(['e1']))).toHaveLength(1);
    // And the other way round.
    const other = shop();
    other.send(STREAM, 'PublishPayRegulation', star(['e1']));
    expect(other.send(STREAM, 'PublishPayRegulation', { ...sales, covers: but })).toHaveLength(1);
  });

  it('of a closed month takes two people', () => {
    const on = shop();
    on.send('payroll-main', 'ClosePeriod', { period: '2009-08' });
    const earlier = { ...sales, effectiveFrom: '2009-08-01' };
    expect(on.refusal(STREAM, 'PublishPayRegulation', earlier).code).toBe('PERIOD_CLOSED');
    const proposed = { ...earlier, proposal: 'p1', reason: 'Agreed on in July' };
    expect(on.refusal(STREAM, 'ProposePayRegulation', proposed, 'sidorova').code).toBe('PREVIEW_NEEDED');
    on.send(STREAM, 'ProposePayRegulation', { ...proposed, previewHash: '0'.repeat(64) }, 'sidorova');
    expect(on.refusal(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'sidorova').code).toBe(
      'SECOND_PERSON_NEEDED',
    );
    expect(on.send(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'petrova')).toMatchObject([
      { type: 'PayRegulationPublished', data: { version: 1, effectiveFrom: '2009-08-01', proposal: 'p1' } },
    ]);
    expect(on.refusal(STREAM, 'RejectPayRegulation', { proposal: 'p1', reason: 'x' }, 'petrova').code).toBe(
      'PROPOSAL_SETTLED',
    );
  });

  it('bug: what was proposed for an open month was approved without a preview once the month was closed', () => {
    const on = shop();
    const proposed = { ...sales, effectiveFrom: '2009-08-01', proposal: 'p1', reason: 'Agreed on in July' };
    on.send(STREAM, 'ProposePayRegulation', proposed, 'sidorova');
    on.send('payroll-main', 'ClosePeriod', { period: '2009-08', accept: ['PENDING_APPROVALS'] });
    const approve = (body: object) => [STREAM, 'ApprovePayRegulation', { proposal: 'p1', ...body }, 'petrova'] as const;
    expect(on.refusal(...approve({})).code).toBe('PREVIEW_NEEDED');
    expect(on.send(...approve({ previewHash: '0'.repeat(64) }))).toHaveLength(1);
  });

  it('that was proposed before another came to cover the same people is outdated', () => {
    const on = shop();
    on.send(STREAM, 'ProposePayRegulation', { ...sales, proposal: 'p1', reason: 'x' }, 'sidorova');
    on.send(STREAM, 'PublishPayRegulation', { ...sales, regulation: 'other' });
    expect(on.refusal(STREAM, 'ApprovePayRegulation', { proposal: 'p1' }, 'petrova').code).toBe('PROPOSAL_OUTDATED');
  });
});

describe('coverage', () => {
  const some = (values: readonly string[]) => fc.option(fc.subarray([...values], { minLength: 1 }));
  const coverage = fc.record({
    positions: some(['manager', 'head']),
    departments: some(['north', 'south']),
    employees: some(['ann', 'bob']),
    exceptEmployees: fc.subarray(['ann', 'bob']),
  });

  const people = ['ann', 'bob', 'cyd'].flatMap((employeeId) =>
    ['manager', 'head'].flatMap((position) =>
      ['north', 'south'].map((departmentId) => ({ employeeId, position, departmentId })),
    ),
  );

  it('two may overlap where somebody, in some place, is covered by both, and nowhere else', () => {
    fc.assert(
      fc.property(coverage, coverage, (a, b) => {
        expect(mayOverlap(a, b)).toBe(people.some((person) => isCovered(a, person) && isCovered(b, person)));
      }),
    );
  });
});
