import type { Instant } from '@voronka/kernel';
import type { DeviationKind } from './deal.conformance.js';
import type { Told } from './deal.walk.waits.js';
import type { WalkRules } from './deal.walk.rules.js';

/** One departure from the map. */
export interface Deviated<Place extends Told> {
  readonly kind: DeviationKind;
  readonly step: string;
  /** The event that deviates; of a step passed over without a word, the one that passed it over. */
  readonly place: Place;
  /** Nobody said a word: `place` is only what it is seen by. */
  readonly silent?: true;
  /** Who did it, skipped it or accepted it; null where nobody is known, or nobody said a word. */
  readonly performer: string | null;
  /** Of what was late: when it was due. */
  readonly dueAt?: Instant;
}

/** What deviates by itself, and what tells later whether a mandatory step was skipped. */
export class WalkedDeviations<Place extends Told> {
  private readonly list: Deviated<Place>[] = [];
  private readonly everDone = new Set<string>();
  private readonly skips = new Map<string, Deviated<Place>>();
  /** Step → by what it was first passed over. */
  private readonly passed = new Map<string, Place>();

  all(): readonly Deviated<Place>[] {
    return this.list;
  }

  add(deviation: Deviated<Place>): void {
    this.list.push(deviation);
  }

  unknown(step: string, place: Place, performer: string | null): void {
    this.list.push({ kind: 'unknownStep', step, place, performer });
  }

  done(step: string): void {
    this.everDone.add(step);
  }

  /** Steps are passed over that may belong to the way by then; what did not is not blamed on anybody later. */
  passedOver(steps: Iterable<string>, place: Place, rules: WalkRules): void {
    for (const code of steps) if (!this.passed.has(code) && rules.mayBelong(code)) this.passed.set(code, place);
  }

  skipped(step: string, place: Place, performer: string | null): void {
    if (!this.skips.has(step)) this.skips.set(step, { kind: 'skipped', step, place, performer });
  }

  /** How a mandatory step that belongs to the way was skipped, as it looks now; null: it was not. */
  skipOf(step: string): Deviated<Place> | null {
    if (this.everDone.has(step)) return null;
    const said = this.skips.get(step);
    if (said !== undefined) return said;
    const place = this.passed.get(step);
    return place === undefined ? null : { kind: 'skipped', step, place, silent: true, performer: null };
  }
}

/** Mandatory steps of the way that were skipped, passed over, or missing at the contract. */
export function skippedOn<Place extends Told>(
  rules: WalkRules,
  found: WalkedDeviations<Place>,
): readonly Deviated<Place>[] {
  return rules.document.steps.flatMap((step) => {
    const skip = step.mandatory ? found.skipOf(step.code) : null;
    return skip === null || rules.applicability(step).applies !== 'yes' ? [] : [skip];
  });
}
