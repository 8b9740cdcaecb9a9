import { type DecisionContext, DomainError, validateBody } from '@voronka/kernel';
import { recorded, specification } from '../../../kernel/src/testing.js';
import type { PortraitState } from '../portrait/portrait.decider.js';
import { published } from '../testing/world.js';
import { PublishRouteMap, RetireRouteMap, type RouteMapCommand } from './route-map.commands.js';
import { routeMapDecider } from './route-map.decider.js';
import type { StepDefinition } from './route-map.document.js';
import type { RouteMapEvent } from './route-map.events.js';
import { exampleRouteMap } from './route-map.example.js';
import type { DocumentFault } from '../form/form.faults.js';
import { undoneByReturn } from './route-map.order.js';

const NOW = '2009-08-10T07:00:00.000Z';
const context: DecisionContext<object> = { id: 'm', now: NOW, occurredAt: NOW, person: null, roles: [], facts: {} };
const given = (...events: RouteMapEvent[]) =>
  specification(routeMapDecider).given(recorded(events, { stream: 'routeMap-m', occurredAt: NOW }));
const publish = (document: object): RouteMapCommand => ({
  type: 'PublishRouteMap',
  body: validateBody(PublishRouteMap, document),
});
const retire: RouteMapCommand = { type: 'RetireRouteMap', body: validateBody(RetireRouteMap, { reason: 'Old' }) };
const retired: RouteMapEvent = { type: 'RouteMapRetired', data: { reason: 'Old' } };

const step = (code: string, more: Partial<StepDefinition> = {}): StepDefinition => ({
  code,
  name: code,
  stage: 's',
  kind: 'other',
  mandatory: false,
  after: [],
  roles: [],
  form: [],
  ...more,
});

/** Faults of a map that has nothing but these steps; the first of them is a bar unless one is. */
function faultsOf(steps: StepDefinition[], more: object = {}): string[] {
  const [first, ...others] = steps;
  const barred = first === undefined || steps.some(({ funnelRank }) => funnelRank !== undefined);
  return faultsIn(barred ? steps : [{ ...first, funnelRank: 1 }, ...others], more);
}

const lossReasons = [{ code: 'price', name: 'Price', countsAsLoss: true }];

function faultsIn(steps: StepDefinition[], more: object = {}): string[] {
  const stages = [{ code: 's', name: 'Stage' }];
  const command = publish({ name: 'Map', purpose: 'sale', stages, lossReasons, steps, ...more });
  try {
    routeMapDecider.decide(command, routeMapDecider.initialState(), context);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error.code).toBe('ROUTE_MAP_FAULTY');
    return (error.data['faults'] as DocumentFault[]).map(({ pointer, code }) => `${pointer} ${code}`);
  }
}

describe('PublishRouteMap', () => {
  it('publishes the document as the next version', () => {
    given()
      .when(publish(exampleRouteMap), context)
      .then([published(exampleRouteMap, 1)]);
    const second = { ...exampleRouteMap, name: 'Second' };
    given(published(exampleRouteMap))
      .when(publish(second), context)
      .then([published(second, 2)]);
  });

  it('is quiet about the document that is the latest, and goes back to an older one', () => {
    const second = { ...exampleRouteMap, name: 'Second' };
    given(published(exampleRouteMap)).when(publish(exampleRouteMap), context).then([]);
    given(published(exampleRouteMap), published(second, 2))
      .when(publish(exampleRouteMap), context)
      .then([published(exampleRouteMap, 3)]);
  });

  it('a null says as much as leaving the field out', () => {
    const [first, ...rest] = exampleRouteMap.steps;
    const steps = [{ ...first, concerns: null, verification: null, guidance: null }, ...rest];
    given(published(exampleRouteMap))
      .when(publish({ ...exampleRouteMap, steps }), context)
      .then([]);
  });

  it('ROUTE_MAP_RETIRED: a retired map takes no new version', () => {
    given(published(exampleRouteMap), retired)
      .when(publish({ ...exampleRouteMap, name: 'Second' }), context)
      .thenRefused('ROUTE_MAP_RETIRED');
  });
});

