import { addFractions, compareFractions, DomainError, fraction, multiplyFractions } from '@voronka/kernel';
import fc from 'fast-check';
import { decompose, type Goal, winsForAmount } from './decomposition.js';
import { ratio, valueOf } from './ratio.js';

function refusalOf(run: () => unknown): DomainError {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

const goal: Goal = {
  wins: 10n,
  signed: 2n,
  bars: [
    { step: 'contact', conversion: ratio(40, 80), standing: 8n },
    { step: 'proposal', conversion: ratio(20, 50), standing: 5n },
  ],
};

describe('decomposition of a goal', () => {
  it('goal 10, signed 2; 5 at proposal (40 %), 8 at contact (50 %): 15 proposals, 22 contacts', () => {
    const { missing, bars } = decompose(goal);
    expect(missing).toBe(8n);
    expect(bars.map(({ step, needed }) => [step, needed])).toEqual([
      ['contact', 22n],
      ['proposal', 15n],
    ]);
    expect(bars.map(({ expected }) => expected)).toEqual([fraction(4n), fraction(2n)]);
    expect(bars[1]?.sample).toMatchObject({ size: 50n, small: false });
  });

  it('asks for nothing where the goal is reached, or those under way suffice', () => {
    expect(decompose({ ...goal, signed: 11n })).toMatchObject({ missing: 0n, bars: [{ needed: 0n }, { needed: 0n }] });
    const crowd = goal.bars.map((bar) => ({ ...bar, standing: 100n }));
    expect(decompose({ ...goal, bars: crowd })).toMatchObject({ missing: 8n, bars: [{ needed: 0n }, { needed: 0n }] });
  });

  it('DECOMPOSITION_SAMPLE_TOO_SMALL names every bar it cannot rely on', () => {
    const error = refusalOf(() => decompose({ ...goal, minimumSample: 80n }));
    expect(error.code).toBe('DECOMPOSITION_SAMPLE_TOO_SMALL');
    expect(error.data).toEqual({ minimumSample: 80, bars: [{ step: 'proposal', sample: 50 }] });
    expect(refusalOf(() => decompose({ ...goal, minimumSample: 81n })).data['bars']).toHaveLength(2);
  });

  it('DECOMPOSITION_IMPOSSIBLE: a bar that nobody has passed', () => {
    const bars = [{ step: 'contact', conversion: ratio(0, 80), standing: 8n }];
    expect(refusalOf(() => decompose({ ...goal, bars }))).toMatchObject({
      code: 'DECOMPOSITION_IMPOSSIBLE',
      data: { step: 'contact' },
    });
    expect(decompose({ ...goal, wins: 2n, bars }).bars[0]?.needed).toBe(0n);
  });

  it('is never negative, is enough, and one less would not be', () => {
    const bar = fc.record({
      step: fc.constant('bar'),
      conversion: fc
        .integer({ min: 30, max: 500 })
        .chain((n) => fc.integer({ min: 1, max: n }).map((s) => ratio(s, n))),
      standing: fc.bigInt({ min: 0n, max: 50n }),
    });
    const count = fc.bigInt({ min: 0n, max: 200n });
    fc.assert(
      fc.property(count, count, fc.array(bar, { minLength: 1, maxLength: 6 }), (wins, signed, bars) => {
        const found = decompose({ wins, signed, bars });
        found.bars.forEach(({ needed, conversion, expected }, at) => {
          const next = found.bars[at + 1]?.needed ?? found.missing;
          const brings = (deals: bigint) =>
            addFractions(expected, multiplyFractions(fraction(deals), valueOf(conversion) ?? fraction(0n)));
          expect(needed).toBeGreaterThanOrEqual(0n);
          expect(compareFractions(brings(needed), fraction(next))).not.toBe(-1);
          if (needed > 0n) expect(compareFractions(brings(needed - 1n), fraction(next))).toBe(-1);
        });
      }),
    );
  });
});

describe('winsForAmount', () => {
  it('rounds up to whole wins', () => {
    expect(winsForAmount(1_000_000n, ratio(600_000, 2))).toBe(4n);
    expect(winsForAmount(900_000n, ratio(600_000, 2))).toBe(3n);
    expect(winsForAmount(0n, ratio(600_000, 2))).toBe(0n);
    expect(refusalOf(() => winsForAmount(1n, ratio(0, 0))).code).toBe('DECOMPOSITION_IMPOSSIBLE');
    expect(refusalOf(() => winsForAmount(1n, ratio(0, 3))).code).toBe('DECOMPOSITION_IMPOSSIBLE');
  });
});
