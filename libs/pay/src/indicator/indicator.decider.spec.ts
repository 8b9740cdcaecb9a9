import { Shop } from '../testing/shop.js';
import type { IndicatorDefined } from './indicator.events.js';
import type { IndicatorFault } from './indicator.reading.js';

const text = (word: string) => ({ ru: `${word} ru`, en: word });
const common = { name: text('Name'), description: text('Description'), better: 'higher' };
const won = { ...common, measure: 'deals', event: 'won' };
const amount = { ...common, measure: 'amount' };
const calls = {
  ...common,
  measure: 'activities',
  over: 'period',
  filters: { activityKinds: ['call'] },
  resultIndicator: 'won',
};
const ratio = { ...common, measure: 'ratio', numerator: 'amount', denominator: 'won' };
const automation = {
  status: 'active',
  versions: [{ document: { steps: [{ code: 'contact', funnelRank: 1 }, { code: 'note' }] } }],
};

function shop(): Shop {
  const made = new Shop({
    'company-main': { status: 'configured', zone: 'Europe/Samara' },
    'routeMap-automation': automation,
  });
  made.send('indicator-won', 'DefineIndicator', won);
  made.send('indicator-amount', 'DefineIndicator', amount);
  made.send('indicator-calls', 'DefineIndicator', calls);
  return made;
}

/** Everything wrong with a definition, as `pointer CODE`. */
function faultsOf(definition: object, on = shop()): string[] {
  const { code, data } = on.refusal('indicator-x', 'DefineIndicator', { ...common, ...definition });
  expect(code).toBe('INDICATOR_FAULTY');
  return (data['faults'] as IndicatorFault[]).map((fault) => `${fault.pointer} ${fault.code}`);
}

describe('DefineIndicator', () => {
  it('records the definition with what it leaves to custom', () => {
    expect(shop().send('indicator-x', 'DefineIndicator', calls)).toEqual([
      {
        type: 'IndicatorDefined',
        data: {
          version: 1,
          effectiveFrom: null,
          definition: { ...calls, unit: 'count', credit: { by: 'performer' } },
        },
      },
    ]);
  });

  it('gives every measure its usual unit and credit', () => {
    const made = shop();
    const said = (definition: object) => {
      const [event] = made.send(`indicator-x${made.streams.size}`, 'DefineIndicator', { ...common, ...definition });
      const recorded = event as IndicatorDefined | undefined;
      return [recorded?.data.definition.unit, recorded?.data.definition.credit?.by ?? null];
    };
    const at = { kind: 'proposal' };
    expect(said({ measure: 'contracts' })).toEqual(['count', 'owner']);
    expect(said({ measure: 'payments' })).toEqual(['kopecks', 'owner']);
    expect(said(ratio)).toEqual(['ratio', null]);
    expect(said({ measure: 'time', time: 'waiting', at, statistic: 'p90', hours: 'working' })).toEqual([
      'workingHours',
      'owner',
    ]);
    expect(said({ measure: 'time', time: 'cycle', statistic: 'median', hours: 'calendar' })).toEqual([
      'hours',
      'owner',
    ]);
    expect(said({ measure: 'timeliness', work: 'steps', share: 'late' })).toEqual(['percent', 'performer']);
    expect(said({ measure: 'winRate', by: 'close', weigh: 'value' })).toEqual(['percent', 'owner']);
  });

  it('a null says as much as leaving the field out', () => {
    const [event] = shop().send('indicator-x', 'DefineIndicator', {
      ...won,
      filters: { sources: ['website'], steps: null },
      credit: null,
      unit: null,
      horizonDays: null,
      effectiveFrom: null,
    });
    expect(event?.data).toEqual({
      version: 1,
      effectiveFrom: null,
      definition: {
        ...won,
        unit: 'count',
        credit: { by: 'owner' },
        filters: { sources: ['website'] },
        resultIndicator: null,
      },
    });
  });

  it('is quiet about the same and refuses another under the same code', () => {
    const made = shop();
    expect(made.send('indicator-won', 'DefineIndicator', won)).toEqual([]);
    const other = { ...won, event: 'lost' };
    expect(made.refusal('indicator-won', 'DefineIndicator', other).code).toBe('INDICATOR_EXISTS');
  });

  it('holds from the first day of a month, or always', () => {
    const made = shop();
    const from = (effectiveFrom: string) => ({ ...won, effectiveFrom });
    expect(made.refusal('indicator-x', 'DefineIndicator', from('2009-08-02')).code).toBe(
      'INDICATOR_EFFECTIVE_FROM_WITHIN_MONTH',
    );
    expect(made.send('indicator-x', 'DefineIndicator', from('2007-01-01'))).toHaveLength(1);
  });
});

