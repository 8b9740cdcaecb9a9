import type { Decided } from '@voronka/kernel';
import { customerDecider } from '../customer/customer.decider.js';
import type { CustomerEvent } from '../customer/customer.events.js';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import type { FormField } from '../form/form.document.js';
import type { StepDefinition } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { routeMapFaults } from '../route-map/route-map.faults.js';
import {
  called,
  done,
  given,
  lost,
  opened,
  returned,
  type Sender,
  signed,
  skipped,
  walked,
} from '../testing/deal-scene.js';
import { published, stateOf, world, type World } from '../testing/world.js';
import type { DealEvent } from './deal.events.js';

const HEAD = { person: 'orlova', roles: ['head'] } as const;
const LARGE = "answers.questionnaire.office = 'large'";
const asked = (office: string): readonly Decided<DealEvent>[] => [
  opened(),
  done('first-contact'),
  done('questionnaire', { answers: { office } }),
];
const survey = { step: 'survey', answers: { surveyedOn: '2009-08-04' } };
const visit = (occurredAt = '2009-08-05T07:00:00.000Z'): Decided<DealEvent> => ({
  ...called(`visit-${occurredAt}`, { kind: 'visit' }),
  occurredAt,
});

describe('a branch by an answer', () => {
  it('is open when the condition holds', () => {
    given(...asked('large'), visit())
      .when('CompleteStep', survey)
      .then([done('survey', { answers: { surveyedOn: '2009-08-04' } })]);
  });

  it('STEP_NOT_APPLICABLE: the step does not belong to the way, to be done, skipped or returned to', () => {
    const scene = given(...asked('small'), visit());
    const refused = ['STEP_NOT_APPLICABLE', { step: 'survey', when: LARGE }] as const;
    scene.when('CompleteStep', survey).thenRefused(...refused);
    scene.when('SkipStep', { step: 'survey', reason: 'Not needed' }, HEAD).thenRefused(...refused);
    given(...asked('small'), done('survey'))
      .when('ReturnDeal', { toStep: 'survey', reason: 'Once more' })
      .thenRefused(...refused);
  });

  it('STEP_CONDITION_UNDECIDED: unknown is not no', () => {
    given(...asked('unknown'), visit())
      .when('CompleteStep', survey)
      .thenRefused('STEP_CONDITION_UNDECIDED', {
        step: 'survey',
        when: LARGE,
        missing: [{ operand: 'answers.questionnaire.office', status: 'unknown' }],
      });
  });

  it('may be skipped by authority while nobody can tell', () => {
    given(...asked('unknown'))
      .when('SkipStep', { step: 'survey', reason: 'Not needed' }, HEAD)
      .then([{ ...skipped('survey'), data: { ...skipped('survey').data, reason: 'Not needed' } } as DealEvent]);
  });

  it('follows the latest standing answer', () => {
    const again = [...asked('small'), returned('questionnaire')];
    given(...again, done('questionnaire', { answers: { office: 'large' } }), visit())
      .when('CompleteStep', survey)
      .then([done('survey', { answers: { surveyedOn: '2009-08-04' } })]);
    given(...again, visit())
      .when('CompleteStep', survey)
      .thenRefused('STEP_NOT_APPLICABLE');
  });

  it('is not older than the answer that opened it', () => {
    const way = [
      opened(),
      done('first-contact'),
      done('questionnaire', { answers: { office: 'large' }, occurredAt: '2009-08-06T07:00:00.000Z' }),
      visit(),
    ];
    given(...way)
      .when('CompleteStep', { ...survey, occurredAt: '2009-08-05T08:00:00Z' })
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'questionnaire' });
  });
});

describe('evidence', () => {
  it('EVIDENCE_MISSING: so many recorded activities, not voided, not later than the step', () => {
    const missing = { step: 'survey', missing: [{ kind: 'visit', count: 1, recorded: 0 }] };
    given(...asked('large'), called('c'))
      .when('CompleteStep', survey)
      .thenRefused('EVIDENCE_MISSING', missing);
    const voided: DealEvent = {
      type: 'ActivityVoided',
      data: { customerId: null, activityId: 'v', recordingId: 'e3', reason: 'Twice' },
    };
    given(...asked('large'), called('v', { kind: 'visit' }), voided)
      .when('CompleteStep', survey)
      .thenRefused('EVIDENCE_MISSING', missing);
    given(...asked('large'), visit('2009-08-07T07:00:00.000Z'))
      .when('CompleteStep', { ...survey, occurredAt: '2009-08-06T07:00:00Z' })
      .thenRefused('EVIDENCE_MISSING', missing);
  });
});

