import { plainFiveDayWeek } from '@voronka/kernel';
import fc from 'fast-check';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import { done, given, lost, NOW, opened, returned, skipped, verified, walked } from '../testing/deal-scene.js';
import { published, stateOf, world, type World } from '../testing/world.js';
import type { DealMigrated } from './deal.events.js';
import { migrationOf } from './deal.migration.js';
import { nextOf } from './deal.next.js';
import { Way } from './deal.way.js';

const HEAD = { person: 'orlova', roles: ['head'] } as const;
const NOBODY = { segment: null, portrait: {} };
const FACTS = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', customer: NOBODY, now: NOW };

/** Without the analysis, with a check of the money before the proposal; the first contact need not be. */
const second: RouteMapDocument = {
  ...exampleRouteMap,
  steps: [
    ...exampleRouteMap.steps
      .filter(({ code }) => code !== 'analysis')
      .map((step) => (step.code === 'proposal' ? { ...step, after: ['money'] } : step))
      .map((step) => (step.code === 'first-contact' ? { ...step, mandatory: false } : step)),
    {
      code: 'money',
      name: 'Check of the money',
      stage: 'offer',
      kind: 'gathering',
      mandatory: true,
      after: ['questionnaire'],
      roles: [],
      form: [],
    },
  ],
};

const changed: World = new Map([
  ...world,
  ['routeMap-automation', stateOf(routeMapDecider, [published(exampleRouteMap), published(second, 2)])],
]);
const there = { ...HEAD, world: changed };
const move = { reason: 'The new map asks for the money' };

function migrated(more: Partial<DealMigrated['data']> = {}): DealMigrated {
  const versions = { routeMapId: 'automation', fromVersion: 1, toVersion: 2 };
  const data = { customerId: 'volga-tools', ...versions, addedSteps: ['money'], carriedAnswers: [], ...move, ...more };
  return { type: 'DealMigrated', data };
}

describe('MigrateDeal', () => {
  it('moves an open deal to the latest version, with the answers that stand', () => {
    const carriedAnswers = [{ completionId: 'e2', answers: { office: 'small' } }];
    given(opened(), done('first-contact'), done('questionnaire', { answers: { office: 'small' } }))
      .when('MigrateDeal', move, there)
      .then([migrated({ carriedAnswers })]);
  });

  it('is quiet about the version that the deal follows already', () => {
    given(opened())
      .when('MigrateDeal', { ...move, toVersion: 1 }, there)
      .then([]);
    given(opened(), migrated()).when('MigrateDeal', move, there).then([]);
  });

  it('from then on the new version is what is asked for', () => {
    const before = [opened(), done('first-contact'), done('questionnaire', { answers: { office: 'small' } })];
    given(...before, migrated())
      .when('CompleteStep', { step: 'proposal' }, { world: changed })
      .thenRefused('STEP_PREREQUISITE_MISSING', { missing: ['money'] });
    given(...before, migrated())
      .when('CompleteStep', { step: 'analysis' }, { world: changed })
      .thenRefused('STEP_UNKNOWN', { routeMapVersion: 2 });
  });

  it('what was done on a step that left the map is corrected by the version it was done on', () => {
    const filled = done('questionnaire', { answers: { office: 'small' } });
    const analysed = done('analysis', { performedBy: 'belov', awaitsVerification: true });
    const moved = given(opened(), done('first-contact'), filled, analysed, verified('analysis', 3), migrated());
    const correction = { step: 'analysis', reason: 'Somebody else did it' };
    moved
      .when('CorrectStep', { ...correction, performedBy: 'belov', completedAt: '2009-08-03T07:02:30Z' }, there)
      .then([
        {
          type: 'StepCorrected',
          data: {
            ...{ customerId: 'volga-tools', step: 'analysis', completionId: 'e3', answers: {} },
            ...{ completedAt: '2009-08-03T07:02:30.000Z', performedBy: 'belov', reason: correction.reason },
          },
        },
      ]);
    moved
      .when('CorrectStep', { ...correction, completedAt: '2009-08-03T07:01:30Z' }, there)
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'questionnaire' });
    moved
      .when('CorrectStep', { ...correction, step: 'dance', performedBy: 'belov' }, there)
      .thenRefused('STEP_UNKNOWN');
  });

  it('ROUTE_MAP_VERSION_UNKNOWN and MIGRATION_TO_OLDER', () => {
    given(opened())
      .when('MigrateDeal', { ...move, toVersion: 3 }, there)
      .thenRefused('ROUTE_MAP_VERSION_UNKNOWN', { latest: 2 });
    given(opened({ routeMapVersion: 2 }))
      .when('MigrateDeal', { ...move, toVersion: 1 }, there)
      .thenRefused('MIGRATION_TO_OLDER', { fromVersion: 2 });
  });

  it('MIGRATION_LEAVES_AWAITING: nobody could accept what the new version does not have', () => {
    const filled = done('questionnaire', { answers: { office: 'small' } });
    const analysed = done('analysis', { awaitsVerification: true });
    given(opened(), done('first-contact'), filled, analysed)
      .when('MigrateDeal', move, there)
      .thenRefused('MIGRATION_LEAVES_AWAITING', { steps: ['analysis'] });
    given(opened(), done('first-contact'), filled, analysed, verified('analysis', 3))
      .when('MigrateDeal', move, there)
      .then([migrated({ carriedAnswers: [{ completionId: 'e2', answers: { office: 'small' } }] })]);
  });

  it('DEAL_CLOSED: a closed deal stays on the version that it was closed on', () => {
    given(opened(), lost()).when('MigrateDeal', move, there).thenRefused('DEAL_CLOSED');
  });

  it('OCCURRED_BEFORE_MIGRATION: moves follow one another in time', () => {
    const third: World = new Map([
      ...changed,
      [
        'routeMap-automation',
        stateOf(routeMapDecider, [published(exampleRouteMap), published(second, 2), published(exampleRouteMap, 3)]),
      ],
    ]);
    const late = { ...migrated(), occurredAt: '2009-08-07T07:00:00.000Z' };
    given(opened(), late)
      .when('MigrateDeal', { ...move, occurredAt: '2009-08-06T07:00:00.000Z' }, { ...HEAD, world: third })
      .thenRefused('OCCURRED_BEFORE_MIGRATION');
  });
});

