import type { Instant, WorkCalendar } from '@voronka/kernel';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { orderOf } from '../route-map/route-map.order.js';
import type { Answers } from '../shared/answers.js';
import { type CustomerPortrait, looksAtCustomer, UNTOLD_CUSTOMER } from './deal.customer.js';
import { dueOf } from './deal.next.js';
import { asksTerms, isSatisfied, type Terms, termsAfter } from './deal.rules.js';
import { type Deviated, skippedOn, WalkedDeviations } from './deal.walk.deviations.js';
import { NEVER, WalkRules, type WalkStanding } from './deal.walk.rules.js';
import { type Told, type Wait, Waits } from './deal.walk.waits.js';

/** What a walk hangs on besides the deal's own events; all as it was known at a position of the log. */
export interface WalkFacts {
  /** IANA zone of the company. */
  readonly zone: string;
  readonly calendarAt: (pos: string) => WorkCalendar;
  /** Working roles of an employee at an instant; null where nobody knows. Unknown is not wrong. */
  readonly rolesOf: (employeeId: string, at: Instant, pos: string) => readonly string[] | null;
}

export interface DoneStep {
  readonly step: string;
  readonly performedBy: string | null;
  /** At least those that conditions of the map ask for. */
  readonly answers: Answers;
}

/**
 * A deal on its way over its map, told event by event in the order in which things happened (`occurredAt`, then
 * position): what its steps waited for and how long, and where it left the map, at each event with no more work than
 * the steps that are still ahead. What was voided, sent back or is not accepted is not told; an accepted completion is
 * told at its own time, a corrected one as it was corrected. The customer is told as it was from each instant on, before
 * what happened at that instant; a closed deal is judged by whom it was closed with, however the customer changes.
 */
export class DealWalk<Place extends Told> {
  private readonly standings = new Map<string, WalkStanding>();
  private readonly putOff = new Map<string, Instant[]>();
  private readonly waiting = new Waits<Told>();
  private readonly found = new WalkedDeviations<Place>();
  private status: 'none' | 'open' | 'closed' = 'none';
  private openedAt: Instant | null = null;
  private reopenedAt: Instant | null = null;
  private terms: Terms | null = null;
  private customer: CustomerPortrait = UNTOLD_CUSTOMER;
  /** Also what came to be so after the deal was closed. */
  private customerNow: CustomerPortrait = UNTOLD_CUSTOMER;

  constructor(
    private document: RouteMapDocument,
    private readonly facts: WalkFacts,
  ) {}

  /** Every waiting for a step so far, in the order they began. */
  waits(): readonly Wait<Told>[] {
    return this.waiting.all();
  }

  /** Deviations so far; of mandatory steps that were passed over, as it looks now. */
  deviations(): readonly Deviated<Place>[] {
    return [...this.found.all(), ...skippedOn(this.rules(), this.found)];
  }

  opened(place: Place, terms: Pick<Terms, 'amountKopecks' | 'products'>): void {
    if (this.openedAt !== null) return;
    this.openedAt = place.at;
    this.terms = { ...terms, since: place.at, before: null };
    if (this.status === 'none') this.status = 'open';
    this.lookAhead(place);
  }

  revised(place: Place, terms: Pick<Terms, 'amountKopecks' | 'products'>): void {
    if (this.openedAt === null || this.terms === null) return;
    this.terms = termsAfter(this.terms, { ...terms, since: place.at });
    if (this.document.steps.some(asksTerms)) this.lookAhead(place);
  }

  /** The customer from an instant on; `place` is the event by which that is known. */
  became(place: Told, customer: CustomerPortrait): void {
    this.customerNow = customer;
    if (this.status === 'closed') return;
    this.customer = customer;
    if (looksAtCustomer(this.document)) this.lookAhead(place);
  }

  done(place: Place, said: DoneStep): void {
    const { step: code, performedBy, answers } = said;
    const rules = this.rules();
    const step = orderOf(this.document).steps.get(code);
    if (step === undefined) this.found.unknown(code, place, performedBy);
    else this.judge(step, place, { said, rules });
    this.found.done(code);
    this.found.passedOver(orderOf(this.document).before(code), place, rules);
    const standing = this.standing(code);
    const earlier = standing.done === null ? [] : [...standing.earlier, standing.done];
    const last = { occurredAt: place.at, answers, performedBy };
    this.standings.set(code, { ...standing, done: last, earlier, mayRepeat: false });
    this.waiting.end(code, place, 'done', performedBy);
    this.lookAhead(place);
  }

  /** The verifier's acceptance of a completion, which is told by itself. */
  accepted(place: Place, { step, performedBy }: DoneStep, verifiedBy: string | null): void {
    if (verifiedBy === null) return;
    const role = orderOf(this.document).steps.get(step)?.verification?.role;
    const wrong = performedBy === verifiedBy || (role !== undefined && this.lacksRole([role], verifiedBy, place));
    if (wrong) this.found.add({ kind: 'wrongRole', step, place, performer: verifiedBy });
  }

