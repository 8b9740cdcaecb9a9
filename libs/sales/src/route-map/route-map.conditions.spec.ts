import type { FormField } from '../form/form.document.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';
import { exampleRouteMap } from './route-map.example.js';
import { routeMapFaults } from './route-map.faults.js';

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
const options = ['a', 'b', 'unknown'].map((code) => ({ code, name: code }));
const field = (code: string, type: FormField['type'], more: Partial<FormField> = {}): FormField => ({
  code,
  name: code,
  type,
  required: true,
  ...(type === 'choice' || type === 'choices' ? { options } : {}),
  ...more,
});
const asking = step('q', {
  funnelRank: 1,
  form: [
    field('text', 'text', { maximum: 10 }),
    field('number', 'number', { minimum: 0, maximum: 100 }),
    field('money', 'money'),
    field('date', 'date'),
    field('choice', 'choice'),
    field('choices', 'choices'),
    field('yesNo', 'yesNo'),
    field('secret', 'text', { personal: true }),
    field('maybe', 'number', { required: false }),
  ],
});

function mapOf(...steps: StepDefinition[]): RouteMapDocument {
  const stages = [{ code: 's', name: 'Stage' }];
  return { ...exampleRouteMap, stages, steps };
}

const faults = (...steps: StepDefinition[]) =>
  routeMapFaults(mapOf(...steps)).map(
    ({ pointer, code, at }) => `${pointer} ${code}${at === undefined ? '' : ` ${at}`}`,
  );
const faultsOf = (when: string) =>
  faults(asking, step('x', { when })).map((fault) => fault.replace('/steps/1/when ', ''));

describe('what a condition may ask', () => {
  it.each([
    "answers.q.text = 'x'",
    "answers.q.text in ('x', 'y')",
    'answers.q.number > 1.5',
    'answers.q.money >= 100',
    "answers.q.date < '2009-08-01'",
    "answers.q.choice != 'a'",
    "answers.q.choices has 'a'",
    'answers.q.yesNo = no',
    'answers.q.choice is not known',
    "segment in ('retail', 'wholesale')",
    'amount <= 100',
    "products has 'trade'",
    "portrait.since >= '2009-01-01' and portrait.staff > 5 and portrait.tags has 'x'",
  ])('%s', (when) => expect(faultsOf(when)).toEqual([]));

  it.each([
    ["segment = 'a' and", 'CONDITION_SYNTAX 17'],
    ["answers.z.text = 'x'", 'CONDITION_STEP_UNKNOWN 0'],
    ["segment = 'a' or answers.q.nothing = 'x'", 'CONDITION_FIELD_UNKNOWN 17'],
    ["answers.q.secret = 'x'", 'CONDITION_FIELD_PERSONAL 0'],
    ["answers.q.number = '5'", 'CONDITION_TYPE 19'],
    ['answers.q.money = 1.5', 'CONDITION_TYPE 18'],
    ["answers.q.date = '2009-02-30'", 'CONDITION_TYPE 17'],
    ["answers.q.text > 'x'", 'CONDITION_TYPE 0'],
    ["answers.q.choices = 'a'", 'CONDITION_TYPE 0'],
    ["answers.q.choices in ('a')", 'CONDITION_TYPE 0'],
    ["answers.q.choice has 'a'", 'CONDITION_TYPE 0'],
    ["answers.q.yesNo = 'yes'", 'CONDITION_TYPE 18'],
    ['answers.q.yesNo > no', 'CONDITION_TYPE 0'],
    ["answers.q.choice = 'c'", 'CONDITION_OPTION_UNKNOWN 19'],
    ["answers.q.choices has 'c'", 'CONDITION_OPTION_UNKNOWN 22'],
    ["answers.q.choice in ('a', 'unknown')", 'CONDITION_ON_UNKNOWN 26'],
    ['segment = 5', 'CONDITION_TYPE 10'],
    ["amount > '5'", 'CONDITION_TYPE 9'],
    ['products has 5', 'CONDITION_TYPE 13'],
    ["portrait.x > 'many'", 'CONDITION_TYPE 13'],
  ])('not %s', (when, fault) => expect(faultsOf(when)).toEqual([fault]));

  it('all faults of a condition are told at once', () => {
    expect(faultsOf("answers.z.a = 1 or answers.q.choice = 'c'")).toHaveLength(2);
  });
});