describe('A step that left the map by a move', () => {
  const moved = [...walked(), migrated()];
  const correct = { step: 'analysis', performedBy: 'petrov', reason: 'Petrov made it' };

  it('is corrected by the version under which it was done', () => {
    given(...moved)
      .when('CorrectStep', { ...correct, performedBy: 'belov' }, there)
      .then([
        {
          type: 'StepCorrected',
          data: {
            customerId: 'volga-tools',
            step: 'analysis',
            completionId: 'e3',
            completedAt: '2009-08-03T07:03:00.000Z',
            performedBy: 'belov',
            answers: {},
            reason: 'Petrov made it',
          },
        },
      ]);
  });

  it('and its rules: order and verifier are those of then', () => {
    const at = (when: string) => ({ ...correct, performedBy: undefined, completedAt: when });
    const scene = given(...moved);
    scene
      .when('CorrectStep', at('2009-08-03T07:01:30.000Z'), there)
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'questionnaire' });
    scene.when('CorrectStep', at('2009-08-03T07:06:00.000Z'), there).thenRefused('OCCURRED_AFTER_DEPENDENT');
    scene
      .when('CorrectStep', { ...correct, performedBy: 'orlova' }, there)
      .thenRefused('VERIFIER_IS_PERFORMER', { performedBy: 'orlova' });
  });

  it('that was never done is unknown', () => {
    given(opened(), migrated()).when('CorrectStep', correct, there).thenRefused('STEP_UNKNOWN');
  });
});

