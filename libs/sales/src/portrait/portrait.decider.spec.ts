import { recorded } from '../../../kernel/src/testing.js';
import { salesThings } from '../registry.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { scene } from '../testing/thing-scene.js';
import { stateOf, world } from '../testing/world.js';
import { portraitExample } from './portrait.commands.js';
import { portraitDecider, versionsOf } from './portrait.decider.js';
import type { PortraitDocument } from './portrait.document.js';
import type { PortraitEvent, PortraitPublished } from './portrait.events.js';
import { portraitFaults } from './portrait.faults.js';
import { segmentByRule } from './portrait.segments.js';

const [thing] = salesThings.filter(({ category }) => category === 'portrait');
if (thing === undefined) throw new Error('no portrait');
const given = scene(portraitDecider, thing);
const main = { id: 'main' };
const published = (version: number, document: PortraitDocument): PortraitPublished => ({
  type: 'PortraitPublished',
  data: { version, document },
});
const example = portraitExample as PortraitDocument;
const publish = (...events: readonly PortraitEvent[]) => {
  const { when } = given(...events);
  return (body: object, more: object = main) => when('PublishPortrait', body, more);
};

describe('PublishPortrait', () => {
  it('publishes version after version; the same again is quiet', () => {
    publish()(example).then([published(1, example)]);
    publish(published(1, example))(example).then([]);
    const fewer = { ...example, segments: [] };
    publish(published(1, example))(fewer).then([published(2, fewer)]);
  });

  it('PORTRAIT_ID: a company has one', () => {
    publish()(example, { id: 'second' }).thenRefused('PORTRAIT_ID');
  });

  it('PORTRAIT_FAULTY lists every fault with its place', () => {
    const field = { code: 'size', name: 'Size', type: 'choice', required: false };
    const told = { ...field, options: [{ code: 'big', name: 'Big' }] };
    const secret = { code: 'hobby', name: 'Hobby', type: 'text', required: false, personal: true };
    const segments = [
      { code: 'a', name: 'A', rule: 'portrait.size = ' },
      { code: 'a', name: 'A', rule: 'portrait.length > 1' },
      { code: 'b', name: 'B', rule: 'amount > 1' },
      { code: 'c', name: 'C', rule: "portrait.hobby = 'chess'" },
      { code: 'd', name: 'D', rule: "portrait.size = 'small'" },
      { code: 'e', name: 'E', rule: 'portrait.size > 1' },
    ];
    const faults = [
      { pointer: '/fields/0/options', code: 'UNKNOWN_OPTION_MISSING' },
      { pointer: '/segments/1/code', code: 'CODE_REPEATED' },
      { pointer: '/segments/0/rule', code: 'CONDITION_SYNTAX' },
      { pointer: '/segments/1/rule', code: 'CONDITION_FIELD_UNKNOWN' },
      { pointer: '/segments/2/rule', code: 'RULE_ASKS_ELSEWHERE' },
      { pointer: '/segments/3/rule', code: 'CONDITION_FIELD_PERSONAL' },
      { pointer: '/segments/4/rule', code: 'CONDITION_OPTION_UNKNOWN' },
      { pointer: '/segments/5/rule', code: 'CONDITION_TYPE' },
    ];
    const body = { fields: [told, secret], segments };
    publish()(body).thenRefused('PORTRAIT_FAULTY');
    const found = portraitFaults(body as PortraitDocument).map(({ pointer, code }) => ({ pointer, code }));
    expect(found).toEqual(faults);
  });
});

describe('a newer version', () => {
  const [industry, employees, exports, hobby] = example.fields;
  if (industry === undefined || employees === undefined || exports === undefined || hobby === undefined)
    throw new Error();

  it('keeps the type and the secrecy of a field, also of one that was left out in between', () => {
    const fields = [
      { ...employees, type: 'text' as const, minimum: undefined },
      { ...hobby, personal: false },
    ];
    const changed = { ...example, fields, segments: [] };
    const without = { fields: [exports], segments: [] };
    publish(
      published(1, example),
      published(2, without),
    )(changed).thenRefused('PORTRAIT_FAULTY', {
      faults: [
        { pointer: '/fields/0/type', code: 'FIELD_TYPE_CHANGED' },
        { pointer: '/fields/1/personal', code: 'FIELD_PERSONAL_CHANGED' },
      ],
    });
    const limited = { fields: [{ ...employees, maximum: 10 }], segments: [] };
    publish(published(1, example))(limited).then([published(2, limited)]);
  });

  it('is in force from its publication on, never before the version it follows', () => {
    const at = (occurredAt: string) => (event: PortraitPublished) =>
      recorded([event], { stream: 'portrait-main', occurredAt });
    const told = [
      ...at('2009-03-01T00:00:00.000Z')(published(1, example)),
      ...at('2009-02-01T00:00:00.000Z')(published(2, { ...example, segments: [] })),
    ];
    const state = told.reduce((before, event) => portraitDecider.evolve(before, event), portraitDecider.initialState());
    expect(versionsOf(state).map(({ version, from }) => [version, from.slice(0, 10)])).toEqual([
      [1, '2009-03-01'],
      [2, '2009-03-01'],
    ]);
  });
});

