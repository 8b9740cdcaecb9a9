/** The cells: what the clock was set to, and the machine's time when it began to run (0 while it stands still). */
const AT = 0;
const SINCE = 1;

/**
 * A clock that threads of one program read together: it stands where it was set, until it is let run. A thread that
 * is sent something after the clock was set sees it as it was set.
 */
export class SharedClock {
  private readonly cells: BigInt64Array<SharedArrayBuffer>;

  /** @param memory of a clock made in another thread; a new one otherwise */
  constructor(readonly memory = new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT)) {
    this.cells = new BigInt64Array(memory);
  }

  /** Milliseconds since 1970. */
  now(): number {
    const since = Atomics.load(this.cells, SINCE);
    const gone = since === 0n ? 0 : Date.now() - Number(since);
    return Number(Atomics.load(this.cells, AT)) + gone;
  }

  /** @param at milliseconds since 1970 */
  set(at: number): void {
    Atomics.store(this.cells, AT, BigInt(at));
  }

  /** From now on it goes with the machine's clock. */
  run(): void {
    Atomics.compareExchange(this.cells, SINCE, 0n, BigInt(Date.now()));
  }
}
