import { routeMapDecider } from '../route-map/route-map.decider.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import type { RouteMapEvent } from '../route-map/route-map.events.js';
import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { world } from '../testing/world.js';
import { questionnaireDecider } from './questionnaire.decider.js';
import type { QuestionnaireDocument } from './questionnaire.document.js';
import type { QuestionnairePublished } from './questionnaire.events.js';

const thingOf = (category: string) => {
  const thing = salesThings.find((candidate) => candidate.category === category);
  if (thing === undefined) throw new Error(`no ${category}`);
  return thing;
};
const given = scene(questionnaireDecider, thingOf('questionnaire'));
const need = { code: 'need', name: 'Need', type: 'text', required: true } as const;
const needs: QuestionnaireDocument = { name: 'Needs', fields: [need] };
const published = (version: number, document: QuestionnaireDocument): QuestionnairePublished => ({
  type: 'QuestionnairePublished',
  data: { version, document },
});

describe('PublishQuestionnaire', () => {
  it('publishes version after version; the same again is quiet', () => {
    given()
      .when('PublishQuestionnaire', needs)
      .then([published(1, needs)]);
    given(published(1, needs)).when('PublishQuestionnaire', needs).then([]);
    const renamed = { ...needs, name: 'What they need' };
    given(published(1, needs))
      .when('PublishQuestionnaire', renamed)
      .then([published(2, renamed)]);
  });

  it('QUESTIONNAIRE_FAULTY lists every fault', () => {
    given()
      .when('PublishQuestionnaire', { name: 'None', fields: [] })
      .thenRefused('QUESTIONNAIRE_FAULTY', { faults: [{ code: 'NO_FIELDS' }] });
    given()
      .when('PublishQuestionnaire', { name: 'Twice', fields: [need, { ...need, minimum: 1 }] })
      .thenRefused('QUESTIONNAIRE_FAULTY', {
        faults: [{ pointer: '/fields/1/code' }, { pointer: '/fields/1' }],
      });
  });
});

describe('a step with a questionnaire', () => {
  const maps = scene(routeMapDecider, thingOf('routeMap'));
  const second = { name: 'Needs', fields: [need, { ...need, code: 'hurry' }] };
  const known = { world: new Map<string, unknown>([...world, ['questionnaire-needs', { versions: [needs, second] }]]) };
  const body = (questionnaire: object, form: object[] = []) => ({
    ...exampleRouteMap,
    steps: exampleRouteMap.steps.map((step, index) => (index === 0 ? { ...step, form, questionnaire } : step)),
  });
  const asked = (version: number, codes: readonly string[]): RouteMapEvent[] => [
    {
      type: 'RouteMapPublished',
      data: {
        version: 1,
        document: {
          ...exampleRouteMap,
          steps: exampleRouteMap.steps.map((step, index) =>
            index === 0
              ? { ...step, form: codes.map((code) => ({ ...need, code })), questionnaire: { id: 'needs', version } }
              : step,
          ),
        },
      },
    },
  ];

  it('asks the latest version, or the one that is named, before the fields of its own', () => {
    const own = { ...need, code: 'own' };
    maps()
      .when('PublishRouteMap', body({ id: 'needs' }, [own]), known)
      .then(asked(2, ['need', 'hurry', 'own']));
    maps()
      .when('PublishRouteMap', body({ id: 'needs', version: 1 }), known)
      .then(asked(1, ['need']));
  });

  it('QUESTIONNAIRE_UNKNOWN, and a field that is asked twice', () => {
    maps()
      .when('PublishRouteMap', body({ id: 'other' }), known)
      .thenRefused('ROUTE_MAP_FAULTY', {
        faults: [{ pointer: '/steps/0/questionnaire', code: 'QUESTIONNAIRE_UNKNOWN' }],
      });
    maps()
      .when('PublishRouteMap', body({ id: 'needs', version: 3 }), known)
      .thenRefused('ROUTE_MAP_FAULTY', { faults: [{ code: 'QUESTIONNAIRE_UNKNOWN' }] });
    maps()
      .when('PublishRouteMap', body({ id: 'needs' }, [need]), known)
      .thenRefused('ROUTE_MAP_FAULTY', { faults: [{ pointer: '/steps/0/form/0/code', code: 'CODE_REPEATED' }] });
  });

  it('faults point at what was sent: own fields count from 0', () => {
    const bare = { ...need, code: 'size', type: 'choice' };
    maps()
      .when('PublishRouteMap', body({ id: 'needs' }, [{ ...need, code: 'own' }, bare]), known)
      .thenRefused('ROUTE_MAP_FAULTY', { faults: [{ pointer: '/steps/0/form/1/options', code: 'OPTIONS_MISSING' }] });
  });

  it('SEGMENT_UNKNOWN: neither guidance nor conditions name a segment that the portrait does not list', () => {
    const document = { fields: [], segments: [{ code: 'small', name: 'Small' }] };
    const portrait = { status: 'published', latest: { version: 1, document } };
    const withPortrait = { world: new Map<string, unknown>([...world, ['portrait-main', portrait]]) };
    const steps = exampleRouteMap.steps.map((step, index) => ({
      ...step,
      guidanceBySegment: index === 0 ? ['small', 'tiny'].map((segment) => ({ segment, text: 'Call' })) : undefined,
      when: index === 1 ? "segment in ('small', 'huge') or segment = 'large'" : undefined,
    }));
    const places = [
      { pointer: '/steps/0/guidanceBySegment/1/segment', code: 'SEGMENT_UNKNOWN' },
      { pointer: '/steps/1/when', code: 'SEGMENT_UNKNOWN', at: 21 },
      { pointer: '/steps/1/when', code: 'SEGMENT_UNKNOWN', at: 42 },
    ];
    maps()
      .when('PublishRouteMap', { ...exampleRouteMap, steps }, withPortrait)
      .thenRefused('ROUTE_MAP_FAULTY', { faults: places });
  });

  it('a condition on a field that the portrait does not have is refused, once there is a portrait', () => {
    const steps = exampleRouteMap.steps.map((step, index) =>
      index === exampleRouteMap.steps.length - 1 ? { ...step, when: 'portrait.depth > 1' } : step,
    );
    const portrait = { status: 'published', latest: { version: 1, document: { fields: [], segments: [] } } };
    const withPortrait = { world: new Map<string, unknown>([...world, ['portrait-main', portrait]]) };
    const [event] = [{ ...exampleRouteMap, steps }];
    maps()
      .when('PublishRouteMap', event, withPortrait)
      .thenRefused('ROUTE_MAP_FAULTY', { faults: [{ code: 'CONDITION_FIELD_UNKNOWN' }] });
    maps()
      .when('PublishRouteMap', event)
      .then([{ type: 'RouteMapPublished', data: { version: 1, document: event as never } }]);
  });
});
