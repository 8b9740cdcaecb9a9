import type { WrittenUnion } from '@voronka/kernel';
import fc from 'fast-check';
import { recorded } from '../../../kernel/src/testing.js';
import { salesThings } from '../registry.js';
import { portraitExample } from '../portrait/portrait.commands.js';
import type { PortraitDocument } from '../portrait/portrait.document.js';
import type { PortraitState, PortraitVersion } from '../portrait/portrait.decider.js';
import { scene } from '../testing/thing-scene.js';
import { world } from '../testing/world.js';
import { ApplySegmentRules, type CustomerCommand, DescribeCustomer } from './customer.commands.js';
import { customerDecider } from './customer.decider.js';
import type { CustomerDescribed, CustomerEvent, CustomerRegistered, SegmentAssigned } from './customer.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'customer');
if (thing === undefined) throw new Error('no customer');
const given = scene(customerDecider, thing);
const NOW = '2009-08-10T07:00:00.000Z';
const BEFORE = '2009-02-01T00:00:00.000Z';
const document = portraitExample as PortraitDocument;
const portrait = (...versions: readonly PortraitVersion[]): PortraitState => {
  const latest = versions.at(-1);
  return latest === undefined
    ? { status: 'none', askedBy: [] }
    : { status: 'published', versions, latest, askedBy: [] };
};
const under = (...versions: readonly PortraitVersion[]) => ({
  world: new Map<string, unknown>([...world, ['portrait-main', portrait(...versions)]]),
});
const REGISTERED = '2009-02-01T00:00:00.000Z';
const described = under({ version: 3, document, from: REGISTERED });
const registered: CustomerRegistered = {
  type: 'CustomerRegistered',
  data: { kind: 'company', name: 'Volga Tools', taxNumber: null, contacts: [], source: null },
};
const says = (data: Partial<CustomerDescribed['data']>): CustomerDescribed => ({
  type: 'CustomerDescribed',
  data: { portrait: {}, personalPortrait: null, portraitVersion: 3, ...data },
});
const counts = (segment: string | null, effectiveFrom = NOW, portraitVersion: number | null = 3): SegmentAssigned => ({
  type: 'SegmentAssigned',
  data: { segment, effectiveFrom, portraitVersion },
});
const describing = (portraitFields: object, ...events: readonly CustomerEvent[]) =>
  given(registered, ...events).when('DescribeCustomer', { portrait: portraitFields }, described);

describe('a published portrait', () => {
  it('says what answers may be: PORTRAIT_INVALID names the fields, never the answers', () => {
    describing({ employees: 'many', size: 1, industry: 'fishing' }).thenRefused('PORTRAIT_INVALID', {
      faults: [
        { field: 'size', code: 'FIELD_UNKNOWN' },
        { field: 'industry', code: 'OPTION_UNKNOWN' },
        { field: 'employees', code: 'ANSWER_TYPE' },
      ],
    });
  });

  it('parts what is personal from what is not, wherever it is sent', () => {
    describing({ hobby: 'chess', exports: 'unknown' }).then([
      says({ portrait: { exports: 'unknown' }, personalPortrait: { hobby: 'chess' } }),
    ]);
  });

  it('gives the segment with the answer that decides it, once', () => {
    describing({ employees: 300 }).then([says({ portrait: { employees: 300 } }), counts('large')]);
    describing({ employees: 400 }, says({ portrait: { employees: 300 } }), counts('large', BEFORE)).then([
      says({ portrait: { employees: 400 } }),
    ]);
    describing({ employees: 10 }, says({ portrait: { employees: 300 } }), counts('large', BEFORE)).then([
      says({ portrait: { employees: 10 } }),
      counts(null),
    ]);
  });

  it('takes unknown of any field, also where it was known, and null of none', () => {
    const held = [says({ portrait: { employees: 300 } }), counts('large', BEFORE)];
    describing({ employees: 'unknown' }, ...held).then([says({ portrait: { employees: 'unknown' } }), counts(null)]);
    describing({ employees: null }, ...held).thenRefused('PORTRAIT_INVALID', {
      faults: [{ field: 'employees', code: 'ANSWER_TYPE' }],
    });
  });
});

describe('a segment assigned by hand', () => {
  it('stays whatever the rules say, until it is released', () => {
    describing({ employees: 300 }, counts('key', BEFORE, null)).then([says({ portrait: { employees: 300 } })]);
    const held = [registered, says({ portrait: { employees: 300 } }), counts('key', BEFORE, null)];
    given(...held)
      .when('ApplySegmentRules', {}, described)
      .then([]);
    given(...held)
      .when('ReleaseSegment', {}, described)
      .then([counts('large')]);
    given(...held, counts('large'))
      .when('ReleaseSegment', {}, described)
      .then([]);
    given(registered).when('ReleaseSegment', {}).thenRefused('PORTRAIT_NOT_PUBLISHED');
  });

  it('takes over from a rule, also where it says the same, and is one that the portrait lists', () => {
    given(registered, counts('large', BEFORE))
      .when('AssignSegment', { segment: 'large' }, described)
      .then([counts('large', NOW, null)]);
    given(registered).when('AssignSegment', { segment: 'tiny' }, described).thenRefused('SEGMENT_UNKNOWN');
  });
});

