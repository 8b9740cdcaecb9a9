import type { AnyEvent, Recorded } from '@voronka/kernel';
import type { Answers, DealEvent, RouteMapDocument, ServiceCaseEvent } from '@voronka/sales/events';
import { metadataAt } from '../../../../kernel/src/testing.js';

const step = (code: string, funnelRank: number | null, after: string[] = []) => ({
  code,
  name: code,
  stage: 'all',
  kind: 'other' as const,
  ...(funnelRank === null ? {} : { funnelRank }),
  mandatory: false,
  after,
  roles: [],
  form: [],
});

/** Four bars, and `analysis`, which is none, between the first two and the proposal. */
export const funnelMap: RouteMapDocument = {
  name: 'Sale',
  purpose: 'sale',
  stages: [{ code: 'all', name: 'All' }],
  lossReasons: [],
  steps: [
    step('contact', 1),
    step('questionnaire', 2, ['contact']),
    step('analysis', null, ['questionnaire']),
    step('proposal', 3, ['analysis']),
    step('contract', 4, ['proposal']),
  ],
};

/** The questionnaire is a bar no more, and the analysis has become one. */
export const secondMap: RouteMapDocument = {
  ...funnelMap,
  steps: [
    step('contact', 1),
    step('questionnaire', null, ['contact']),
    step('analysis', 2, ['questionnaire']),
    step('proposal', 3, ['analysis']),
    step('contract', 4, ['proposal']),
  ],
};

/** What is asked of a deal hangs on its customer. */
export const customerMap: RouteMapDocument = {
  ...funnelMap,
  steps: [
    step('contact', 1),
    { ...step('questionnaire', 2, ['contact']), when: "segment = 'large'", mandatory: true, normWorkingHours: 8 },
    { ...step('analysis', null, ['questionnaire']), concerns: 'questionnaire', mandatory: true },
    { ...step('proposal', 3, ['analysis']), when: 'portrait.employees > 20', normWorkingHours: 4 },
    step('contract', 4, ['proposal']),
  ],
};

type Told = AnyEvent & { readonly type: string };

interface DoneMore {
  readonly recordedOn?: string;
  readonly by?: string;
  readonly awaits?: boolean;
  readonly answers?: Answers;
}

/** A log in memory: stable ids, positions that are not dense, revisions by stream, a clock of its own. */
export class DealLog {
  readonly events: Recorded[] = [];
  /** The deal that deal events are told of. */
  dealId = 'd1';
  /** Steps and activities are told of service cases, too. */
  category: 'deal' | 'serviceCase' = 'deal';
  private readonly revisions = new Map<string, number>();

  /** Appends; by default recorded when it happened. Instants may be days (`2009-08-05`) or whole. */
  tell(stream: string, event: Told, occurred: string, recordedOn = occurred): Recorded {
    const revision = this.revisions.get(stream) ?? 0;
    this.revisions.set(stream, revision + 1);
    const recorded = {
      type: event.type,
      data: event.data,
      metadata: metadataAt(instant(occurred)),
      eventId: `00000000-0000-4000-8000-${String(this.events.length).padStart(12, '0')}`,
      stream,
      revision,
      position: BigInt(this.events.length * 10 + 10),
      recordedAt: instant(recordedOn),
    };
    this.events.push(recorded);
    return recorded;
  }

  /** Configures the company and publishes the map. */
  prepared(zone = 'Europe/Samara', document: RouteMapDocument = funnelMap): this {
    const data = { name: 'Konstanta', zone, currency: 'RUB', firstPayrollPeriod: '2009-08', calendarId: 'main' };
    this.tell('company-main', { type: 'CompanyConfigured', data }, '2009-01-01');
    this.tell('routeMap-sale', { type: 'RouteMapPublished', data: { version: 1, document } }, '2009-01-01');
    return this;
  }

  /** Publishes another version of the map. */
  published(version = 2, document: RouteMapDocument = secondMap, occurred = '2009-01-02'): this {
    this.tell('routeMap-sale', { type: 'RouteMapPublished', data: { version, document } }, occurred);
    return this;
  }

  migrated(toVersion: number, occurred: string, carried: Readonly<Record<string, Answers>> = {}): Recorded {
    const carriedAnswers = Object.entries(carried).map(([completionId, answers]) => ({ completionId, answers }));
    const versions = { routeMapId: 'sale', fromVersion: 1, toVersion, addedSteps: [] };
    return this.deal(
      { type: 'DealMigrated', data: { customerId: 'c1', ...versions, carriedAnswers, reason: 'newer' } },
      occurred,
    );
  }

  deal(event: DealEvent | ServiceCaseEvent, occurred: string, recordedOn?: string): Recorded {
    return this.tell(`${this.category}-${this.dealId}`, event, occurred, recordedOn);
  }