describe('faults, all of them at once', () => {
  it('fields that the measure needs, or knows nothing of', () => {
    expect(faultsOf({ measure: 'deals', counting: 'every', over: 'period' })).toEqual([
      '/counting FIELD_NOT_ALLOWED',
      '/over FIELD_NOT_ALLOWED',
      '/event FIELD_MISSING',
    ]);
    expect(faultsOf({ measure: 'conversion', conversion: 'exit', to: { end: 'win' }, horizonDays: 3 })).toEqual([
      '/from FIELD_MISSING',
      '/to FIELD_NOT_ALLOWED',
      '/horizonDays FIELD_NOT_ALLOWED',
    ]);
    expect(faultsOf({ measure: 'customers', event: 'lost' })).toEqual(['/event EVENT_UNKNOWN']);
    expect(faultsOf({ measure: 'deals', event: 'worked' })).toEqual(['/event EVENT_UNKNOWN']);
  });

  it('unit, credit and filters that do not go with the measure', () => {
    expect(
      faultsOf({ measure: 'contracts', unit: 'percent', credit: { by: 'performer' }, filters: { steps: ['contact'] } }),
    ).toEqual([
      '/unit UNIT_WRONG',
      '/credit/by CREDIT_NOT_ALLOWED',
      '/filters/steps FILTER_NOT_ALLOWED',
      '/filters/steps/0 STEP_NEEDS_ROUTE_MAP',
    ]);
    expect(faultsOf({ ...won, filters: { lossReasons: ['price'] } })).toEqual([
      '/filters/lossReasons FILTER_NOT_ALLOWED',
    ]);
    expect(faultsOf({ measure: 'timeliness', work: 'steps', share: 'late', filters: { topics: ['price'] } })).toEqual([
      '/filters/topics FILTER_NOT_ALLOWED',
    ]);
    expect(faultsOf({ ...amount, credit: { by: 'shares' } })).toEqual(['/credit/role CREDIT_ROLE_MISSING']);
    expect(faultsOf({ ...amount, credit: { by: 'owner', role: 'lead' } })).toEqual([
      '/credit/role CREDIT_ROLE_NOT_ALLOWED',
    ]);
    const cycle = { measure: 'time', time: 'cycle', statistic: 'median', hours: 'calendar' };
    expect(faultsOf({ ...cycle, unit: 'workingHours' })).toEqual(['/unit UNIT_WRONG']);
  });

  it('an activity without its result, or with one that is none', () => {
    expect(faultsOf({ ...calls, resultIndicator: null })).toEqual(['/resultIndicator RESULT_INDICATOR_MISSING']);
    expect(faultsOf({ ...calls, resultIndicator: 'nothing' })).toEqual(['/resultIndicator INDICATOR_UNKNOWN']);
    expect(faultsOf({ ...calls, resultIndicator: 'x' })).toEqual(['/resultIndicator RESULT_INDICATOR_ITSELF']);
    expect(faultsOf({ ...calls, resultIndicator: 'calls' })).toEqual(['/resultIndicator RESULT_INDICATOR_IS_ACTIVITY']);
  });

  it('a ratio of nothing, of itself, of a ratio, of what is no count', () => {
    const made = shop();
    made.send('indicator-average', 'DefineIndicator', ratio);
    made.send('indicator-rate', 'DefineIndicator', { ...common, measure: 'winRate', by: 'close', weigh: 'count' });
    expect(faultsOf({ ...ratio, numerator: 'x', denominator: 'nothing' }, made)).toEqual([
      '/numerator RATIO_OF_ITSELF',
      '/denominator INDICATOR_UNKNOWN',
    ]);
    expect(faultsOf({ ...ratio, numerator: 'average', denominator: 'rate' }, made)).toEqual([
      '/numerator RATIO_PART_NOT_COUNTABLE',
      '/denominator RATIO_PART_NOT_COUNTABLE',
    ]);
    made.send('indicator-won', 'RetireIndicator', { reason: 'Old' });
    expect(faultsOf(ratio, made)).toEqual(['/denominator INDICATOR_UNKNOWN']);
  });

  it('a ratio in a unit that its parts do not give', () => {
    expect(faultsOf({ ...ratio, unit: 'percent' })).toEqual(['/unit UNIT_WRONG']);
    expect(faultsOf({ ...ratio, numerator: 'calls', unit: 'kopecks' })).toEqual(['/unit UNIT_WRONG']);
    expect(faultsOf({ ...ratio, credit: { by: 'owner' }, filters: { sources: ['website'] } })).toEqual([
      '/credit/by CREDIT_NOT_ALLOWED',
      '/filters/sources FILTER_NOT_ALLOWED',
    ]);
    expect(shop().send('indicator-x', 'DefineIndicator', { ...ratio, unit: 'kopecks' })).toHaveLength(1);
  });

  it('steps that no map knows, or that are no bars', () => {
    const routeMaps = ['automation'];
    const counted = { measure: 'steps', counting: 'every', resultIndicator: 'won' };
    expect(faultsOf({ ...counted, filters: { routeMaps, steps: ['contact', 'nothing'] } })).toEqual([
      '/filters/steps/1 STEP_UNKNOWN',
    ]);
    expect(faultsOf({ ...counted, filters: { routeMaps: ['nothing'] } })).toEqual([
      '/filters/routeMaps/0 ROUTE_MAP_UNKNOWN',
    ]);
    const way = { measure: 'conversion', conversion: 'flow', reach: 'touch', to: { end: 'win' } };
    expect(faultsOf({ ...way, from: { step: 'note' }, filters: { routeMaps } })).toEqual([
      '/from/step STEP_NOT_RANKED',
    ]);
    expect(faultsOf({ ...way, from: { step: 'contact' } })).toEqual(['/from/step STEP_NEEDS_ROUTE_MAP']);
    const good = { ...common, ...way, from: { step: 'contact' }, filters: { routeMaps } };
    expect(shop().send('indicator-x', 'DefineIndicator', good)).toHaveLength(1);
  });

  it('places that lead nowhere', () => {
    const way = { measure: 'conversion', conversion: 'flow', reach: 'touch' };
    expect(faultsOf({ ...way, from: { end: 'win' }, to: { end: 'entry' } })).toEqual([
      '/from/end PLACE_IMPOSSIBLE',
      '/to/end PLACE_IMPOSSIBLE',
    ]);
    expect(faultsOf({ ...way, from: { kind: 'meeting' }, to: { kind: 'meeting' } })).toEqual(['/to PLACE_REPEATED']);
    expect(faultsOf({ ...way, from: {}, to: { step: 'contact', kind: 'contact' } })).toEqual([
      '/from PLACE_UNCLEAR',
      '/to PLACE_UNCLEAR',
    ]);
    expect(faultsOf({ measure: 'conversion', conversion: 'exit', from: { end: 'entry' } })).toEqual([
      '/from/end PLACE_IMPOSSIBLE',
    ]);
    const stay = { measure: 'time', time: 'stay', statistic: 'median', hours: 'working' };
    expect(faultsOf({ ...stay, at: { end: 'win' } })).toEqual(['/at/end PLACE_IMPOSSIBLE']);
  });
});