describe('a condition that is decided too late', () => {
  const form = [field('f', 'yesNo')];
  const bar = { funnelRank: 1 };

  it('asks the step itself, or one that waits for it', () => {
    expect(faults(step('x', { ...bar, form, when: 'answers.x.f = yes' }))).toEqual([
      '/steps/0/when CONDITION_ON_LATER_STEP',
    ]);
    expect(
      faults(
        step('x', { ...bar, when: 'answers.z.f = yes' }),
        step('y', { after: ['x'] }),
        step('z', { after: ['y'], form }),
      ),
    ).toEqual(['/steps/0/when CONDITION_ON_LATER_STEP']);
  });

  it('asks in a circle', () => {
    expect(
      faults(step('x', { ...bar, form, when: 'answers.y.f = yes' }), step('y', { form, when: 'answers.x.f = yes' })),
    ).toEqual(['/steps/0/when CONDITION_ON_LATER_STEP', '/steps/1/when CONDITION_ON_LATER_STEP']);
  });

  it('may ask a step beside it', () => {
    expect(faults(step('x', { ...bar, when: 'answers.y.f = yes' }), step('y', { form }))).toEqual([]);
  });
});

describe('a step that no deal can reach', () => {
  const unreachable = ['STEP_UNREACHABLE'];

  it.each([
    "answers.q.choice = 'a' and answers.q.choice = 'b'",
    'answers.q.number > 100',
    'answers.q.number is not known',
    'answers.q.number > 5 and answers.q.number < 5',
    "answers.q.date > '2009-08-01' and answers.q.date < '2009-08-01'",
    "answers.q.text = 'longer than ten'",
    'answers.q.yesNo = yes and answers.q.yesNo is not known',
    'amount < 0',
    "products has 'a' and not products has 'a'",
    "segment = 'a' and segment != 'a'",
    'portrait.staff > 5 and portrait.staff < 3',
    "not (answers.q.choices has 'a' or not answers.q.choices has 'a')",
  ])('because of %s', (when) => expect(faultsOf(when)).toEqual(unreachable));

  it.each([
    'answers.q.number > 5 and answers.q.number < 6',
    'answers.q.maybe is not known',
    'answers.q.choice is not known',
    "answers.q.choices has 'a' and not answers.q.choices has 'b'",
    "not segment in ('a', 'b')",
    'portrait.staff > 5 and portrait.staff < 7',
  ])('but by %s', (when) => expect(faultsOf(when)).toEqual([]));

  it('because the question is asked only where the answer cannot be', () => {
    const q2 = step('q2', { when: "answers.q.choice = 'a'", form: [field('f', 'yesNo')] });
    const reached = step('x', { mandatory: true, when: "answers.q2.f = yes and answers.q.choice = 'a'" });
    expect(faults(asking, q2, reached)).toEqual([]);
    const never = step('x', { mandatory: true, when: "answers.q2.f = yes and answers.q.choice = 'b'" });
    expect(faults(asking, q2, never)).toEqual(['/steps/2/when STEP_UNREACHABLE']);
    const [fault] = routeMapFaults(mapOf(asking, q2, never));
    expect(fault?.detail).toContain('mandatory');
  });

  it('because the step it is about is not done where its condition holds', () => {
    const survey = step('survey', { when: "answers.q.choice = 'a'" });
    const analysis = (when: string) => step('x', { kind: 'analysis', concerns: 'survey', after: ['survey'], when });
    expect(faults(asking, survey, analysis("answers.q.choice = 'b'"))).toEqual(['/steps/2/when STEP_UNREACHABLE']);
    expect(faults(asking, survey, analysis("segment = 'b'"))).toEqual([]);
  });

  it('is listed together with faults that have nothing to do with what is reached', () => {
    const never = "answers.q.choice = 'a' and answers.q.choice = 'b'";
    expect(faults(asking, step('x', { funnelRank: 1, when: never }))).toEqual([
      '/steps/1/funnelRank RANK_REPEATED',
      '/steps/1/when STEP_UNREACHABLE',
    ]);
    const more = { stage: 'z', evidence: [{ kind: 'call', count: 0 }], verification: { role: '' }, when: never };
    expect(faults(asking, step('x', more))).toEqual([
      '/steps/1/stage STAGE_UNKNOWN',
      '/steps/1/verification/role VERIFICATION_ROLE_MISSING',
      '/steps/1/evidence/0/count EVIDENCE_IMPOSSIBLE',
      '/steps/1/when STEP_UNREACHABLE',
    ]);
  });

  it.each([
    ['a form', { form: [field('f', 'choice', { options: [] })] }, 'OPTIONS_MISSING'],
    ['an order', { after: ['nobody'] }, 'AFTER_UNKNOWN'],
    ['a condition', { when: 'segment =' }, 'CONDITION_SYNTAX'],
    ['what a step is about', { kind: 'analysis' as const, concerns: 'nobody' }, 'CONCERNS_UNKNOWN'],
  ])(
    'is listed beside another step with a fault of %s, and not claimed of what hangs on that one',
    (_what, broken, code) => {
      const codes = (...steps: StepDefinition[]) => faults(asking, ...steps).map((fault) => fault.split(' ')[1]);
      const asked = step('y', { form: [field('f', 'yesNo')], ...broken });
      const never = "segment = 'a' and segment = 'b'";
      expect(new Set(codes(step('x', { when: never }), asked))).toEqual(new Set([code, 'STEP_UNREACHABLE']));
      // Nor do its own form and order hide it.
      if ('form' in broken || 'after' in broken) {
        expect(new Set(codes(step('x', { when: never, ...broken })))).toEqual(new Set([code, 'STEP_UNREACHABLE']));
      }
      const hanging = step('x', { when: `answers.y.f = yes and ${never}` });
      const further = step('z', { kind: 'analysis', concerns: 'x', after: ['x'], when: 'amount > 1' });
      if (!('after' in broken)) expect(codes(asked, hanging, further)).not.toContain('STEP_UNREACHABLE');
      const sound = step('y', { form: [field('f', 'yesNo')] });
      expect(codes(sound, hanging, further)).toEqual(['STEP_UNREACHABLE', 'STEP_UNREACHABLE']);
    },
  );

  describe('whatever a customer is by the portrait', () => {
    const fields = [
      field('staff', 'number', { minimum: 1, maximum: 100 }),
      field('trade', 'choice'),
      field('since', 'date', { required: false }),
    ];
    const told = (when: string, segments: readonly string[] = []) =>
      routeMapFaults(mapOf(asking, step('x', { when })), fields, segments).map(({ code }) => code);

    it.each([
      'portrait.staff > 500',
      'portrait.staff < 1',
      "portrait.trade != 'a' and portrait.trade != 'b'",
      "not portrait.trade in ('a', 'b') and portrait.trade is known",
      "portrait.trade = 'a' and portrait.staff > 100",
    ])('because of %s', (when) => expect(told(when)).toEqual(unreachable));

    it.each([
      'portrait.staff >= 100',
      'portrait.staff is not known',
      'portrait.trade is not known',
      "portrait.trade != 'a'",
      "portrait.since > '2009-08-01'",
    ])('but by %s', (when) => expect(told(when)).toEqual([]));

    it('because every listed segment is excluded, or one is named that is not listed', () => {
      const when = "segment != 'a' and segment != 'b'";
      expect(told(when, ['a', 'b'])).toEqual(unreachable);
      expect(told(when, ['a', 'b', 'c'])).toEqual([]);
      expect(told(when)).toEqual([]);
      expect(told("segment = 'z'", ['a', 'b'])).toEqual(['SEGMENT_UNKNOWN']);
    });
  });

  it('is told of steps that wait for and are about each other', () => {
    const about = (code: string, other: string, when: string) =>
      step(code, { kind: 'analysis', concerns: other, after: [other], when });
    const found = faults(asking, about('x', 'y', 'amount < 0'), about('y', 'x', 'amount > 1'));
    expect(found.filter((fault) => fault.endsWith('UNREACHABLE'))).toEqual([
      '/steps/1/when STEP_UNREACHABLE',
      '/steps/2/when STEP_UNREACHABLE',
    ]);
  });

  it('is not claimed where there are too many combinations to try', () => {
    const many = Array.from({ length: 20 }, (_, n) => `products has 'p${n}'`).join(' and ');
    expect(faultsOf(`${many} and amount < 0`)).toEqual([]);
  });
});

