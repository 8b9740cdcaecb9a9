import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type WrittenUnion,
  isClosed,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import type { CompanyFact } from '../indicator/indicator.faults.js';
import type { IndicatorState } from '../indicator/indicator.decider.js';
import { NO_PAYROLL, type PayrollState } from '../payroll/payroll.state.js';
import { assertAnother, assertPerson, refuseUnseen } from '../shared/two-people.js';
import type { RegulationBody } from './pay-regulation.body.js';
import type {
  ApprovePayRegulation,
  ProposePayRegulation,
  RegulationCommand,
  RejectPayRegulation,
  RetirePayRegulation,
} from './pay-regulation.commands.js';
import type { RegulationDocument } from './pay-regulation.document.js';
import type { PayRegulationEvent, PayRegulationProposed } from './pay-regulation.events.js';
import { indicatorsNamed, judgeRegulation, overlapping } from './pay-regulation.faults.js';
import { inForceOn, type RegulationVersion } from './pay-regulation.versions.js';

/** The only id: all regulations of the company stand in one stream, so that no two ever cover one person. */
export const REGULATIONS_ID = 'main';

export interface RegulationState {
  /** Of all regulations, in the order in which they were recorded. */
  readonly versions: readonly RegulationVersion[];
  readonly proposals: Readonly<Record<string, Proposal>>;
}

interface Proposal {
  readonly status: 'pending' | 'approved' | 'rejected';
  readonly data: PayRegulationProposed['data'];
}

export interface RegulationFacts {
  readonly company?: CompanyFact;
  /** Left out as long as no month was closed. */
  readonly payroll?: PayrollState;
  /** In the order of `indicatorsNamed`; only where a document is sent. */
  readonly indicators?: readonly IndicatorState[];
}

type Context = DecisionContext<RegulationFacts>;

/** Before the first regulation. */
export const NO_REGULATIONS: RegulationState = { versions: [], proposals: {} };

