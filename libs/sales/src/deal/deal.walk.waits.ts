import type { Instant } from '@voronka/kernel';

/** Where an event stands: by what a walk is told of it, its results are known again. */
export interface Told {
  readonly id: string;
  readonly at: Instant;
  /** Position in the log, decimal text. */
  readonly pos: string;
}

/** How a waiting ended: the step was done or skipped, put off by a return, left the way, or the deal was closed. */
export const WAIT_ENDS = ['done', 'skipped', 'back', 'notApplicable', 'closed'] as const;
export type WaitEnd = (typeof WAIT_ENDS)[number];

/** A step that could have been done. */
export interface Wait<Place extends Told> {
  readonly step: string;
  /** Which waiting for this step it is, from 1. */
  readonly ordinal: number;
  readonly since: Instant;
  /** Event by which the step was ready. */
  readonly began: Place;
  /** When its norm of working hours has passed; null without a norm, or where no working time is ahead. */
  readonly dueAt: Instant | null;
  readonly ended: Place | null;
  readonly how: WaitEnd | null;
  /** Who did it; null for other ends, and where nobody is known. */
  readonly performer: string | null;
}

/** The waitings of one deal. What ends without the step being done as soon as it began was none. */
export class Waits<Place extends Told> {
  private readonly list: Wait<Place>[] = [];
  /** Step → place in the list, of those that go on. */
  private readonly going = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  all(): readonly Wait<Place>[] {
    return this.list.slice();
  }

  /** The waiting for a step that goes on. */
  now(step: string): Wait<Place> | undefined {
    const index = this.going.get(step);
    return index === undefined ? undefined : this.list[index];
  }

  /** A waiting that began at another time before is begun anew: what it had waited for was done once more. */
  begin(
    step: string,
    since: Instant,
    { place, dueAt }: { readonly place: Place; readonly dueAt: () => Instant | null },
  ): void {
    const index = this.going.get(step);
    const before = index === undefined ? undefined : this.list[index];
    if (before?.since === since) return;
    const ordinal = before?.ordinal ?? (this.counts.get(step) ?? 0) + 1;
    const wait = { step, ordinal, since, began: place, dueAt: dueAt(), ended: null, how: null, performer: null };
    if (index !== undefined) {
      this.list[index] = wait;
      return;
    }
    this.counts.set(step, ordinal);
    this.going.set(step, this.list.push(wait) - 1);
  }

  end(step: string, place: Place, how: WaitEnd, performer: string | null): void {
    const index = this.going.get(step);
    const wait = index === undefined ? undefined : this.list[index];
    if (index === undefined || wait === undefined) return;
    this.going.delete(step);
    if (how === 'done' || place.at > wait.since) this.list[index] = { ...wait, ended: place, how, performer };
    else this.forget(index, wait);
  }

  endAll(place: Place, how: WaitEnd): void {
    for (const step of [...this.going.keys()]) this.end(step, place, how, null);
  }

  private forget(index: number, { step, ordinal }: Wait<Place>): void {
    this.list.splice(index, 1);
    this.counts.set(step, ordinal - 1);
    for (const [other, at] of this.going) if (at > index) this.going.set(other, at - 1);
  }
}