describe('evidence, verification and guidance', () => {
  const first = (more: Partial<StepDefinition>) => faults(step('x', { funnelRank: 1, ...more }));

  it('asks for a possible number, once for each kind and outcome', () => {
    expect(first({ evidence: [{ kind: 'call', count: 0 }] })).toEqual([
      '/steps/0/evidence/0/count EVIDENCE_IMPOSSIBLE',
    ]);
    const evidence = [
      { kind: 'call', count: 1 },
      { kind: 'call', outcome: 'reached', count: 1 },
      { kind: 'call', count: 2 },
    ];
    expect(first({ evidence })).toEqual(['/steps/0/evidence/2 EVIDENCE_REPEATED']);
  });

  it('has a role that verifies, and one guidance for a segment', () => {
    expect(first({ verification: { role: ' ' } })).toEqual(['/steps/0/verification/role VERIFICATION_ROLE_MISSING']);
    const one = { segment: 'retail', text: 'Text' };
    expect(first({ guidanceBySegment: [one, one] })).toEqual(['/steps/0/guidanceBySegment/1/segment CODE_REPEATED']);
  });
});

describe('a map of sales', () => {
  it('has a loss reason and a bar; a map of service needs neither', () => {
    const bare = { ...mapOf(step('x')), lossReasons: [] };
    expect(routeMapFaults(bare).map(({ code }) => code)).toEqual(['NO_LOSS_REASON', 'NO_FUNNEL']);
    expect(routeMapFaults({ ...bare, purpose: 'service' })).toEqual([]);
  });

  it('is shown by the example', () => expect(routeMapFaults(exampleRouteMap)).toEqual([]));
});