  opened(occurred: string, ownerId: string | null = 'anna'): Recorded {
    const data = {
      ...{ title: null, customerId: 'c1', routeMapId: 'sale', routeMapVersion: 1, ownerId, source: 'website' },
      ...{ lines: [{ productId: 'p1', amountKopecks: 900 }], expectedAmountKopecks: 900, expectedCloseOn: null },
    };
    return this.deal({ type: 'DealOpened', data }, occurred);
  }

  done(code: string, occurred: string, more: DoneMore = {}): Recorded {
    const data = {
      ...{ customerId: 'c1', step: code, performedBy: more.by ?? 'anna', answers: more.answers ?? {} },
      personalAnswers: null,
      ...{ awaitsVerification: more.awaits ?? false, lateEntryReason: null },
    };
    return this.deal({ type: 'StepCompleted', data }, occurred, more.recordedOn);
  }

  skipped(code: string, occurred: string): Recorded {
    const data = { customerId: 'c1', step: code, authorisedBy: 'head', reason: 'known already' };
    return this.deal({ type: 'StepSkipped', data }, occurred);
  }

  returned(toStep: string, occurred: string): Recorded {
    return this.deal({ type: 'DealReturned', data: { customerId: 'c1', toStep, reason: 'back' } }, occurred);
  }

  signed(amountKopecks: number, occurred: string, contractId = 'k1', recordedOn?: string): Recorded {
    const lines = [{ lineId: '1', productId: 'p2', amountKopecks }];
    const data = { customerId: 'c1', contractId, number: contractId, lines, amountKopecks };
    return this.deal({ type: 'ContractSigned', data }, occurred, recordedOn);
  }

  amended(amounts: readonly number[], occurred: string, contractId = 'k1'): Recorded {
    const lines = amounts.map((amountKopecks, index) => ({
      lineId: String(index + 1),
      productId: index === 0 ? 'p2' : 'p3',
      amountKopecks,
    }));
    const amountKopecks = amounts.reduce((sum, amount) => sum + amount, 0);
    const data = { customerId: 'c1', contractId, lines, amountKopecks, effectiveOn: occurred, reason: 'more' };
    return this.deal({ type: 'ContractAmended', data }, occurred);
  }

  contractVoided(occurred: string, dealBecomes: 'open' | 'lost' | null = null, contractId = 'k1'): Recorded {
    const loss = dealBecomes === 'lost' ? { lossReason: 'price', countsAsLoss: true } : null;
    const data = { customerId: 'c1', contractId, reason: 'mistake', dealBecomes, lossReason: null, countsAsLoss: null };
    return this.deal({ type: 'ContractVoided', data: { ...data, ...loss } }, occurred);
  }

  terminated(effectiveOn: string, occurred: string, contractId = 'k1'): Recorded {
    const data = { customerId: 'c1', contractId, effectiveOn, reason: 'over' };
    return this.deal({ type: 'ContractTerminated', data }, occurred);
  }

  paid(amountKopecks: number, occurred: string, contractId = 'k1'): Recorded {
    const data = { customerId: 'c1', paymentId: `p${this.events.length}`, contractId, amountKopecks };
    return this.deal({ type: 'PaymentRecorded', data }, occurred);
  }

  paymentReversed(recording: Recorded, occurred: string): Recorded {
    const { paymentId, contractId } = recording.data as { paymentId: string; contractId: string };
    const data = { customerId: 'c1', paymentId, contractId, recordingId: recording.eventId, reason: 'mistake' };
    return this.deal({ type: 'PaymentReversed', data }, occurred);
  }

  shared(shares: Readonly<Record<string, number>>, occurred: string, creditRole = 'sale'): Recorded {
    const list = Object.entries(shares).map(([employeeId, basisPoints]) => ({ employeeId, basisPoints }));
    return this.deal({ type: 'CreditShared', data: { customerId: 'c1', creditRole, shares: list } }, occurred);
  }

  revised(amount: number | null, occurred: string, more: { products?: string[]; closeOn?: string } = {}): Recorded {
    const lines = (more.products ?? ['p1']).map((productId) => ({ productId, amountKopecks: null }));
    const terms = { lines, expectedAmountKopecks: amount, expectedCloseOn: more.closeOn ?? null };
    return this.deal({ type: 'DealRevised', data: { customerId: 'c1', ...terms } }, occurred);
  }

  lost(occurred: string, lossReason = 'price', countsAsLoss = true): Recorded {
    const data = { customerId: 'c1', lossReason, countsAsLoss, note: null };
    return this.deal({ type: 'DealLost', data }, occurred);
  }

  reopened(occurred: string): Recorded {
    return this.deal({ type: 'DealReopened', data: { customerId: 'c1', reason: null } }, occurred);
  }

  accepted(completion: Recorded, occurred: string, verifiedBy = 'head'): Recorded {
    const data = { step: stepOf(completion), completionId: completion.eventId, verifiedBy };
    return this.deal({ type: 'StepVerified', data }, occurred);
  }

