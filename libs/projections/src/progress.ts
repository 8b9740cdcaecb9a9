/** How far a rebuild has come. Positions are offsets in the log: only their proportions mean something. */
export interface RebuildProgress {
  /** Events taken in by this run. */
  readonly events: number;
  /** Events per second since the run began. */
  readonly rate: number;
  readonly position: bigint;
  /** End of the log when the run began; null for an empty log. */
  readonly end: bigint | null;
  /** Seconds left at the present pace; null while it cannot be told. */
  readonly etaSeconds: number | null;
}

export class ProgressMeter {
  readonly #begun = performance.now();
  #events = 0;

  constructor(
    private readonly from: bigint | null,
    private readonly end: bigint | null,
  ) {}

  add(events: number, position: bigint): RebuildProgress {
    this.#events += events;
    const seconds = Math.max(0.001, (performance.now() - this.#begun) / 1000);
    const done = Number(position - (this.from ?? 0n));
    const left = this.end === null || this.end <= position ? 0 : Number(this.end - position);
    return {
      events: this.#events,
      rate: Math.round(this.#events / seconds),
      position,
      end: this.end,
      etaSeconds: done > 0 ? Math.round((left / done) * seconds) : null,
    };
  }
}

const WINDOW_MS = 10_000;

/** Counts events, in all and over the last ten seconds. */
export class RateMeter {
  #total = 0;
  #marks: { readonly at: number; readonly events: number }[] = [];

  get total(): number {
    return this.#total;
  }

  add(events: number): void {
    if (events === 0) return;
    this.#total += events;
    const at = performance.now();
    this.#marks = this.#marks.filter((mark) => mark.at > at - WINDOW_MS);
    this.#marks.push({ at, events });
  }

  perSecond(): number {
    const since = performance.now() - WINDOW_MS;
    const events = this.#marks.reduce((sum, mark) => (mark.at > since ? sum + mark.events : sum), 0);
    return Math.round(events / (WINDOW_MS / 1000));
  }
}