  skipped(place: Place, code: string, authorisedBy: string | null): void {
    if (!orderOf(this.document).steps.has(code)) this.found.unknown(code, place, authorisedBy);
    this.found.skipped(code, place, authorisedBy);
    this.standings.set(code, { ...this.standing(code), skip: { occurredAt: place.at } });
    this.waiting.end(code, place, 'skipped', null);
    this.lookAhead(place);
  }

  returned(place: Place, toStep: string): void {
    for (const code of orderOf(this.document).undoneByReturn(toStep)) {
      this.standings.delete(code);
      this.putOffUntil(code, place.at);
      this.waiting.end(code, place, 'back', null);
    }
    const standing = this.standing(toStep);
    if (standing.done !== null) this.standings.set(toStep, { ...standing, mayRepeat: true });
    this.lookAhead(place);
  }

  /** From here on another version of the map is followed; what was done is judged by that of its time. */
  migrated(place: Place, document: RouteMapDocument): void {
    const [before, { steps }] = [orderOf(this.document), orderOf(document)];
    for (const code of steps.keys()) {
      if (!before.steps.has(code)) this.putOffUntil(code, place.at);
    }
    for (const { code } of this.document.steps) {
      if (!steps.has(code)) this.waiting.end(code, place, 'notApplicable', null);
    }
    this.document = document;
    this.lookAhead(place);
  }

  /** `stands`: was the contract not voided since? A voided one closed the deal all the same, until it was opened. */
  won(place: Place, stands: boolean): void {
    if (stands) this.found.passedOver(orderOf(this.document).steps.keys(), place, this.rules());
    this.closed(place);
  }

  closed(place: Place): void {
    if (this.status === 'none') return;
    this.status = 'closed';
    this.waiting.endAll(place, 'closed');
  }

  reopened(place: Place): void {
    if (this.status === 'none') return;
    this.status = 'open';
    this.reopenedAt = place.at;
    this.customer = this.customerNow;
    this.lookAhead(place);
  }

  private putOffUntil(code: string, at: Instant): void {
    this.putOff.set(code, [...(this.putOff.get(code) ?? []), at]);
  }

  private standing(code: string): WalkStanding {
    return this.standings.get(code) ?? NEVER;
  }

  private rules(): WalkRules {
    const { openedAt, reopenedAt, terms, customer, standings, putOff } = this;
    return new WalkRules(this.document, { openedAt, reopenedAt, terms, customer, standings, putOff });
  }

  private judge(
    step: StepDefinition,
    place: Place,
    { said, rules }: { readonly said: DoneStep; readonly rules: WalkRules },
  ): void {
    const { performedBy: performer } = said;
    const { done, mayRepeat } = rules.standing(step.code);
    const add = (kind: 'wrongOrder' | 'wrongRole' | 'repeated'): void =>
      this.found.add({ kind, step: step.code, place, performer });
    if (rules.missingBefore(step).length > 0) add('wrongOrder');
    if (performer !== null && this.hasWrongRole(step, performer, place)) add('wrongRole');
    const dueAt = this.waiting.now(step.code)?.dueAt ?? null;
    if (dueAt !== null && place.at > dueAt) {
      this.found.add({ kind: 'late', step: step.code, place, performer, dueAt });
    }
    if (done !== null && !mayRepeat) add('repeated');
  }

  private hasWrongRole(step: StepDefinition, performer: string, place: Place): boolean {
    if (step.kind === 'verification' && step.concerns !== undefined) {
      if (this.standing(step.concerns).done?.performedBy === performer) return true;
    }
    return this.lacksRole(step.roles, performer, place);
  }

  private lacksRole(wanted: readonly string[], employee: string, { at, pos }: Place): boolean {
    if (wanted.length === 0) return false;
    const roles = this.facts.rolesOf(employee, at, pos);
    return roles !== null && !wanted.some((role) => roles.includes(role));
  }

  /** Which of the steps ahead wait now, and since when. */
  private lookAhead(place: Told): void {
    if (this.status !== 'open') return;
    const rules = this.rules();
    for (const step of this.document.steps) {
      if (isSatisfied(this.standing(step.code))) continue;
      const since = rules.waitsSince(step);
      if (since === null) this.waiting.end(step.code, place, 'notApplicable', null);
      else this.waiting.begin(step.code, since, { place, dueAt: () => this.dueOf(step, since, place.pos) });
    }
  }

  private dueOf(step: StepDefinition, since: Instant, pos: string): Instant | null {
    if (step.normWorkingHours === undefined) return null;
    return dueOf(step, since, { calendar: this.facts.calendarAt(pos), zone: this.facts.zone });
  }
}