describe('What a move would change', () => {
  const maps = { from: exampleRouteMap, to: second };

  it('names what becomes missing, what leaves the map, and what can be done next', () => {
    const { state } = given(...walked());
    expect(migrationOf(state, maps, FACTS)).toEqual({
      becomesMissing: [{ code: 'money', name: 'Check of the money' }],
      noLongerMissing: [],
      leavesTheMap: [{ code: 'analysis', name: 'Analysis of the questionnaire' }],
      noLongerApplies: [],
      undecided: [],
      open: {
        before: [{ code: 'meeting', name: 'Meeting' }],
        after: [
          { code: 'meeting', name: 'Meeting' },
          { code: 'money', name: 'Check of the money' },
        ],
      },
      leavesAwaiting: [],
    });
  });

  it('names what is no longer asked for, and what nobody can tell yet', () => {
    const found = migrationOf(given(opened()).state, maps, FACTS);
    expect(found.noLongerMissing.map(({ code }) => code)).toEqual(['first-contact', 'analysis']);
    expect(found.undecided).toMatchObject([{ step: 'survey' }]);
    expect(found.open.after.map(({ code }) => code)).toEqual(['first-contact']);
  });

  it('names a step that was done and belongs to the way no more', () => {
    const to = {
      ...second,
      steps: second.steps.map((step) =>
        step.code === 'meeting' ? { ...step, when: "answers.questionnaire.office = 'large'" } : step,
      ),
    };
    const filled = done('questionnaire', { answers: { office: 'small' } });
    const { state } = given(opened(), done('first-contact'), filled, done('meeting'));
    expect(migrationOf(state, { from: exampleRouteMap, to }, FACTS).noLongerApplies).toEqual([
      { code: 'meeting', name: 'Meeting' },
    ]);
  });

  it('whatever was done: it foretells the very gates that stand after the move', () => {
    const codes = exampleRouteMap.steps.map(({ code }) => code);
    const act = fc.oneof(
      fc.constantFrom(...codes).map((code) => done(code, { answers: { office: 'small' } })),
      fc.constantFrom(...codes).map((code) => skipped(code)),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const before = given(opened(), ...acts).state;
        const after = given(opened(), ...acts, migrated()).state;
        const { becomesMissing, noLongerMissing } = migrationOf(before, maps, FACTS);
        const missing = new Way(before, exampleRouteMap, NOBODY).bars().missing;
        const gone = new Set(noLongerMissing.map(({ code }) => code));
        const foretold = [...missing.filter((code) => !gone.has(code)), ...becomesMissing.map(({ code }) => code)];
        expect(foretold.toSorted()).toEqual([...new Way(after, second, NOBODY).bars().missing].toSorted());
        // A move and a move to the same map change nothing.
        const same = migrationOf(before, { from: exampleRouteMap, to: exampleRouteMap }, FACTS);
        expect([same.becomesMissing, same.noLongerMissing, same.leavesTheMap]).toEqual([[], [], []]);
      }),
    );
  });
});

describe('MigrateDeal after a return', () => {
  const back = [...walked(), returned('analysis')];
  const without: RouteMapDocument = {
    ...exampleRouteMap,
    steps: exampleRouteMap.steps
      .filter(({ code }) => code !== 'analysis')
      .map((step) => (step.code === 'proposal' ? { ...step, after: ['questionnaire'] } : step)),
  };
  /** The proposal stands before the analysis, and does not wait for it. */
  const reordered: RouteMapDocument = {
    ...exampleRouteMap,
    steps: exampleRouteMap.steps.map(({ funnelRank: _rank, ...step }) =>
      step.code === 'proposal' ? { ...step, after: ['questionnaire'] } : step,
    ),
  };
  const on = (document: RouteMapDocument): World =>
    new Map([
      ...world,
      ['routeMap-automation', stateOf(routeMapDecider, [published(exampleRouteMap), published(document, 2)])],
    ]);
  const contract = { number: '117', lines: [{ productId: 'trade', amountKopecks: 100_000 }] };

  it.each([
    ['drops the step that the deal was returned to', without],
    ['orders the steps otherwise', reordered],
  ])('brings back nothing that the return undid, where the new version %s', (_title, document) => {
    const moved = given(...back, migrated({ addedSteps: [] }));
    moved
      .when('SignContract', contract, { world: on(document) })
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['proposal'] });
    moved.when('CompleteStep', { step: 'proposal' }, { world: on(document) }).then([done('proposal')]);
    const foretold = migrationOf(given(...back).state, { from: exampleRouteMap, to: document }, FACTS);
    expect(foretold.noLongerMissing).toEqual([]);
    expect(foretold.open.after.map(({ code }) => code)).toContain('proposal');
  });

  it('a return after the move is judged by the new version', () => {
    const moved = given(...walked(), migrated({ addedSteps: [] }), returned('first-contact'));
    moved
      .when('SignContract', contract, { world: on(without) })
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['questionnaire', 'proposal'] });
  });
});

describe('A step that a newer version brought', () => {
  it('waits since the move, not since what it waits for was done', () => {
    const normed = {
      ...second,
      steps: second.steps.map((step) => (step.code === 'money' ? { ...step, normWorkingHours: 8 } : step)),
    };
    const moved = { ...migrated(), occurredAt: '2009-08-10T06:00:00.000Z' };
    const filled = done('questionnaire', { answers: { office: 'small' } });
    const { open } = nextOf(given(opened(), done('first-contact'), filled, moved).state, normed, FACTS);
    expect(open.find(({ code }) => code === 'money')).toMatchObject({
      since: '2009-08-10T06:00:00.000Z',
      overdue: false,
    });
  });
});
