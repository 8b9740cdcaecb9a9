import fc from 'fast-check';
import {
  addFractions,
  applyBasisPoints,
  assertKopecks,
  assertNonNegativeKopecks,
  ceilFraction,
  compareFractions,
  divideFractions,
  formatKopecks,
  fraction,
  type Fraction,
  fractionToDecimal,
  multiplyFractions,
  parseKopecks,
  roundFraction,
  roundHalfUp,
  splitLargestRemainder,
  subtractFractions,
  sumKopecks,
  toKopecksNumber,
} from './money.js';

const LARGEST = Number.MAX_SAFE_INTEGER;
const kopecks = fc.maxSafeInteger();
const anyBigint = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
const anyFraction: fc.Arbitrary<Fraction> = fc
  .tuple(
    anyBigint,
    anyBigint.filter((d) => d !== 0n),
  )
  .map(([n, d]) => fraction(n, d));

describe('amounts at the edge', () => {
  it('are integers up to 2^53-1, refused beyond by the name of the field', () => {
    expect(() => assertKopecks(LARGEST, 'amount')).not.toThrow();
    expect(() => assertKopecks(-LARGEST, 'amount')).not.toThrow();
    expect(() => assertKopecks(LARGEST + 1, 'lines[2].amount')).toThrow(RangeError);
    expect(() => assertKopecks(LARGEST + 1, 'lines[2].amount')).toThrow('lines[2].amount is beyond 9007199254740991');
  });

  it.each([[0.5], ['100'], [null], [undefined], [10n], [Number.NaN], [Infinity], [{}]])('refuse %p', (value) => {
    expect(() => assertKopecks(value, 'amount')).toThrow(TypeError);
    expect(() => assertKopecks(value, 'amount')).toThrow('amount must be a whole number of minor units');
  });

  it('may be required not to be negative', () => {
    expect(() => assertNonNegativeKopecks(0, 'price')).not.toThrow();
    expect(() => assertNonNegativeKopecks(-1, 'price')).toThrow('price must not be negative');
  });

  it('become numbers only while they fit', () => {
    expect(toKopecksNumber(BigInt(LARGEST))).toBe(LARGEST);
    expect(toKopecksNumber(-BigInt(LARGEST))).toBe(-LARGEST);
    expect(() => toKopecksNumber(BigInt(LARGEST) + 1n, 'total')).toThrow('total is beyond');
    expect(() => toKopecksNumber(-BigInt(LARGEST) - 1n, 'total')).toThrow('total is beyond');
  });
});

describe('sumKopecks', () => {
  it('adds, and refuses a sum beyond the limit even if each part fits', () => {
    expect(sumKopecks([])).toBe(0);
    expect(sumKopecks([630_000, 550_000, 2_600_000])).toBe(3_780_000);
    expect(() => sumKopecks([LARGEST, 1], 'contract')).toThrow('contract is beyond');
    expect(sumKopecks([LARGEST, 1, -1])).toBe(LARGEST);
    expect(() => sumKopecks([1, 1.5], 'lines')).toThrow('lines[1] must be a whole number');
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (list) => {
        expect(sumKopecks([...list].reverse())).toBe(sumKopecks(list));
      }),
    );
  });
});

describe('rounding', () => {
  it.each([
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [49n, 100n, 0n],
    [50n, 100n, 1n],
    [-49n, 100n, 0n],
    [-50n, 100n, -1n],
    [201n, 100n, 2n],
    [0n, -7n, 0n],
  ])('%s / %s is %s', (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected);
  });

  it('refuses to divide by nothing', () => {
    expect(() => roundHalfUp(1n, 0n)).toThrow(RangeError);
  });

  it('is never more than a half away, and a half goes away from zero', () => {
    fc.assert(
      fc.property(
        anyBigint,
        anyBigint.filter((d) => d !== 0n),
        (n, d) => {
          const rounded = roundHalfUp(n, d);
          const abs = (value: bigint): bigint => (value < 0n ? -value : value);
          const twiceOff = 2n * abs(n - rounded * d);
          expect(twiceOff <= abs(d)).toBe(true);
          if (twiceOff === abs(d)) expect(abs(rounded * d) > abs(n)).toBe(true);
        },
      ),
    );
  });

  it('takes basis points of amounts', () => {
    expect(applyBasisPoints(30_000_000n, 300n)).toBe(900_000n);
    expect(applyBasisPoints(20_100n, 100n)).toBe(201n);
    expect(applyBasisPoints(99_999_900n, 500n)).toBe(4_999_995n);
    expect(applyBasisPoints(-50n, 100n)).toBe(-1n);
  });
});