describe('a segment by rule, in two times', () => {
  const on = (day: string): string => `2009-${day}T00:00:00.000Z`;
  const at = (day: string, event: CustomerEvent) => recorded([event], { stream: 'customer-x', occurredAt: on(day) });
  const employees = (number: number) => says({ portrait: { employees: number } });
  const folded = (...events: readonly WrittenUnion<CustomerEvent>[]) =>
    events.reduce((state, event) => customerDecider.evolve(state, event), customerDecider.initialState());
  /** What a command adds to a history, decided on a day. */
  const decided = (
    history: readonly WrittenUnion<CustomerEvent>[],
    command: CustomerCommand,
    day: string,
    ...versions: readonly PortraitVersion[]
  ) =>
    customerDecider
      .decide(command, folded(...history), {
        ...{ id: 'x', now: NOW, occurredAt: on(day), person: null, roles: ['admin'] },
        facts: { portrait: portrait(...versions) },
      })
      .filter(({ type }) => type === 'SegmentAssigned');
  const describing2 = (number: number): CustomerCommand => ({
    type: 'DescribeCustomer',
    body: Object.assign(new DescribeCustomer(), { portrait: { employees: number } }),
  });
  const apply: CustomerCommand = { type: 'ApplySegmentRules', body: new ApplySegmentRules() };
  const third = { version: 3, document, from: on('02-01') };

  it('follows an answer told late between two others, and changes nothing after the next', () => {
    const history = [
      ...at('02-01', registered),
      ...at('03-01', employees(120)),
      ...at('03-01', counts('medium', on('03-01'))),
      ...at('06-01', employees(300)),
      ...at('06-01', counts('large', on('06-01'))),
    ];
    expect(folded(...history, ...at('04-01', employees(10)))).toMatchObject({ portrait: { employees: 300 } });
    expect(decided(history, describing2(10), '04-01', third)).toEqual([
      counts(null, on('04-01')),
      counts('large', on('06-01')),
    ]);
    expect(decided(history, describing2(120), '04-01', third)).toEqual([]);
    expect(decided(history, describing2(300), '02-15', third)).toEqual([
      counts('large', on('02-15')),
      counts('medium', on('03-01')),
      counts('large', on('06-01')),
    ]);
  });

  it('trap: a newer version does not redraw the past, a portrait published later neither', () => {
    const free = [...at('02-01', registered), ...at('02-02', employees(300))];
    expect(decided(free, apply, '08-01', { ...third, from: on('08-01') })).toEqual([counts('large', on('08-01'))]);
    const history = [...free, ...at('02-02', counts('large', on('02-02'), 1))];
    const huge = { ...document, segments: [{ code: 'huge', name: 'Huge', rule: 'portrait.employees > 250' }] };
    const versions = [
      { version: 1, document, from: on('02-01') },
      { version: 2, document: huge, from: on('07-01') },
    ] as const;
    expect(decided(history, apply, '08-01', ...versions)).toEqual([counts('huge', on('07-01'), 2)]);
    // An answer of the time before it is judged by the version of that time.
    expect(decided(history, describing2(120), '05-01', ...versions)).toEqual([
      counts('medium', on('05-01'), 1),
      counts(null, on('07-01'), 2),
    ]);
  });

  it('leaves a customer to no segment when its rule is no more', () => {
    const history = [
      ...at('02-01', registered),
      ...at('02-02', employees(300)),
      ...at('02-02', counts('large', on('02-02'))),
    ];
    const without = { version: 4, document: { ...document, segments: [] }, from: on('07-01') };
    expect(decided(history, apply, '08-01', third, without)).toEqual([counts(null, on('07-01'), 4)]);
  });

  it('gives way to one by hand also from before it, which no later answer moves', () => {
    const byRule = [registered, employees(300), counts('large', BEFORE)];
    given(...byRule)
      .when('AssignSegment', { segment: 'key', effectiveFrom: '2009-01-15T00:00:00Z' }, described)
      .then([counts('key', '2009-01-15T00:00:00.000Z', null)]);
    const history = [
      ...at('02-01', registered),
      ...at('03-01', employees(300)),
      ...at('03-01', counts('large', on('03-01'))),
      ...at('04-01', counts('key', on('02-15'), null)),
    ];
    expect(folded(...history)).toMatchObject({ segment: { segment: 'key' }, segments: [{ segment: 'key' }] });
    expect(decided(history, describing2(120), '03-15', third)).toEqual([]);
  });

  it('is, whatever the order in which answers are told, what the rules say of those that held then', () => {
    const told = fc.array(
      fc.record({ day: fc.integer({ min: 1, max: 28 }), number: fc.integer({ min: 90, max: 260 }) }),
      {
        maxLength: 12,
      },
    );
    const instant = (day: number) => on(`03-${String(day).padStart(2, '0')}`);
    fc.assert(
      fc.property(told, fc.integer({ min: 1, max: 28 }), (answers, day) => {
        const versions = [
          third,
          { version: 4, document: { ...document, segments: document.segments.slice(0, 1) }, from: instant(day) },
        ];
        const history = answers.reduce<readonly WrittenUnion<CustomerEvent>[]>(
          (before, { day: dayTold, number }) => {
            const stamp = instant(dayTold).slice(5, 10);
            return [
              ...before,
              ...at(stamp, employees(number)),
              ...decided(before, describing2(number), stamp, ...versions).flatMap((event) => at(stamp, event)),
            ];
          },
          at('02-01', registered),
        );
        const state = folded(...history);
        if (state.status === 'none') throw new Error('not registered');
        for (let each = 1; each <= 28; each += 1) {
          const number = answers
            .filter((answer) => answer.day <= each)
            .reduce<{ day: number; number: number } | null>(
              (held, answer) => (held === null || answer.day >= held.day ? answer : held),
              null,
            )?.number;
          const large = number !== undefined && number > 250;
          const medium = number !== undefined && number > 100 && each < day;
          const expected = large ? 'large' : medium ? 'medium' : null;
          const found = state.segments.findLast(({ effectiveFrom }) => effectiveFrom <= instant(each))?.segment ?? null;
          expect([each, found]).toEqual([each, expected]);
        }
      }),
    );
  });
});
