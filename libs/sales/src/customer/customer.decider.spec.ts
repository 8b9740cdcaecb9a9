import { ERASED } from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { customerDecider } from './customer.decider.js';
import {
  type CustomerCorrected,
  type CustomerDescribed,
  type CustomerEvent,
  customerEvents,
  type CustomerPersonalDataErased,
  type CustomerRegistered,
  type SegmentAssigned,
} from './customer.events.js';

const [thing] = salesThings.filter(({ category }) => category === 'customer');
if (thing === undefined) throw new Error('no customer');
const given = scene(customerDecider, thing);
const NOW = '2009-08-10T07:00:00.000Z';
const body = { kind: 'company', name: 'Volga Tools', contacts: [{ name: 'Pavel Sidorov', phone: '+7 846 200' }] };
const registered = (more: Partial<CustomerRegistered['data']> = {}): CustomerRegistered => ({
  type: 'CustomerRegistered',
  data: {
    kind: 'company',
    name: 'Volga Tools',
    taxNumber: null,
    contacts: [{ name: 'Pavel Sidorov', phone: '+7 846 200' }],
    source: null,
    ...more,
  },
});
const described = (data: Partial<CustomerDescribed['data']>): CustomerDescribed => ({
  type: 'CustomerDescribed',
  data: { portrait: {}, personalPortrait: null, portraitVersion: null, ...data },
});
const segmented = (segment: string, effectiveFrom: string): SegmentAssigned => ({
  type: 'SegmentAssigned',
  data: { segment, effectiveFrom, portraitVersion: null },
});

describe('RegisterCustomer', () => {
  it('registers once: the same again is quiet, another is CUSTOMER_EXISTS', () => {
    given().when('RegisterCustomer', body).then([registered()]);
    given(registered())
      .when('RegisterCustomer', { ...body, taxNumber: null })
      .then([]);
    given(registered())
      .when('RegisterCustomer', { ...body, name: 'Oka Tools' })
      .thenRefused('CUSTOMER_EXISTS');
  });

  it('does not bring back who was erased', () => {
    given(registered({ name: ERASED, taxNumber: ERASED, contacts: ERASED }))
      .when('RegisterCustomer', body)
      .thenRefused('CUSTOMER_EXISTS');
  });
});

describe('CorrectCustomer', () => {
  const { kind: _kind, source: _source, ...identity } = registered().data;
  const corrected = (more: Partial<CustomerCorrected['data']>): CustomerCorrected => ({
    type: 'CustomerCorrected',
    data: { ...identity, reason: 'misspelt', ...more },
  });

  it('says who the customer is, whole; what is left out stays as it was told last', () => {
    given(registered({ taxNumber: '6316' }))
      .when('CorrectCustomer', { name: 'Oka Tools', reason: 'misspelt' })
      .then([corrected({ name: 'Oka Tools', taxNumber: '6316' })]);
    given(registered({ taxNumber: '6316' }), corrected({ name: 'Oka Tools', taxNumber: '6316' }))
      .when('CorrectCustomer', { taxNumber: null, contacts: [], reason: 'misspelt' })
      .then([corrected({ name: 'Oka Tools', taxNumber: null, contacts: [] })]);
  });

  it('the same again is quiet, and so is the registration once more', () => {
    const events = [registered(), corrected({ name: 'Oka Tools' })];
    given(...events)
      .when('CorrectCustomer', { name: 'Oka Tools', contacts: body.contacts, reason: 'other words' })
      .then([]);
    given(...events)
      .when('RegisterCustomer', body)
      .then([]);
  });

  it('needs a customer, a reason, and that nothing was erased', () => {
    given().when('CorrectCustomer', { name: 'Oka', reason: 'misspelt' }).thenRefused('CUSTOMER_NOT_FOUND');
    expect(() => given(registered()).when('CorrectCustomer', { name: 'Oka' })).toThrow('BODY_INVALID');
    given(registered(), { type: 'CustomerPersonalDataErased', data: { reason: null } })
      .when('CorrectCustomer', { name: 'Oka', reason: 'misspelt' })
      .thenRefused('CUSTOMER_ERASED');
  });
});

