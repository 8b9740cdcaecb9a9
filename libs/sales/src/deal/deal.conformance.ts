import type { Instant, WrittenUnion, WorkCalendar } from '@voronka/kernel';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { orderOf } from '../route-map/route-map.order.js';
import type { DealEvent, StepCompleted } from './deal.events.js';
import { dueOf } from './deal.next.js';
import { type DealState, evolveDeal, initialDeal } from './deal.state.js';
import { isSatisfied } from './deal.standing.js';
import { type CustomerPortrait, Way } from './deal.way.js';

/** How a deal can leave its map. */
export const DEVIATION_KINDS = ['skipped', 'wrongOrder', 'wrongRole', 'late', 'unknownStep', 'repeated'] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];

export interface Deviation {
  readonly kind: DeviationKind;
  readonly step: string;
  /** Event that deviates; null for a mandatory step that was passed over without a word. */
  readonly eventId: string | null;
  /** Who did it (or skipped it, or accepted it); null where nobody is known. */
  readonly performer: string | null;
}

export interface ConformanceFacts {
  readonly calendar: WorkCalendar;
  /** IANA zone of the company. */
  readonly zone: string;
  /** Who the customer was at an instant; as it is now, where none is said. */
  readonly customerAt: (at?: Instant) => CustomerPortrait;
  /** Working roles of an employee at an instant; null where nobody knows. Unknown is not wrong. */
  readonly rolesOf: (employeeId: string, at: Instant) => readonly string[] | null;
}

type Event = WrittenUnion<DealEvent>;
type Completed = WrittenUnion<StepCompleted>;

/**
 * Where a deal left the map version it follows, from the whole of its events.
 *
 * Judged by when things happened (`occurredAt`, then position), not by when they were entered, and by what has come
 * of them: a completion that was voided, sent back or is not accepted yet is none, an accepted one counts from its own
 * `occurredAt`. Skipped: once for each mandatory step that belongs to the way, was never done, and was skipped, passed
 * over by a step that waits for it, or missing when a contract was signed that stands, when it may have belonged to it. Wrong order, wrong role, late,
 * unknown step: once for each event; nothing is late on a closed deal. Repeated: each completion after the first
 * without a return between them. The customer is taken as he was at each event, and on a closed deal as he was when it
 * was closed.
 *
 * Of a deal that stayed on its version of the map. The plain telling of the rules, which looks at the whole deal anew
 * for each event. `DealWalk` finds the same as the events come.
 */
export function deviationsOf(
  events: readonly Event[],
  document: RouteMapDocument,
  facts: ConformanceFacts,
): readonly Deviation[] {
  const course = courseOf(events);
  const found: Deviation[] = [];
  let state = initialDeal();
  let customer = facts.customerAt();
  const signings = standingSignings(course);
  const passed = new Set<string>();
  course.forEach((event, index) => {
    if (!isClosed(state)) customer = facts.customerAt(event.metadata.occurredAt);
    const way = new Way(state, document, customer);
    if (event.type === 'StepCompleted') found.push(...deviationsAt(event, way, facts));
    else found.push(...otherDeviations(event, course, { document, facts }));
    for (const code of passedBy(event, document, signings)) if (way.mayBelong(code)) passed.add(code);
    // The order of what happened takes the place of the order of what was entered.
    state = evolveDeal(state, { ...event, revision: index });
  });
  const way = new Way(state, document, isClosed(state) ? customer : facts.customerAt());
  return [...found, ...skippedSteps(course, way, passed)];
}

/** Steps that should have been done by then: before what is done, and before the contract. */
function passedBy({ type, data, eventId }: Event, document: RouteMapDocument, signings: ReadonlySet<string>) {
  if (type === 'StepCompleted') return orderOf(document).before(data.step);
  return signings.has(eventId) ? orderOf(document).steps.keys() : [];
}

function isClosed({ status }: DealState): boolean {
  return status === 'won' || status === 'lost';
}

/**
 * What happened, in its order, as if everything that was accepted had been accepted at once, and everything had been
 * told as it was corrected. What was voided is left out, and so are acceptances of what does not stand.
 */
