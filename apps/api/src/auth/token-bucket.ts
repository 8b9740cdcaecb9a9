const MOST_BUCKETS = 10_000;
const MS_PER_MINUTE = 60_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** One bucket a name: full at first, filled evenly, one token a request. Time is monotonic milliseconds. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perMinute: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Takes a token: 0, or how many seconds to wait for one. */
  take(name: string): number {
    const now = this.nowMs();
    const bucket = this.buckets.get(name) ?? { tokens: this.perMinute, atMs: now };
    bucket.tokens = Math.min(this.perMinute, bucket.tokens + ((now - bucket.atMs) * this.perMinute) / MS_PER_MINUTE);
    bucket.atMs = now;
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    this.forgetOldest();
    if (bucket.tokens < 1) return ((1 - bucket.tokens) * 60) / this.perMinute;
    bucket.tokens -= 1;
    return 0;
  }

  /** A map keeps its order: the first is the one that asked longest ago. */
  private forgetOldest(): void {
    if (this.buckets.size <= MOST_BUCKETS) return;
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
