import { TokenBuckets } from './token-bucket.js';

describe('token buckets', () => {
  it('let a burst through, then as many as the rate, each name for itself', () => {
    let now = 0;
    const buckets = new TokenBuckets(60, () => now);
    for (let n = 0; n < 60; n += 1) expect(buckets.take('a')).toBe(0);
    expect(buckets.take('a')).toBeCloseTo(1);
    expect(buckets.take('b')).toBe(0);
    now = 500;
    expect(buckets.take('a')).toBeCloseTo(0.5);
    now = 1_000;
    expect(buckets.take('a')).toBe(0);
    expect(buckets.take('a')).toBeGreaterThan(0);
  });

  it('never hold more than a minute’s worth', () => {
    let now = 0;
    const buckets = new TokenBuckets(2, () => now);
    buckets.take('a');
    now = 600_000;
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0]);
    expect(buckets.take('a')).toBeGreaterThan(0);
  });
});