describe('faults of a document', () => {
  it('no steps', () => expect(faultsOf([])).toEqual(['/steps NO_STEPS']));

  it('codes that are there twice', () => {
    const twice = [
      { code: 'x', name: 'X', countsAsLoss: true },
      { code: 'x', name: 'X', countsAsLoss: false },
    ];
    expect(faultsOf([step('a'), step('a')], { lossReasons: twice })).toEqual([
      '/lossReasons/1/code CODE_REPEATED',
      '/steps/1/code CODE_REPEATED',
    ]);
    const stages = [
      { code: 's', name: 'S' },
      { code: 's', name: 'T' },
    ];
    expect(faultsOf([step('a')], { stages })).toEqual(['/stages/1/code CODE_REPEATED']);
  });

  it('an unknown stage, and an unknown step in after', () => {
    expect(faultsOf([step('a', { stage: 'z', after: ['b'] })])).toEqual([
      '/steps/0/stage STAGE_UNKNOWN',
      '/steps/0/after/0 AFTER_UNKNOWN',
    ]);
  });

  it('cycles, of one step too', () => {
    expect(faultsOf([step('a', { after: ['a'] })])).toEqual(['/steps/0/after AFTER_CYCLE']);
    expect(faultsOf([step('a', { after: ['c'] }), step('b', { after: ['a'] }), step('c', { after: ['b'] })])).toEqual([
      '/steps/0/after AFTER_CYCLE',
      '/steps/1/after AFTER_CYCLE',
      '/steps/2/after AFTER_CYCLE',
    ]);
  });

  it('a rank that is taken, and one against the order at any distance', () => {
    expect(faultsOf([step('a', { funnelRank: 1 }), step('b', { funnelRank: 1 })])).toEqual([
      '/steps/1/funnelRank RANK_REPEATED',
    ]);
    const far = [step('a', { funnelRank: 9 }), step('b', { after: ['a'] }), step('c', { after: ['b'], funnelRank: 2 })];
    expect(faultsOf(far)).toEqual(['/steps/2/funnelRank RANK_AGAINST_ORDER']);
  });

  it('analysis and verification without what they are about, and others with it', () => {
    expect(
      faultsOf([step('a', { kind: 'analysis' }), step('b', { kind: 'verification' }), step('c', { concerns: 'a' })]),
    ).toEqual(['/steps/0 CONCERNS_MISSING', '/steps/1 CONCERNS_MISSING', '/steps/2/concerns CONCERNS_NOT_ALLOWED']);
    expect(faultsOf([step('a', { kind: 'analysis', concerns: 'z' })])).toEqual(['/steps/0/concerns CONCERNS_UNKNOWN']);
    expect(faultsOf([step('a', { kind: 'analysis', concerns: 'b' }), step('b')])).toEqual([
      '/steps/0/concerns CONCERNS_NOT_BEFORE',
    ]);
    expect(faultsOf([step('a', { kind: 'analysis', concerns: 'b', after: ['b'] }), step('b')])).toEqual([]);
  });

  const withField = (field: object) =>
    faultsOf([step('a', { form: [{ code: 'f', name: 'F', type: 'text', required: true, ...field }] })]);
  const option = (code: string) => ({ code, name: code });

  it('a closed list without options, without unknown, or with nothing else', () => {
    expect(withField({ type: 'choice' })).toEqual(['/steps/0/form/0/options OPTIONS_MISSING']);
    expect(withField({ type: 'choices', options: [option('x')] })).toEqual([
      '/steps/0/form/0/options UNKNOWN_OPTION_MISSING',
    ]);
    expect(withField({ type: 'choice', options: [option('unknown')] })).toEqual([
      '/steps/0/form/0/options OPTIONS_MISSING',
    ]);
    expect(withField({ type: 'choice', options: [option('x'), option('x'), option('unknown')] })).toEqual([
      '/steps/0/form/0/options/1/code CODE_REPEATED',
    ]);
    expect(withField({ type: 'choice', options: [option('x'), option('unknown')] })).toEqual([]);
  });

  it('options and limits where they mean nothing', () => {
    expect(withField({ options: [option('x')] })).toEqual(['/steps/0/form/0/options OPTIONS_NOT_ALLOWED']);
    expect(withField({ type: 'date', minimum: 1 })).toEqual(['/steps/0/form/0 LIMITS_NOT_ALLOWED']);
    expect(withField({ minimum: 1 })).toEqual(['/steps/0/form/0 LIMITS_NOT_ALLOWED']);
    expect(withField({ maximum: 1.5 })).toEqual(['/steps/0/form/0 LIMITS_NOT_WHOLE']);
    expect(withField({ type: 'money', minimum: -5 })).toEqual(['/steps/0/form/0 LIMITS_NOT_WHOLE']);
    expect(withField({ type: 'number', minimum: 2, maximum: 1 })).toEqual(['/steps/0/form/0 LIMITS_TURNED']);
    expect(withField({ type: 'number', minimum: -2.5, maximum: 1 })).toEqual([]);
  });

  it('are all told at once', () => {
    expect(faultsOf([step('a', { stage: 'z' }), step('a', { after: ['q'] })])).toHaveLength(3);
  });

  it('two fields of one code in a form', () => {
    const form = [
      { code: 'f', name: 'F', type: 'text' as const, required: true },
      { code: 'f', name: 'G', type: 'text' as const, required: true },
    ];
    expect(faultsOf([step('a', { form })])).toEqual(['/steps/0/form/1/code CODE_REPEATED']);
  });
});

