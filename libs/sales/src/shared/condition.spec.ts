import fc from 'fast-check';
import {
  COMPARISONS,
  type Condition,
  evaluate,
  type Found,
  type Literal,
  type Operand,
  printCondition,
  printOperand,
  stepsAskedBy,
} from './condition.js';
import { ConditionSyntaxError, LONGEST_CONDITION, parseCondition } from './condition.parser.js';

function faultOf(text: string): { at: number; detail: string } {
  try {
    parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was taken for a condition`);
}

const spelling = (text: string): string => printCondition(parseCondition(text));

describe('reading a condition', () => {
  it.each([
    ["answers.questionnaire.office='large'", "answers.questionnaire.office = 'large'"],
    ['amount>=1_000_000_00', 'amount >= 100000000'],
    ["segment in('a','it''s')", "segment in ('a', 'it''s')"],
    ["segment not in ('a')", "not segment in ('a')"],
    ['portrait.staff is not known', 'not portrait.staff is known'],
    ["products has 'trade' or not (amount < -1.5)", "products has 'trade' or not amount < -1.5"],
    ['answers."a.b"."c:d" = yes', 'answers."a.b"."c:d" = yes'],
    ['answers.in.and != no', 'answers.in.and != no'],
    ['answers.1st-call.2nd is known', 'answers.1st-call.2nd is known'],
    ['amount = -0', 'amount = 0'],
  ])('%s', (text, canonical) => {
    expect(spelling(text)).toBe(canonical);
    expect(spelling(canonical)).toBe(canonical);
  });

  it('and binds closer than or; parentheses change that', () => {
    const flat = parseCondition('amount = 1 or amount = 2 and amount = 3');
    expect(flat).toMatchObject({ kind: 'or', parts: [{ kind: 'compare' }, { kind: 'and' }] });
    expect(parseCondition('(amount = 1 or amount = 2) and amount = 3')).toMatchObject({
      kind: 'and',
      parts: [{ kind: 'or' }, { kind: 'compare' }],
    });
  });

  it.each([
    ['', 0, 'answers.<step>.<field>'],
    ['amount', 6, 'is expected'],
    ['amount = ', 9, 'a text in single quotes'],
    ['amount = 5 6', 11, 'the end'],
    ["(segment = 'a'", 14, ') is missing'],
    ['segment = large', 10, "'large'"],
    ['segment = unknown', 10, 'is not known'],
    ["segment = 'large", 10, 'a text in single quotes'],
    ['answers.office = 1', 15, '. is missing'],
    ['answers."a b".c = 1', 8, 'no code'],
    ['amount = 1.2345678', 9, 'a number'],
    ['amount = 99999999999999999999', 9, 'too large'],
    ['amount is unknown', 10, 'known is expected'],
    ['amount not known', 11, 'in is expected'],
    ['constructor = 1', 0, 'answers.<step>.<field>'],
    ["process.exit() or segment = 'a'", 0, 'answers.<step>.<field>'],
  ])('tells where %j goes wrong', (text, at, detail) => {
    const fault = faultOf(text);
    expect(fault.at).toBe(at);
    expect(fault.detail).toContain(detail);
  });

  it('is bounded in length and in depth', () => {
    expect(faultOf(' '.repeat(LONGEST_CONDITION + 1)).at).toBe(LONGEST_CONDITION);
    expect(faultOf('('.repeat(1500)).detail).toContain('deep');
    expect(faultOf('not '.repeat(400)).detail).toContain('deep');
    expect(spelling(`${'('.repeat(50)}amount = 1${')'.repeat(50)}`)).toBe('amount = 1');
  });
});

type Values = Readonly<Record<string, Found>>;
const known = (value: string | number | boolean | readonly string[]): Found => ({ status: 'known', value });
const lookupIn =
  (values: Values) =>
  (operand: Operand): Found =>
    values[printOperand(operand)] ?? { status: 'unknown' };
const judge = (text: string, values: Values = {}) => evaluate(parseCondition(text), lookupIn(values));

describe('the three values', () => {
  // One operand for each value: true, false, undefined.
  const three: Values = {
    'answers.t.f': known(true),
    'answers.f.f': known(false),
    'answers.u.f': { status: 'pending' },
  };
  const [T, F, U] = ['answers.t.f = yes', 'answers.f.f = yes', 'answers.u.f = yes'] as const;

  it.each([
    [`${T} and ${T}`, true],
    [`${T} and ${F}`, false],
    [`${T} and ${U}`, null],
    [`${U} and ${F}`, false],
    [`${U} and ${U}`, null],
    [`${T} or ${U}`, true],
    [`${U} or ${T}`, true],
    [`${F} or ${U}`, null],
    [`${F} or ${F}`, false],
    [`not ${U}`, null],
    [`not ${T}`, false],
    [`not (${U} and ${F})`, true],
  ])('%s is %s', (text, truth) => expect(judge(text, three).truth).toBe(truth));

  it.each(['pending', 'unknown', 'excluded'] as const)(
    'unknown is not no: %s leaves every comparison open',
    (status) => {
      const none: Values = { amount: { status } };
      for (const asked of ['amount = 1', 'amount != 1', 'not amount = 1', 'amount in (1, 2)', 'amount not in (1)']) {
        expect(judge(asked, none)).toEqual({ truth: null, missing: [{ operand: 'amount', status }] });
      }
    },
  );

  it('is known is open only as long as the question lies ahead', () => {
    expect(judge('amount is known', { amount: { status: 'pending' } }).truth).toBeNull();
    expect(judge('amount is known', { amount: { status: 'unknown' } }).truth).toBe(false);
    expect(judge('amount is not known', { amount: { status: 'excluded' } }).truth).toBe(true);
    expect(judge('amount is known', { amount: known(0) }).truth).toBe(true);
  });

  it('names what is missing, each once, and only where it matters', () => {
    const missing = judge(`(${U} or segment = 'a' or ${U}) and (${T} or amount = 1)`, three).missing;
    expect(missing).toEqual([
      { operand: 'answers.u.f', status: 'pending' },
      { operand: 'segment', status: 'unknown' },
    ]);
  });
});

describe('comparing', () => {
  it.each([
    ['amount < 5', 4, true],
    ['amount < 5', 5, false],
    ['amount <= 5', 5, true],
    ['amount > 5', 5, false],
    ['amount >= 5', 5, true],
    ['amount != 5', 6, true],
    ['amount in (1, 5)', 5, true],
    ['amount not in (1, 5)', 5, false],
    ["portrait.on < '2009-08-02'", '2009-08-01', true],
    ["portrait.on < '2009-08-02'", 'tomorrow', null],
    ["portrait.on = 'x'", 5, null],
    ["portrait.on in ('x', 5)", 5, true],
    ["portrait.on in ('x', 'y')", 5, null],
    ['portrait.on < 5', '4', null],
    ["portrait.on has 'x'", ['x', 'y'], true],
    ["products has 'z'", ['x', 'y'], false],
    ["portrait.on has 'x'", 'x', null],
    ["portrait.on = 'x'", ['x'], null],
    ['portrait.on = yes', false, false],
  ])('%s with %j is %s', (text, value, truth) => {
    const values = { amount: known(value), 'portrait.on': known(value), products: known(value) };
    expect(judge(text, values).truth).toBe(truth);
  });

  it('knows which steps it asks', () => {
    expect(stepsAskedBy(parseCondition('answers.a.x = 1 and not (answers.b.y = 2 or answers.a.z = 3)'))).toEqual([
      'a',
      'b',
    ]);
  });
});

const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,10}$/);
const operand: fc.Arbitrary<Operand> = fc.oneof(
  fc.record({ source: fc.constant('answers' as const), step: id, field: id, at: fc.constant(0) }),
  fc.record({ source: fc.constant('portrait' as const), field: id, at: fc.constant(0) }),
  fc.record({ source: fc.constantFrom('segment', 'amount', 'products'), at: fc.constant(0) }),
);
const literal: fc.Arbitrary<Literal> = fc.record({
  value: fc.oneof(
    fc.string(),
    fc.maxSafeInteger(),
    fc.integer({ min: -1e8, max: 1e8 }).map((n) => n / 100),
    fc.boolean(),
  ),
  at: fc.constant(0),
});
const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const parts = fc.array(tie('condition'), { minLength: 2, maxLength: 3 });
  return {
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      fc.record({ kind: fc.constant('compare'), operand, operator: fc.constantFrom(...COMPARISONS), literal }),
      fc.record({ kind: fc.constant('known'), operand }),
      fc.record({ kind: fc.constant('has'), operand, literal }),
      fc.record({ kind: fc.constant('in'), operand, literals: fc.array(literal, { minLength: 1, maxLength: 3 }) }),
      fc.record({ kind: fc.constant('not'), part: tie('condition') }),
      fc.record({ kind: fc.constantFrom('and', 'or'), parts }),
    ) as fc.Arbitrary<Condition>,
  };
});

/** The condition with every place set to 0 and no minus before 0, as the printed form cannot keep them. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (Object.is(value, -0)) return 0;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, key === 'at' ? 0 : bare(member)]));
}

describe('whatever is written', () => {
  it('what is printed is read back as it was', () => {
    fc.assert(
      fc.property(condition, (made) => {
        const text = printCondition(made);
        fc.pre(text.length <= LONGEST_CONDITION);
        expect(bare(parseCondition(text))).toEqual(bare(made));
      }),
      { numRuns: 500 },
    );
  });

  it('any text is a condition, or has a fault at one of its places; nothing else is thrown', () => {
    const words = fc.constantFrom(
      ...['and', 'or', 'not', 'in', 'is', 'known', 'has', '(', ')', "'", '"', ',', '.', '=', '<', '1', '-', 'yes'],
      ...['answers', 'portrait', 'segment', 'amount', 'products', 'x', ' ', '\u0000', '\n', '__proto__'],
    );
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 30 }).map((all) => all.join(' ')),
    );
    let read = 0;
    fc.assert(
      fc.property(fc.oneof(texts, condition.map(printCondition)), fc.nat(), (text, cut) => {
        const broken = text.slice(0, cut % (text.length + 1));
        try {
          parseCondition(broken);
          read += 1;
        } catch (error) {
          if (!(error instanceof ConditionSyntaxError)) throw error;
          expect(error.at).toBeGreaterThanOrEqual(0);
          expect(error.at).toBeLessThanOrEqual(broken.length);
        }
      }),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(20);
  });

  it('not of a condition is its opposite, and what is open says why', () => {
    const status = fc.constantFrom('pending', 'unknown', 'excluded');
    const found: fc.Arbitrary<Found> = fc.oneof(
      literal.map(({ value }) => known(value)),
      status.map((one) => ({ status: one })),
    );
    fc.assert(
      fc.property(condition, fc.array(found, { minLength: 5, maxLength: 5 }), (made, values) => {
        const lookup = (asked: Operand): Found => values[printOperand(asked).length % 5] ?? { status: 'unknown' };
        const { truth, missing } = evaluate(made, lookup);
        expect(evaluate({ kind: 'not', part: made }, lookup).truth).toBe(truth === null ? null : !truth);
        expect(missing.length > 0).toBe(truth === null);
      }),
      { numRuns: 500 },
    );
  });
});
