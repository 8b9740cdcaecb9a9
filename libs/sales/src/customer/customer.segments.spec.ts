import { salesThings } from '../registry.js';
import { portraitExample } from '../portrait/portrait.commands.js';
import type { PortraitDocument } from '../portrait/portrait.document.js';
import type { PortraitState } from '../portrait/portrait.decider.js';
import { scene } from '../testing/thing-scene.js';
import { world } from '../testing/world.js';
import { customerDecider } from './customer.decider.js';
import type { CustomerDescribed, CustomerEvent, CustomerRegistered, SegmentAssigned } from './customer.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'customer');
if (thing === undefined) throw new Error('no customer');
const given = scene(customerDecider, thing);
const NOW = '2009-08-10T07:00:00.000Z';
const BEFORE = '2009-03-01T00:00:00.000Z';
const portrait: PortraitState = {
  status: 'published',
  latest: { version: 3, document: portraitExample as PortraitDocument },
};
const described = { world: new Map<string, unknown>([...world, ['portrait-main', portrait]]) };
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

  it('counts a backdated answer from when it was given, never before the segment that is held', () => {
    const occurredAt = '2009-02-15T00:00:00.000Z';
    const more = { ...described, occurredAt };
    const body = { portrait: { employees: 300 } };
    given(registered)
      .when('DescribeCustomer', body, more)
      .then([says({ portrait: { employees: 300 } }), counts('large', occurredAt)]);
    given(registered, counts('medium', BEFORE))
      .when('DescribeCustomer', body, more)
      .then([says({ portrait: { employees: 300 } }), counts('large', BEFORE)]);
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

it('a portrait published later counts from its publication on: the past is not redrawn', () => {
  const before = [registered, says({ portrait: { employees: 300 }, portraitVersion: null })];
  given(...before)
    .when('ApplySegmentRules', {}, described)
    .then([counts('large')]);
  given(...before, counts('medium', BEFORE, 1))
    .when('ApplySegmentRules', {}, described)
    .then([counts('large', NOW)]);
});