function courseOf(events: readonly Event[]): readonly Event[] {
  const standing = standingCompletions(events);
  const taken = voidedSignings(events);
  return events
    .flatMap((event): readonly Event[] => {
      const { type } = event;
      if (type === 'StepReturned' || type === 'StepVoided' || type === 'StepCorrected') return [];
      if (type === 'ContractSigned') return taken.has(event.eventId) ? [] : [event];
      if (type === 'StepVerified') return standing.get(event.data.completionId)?.accepted === event ? [event] : [];
      if (type !== 'StepCompleted') return [event];
      const { completion, awaits } = standing.get(event.eventId) ?? { completion: event, awaits: true };
      return awaits ? [] : [completion];
    })
    .sort(byTime);
}

interface Standing {
  readonly completion: Completed;
  readonly awaits: boolean;
  /** The acceptance that it stands by. */
  readonly accepted: Event | null;
}

/** Completions that were not voided, as they were corrected, with what became of them last. */
function standingCompletions(events: readonly Event[]): ReadonlyMap<string, Standing> {
  const found = new Map<string, Standing>();
  for (const event of events) {
    if (event.type === 'StepCompleted') {
      const completion = { ...event, data: { ...event.data, awaitsVerification: false } };
      found.set(event.eventId, { completion, awaits: event.data.awaitsVerification, accepted: null });
    }
    const judges = event.type === 'StepVerified' || event.type === 'StepReturned' || event.type === 'StepVoided';
    if (!judges && event.type !== 'StepCorrected') continue;
    const known = found.get(event.data.completionId);
    if (known === undefined) continue;
    if (event.type === 'StepVoided') found.delete(event.data.completionId);
    else found.set(event.data.completionId, { ...known, ...changed(known, event) });
  }
  return found;
}

function changed(
  { completion, awaits }: Standing,
  event: Extract<Event, { type: 'StepVerified' | 'StepReturned' | 'StepCorrected' }>,
): Partial<Standing> {
  // An acceptance said twice is taken once.
  if (event.type === 'StepVerified') return awaits ? { awaits: false, accepted: event } : {};
  if (event.type === 'StepReturned') return { awaits: true, accepted: null };
  const { completedAt: occurredAt, performedBy, answers } = event.data;
  const metadata = { ...completion.metadata, occurredAt };
  return { completion: { ...completion, metadata, data: { ...completion.data, performedBy, answers } } };
}

/** Signings of contracts that were voided and left the deal as it was: they never won it. */
function voidedSignings(events: readonly Event[]): ReadonlySet<string> {
  const standing: Extract<Event, { type: 'ContractSigned' }>[] = [];
  const voided = new Set<string>();
  for (const event of events) {
    if (event.type === 'ContractSigned') standing.push(event);
    if (event.type !== 'ContractVoided') continue;
    const index = standing.findLastIndex(({ data }) => data.contractId === event.data.contractId);
    const [signing] = index < 0 ? [] : standing.splice(index, 1);
    if (signing !== undefined && event.data.dealBecomes === null) voided.add(signing.eventId);
  }
  return voided;
}

function byTime(a: Event, b: Event): number {
  if (a.metadata.occurredAt !== b.metadata.occurredAt) return a.metadata.occurredAt < b.metadata.occurredAt ? -1 : 1;
  return a.position < b.position ? -1 : a.position > b.position ? 1 : 0;
}

function deviationsAt(event: Completed, way: Way, facts: ConformanceFacts): readonly Deviation[] {
  const { step: code, performedBy } = event.data;
  const of = (kind: DeviationKind): Deviation => ({ kind, step: code, eventId: event.eventId, performer: performedBy });
  const step = orderOf(way.document).steps.get(code);
  if (step === undefined) return [of('unknownStep')];
  const { done, mayRepeat } = way.standing(code);
  const repeated = done !== null && !mayRepeat;
  const wrongOrder = way.missingBefore(step).length > 0;
  const waits = way.state.status === 'open' && !isSatisfied(way.standing(code)) && !wrongOrder;
  const mayBeLate = waits && way.applicability(step).applies === 'yes';
  return [
    ...(wrongOrder ? [of('wrongOrder')] : []),
    ...(hasWrongRole(step, event, { way, facts }) ? [of('wrongRole')] : []),
    ...(mayBeLate && isLate(step, event, { way, facts }) ? [of('late')] : []),
    ...(repeated ? [of('repeated')] : []),
  ];
}