describe('the contract', () => {
  const contract = { number: '117', lines: [{ productId: 'trade', amountKopecks: 100_000 }] };
  const office = (value: string) =>
    walked().map((event) =>
      event.type === 'StepCompleted' && event.data.step === 'questionnaire'
        ? done('questionnaire', { answers: { office: value } })
        : event,
    );

  it('asks for a mandatory step where it belongs to the way', () => {
    given(...office('large'))
      .when('SignContract', contract)
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['survey'], undecided: [] });
    given(...office('large'), skipped('survey'))
      .when('SignContract', contract)
      .then([signed()]);
  });

  it('STEP_CONDITION_UNDECIDED: not while nobody can tell', () => {
    given(...office('unknown'))
      .when('SignContract', contract)
      .thenRefused('STEP_CONDITION_UNDECIDED', {
        step: 'survey',
        undecided: [{ step: 'survey', missing: [{ operand: 'answers.questionnaire.office', status: 'unknown' }] }],
      });
  });
});

describe('a map of branches', () => {
  const plain = (code: string, more: Partial<StepDefinition> = {}): StepDefinition => ({
    ...{ code, name: code, stage: 'offer', kind: 'other', mandatory: false, after: [], roles: [], form: [] },
    ...more,
  });
  const yesNo = (code: string): FormField => ({ code, name: code, type: 'yesNo', required: true });

  /** A world in which deals follow a map of these steps, with a customer of whom this is known. */
  function on(steps: readonly StepDefinition[], ...customer: readonly CustomerEvent[]): Sender {
    const [first, ...others] = steps;
    if (first === undefined) throw new Error('a map needs steps');
    const map = { ...exampleRouteMap, steps: [{ ...first, funnelRank: 1 }, ...others] };
    expect(routeMapFaults(map)).toEqual([]);
    const changed: World = new Map([
      ...world,
      ['routeMap-automation', stateOf(routeMapDecider, [published(map)])],
      ['customer-volga-tools', stateOf(customerDecider, [registered, ...customer])],
    ]);
    return { world: changed };
  }
  const registered: CustomerEvent = {
    type: 'CustomerRegistered',
    data: { kind: 'company', name: 'Volga Tools', taxNumber: null, contacts: [], source: null },
  };
  const inSegment = (segment: string): CustomerEvent => ({
    type: 'SegmentAssigned',
    data: { segment, effectiveFrom: '2009-02-01T00:00:00.000Z', portraitVersion: null },
  });

  it('a step that does not belong to the way lets pass, but does not loosen the order around it', () => {
    const steps = [plain('a'), plain('b', { after: ['a'], when: "segment = 'retail'" }), plain('c', { after: ['b'] })];
    const wholesale = on(steps, inSegment('wholesale'));
    given(opened(), done('a'))
      .when('CompleteStep', { step: 'c' }, wholesale)
      .then([done('c')]);
    given(opened())
      .when('CompleteStep', { step: 'c' }, wholesale)
      .thenRefused('STEP_PREREQUISITE_MISSING', { step: 'c', missing: ['a'] });
    given(opened(), done('a'))
      .when('CompleteStep', { step: 'c' }, on(steps, inSegment('retail')))
      .thenRefused('STEP_PREREQUISITE_MISSING', { missing: ['b'] });
    given(opened(), done('a'))
      .when('CompleteStep', { step: 'c' }, on(steps))
      .thenRefused('STEP_PREREQUISITE_MISSING', { missing: ['b'] });
  });

  it('bug: was passed before the answer by which it left the way, and whoever passed it was blamed for the order', () => {
    const sender = on([
      plain('q', { form: [yesNo('f')] }),
      plain('a', { when: 'answers.q.f = yes' }),
      plain('b', { after: ['a'] }),
    ]);
    const no = [opened(), done('q', { answers: { f: false }, occurredAt: '2009-08-07T07:00:00.000Z' })];
    given(...no)
      .when('CompleteStep', { step: 'b', occurredAt: '2009-08-05T07:00:00Z' }, sender)
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { step: 'b', prerequisite: 'q' });
    given(...no)
      .when('CompleteStep', { step: 'b', occurredAt: '2009-08-07T08:00:00Z' }, sender)
      .then([done('b')]);
    // Nor is it moved there afterwards.
    given(...no, done('b', { occurredAt: '2009-08-07T08:00:00.000Z' }))
      .when(
        'CorrectStep',
        { step: 'b', completedAt: '2009-08-05T07:00:00Z', reason: 'It was earlier' },
        { ...sender, ...HEAD },
      )
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { step: 'b', prerequisite: 'q' });
  });

  it('what hangs on a question that is not asked is not asked', () => {
    const sender = on([
      plain('q', { form: [yesNo('f')] }),
      plain('r', { when: 'answers.q.f = yes', form: [yesNo('g')] }),
      plain('x', { when: 'answers.r.g = yes', mandatory: true }),
    ]);
    const no = [opened(), done('q', { answers: { f: false } })];
    given(...no)
      .when('CompleteStep', { step: 'x' }, sender)
      .thenRefused('STEP_NOT_APPLICABLE', { excluded: ['answers.r.g'] });
    given(opened(), done('q', { answers: { f: true } }))
      .when('CompleteStep', { step: 'x' }, sender)
      .thenRefused('STEP_CONDITION_UNDECIDED', { missing: [{ operand: 'answers.r.g', status: 'pending' }] });
    given(opened(), done('q', { answers: { f: true } }), skipped('r'))
      .when('CompleteStep', { step: 'x' }, sender)
      .thenRefused('STEP_CONDITION_UNDECIDED', { missing: [{ operand: 'answers.r.g', status: 'unknown' }] });
  });

  it('an analysis of a step that does not belong to the way does not belong to it either', () => {
    const steps = [
      plain('q', { when: "segment = 'retail'" }),
      plain('x', { kind: 'analysis', concerns: 'q', after: ['q'], mandatory: true }),
    ];
    given(opened())
      .when('CompleteStep', { step: 'x' }, on(steps, inSegment('wholesale')))
      .thenRefused('STEP_NOT_APPLICABLE', { step: 'x', when: "segment = 'retail'", excluded: ['q'] });
    given(opened(), done('q'))
      .when('CompleteStep', { step: 'x' }, on(steps, inSegment('retail')))
      .then([done('x')]);
  });

  it('a condition that is open only beside what is decided needs no answer', () => {
    const sender = on(
      [plain('q', { form: [yesNo('f')] }), plain('x', { when: "segment = 'retail' or answers.q.f = yes" })],
      inSegment('retail'),
    );
    given(opened())
      .when('CompleteStep', { step: 'x' }, sender)
      .then([done('x')]);
  });

  it('asks the amount and the products of the deal', () => {
    const sender = on([plain('x', { when: 'amount >= 100_000_00' }), plain('y', { when: "products has 'trade'" })]);
    const dear = opened({
      expectedAmountKopecks: 10_000_000,
      lines: [{ productId: 'stock', amountKopecks: 10_000_000 }],
    });
    given(dear)
      .when('CompleteStep', { step: 'x' }, sender)
      .then([done('x')]);
    given(dear).when('CompleteStep', { step: 'y' }, sender).thenRefused('STEP_NOT_APPLICABLE');
    const revised: DealEvent = {
      type: 'DealRevised',
      data: {
        customerId: 'volga-tools',
        lines: [{ productId: 'trade', amountKopecks: 9_999_999 }],
        expectedAmountKopecks: 9_999_999,
        expectedCloseOn: null,
      },
    };
    given(dear, revised).when('CompleteStep', { step: 'x' }, sender).thenRefused('STEP_NOT_APPLICABLE');
    given(dear, revised)
      .when('CompleteStep', { step: 'y' }, sender)
      .then([done('y')]);
    const missing = [{ operand: 'amount', status: 'unknown' }];
    given(opened()).when('CompleteStep', { step: 'x' }, sender).thenRefused('STEP_CONDITION_UNDECIDED', { missing });
    given(opened())
      .when('CompleteStep', { step: 'y' }, sender)
      .thenRefused('STEP_CONDITION_UNDECIDED', { missing: [{ operand: 'products', status: 'unknown' }] });
  });

  it('asks the portrait, where nobody knows is not no', () => {
    const steps = [plain('x', { when: 'portrait.staff > 50' })];
    const staff = (value: number | string): CustomerEvent => ({
      type: 'CustomerDescribed',
      data: { portrait: { staff: value }, personalPortrait: null, portraitVersion: null },
    });
    const tried = (...portrait: CustomerEvent[]) =>
      given(opened()).when('CompleteStep', { step: 'x' }, on(steps, ...portrait));
    tried(staff(51)).then([done('x')]);
    tried(staff(50)).thenRefused('STEP_NOT_APPLICABLE');
    tried(staff('unknown')).thenRefused('STEP_CONDITION_UNDECIDED');
    tried().thenRefused('STEP_CONDITION_UNDECIDED');
  });

  it('a lost deal is lost, whatever its branches', () => {
    given(...asked('unknown'))
      .when('LoseDeal', { lossReason: 'price' })
      .then([lost()]);
  });
});