describe('a map beside the portrait', () => {
  const staff = { code: 'staff', name: 'Staff', type: 'number' as const, required: false, maximum: 100 };
  const document = { fields: [staff], segments: ['a', 'b'].map((code) => ({ code, name: code })) };
  const latest = { version: 1, document, from: NOW };
  const portrait: PortraitState = { status: 'published', versions: [latest], latest, askedBy: [] };
  const publishing = (...conditions: readonly string[]) => {
    const first = step('first', { funnelRank: 1 });
    const steps = [first, ...conditions.map((when, index) => step(`s${index}`, { when }))];
    const map = { ...exampleRouteMap, stages: [{ code: 's', name: 'Stage' }], steps };
    return given().when(publish(map), { ...context, facts: { portrait } });
  };

  it('STEP_UNREACHABLE: asks for more than a field allows, or for no segment that is listed', () => {
    publishing('portrait.staff > 500', "segment != 'a' and segment != 'b'", 'portrait.staff > 50').thenRefused(
      'ROUTE_MAP_FAULTY',
      {
        faults: [
          { pointer: '/steps/1/when', code: 'STEP_UNREACHABLE' },
          { pointer: '/steps/2/when', code: 'STEP_UNREACHABLE' },
        ],
      },
    );
    publishing("segment = 'z'").thenRefused('ROUTE_MAP_FAULTY', {
      faults: [{ pointer: '/steps/1/when', code: 'SEGMENT_UNKNOWN' }],
    });
  });
});

describe('RetireRouteMap', () => {
  it('retires once', () => {
    given(published(exampleRouteMap)).when(retire, context).then([retired]);
    given(published(exampleRouteMap), retired).when(retire, context).then([]);
  });

  it('ROUTE_MAP_NOT_FOUND: there is nothing to retire', () => {
    given().when(retire, context).thenRefused('ROUTE_MAP_NOT_FOUND');
  });
});

describe('what a return undoes', () => {
  it.each([
    ['first-contact', ['questionnaire', 'analysis', 'survey', 'meeting', 'proposal']],
    ['questionnaire', ['analysis', 'survey', 'meeting', 'proposal']],
    ['analysis', ['proposal']],
    ['meeting', ['proposal']],
    ['proposal', []],
  ])('to %s: %j', (toStep, undone) => {
    expect([...undoneByReturn(exampleRouteMap, toStep)].sort()).toEqual([...undone].sort());
  });

  it('what waits for a higher bar goes with it, though it does not wait for the target', () => {
    const steps = [
      step('a', { funnelRank: 1 }),
      step('b', { funnelRank: 2 }),
      step('c', { after: ['b'] }),
      step('d', { after: ['c'] }),
      step('e'),
    ];
    expect([...undoneByReturn({ ...exampleRouteMap, steps }, 'a')].sort()).toEqual(['b', 'c', 'd']);
  });
});