describe('DescribeCustomer', () => {
  it('records only what changed, plain and personal apart', () => {
    given(registered(), described({ portrait: { industry: 'retail', employees: 5 } }))
      .when('DescribeCustomer', {
        portrait: { industry: 'retail', employees: 6, exports: 'unknown' },
        personalPortrait: { hobby: 'chess' },
      })
      .then([described({ portrait: { employees: 6, exports: 'unknown' }, personalPortrait: { hobby: 'chess' } })]);
  });

  it('is quiet where nothing changes', () => {
    given(registered(), described({ portrait: { lines: ['a', 'b'] }, personalPortrait: { hobby: 'chess' } }))
      .when('DescribeCustomer', { portrait: { lines: ['a', 'b'] }, personalPortrait: { hobby: 'chess' } })
      .then([]);
    given(registered()).when('DescribeCustomer', {}).then([]);
  });

  it('sets personal fields anew after they were erased', () => {
    given(registered(), described({ personalPortrait: ERASED }))
      .when('DescribeCustomer', { personalPortrait: { hobby: 'chess' } })
      .then([described({ personalPortrait: { hobby: 'chess' } })]);
  });

  it('ANSWERS_INVALID points at what is no answer, and CUSTOMER_NOT_FOUND', () => {
    given(registered())
      .when('DescribeCustomer', { portrait: { deep: { er: 1 }, ok: 1 }, personalPortrait: { Пётр: 1 } })
      .thenRefused('ANSWERS_INVALID', { errors: [{ pointer: '/portrait/deep' }] });
    given(registered())
      .when('DescribeCustomer', { portrait: { a: null } })
      .thenRefused('ANSWERS_INVALID', { errors: [{ pointer: '/portrait/a' }] });
    given().when('DescribeCustomer', {}).thenRefused('CUSTOMER_NOT_FOUND');
  });

  it('is not fooled by names that every object has', () => {
    given(registered())
      .when('DescribeCustomer', { portrait: { toString: 'x', valueOf: 1 } })
      .then([described({ portrait: { toString: 'x', valueOf: 1 } })]);
  });
});

describe('AssignSegment', () => {
  it('counts from now on, or from a moment in the past', () => {
    given(registered())
      .when('AssignSegment', { segment: 'medium' })
      .then([segmented('medium', NOW)]);
    given(registered())
      .when('AssignSegment', { segment: 'medium', effectiveFrom: '2009-01-01T00:00:00+03:00' })
      .then([segmented('medium', '2008-12-31T21:00:00.000Z')]);
  });

  it('is quiet about the segment it has', () => {
    given(registered(), segmented('medium', '2009-01-01T00:00:00.000Z'))
      .when('AssignSegment', { segment: 'medium' })
      .then([]);
  });

  it('SEGMENT_ASSIGNED_LATER and EFFECTIVE_IN_FUTURE: in order, and not ahead', () => {
    const scene2 = given(registered(), segmented('medium', '2009-06-01T00:00:00.000Z'));
    scene2
      .when('AssignSegment', { segment: 'large', effectiveFrom: '2009-05-01T00:00:00Z' })
      .thenRefused('SEGMENT_ASSIGNED_LATER');
    scene2
      .when('AssignSegment', { segment: 'large', effectiveFrom: '2009-08-10T07:00:00.001Z' })
      .thenRefused('EFFECTIVE_IN_FUTURE');
  });
});

describe('customer events from before portraits were documents', () => {
  it('read as free answers, and as segments by hand', () => {
    const { CustomerDescribed: answers, SegmentAssigned: segment } = customerEvents;
    expect([answers.schemaVersion, segment.schemaVersion]).toEqual([2, 2]);
    const before = { segment: 'medium', effectiveFrom: NOW };
    expect(segment.upcast?.[1]?.(before)).toEqual({ ...before, portraitVersion: null });
    const told = { portrait: { size: 1 }, personalPortrait: null };
    expect(answers.upcast?.[1]?.(told)).toEqual({ ...told, portraitVersion: null });
  });
});

describe('EraseCustomerPersonalData', () => {
  const gone: CustomerPersonalDataErased = { type: 'CustomerPersonalDataErased', data: { reason: 'request' } };

  it('erases once; again it is quiet, whatever the reason', () => {
    given(registered()).when('EraseCustomerPersonalData', { reason: 'request' }).then([gone]);
    given(registered(), gone).when('EraseCustomerPersonalData', {}).then([]);
    given().when('EraseCustomerPersonalData', {}).thenRefused('CUSTOMER_NOT_FOUND');
  });

  it('takes nothing personal from then on, and everything else as ever', () => {
    given(registered(), gone)
      .when('DescribeCustomer', { personalPortrait: { hobby: 'chess' } })
      .thenRefused('CUSTOMER_ERASED');
    given(registered(), gone)
      .when('DescribeCustomer', { portrait: { industry: 'retail' } })
      .then([described({ portrait: { industry: 'retail' } })]);
  });

  it('leaves nothing personal in a state that was folded while the key was there', () => {
    const data = { name: 'Volga Works', taxNumber: '6316000001', contacts: [], reason: 'misspelt' };
    const events: readonly CustomerEvent[] = [
      registered({ taxNumber: '6316000000' }),
      { type: 'CustomerCorrected', data },
      described({ personalPortrait: { hobby: 'chess' } }),
      gone,
    ];
    const state = recorded<CustomerEvent>(events, { stream: 'customer-x', occurredAt: NOW }).reduce(
      (before, event) => customerDecider.evolve(before, event),
      customerDecider.initialState(),
    );
    expect(JSON.stringify(state)).not.toMatch(/Volga|Sidorov|846|631600000|chess/);
    expect(state).toMatchObject({ registration: { kind: 'company', name: ERASED }, erased: true });
  });
});