export const regulationDecider: Decider<RegulationState, RegulationCommand, PayRegulationEvent, RegulationFacts> = {
  initialState: () => NO_REGULATIONS,
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    if (context.id !== REGULATIONS_ID) {
      const detail = `the regulations of the company stand together: address them as ${REGULATIONS_ID}`;
      throw refuse.invalid('PAY_REGULATIONS_ID_FIXED', detail);
    }
    if ((context.facts.company?.status ?? 'none') === 'none') {
      throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first');
    }
    switch (command.type) {
      case 'PublishPayRegulation':
        return publish(command.body, state, context);
      case 'ProposePayRegulation':
        return propose(command.body, state, context);
      case 'ApprovePayRegulation':
        return approve(command.body, state, context);
      case 'RejectPayRegulation':
        return reject(command.body, state);
      case 'RetirePayRegulation':
        return retire(command.body, state, context);
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: RegulationState, event: WrittenUnion<PayRegulationEvent>): RegulationState {
  switch (event.type) {
    case 'PayRegulationPublished': {
      const { regulation, version, effectiveFrom, document, proposal } = event.data;
      const versions = [...state.versions, { regulation, version, effectiveFrom, document }];
      return { versions, proposals: settledProposals(state, proposal, 'approved') };
    }
    case 'PayRegulationRetired': {
      const { regulation, version, effectiveFrom } = event.data;
      return { ...state, versions: [...state.versions, { regulation, version, effectiveFrom, document: null }] };
    }
    case 'PayRegulationProposed': {
      const proposal: Proposal = { status: 'pending', data: event.data };
      return { ...state, proposals: { ...state.proposals, [event.data.proposal]: proposal } };
    }
    case 'PayRegulationRejected':
      return { ...state, proposals: settledProposals(state, event.data.proposal, 'rejected') };
    default:
      event satisfies never;
      return state;
  }
}

function settledProposals(state: RegulationState, id: string | null, status: Proposal['status']) {
  const known = id === null ? undefined : state.proposals[id];
  return id === null || known === undefined ? state.proposals : { ...state.proposals, [id]: { ...known, status } };
}

function publish(body: RegulationBody, state: RegulationState, context: Context): readonly PayRegulationEvent[] {
  const document = soundDocument(body, state, context);
  assertOpen(body.effectiveFrom, context);
  const { regulation, effectiveFrom } = body;
  return published({ regulation, effectiveFrom, document, proposal: null }, state);
}

interface Publication {
  readonly regulation: string;
  readonly effectiveFrom: string;
  readonly document: RegulationDocument;
  readonly proposal: string | null;
}

function published(
  { regulation, effectiveFrom, document, proposal }: Publication,
  state: RegulationState,
): readonly PayRegulationEvent[] {
  if (proposal === null && changesNothing({ regulation, effectiveFrom, document }, state)) return [];
  const version = nextVersion(state, regulation);
  return [{ type: 'PayRegulationPublished', data: { regulation, version, effectiveFrom, document, proposal } }];
}

function nextVersion({ versions }: RegulationState, regulation: string): number {
  return versions.filter((one) => one.regulation === regulation).length + 1;
}

function changesNothing(
  { regulation, effectiveFrom, document }: Omit<Publication, 'proposal'>,
  { versions }: RegulationState,
): boolean {
  const later = versions.some((one) => one.regulation === regulation && one.effectiveFrom > effectiveFrom);
  const held = inForceOn(versions, effectiveFrom).find((one) => one.regulation === regulation);
  return !later && held !== undefined && saysTheSame(held.document, document);
}

function propose(body: ProposePayRegulation, state: RegulationState, context: Context): readonly PayRegulationEvent[] {
  const proposedBy = assertPerson(context);
  if (state.proposals[body.proposal] !== undefined) {
    throw refuse.conflict('PROPOSAL_EXISTS', 'give the proposal an id of its own', { proposal: body.proposal });
  }
  const document = soundDocument(body, state, context);
  const { proposal, regulation, effectiveFrom, reason, previewHash = null } = body;
  assertSeen(effectiveFrom, previewHash, context);
  const data = { proposal, regulation, effectiveFrom, document, proposedBy, reason, previewHash };
  return [{ type: 'PayRegulationProposed', data }];
}

function pendingProposal(id: string, state: RegulationState): PayRegulationProposed['data'] {
  const found = state.proposals[id];
  if (found === undefined)
    throw refuse.notFound('PROPOSAL_NOT_FOUND', 'nothing was proposed by this id: check it, or propose first', {
      proposal: id,
    });
  if (found.status === 'pending') return found.data;
  throw refuse.conflict('PROPOSAL_SETTLED', `it was ${found.status} before; propose anew`, { proposal: id });
}

function approve(body: ApprovePayRegulation, state: RegulationState, context: Context): readonly PayRegulationEvent[] {
  const pending = pendingProposal(body.proposal, state);
  const { regulation, effectiveFrom, document, proposal, proposedBy, previewHash } = pending;
  assertAnother(context, proposedBy);
  // The month may have been closed after it was proposed without.
  assertSeen(effectiveFrom, previewHash ?? body.previewHash ?? null, context);
  const others = overlapping({ covers: document.covers, regulation, effectiveFrom }, state.versions);
  if (others.length > 0) {
    const detail = 'another regulation came to cover the same people meanwhile: reject this and propose it anew';
    throw refuse.conflict('PROPOSAL_OUTDATED', detail, { proposal, overlaps: others });
  }
  return published({ regulation, effectiveFrom, document, proposal }, state);
}

function reject({ proposal, reason }: RejectPayRegulation, state: RegulationState): readonly PayRegulationEvent[] {
  pendingProposal(proposal, state);
  return [{ type: 'PayRegulationRejected', data: { proposal, reason } }];
}

function retire(body: RetirePayRegulation, state: RegulationState, context: Context): readonly PayRegulationEvent[] {
  const { regulation, effectiveFrom, reason } = body;
  if (!state.versions.some((one) => one.regulation === regulation)) {
    throw refuse.notFound(
      'PAY_REGULATION_NOT_FOUND',
      'no regulation was published by this code: check it, or publish the regulation first',
      { regulation },
    );
  }
  assertFirstOfMonth(effectiveFrom);
  assertOpen(effectiveFrom, context);
  if (!inForceOn(state.versions, effectiveFrom).some((one) => one.regulation === regulation)) return [];
  const version = nextVersion(state, regulation);
  return [{ type: 'PayRegulationRetired', data: { regulation, version, effectiveFrom, reason } }];
}

function soundDocument(body: RegulationBody, state: RegulationState, { facts }: Context): RegulationDocument {
  assertFirstOfMonth(body.effectiveFrom);
  const named = indicatorsNamed(body);
  const indicators = new Map(
    named.map((code, index) => [code, facts.indicators?.[index] ?? { status: 'none' as const }]),
  );
  const { faults, document } = judgeRegulation({ body, indicators, versions: state.versions });
  if (document !== null) return document;
  const detail = 'correct the places that `faults` points at and send it again';
  throw refuse.rule('PAY_REGULATION_FAULTY', detail, { faults });
}

function assertFirstOfMonth(date: string): void {
  if (date.endsWith('-01')) return;
  const detail = 'let the regulation hold from the first day of a month';
  throw refuse.invalid('PAY_REGULATION_WITHIN_MONTH', detail, { effectiveFrom: date });
}

function isClosedFrom(effectiveFrom: string, { facts }: Context): boolean {
  const { closedThrough } = facts.payroll ?? NO_PAYROLL;
  return isClosed({ closedThrough }, effectiveFrom.slice(0, 'YYYY-MM'.length));
}

/** Of what touches closed months somebody has looked at a preview. */
function assertSeen(effectiveFrom: string, previewHash: string | null, context: Context): void {
  if (previewHash === null && isClosedFrom(effectiveFrom, context)) refuseUnseen({ effectiveFrom });
}

function assertOpen(effectiveFrom: string, context: Context): void {
  if (!isClosedFrom(effectiveFrom, context)) return;
  const { closedThrough } = context.facts.payroll ?? NO_PAYROLL;
  const detail = 'it touches closed periods: propose it, and let somebody else approve it';
  throw refuse.rule('PERIOD_CLOSED', detail, { effectiveFrom, closedThrough });
}
