import { type EventLog, LogUnavailableError } from '@voronka/event-log';
import { type Clock, localDateOf } from '@voronka/kernel';
import { configuredCompany, employmentOf, type EmploymentKnown } from '@voronka/runtime';

/** As long as a key is trusted: somebody who leaves today is refused within seconds of its being said. */
const TRUSTED_MS = 5_000;
const MOST_KNOWN = 10_000;

/** Nobody by that name, somebody who may act, or somebody whose last working day is over. */
export type Standing =
  | { readonly kind: 'unknown' | 'known' }
  | { readonly kind: 'left'; /** Local date. */ readonly lastDay: string };

/** Who works here today, by the log: read models may lag, and keys outlive people. */
export class Staff {
  private readonly found = new Map<string, { readonly is: EmploymentKnown | null; readonly untilMs: number }>();
  private zone: string | null = null;

  constructor(private readonly sources: { readonly log: EventLog; readonly clock: Clock }) {}

  /** While the log is away, what was seen last counts. @throws LogUnavailableError for somebody never looked up */
  async standingOf(employeeId: string): Promise<Standing> {
    const is = await this.lookedUp(employeeId);
    if (is === null) return { kind: 'unknown' };
    const { lastDay } = is;
    return lastDay !== null && (await this.today()) > lastDay ? { kind: 'left', lastDay } : { kind: 'known' };
  }

  private async lookedUp(employeeId: string): Promise<EmploymentKnown | null> {
    const known = this.found.get(employeeId);
    if (known !== undefined && known.untilMs > Date.now()) return known.is;
    try {
      const is = await employmentOf(this.sources, employeeId);
      if (this.found.size >= MOST_KNOWN) this.found.clear();
      // Who was not there a moment ago may have been hired meanwhile.
      if (is !== null) this.found.set(employeeId, { is, untilMs: Date.now() + TRUSTED_MS });
      return is;
    } catch (error) {
      if (known !== undefined && error instanceof LogUnavailableError) return known.is;
      throw error;
    }
  }

  /** The company's zone never changes. */
  private async today(): Promise<string> {
    this.zone ??= (await configuredCompany(this.sources))?.zone ?? null;
    return localDateOf(this.sources.clock.now(), this.zone ?? 'UTC');
  }
}