describe('splitLargestRemainder', () => {
  it('10.00 shared by three is 3.34, 3.33, 3.33', () => {
    expect(splitLargestRemainder(1000n, [1n, 1n, 1n])).toEqual([334n, 333n, 333n]);
  });

  it('a year of 100 over 12 equal months is 9, 9, 9, 9, then 8 times 8', () => {
    const equal = Array.from({ length: 12 }, () => 1n);
    expect(splitLargestRemainder(100n, equal)).toEqual([9n, 9n, 9n, 9n, 8n, 8n, 8n, 8n, 8n, 8n, 8n, 8n]);
  });

  it('gives the odd unit to the largest remainder, not to the first', () => {
    expect(splitLargestRemainder(10n, [1n, 2n, 4n])).toEqual([1n, 3n, 6n]);
    expect(splitLargestRemainder(1n, [3_333n, 3_334n, 3_333n])).toEqual([0n, 1n, 0n]);
  });

  it('splits a negative total as the mirror of a positive one', () => {
    expect(splitLargestRemainder(-1000n, [1n, 1n, 1n])).toEqual([-334n, -333n, -333n]);
  });

  it('refuses weights that say nothing', () => {
    expect(() => splitLargestRemainder(1n, [])).toThrow('weights must not all be 0');
    expect(() => splitLargestRemainder(1n, [0n, 0n])).toThrow('weights must not all be 0');
    expect(() => splitLargestRemainder(1n, [2n, -1n])).toThrow('weights must not be negative');
  });

  it('always adds up, stays within one unit of the share, and gives nothing to a weight of 0', () => {
    const weights = fc
      .array(fc.bigInt({ min: 0n, max: 10_000n }), { minLength: 1, maxLength: 50 })
      .filter((list) => list.some((weight) => weight > 0n));
    fc.assert(
      fc.property(anyBigint, weights, (total, list) => {
        const parts = splitLargestRemainder(total, list);
        const whole = list.reduce((a, b) => a + b, 0n);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
        parts.forEach((part, index) => {
          const weight = list[index] ?? 0n;
          const off = part * whole - total * weight;
          expect(off < whole && off > -whole).toBe(true);
          if (weight === 0n) expect(part).toBe(0n);
        });
      }),
    );
  });
});

describe('fractions', () => {
  it('are kept in lowest terms with a positive denominator', () => {
    expect(fraction(6n, -4n)).toEqual({ n: -3n, d: 2n });
    expect(fraction(0n, -4n)).toEqual({ n: 0n, d: 1n });
    expect(() => fraction(1n, 0n)).toThrow('denominator must not be 0');
  });

  it('a plan of 40, and 45 for the last 11 of 21 working days, is missed by 42', () => {
    const target = fraction(40n * 10n + 45n * 11n, 21n);
    expect(fractionToDecimal(target, 3)).toBe('42.619');
    expect(compareFractions(fraction(42n), target)).toBe(-1);
    expect(fractionToDecimal(multiplyFractions(divideFractions(fraction(42n), target), fraction(100n)), 2)).toBe(
      '98.55',
    );
  });

  it('compare equal exactly where decimals would not', () => {
    const tenth = fraction(1n, 10n);
    expect(compareFractions(addFractions(tenth, fraction(2n, 10n)), fraction(3n, 10n))).toBe(0);
  });

  it('keep the laws of arithmetic', () => {
    fc.assert(
      fc.property(anyFraction, anyFraction, anyFraction, (a, b, c) => {
        expect(addFractions(a, b)).toEqual(addFractions(b, a));
        expect(subtractFractions(addFractions(a, b), b)).toEqual(a);
        const spread = addFractions(multiplyFractions(a, b), multiplyFractions(a, c));
        expect(multiplyFractions(a, addFractions(b, c))).toEqual(spread);
        if (b.n !== 0n) expect(multiplyFractions(divideFractions(a, b), b)).toEqual(a);
        expect(compareFractions(a, b)).toBe(-compareFractions(b, a) + 0);
        expect(subtractFractions(a, b).n > 0n).toBe(compareFractions(a, b) > 0);
      }),
    );
  });

  it('round to whole units, up or to the nearest', () => {
    expect(roundFraction(fraction(5n, 2n))).toBe(3n);
    expect([fraction(5n, 2n), fraction(-5n, 2n), fraction(4n, 2n)].map(ceilFraction)).toEqual([3n, -2n, 2n]);
    fc.assert(
      fc.property(anyFraction, (value) => {
        const top = fraction(ceilFraction(value));
        expect(compareFractions(top, value) >= 0).toBe(true);
        expect(compareFractions(subtractFractions(top, fraction(1n)), value)).toBe(-1);
      }),
    );
  });

  it('refuse a senseless number of places', () => {
    expect(() => fractionToDecimal(fraction(1n), -1)).toThrow(RangeError);
    expect(fractionToDecimal(fraction(-5n, 2n), 0)).toBe('-3');
  });
});

describe('amounts as text', () => {
  it.each([
    [630_000, '6300.00'],
    [0, '0.00'],
    [5, '0.05'],
    [-5, '-0.05'],
    [-1205, '-12.05'],
    [LARGEST, '90071992547409.91'],
  ])('%s is %s', (amount, text) => {
    expect(formatKopecks(amount)).toBe(text);
    expect(formatKopecks(BigInt(amount))).toBe(text);
  });

  it.each(['', '1,50', '1.505', '1e3', ' 1', '.5', '+1', '1.', '90071992547409.92'])('refuses %p', (text) => {
    expect(() => parseKopecks(text, 'price')).toThrow(/^price /);
  });

  it('reads back what it wrote', () => {
    expect(parseKopecks('100.5')).toBe(10_050);
    expect(parseKopecks('6300')).toBe(630_000);
    fc.assert(fc.property(kopecks, (amount) => expect(parseKopecks(formatKopecks(amount))).toBe(amount + 0)));
  });
});
