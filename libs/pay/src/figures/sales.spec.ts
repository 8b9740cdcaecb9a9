import { fraction } from '@voronka/kernel';
import { bottleneckOf } from './bottleneck.js';
import { canStillMakeIt, forecastOf } from './forecast.js';
import { potentialOf, type StandingDeals } from './potential.js';
import { percentText, ratio } from './ratio.js';
import { salesVelocity, winRateOf } from './sales.js';

const DAY = 86_400_000n;

describe('win rate', () => {
  it('August 10 won, 5 lost: 10/15; one of the lost reopened and won in October: 10/14', () => {
    expect(winRateOf(10, 5)).toEqual(ratio(10, 15));
    expect(winRateOf(10, 4)).toEqual(ratio(10, 14));
    expect(percentText(winRateOf(0, 0))).toBeNull();
  });
});

describe('sales velocity', () => {
  it('20 open × 40 % × 150,000.00 ÷ 30 days: 40,000.00 a day', () => {
    const facts = { open: 20n, won: 4n, lost: 6n, wonKopecks: 60_000_000n, wonCycleMs: 4n * 30n * DAY };
    expect(salesVelocity(facts)).toEqual(fraction(4_000_000n));
    expect(salesVelocity({ ...facts, won: 0n })).toBeNull();
    expect(salesVelocity({ ...facts, wonCycleMs: 0n })).toBeNull();
  });
});

describe('potential', () => {
  const at = (position: string, more: Partial<StandingDeals> = {}): StandingDeals => ({
    position,
    deals: 3n,
    withoutAmount: 1n,
    expectedKopecks: 100n,
    conversion: { slice: ratio(10, 30), company: ratio(1, 2) },
    ...more,
  });

  it('rounds once: three thirds of 1.00 are 1.00', () => {
    const found = potentialOf([at('a'), at('b'), at('c')]);
    expect(found.kopecks).toBe(100n);
    expect(found.withoutAmount).toBe(3n);
    expect(found.parts[0]).toMatchObject({
      of: 'slice',
      kopecks: fraction(100n, 3n),
      sample: { size: 30n, small: false },
    });
  });

  it('takes the company’s conversion where the slice’s sample is too small, and shows which', () => {
    const few = { slice: ratio(29, 29), company: ratio(1, 2) };
    expect(potentialOf([at('a', { conversion: few })])).toMatchObject({
      kopecks: 50n,
      parts: [{ of: 'company', conversion: ratio(1, 2), sample: { size: 2n, small: true } }],
    });
    expect(potentialOf([at('a', { conversion: few })], 29n).kopecks).toBe(100n);
  });

  it('says nothing of positions from where nothing has matured', () => {
    const none = { slice: ratio(0, 0), company: ratio(0, 0) };
    expect(potentialOf([at('a'), at('b', { conversion: none })], 0n)).toMatchObject({
      kopecks: 33n,
      withoutConversion: 3n,
    });
    expect(potentialOf([])).toEqual({ kopecks: 0n, parts: [], withoutAmount: 0n, withoutConversion: 0n });
  });
});