describe('PORTRAIT_IN_USE: what a route map asks is not taken from it', () => {
  const asking = (...conditions: readonly string[]): RouteMapDocument => ({
    ...exampleRouteMap,
    steps: exampleRouteMap.steps.map((step, index) => {
      const when = conditions[index - 1];
      return when === undefined ? step : { ...step, when };
    }),
  });
  const mapped = (document: RouteMapDocument, version: number) =>
    ({ type: 'RouteMapPublished', data: { version, document } }) as const;
  const retired = { type: 'RouteMapRetired', data: { reason: 'Old' } } as const;
  const noted = { type: 'PortraitUseNoted', data: { routeMapId: 'other' } } as const;
  const under = (...events: Parameters<typeof stateOf>[1]) => ({
    ...main,
    world: new Map<string, unknown>([
      ...world,
      ['routeMap-other', stateOf(routeMapDecider, events as never, 'routeMap-other')],
    ]),
  });
  const map = asking("portrait.industry = 'machinery' and portrait.employees > 50", "segment in ('large', 'key')");
  const without = (...codes: readonly string[]) => ({
    fields: example.fields.filter(({ code }) => !codes.includes(code)),
    segments: codes.includes('employees') ? [{ code: 'key', name: 'Key' }] : example.segments,
  });

  it('a field left out, an option left out, a segment left out: each place is listed', () => {
    const [industry] = example.fields;
    const fewer = {
      fields: [{ ...industry, options: industry?.options?.filter(({ code }) => code !== 'machinery') }],
      segments: [{ code: 'key', name: 'Key' }],
    };
    const use = { routeMapId: 'other', version: 2 };
    publish(published(1, example), noted)(fewer, under(mapped(exampleRouteMap, 1), mapped(map, 2))).thenRefused(
      'PORTRAIT_IN_USE',
      {
        uses: [
          expect.objectContaining({
            ...use,
            step: 'questionnaire',
            pointer: '/steps/1/when',
            code: 'CONDITION_OPTION_UNKNOWN',
          }),
          expect.objectContaining({
            ...use,
            step: 'questionnaire',
            pointer: '/steps/1/when',
            code: 'CONDITION_FIELD_UNKNOWN',
          }),
          expect.objectContaining({ ...use, step: 'analysis', pointer: '/steps/2/when', code: 'SEGMENT_UNKNOWN' }),
        ],
      },
    );
    publish(published(1, example), noted)(without('exports', 'hobby'), under(mapped(map, 1))).then([
      published(2, without('exports', 'hobby')),
    ]);
  });

  it('also by the first portrait, where the map was published before it', () => {
    const early = asking('portrait.employees > 50', "portrait.size = 'big'");
    publish(noted)(example, under(mapped(early, 1))).thenRefused('PORTRAIT_IN_USE', {
      uses: [expect.objectContaining({ step: 'analysis', code: 'CONDITION_FIELD_UNKNOWN' })],
    });
    const text = { code: 'employees', name: 'Employees', type: 'text', required: false };
    const typed = { fields: [text], segments: [] };
    publish(noted)(typed, under(mapped(asking('portrait.employees > 50'), 1))).thenRefused('PORTRAIT_IN_USE', {
      uses: [expect.objectContaining({ step: 'questionnaire', code: 'CONDITION_TYPE' })],
    });
    publish(noted)(example, under(mapped(asking('portrait.employees > 50'), 1))).then([published(1, example)]);
  });

  it('but by no earlier version of the map, and by none that is retired', () => {
    const events = [mapped(map, 1), mapped(exampleRouteMap, 2)];
    publish(published(1, example), noted)(without('employees'), under(...events)).then([
      published(2, without('employees')),
    ]);
    publish(published(1, example), noted)(without('employees'), under(mapped(map, 1), retired)).then([
      published(2, without('employees')),
    ]);
  });

  it('a rule of a segment of its own is a fault of the document', () => {
    const fields = example.fields.filter(({ code }) => code !== 'employees');
    publish(published(1, example))({ ...example, fields }).thenRefused('PORTRAIT_FAULTY', {
      faults: [
        expect.objectContaining({ pointer: '/segments/0/rule', code: 'CONDITION_FIELD_UNKNOWN' }),
        expect.objectContaining({ pointer: '/segments/1/rule', code: 'CONDITION_FIELD_UNKNOWN' }),
      ],
    });
  });

  it('NotePortraitUse says it once', () => {
    given().when('NotePortraitUse', { routeMapId: 'other' }, main).then([noted]);
    given(noted).when('NotePortraitUse', { routeMapId: 'other' }, main).then([]);
  });
});

describe('segments by rule', () => {
  it('are the first whose rule holds; what is not known decides for none', () => {
    expect(segmentByRule(example, { employees: 300 })).toBe('large');
    expect(segmentByRule(example, { employees: 250 })).toBe('medium');
    expect(segmentByRule(example, { employees: 100 })).toBeNull();
    expect(segmentByRule(example, {})).toBeNull();
    expect(segmentByRule(example, { employees: 'unknown' })).toBeNull();
  });

  it('trap: unknown is not no', () => {
    const rules = (rule: string): PortraitDocument => ({ ...example, segments: [{ code: 'x', name: 'X', rule }] });
    expect(segmentByRule(rules('not portrait.exports = yes'), { exports: 'unknown' })).toBeNull();
    expect(segmentByRule(rules('not portrait.exports = yes'), { exports: false })).toBe('x');
    expect(segmentByRule(rules('portrait.exports is not known'), {})).toBe('x');
    // Of several choices unknown is the one choice: no list that lacks something.
    expect(segmentByRule(rules("not portrait.lines has 'trade'"), { lines: ['unknown'] })).toBeNull();
    expect(segmentByRule(rules("not portrait.lines has 'trade'"), { lines: ['office'] })).toBe('x');
    expect(segmentByRule(rules('portrait.lines is known'), { lines: ['unknown'] })).toBeNull();
  });
});