  sentBack(completion: Recorded, occurred: string): Recorded {
    const data = { customerId: 'c1', step: stepOf(completion), completionId: completion.eventId, returnedBy: 'head' };
    return this.deal({ type: 'StepReturned', data: { ...data, reason: 'again' } }, occurred);
  }

  voided(completion: Recorded, occurred: string): Recorded {
    const data = { customerId: 'c1', step: stepOf(completion), completionId: completion.eventId, reason: 'mistake' };
    return this.deal({ type: 'StepVoided', data }, occurred);
  }

  corrected(
    completion: Recorded,
    at: { readonly on: string; readonly by: string; readonly answers?: Answers },
    occurred: string,
  ): Recorded {
    const { on, by, answers = {} } = at;
    const said = { completedAt: instant(on), performedBy: by, answers, reason: 'mistake' };
    const data = { customerId: 'c1', step: stepOf(completion), completionId: completion.eventId, ...said };
    return this.deal({ type: 'StepCorrected', data: { ...data, lateEntryReason: null } }, occurred);
  }

  reassigned(toOwnerId: string, effectiveFrom: string, recordedOn = effectiveFrom): Recorded {
    const data = {
      customerId: 'c1',
      fromOwnerId: null,
      toOwnerId,
      effectiveFrom: instant(effectiveFrom),
      reason: null,
    };
    return this.deal({ type: 'DealReassigned', data }, recordedOn);
  }

  activity(kind: string, occurred: string, planning?: Recorded): Recorded {
    const { activityId } = (planning?.data ?? {}) as { activityId?: string };
    const data = {
      ...(activityId === undefined ? {} : { plannedActivityId: activityId }),
      ...{ customerId: 'c1', activityId: `a${this.events.length}`, kind, topic: null, outcome: null, step: null },
      ...{ performedBy: 'anna', durationMinutes: 5, note: null, lateEntryReason: null },
    };
    return this.deal({ type: 'ActivityRecorded', data }, occurred);
  }

  activityCorrected(
    recording: Recorded,
    said: { readonly kind: string; readonly on: string },
    occurred: string,
  ): Recorded {
    const { activityId, performedBy } = recording.data as { activityId: string; performedBy: string | null };
    const nothing = { topic: null, outcome: null, durationMinutes: null, step: null };
    const data = { customerId: 'c1', activityId, recordingId: recording.eventId, performedBy, ...nothing };
    const better = { kind: said.kind, happenedAt: instant(said.on), reason: 'mistake', lateEntryReason: null };
    return this.deal({ type: 'ActivityCorrected', data: { ...data, ...better } }, occurred);
  }

  planned(kind: string, dueAt: string, occurred: string): Recorded {
    const data = {
      ...{ customerId: 'c1', activityId: `n${this.events.length}`, kind, topic: null, dueAt: instant(dueAt) },
      ...{ performer: 'anna', step: null, note: null },
    };
    return this.deal({ type: 'ActivityPlanned', data }, occurred);
  }

  rescheduled(planning: Recorded, dueAt: string, occurred: string): Recorded {
    const { activityId } = planning.data as { activityId: string };
    const data = { customerId: 'c1', activityId, planningId: planning.eventId, dueAt: instant(dueAt), reason: 'busy' };
    return this.deal({ type: 'ActivityRescheduled', data }, occurred);
  }

  cancelled(planning: Recorded, occurred: string): Recorded {
    const { activityId } = planning.data as { activityId: string };
    const data = { customerId: 'c1', activityId, planningId: planning.eventId, reason: 'not needed' };
    return this.deal({ type: 'ActivityCancelled', data }, occurred);
  }

  activityVoided(recording: Recorded, occurred: string): Recorded {
    const { activityId } = recording.data as { activityId: string };
    const data = { customerId: 'c1', activityId, recordingId: recording.eventId, reason: 'mistake' };
    return this.deal({ type: 'ActivityVoided', data }, occurred);
  }

  hired(id: string, departmentId: string, hiredOn: string, more: { name?: unknown; roles?: string[] } = {}): Recorded {
    const { name = id, roles = [] } = more;
    const data = { name, email: null, position: 'manager', departmentId, roles, hiredOn, robot: false };
    return this.tell(`employee-${id}`, { type: 'EmployeeHired', data }, '2009-01-02');
  }

  described(customer: string, portrait: object, at: string): Recorded {
    const data = { portrait, personalPortrait: null, portraitVersion: null };
    return this.tell(`customer-${customer}`, { type: 'CustomerDescribed', data }, at);
  }

  segment(customer: string, segment: string | null, effectiveFrom: string): Recorded {
    const data = { segment, effectiveFrom: instant(effectiveFrom), portraitVersion: null };
    return this.tell(`customer-${customer}`, { type: 'SegmentAssigned', data }, effectiveFrom);
  }
}

function stepOf(completion: Recorded): string {
  return (completion.data as { step: string }).step;
}

/** Noon in UTC of a day, or the instant itself. */
export function instant(text: string): string {
  return text.includes('T') ? text : `${text}T12:00:00.000Z`;
}