describe('forecast', () => {
  // August 2009 in Samara, as half-open instants.
  const august = { from: '2009-07-31T19:00:00.000Z', to: '2009-08-31T19:00:00.000Z' };
  const deal = (reachedAt: string, days: bigint | null, potentialKopecks: bigint | null = 100n) => ({
    reachedAt,
    medianLagMs: days === null ? null : days * DAY,
    potentialKopecks,
  });

  it('is what is signed and the potential whose median lag ends inside the period', () => {
    const open = [
      deal('2009-07-01T19:00:00.000Z', 30n),
      deal('2009-08-01T00:00:00.000Z', 10n, 50n),
      deal('2009-08-01T19:00:00.000Z', 30n),
      deal('2009-06-01T00:00:00.000Z', 30n),
      deal('2009-08-01T00:00:00.000Z', null),
      deal('2009-08-01T00:00:00.000Z', 10n, null),
    ];
    expect(forecastOf(august, 1000n, open)).toEqual({
      kopecks: 1150n,
      signedKopecks: 1000n,
      expectedKopecks: 150n,
      deals: { expected: 2, later: 1, overdue: 1 },
      unknown: 2,
    });
  });

  it('the end of the period is outside: what would be won then cannot make it', () => {
    expect(canStillMakeIt(deal('2009-08-01T19:00:00.000Z', 30n), august)).toBe(false);
    expect(canStillMakeIt(deal('2009-08-01T18:59:59.999Z', 30n), august)).toBe(true);
    expect(canStillMakeIt(deal('2009-06-01T00:00:00.000Z', 30n), august)).toBe(true);
    expect(canStillMakeIt(deal('2009-08-01T00:00:00.000Z', null), august)).toBe(false);
  });
});

describe('bottleneck', () => {
  // Of 100 contacts 50 meet, of those 40 get a proposal, of those 10 are won.
  const bars = [
    { step: 'contact', reached: 100n, forward: 50n, won: 10n },
    { step: 'meeting', reached: 50n, forward: 40n, won: 10n },
    { step: 'proposal', reached: 40n, forward: 10n, won: 10n },
  ];

  it('is the bar that costs most wins, with its sample', () => {
    const found = bottleneckOf(bars);
    expect(found.bars.map(({ winsLost }) => winsLost)).toEqual([fraction(10n), fraction(5n, 2n), fraction(30n)]);
    expect(found.bottleneck).toMatchObject({ step: 'proposal', conversion: ratio(10, 40), sample: { size: 40n } });
  });

  it('against a reference: what falls short of it most', () => {
    const references = [ratio(8, 10), ratio(8, 10), ratio(1, 4)];
    const held = bars.map((bar, at) => ({ ...bar, reference: references[at] ?? ratio(1, 1) }));
    const found = bottleneckOf(held);
    expect(found.bars.map(({ winsLost }) => winsLost)).toEqual([fraction(6n), fraction(0n), fraction(0n)]);
    expect(found.bottleneck?.step).toBe('contact');
  });

  it('is a bar that nobody passes, since behind it nothing is won', () => {
    const closed = [
      { step: 'contact', reached: 100n, forward: 50n, won: 0n },
      { step: 'meeting', reached: 50n, forward: 0n, won: 0n },
      { step: 'proposal', reached: 0n, forward: 0n, won: 0n },
    ];
    expect(bottleneckOf(closed).bottleneck).toMatchObject({ step: 'meeting', winsLost: null });
  });

  it('a bar that one deal reached and none passed does not outdo one that costs many wins', () => {
    const optional = [
      { step: 'contact', reached: 150n, forward: 150n, won: 60n },
      { step: 'demo', reached: 1n, forward: 0n, won: 0n },
      { step: 'proposal', reached: 150n, forward: 60n, won: 60n },
    ];
    expect(bottleneckOf(optional).bottleneck).toMatchObject({ step: 'proposal', winsLost: fraction(90n) });
    // It does once its sample is not small any more, and where no other bar costs a win.
    expect(bottleneckOf(optional, 1n).bottleneck).toMatchObject({ step: 'demo' });
    expect(bottleneckOf(optional.slice(0, 2)).bottleneck).toMatchObject({ step: 'demo', sample: { small: true } });
  });

  it('is none where nothing is lost or nothing was tried; the earlier of equal ones', () => {
    expect(bottleneckOf([]).bottleneck).toBeNull();
    expect(bottleneckOf([{ step: 'contact', reached: 5n, forward: 5n, won: 5n }]).bottleneck).toBeNull();
    const [first] = bars;
    if (first === undefined) throw new Error('no bars');
    expect(bottleneckOf([first, { ...first, step: 'twin' }]).bottleneck?.step).toBe('contact');
  });
});