describe('ReviseIndicator', () => {
  const next = { ...won, filters: { sources: ['website'] }, reason: 'Only what the website brought' };

  it('adds a version', () => {
    expect(shop().send('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-09-01' })).toEqual([
      {
        type: 'IndicatorRevised',
        data: {
          version: 2,
          effectiveFrom: '2009-09-01',
          reason: next.reason,
          definition: { ...won, filters: next.filters, unit: 'count', credit: { by: 'owner' }, resultIndicator: null },
        },
      },
    ]);
  });

  it('INDICATOR_PAST_FIXED: the running month in the company’s zone is the earliest', () => {
    const made = shop();
    made.now = '2009-08-31T19:00:00.000Z';
    expect(made.refusal('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-08-01' })).toEqual({
      code: 'INDICATOR_PAST_FIXED',
      data: { effectiveFrom: '2009-08-01', earliest: '2009-09-01' },
    });
    made.now = '2009-08-31T18:59:59.999Z';
    expect(made.send('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-08-01' })).toHaveLength(1);
  });

  it('is quiet where nothing would change', () => {
    const made = shop();
    expect(made.send('indicator-won', 'ReviseIndicator', { ...won, reason: 'x', effectiveFrom: '2009-09-01' })).toEqual(
      [],
    );
    made.send('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-10-01' });
    expect(made.send('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-11-01' })).toEqual([]);
    expect(made.send('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-09-01' })).toHaveLength(1);
  });

  it('INDICATOR_MEASURE_FIXED: so that a part of a ratio never becomes a ratio', () => {
    const made = shop();
    const other = { ...ratio, numerator: 'amount', denominator: 'calls', reason: 'x', effectiveFrom: '2009-09-01' };
    expect(made.refusal('indicator-won', 'ReviseIndicator', other)).toEqual({
      code: 'INDICATOR_MEASURE_FIXED',
      data: { measure: 'deals' },
    });
  });

  it('needs an indicator in use, a month, and the company’s zone', () => {
    const made = shop();
    const from = { ...next, effectiveFrom: '2009-09-01' };
    expect(made.refusal('indicator-x', 'ReviseIndicator', from).code).toBe('INDICATOR_NOT_FOUND');
    expect(made.refusal('indicator-won', 'ReviseIndicator', { ...next, effectiveFrom: '2009-09-02' }).code).toBe(
      'INDICATOR_EFFECTIVE_FROM_WITHIN_MONTH',
    );
    made.send('indicator-won', 'RetireIndicator', { reason: 'Old' });
    expect(made.refusal('indicator-won', 'ReviseIndicator', from).code).toBe('INDICATOR_RETIRED');
    const homeless = new Shop({});
    homeless.send('indicator-won', 'DefineIndicator', won);
    expect(homeless.refusal('indicator-won', 'ReviseIndicator', from).code).toBe('COMPANY_NOT_CONFIGURED');
  });
});

describe('RetireIndicator', () => {
  it('is said once; what was defined stays', () => {
    const made = shop();
    expect(made.send('indicator-won', 'RetireIndicator', { reason: 'Old' })).toEqual([
      { type: 'IndicatorRetired', data: { reason: 'Old' } },
    ]);
    expect(made.send('indicator-won', 'RetireIndicator', { reason: 'Older' })).toEqual([]);
    expect(made.state('indicator', 'won')).toMatchObject({ status: 'retired', latest: { version: 1 } });
    expect(made.refusal('indicator-x', 'RetireIndicator', { reason: 'Old' }).code).toBe('INDICATOR_NOT_FOUND');
  });

  it('OCCURRED_IN_FUTURE holds here too', () => {
    const later = { reason: 'Old', occurredAt: '2009-08-11T00:00:00Z' };
    expect(shop().refusal('indicator-won', 'RetireIndicator', later).code).toBe('OCCURRED_IN_FUTURE');
  });
});