interface Around {
  readonly way: Way;
  readonly facts: ConformanceFacts;
}

function hasWrongRole(step: StepDefinition, event: Completed, { way, facts }: Around): boolean {
  const { performedBy } = event.data;
  if (performedBy === null) return false;
  if (step.kind === 'verification' && step.concerns !== undefined) {
    if (way.standing(step.concerns).done?.performedBy === performedBy) return true;
  }
  return lacksRole(step.roles, performedBy, { at: event.metadata.occurredAt, facts });
}

function lacksRole(
  wanted: readonly string[],
  employee: string,
  { at, facts }: { at: Instant; facts: ConformanceFacts },
): boolean {
  if (wanted.length === 0) return false;
  const roles = facts.rolesOf(employee, at);
  return roles !== null && !wanted.some((role) => roles.includes(role));
}

function isLate(step: StepDefinition, event: Completed, { way, facts }: Around): boolean {
  const since = way.waitingSince(step);
  const dueAt = since === null ? null : dueOf(step, since, facts);
  return dueAt !== null && event.metadata.occurredAt > dueAt;
}

/** What can be wrong about events that complete nothing: a skip of no step, an acceptance by the wrong person. */
function otherDeviations(
  event: Exclude<Event, Completed>,
  course: readonly Event[],
  { document, facts }: { document: RouteMapDocument; facts: ConformanceFacts },
): readonly Deviation[] {
  if (event.type === 'StepSkipped') {
    const { step, authorisedBy: performer } = event.data;
    const known = orderOf(document).steps.has(step);
    return known ? [] : [{ kind: 'unknownStep', step, eventId: event.eventId, performer }];
  }
  if (event.type !== 'StepVerified' || event.data.verifiedBy === null) return [];
  const { step, completionId, verifiedBy: performer } = event.data;
  const completion = course.find(({ eventId }) => eventId === completionId);
  const own = completion?.type === 'StepCompleted' && completion.data.performedBy === performer;
  const role = orderOf(document).steps.get(step)?.verification?.role;
  const wrong = own || lacksRole(role === undefined ? [] : [role], performer, { at: event.metadata.occurredAt, facts });
  return wrong ? [{ kind: 'wrongRole', step, eventId: event.eventId, performer }] : [];
}

function skippedSteps(course: readonly Event[], way: Way, passed: ReadonlySet<string>): readonly Deviation[] {
  const { document } = way;
  const done = new Set(course.flatMap((event) => (event.type === 'StepCompleted' ? [event.data.step] : [])));
  return document.steps.flatMap((step): readonly Deviation[] => {
    const { code: name, mandatory } = step;
    if (!mandatory || done.has(name) || way.applicability(step).applies !== 'yes') return [];
    const skip = course.find((event) => event.type === 'StepSkipped' && event.data.step === name);
    if (skip?.type === 'StepSkipped') {
      return [{ kind: 'skipped', step: name, eventId: skip.eventId, performer: skip.data.authorisedBy }];
    }
    return passed.has(name) ? [{ kind: 'skipped', step: name, eventId: null, performer: null }] : [];
  });
}

/** Events by which contracts were signed that nothing voided. */
function standingSignings(course: readonly Event[]): ReadonlySet<string> {
  const signed: Extract<Event, { type: 'ContractSigned' }>[] = [];
  // By the order of the log: a contract is voided after it was signed, whenever that happened.
  for (const event of course.toSorted((a, b) => a.revision - b.revision)) {
    if (event.type === 'ContractSigned') signed.push(event);
    if (event.type !== 'ContractVoided' || event.data.dealBecomes === null) continue;
    const index = signed.findLastIndex(({ data }) => data.contractId === event.data.contractId);
    if (index >= 0) signed.splice(index, 1);
  }
  return new Set(signed.map(({ eventId }) => eventId));
}
