import { assertNotInFuture, type Decider, type WrittenUnion, refuse, saysTheSame, unreachable } from '@voronka/kernel';
import { assertAnother, assertPerson } from '../shared/two-people.js';
import type { RegulationBody } from './pay-regulation.body.js';
import type {
  ApprovePayRegulation,
  ProposePayRegulation,
  ProposePayRegulationRetirement,
  RegulationCommand,
  RejectPayRegulation,
  RetirePayRegulation,
} from './pay-regulation.commands.js';
import type { RegulationDocument } from './pay-regulation.document.js';
import type { PayRegulationEvent, PayRegulationProposed } from './pay-regulation.events.js';
import type { RegulationFault } from './pay-regulation.faults.js';
import {
  assertDisinterested,
  assertFirstOfMonth,
  assertOpen,
  assertSeen,
  faultsIn,
  type RegulationContext,
  type RegulationFacts,
  soundDocument,
} from './pay-regulation.judging.js';
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
      case 'ProposePayRegulationRetirement':
        return proposeRetirement(command.body, state, context);
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
      const { regulation, version, effectiveFrom, proposal = null } = event.data;
      const versions = [...state.versions, { regulation, version, effectiveFrom, document: null }];
      return { versions, proposals: settledProposals(state, proposal, 'approved') };
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

function publish(
  body: RegulationBody,
  state: RegulationState,
  context: RegulationContext,
): readonly PayRegulationEvent[] {
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

function propose(
  body: ProposePayRegulation,
  state: RegulationState,
  context: RegulationContext,
): readonly PayRegulationEvent[] {
  const proposedBy = assertPerson(context);
  assertNewProposal(body.proposal, state);
  const document = soundDocument(body, state, context);
  const { proposal, regulation, effectiveFrom, reason, previewHash = null } = body;
  assertSeen(effectiveFrom, previewHash, context);
  const data = { proposal, regulation, effectiveFrom, document, proposedBy, reason, previewHash };
  return [{ type: 'PayRegulationProposed', data }];
}

function assertNewProposal(proposal: string, { proposals }: RegulationState): void {
  if (proposals[proposal] === undefined) return;
  throw refuse.conflict('PROPOSAL_EXISTS', 'give the proposal an id of its own', { proposal });
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

function approve(
  body: ApprovePayRegulation,
  state: RegulationState,
  context: RegulationContext,
): readonly PayRegulationEvent[] {
  const pending = pendingProposal(body.proposal, state);
  const { regulation, effectiveFrom, document, proposal, proposedBy, previewHash, reason } = pending;
  assertAnother(context, proposedBy);
  assertDisinterested(pending, state, context);
  // The month may have been closed after it was proposed without.
  assertSeen(effectiveFrom, previewHash ?? body.previewHash ?? null, context);
  if (document === null) {
    if (!isInForceFrom(regulation, effectiveFrom, state)) refuseOutdated(proposal, []);
    return [retired({ regulation, effectiveFrom, reason, proposal }, state)];
  }
  const payouts = document.rules.map(({ payout }) => payout);
  const faults = faultsIn({ regulation, effectiveFrom, document, payouts }, state, context);
  if (faults.length > 0) refuseOutdated(proposal, faults);
  return published({ regulation, effectiveFrom, document, proposal }, state);
}

/** What it names, or whom others cover, may have changed since it was proposed. */
function refuseOutdated(proposal: string, faults: readonly RegulationFault[]): never {
  const detail = 'what it rests on changed since it was proposed, see `faults`: reject it and propose it anew';
  throw refuse.conflict('PROPOSAL_OUTDATED', detail, { proposal, faults });
}

function reject({ proposal, reason }: RejectPayRegulation, state: RegulationState): readonly PayRegulationEvent[] {
  pendingProposal(proposal, state);
  return [{ type: 'PayRegulationRejected', data: { proposal, reason } }];
}

function retire(
  body: RetirePayRegulation,
  state: RegulationState,
  context: RegulationContext,
): readonly PayRegulationEvent[] {
  const { regulation, effectiveFrom, reason } = body;
  assertRetirable(body, state, context);
  assertOpen(effectiveFrom, context);
  return isInForceFrom(regulation, effectiveFrom, state) ? [retired({ regulation, effectiveFrom, reason }, state)] : [];
}

function proposeRetirement(
  body: ProposePayRegulationRetirement,
  state: RegulationState,
  context: RegulationContext,
): readonly PayRegulationEvent[] {
  const proposedBy = assertPerson(context);
  const { proposal, regulation, effectiveFrom, reason, previewHash = null } = body;
  assertNewProposal(proposal, state);
  assertRetirable(body, state, context);
  if (!isInForceFrom(regulation, effectiveFrom, state)) {
    throw refuse.rule(
      'PAY_REGULATION_NOT_IN_FORCE',
      'it covers nobody then as it is: choose an earlier day, or leave it',
      { regulation, effectiveFrom },
    );
  }
  assertSeen(effectiveFrom, previewHash, context);
  const data = { proposal, regulation, effectiveFrom, document: null, proposedBy, reason, previewHash };
  return [{ type: 'PayRegulationProposed', data }];
}

type Retirement = Pick<RetirePayRegulation, 'regulation' | 'effectiveFrom' | 'reason'>;

function assertRetirable(
  { regulation, effectiveFrom }: Retirement,
  state: RegulationState,
  context: RegulationContext,
): void {
  if (!state.versions.some((one) => one.regulation === regulation)) {
    throw refuse.notFound(
      'PAY_REGULATION_NOT_FOUND',
      'no regulation was published by this code: check it, or publish the regulation first',
      { regulation },
    );
  }
  assertFirstOfMonth(effectiveFrom);
  assertDisinterested({ regulation, effectiveFrom, document: null }, state, context);
}

function isInForceFrom(regulation: string, effectiveFrom: string, { versions }: RegulationState): boolean {
  return inForceOn(versions, effectiveFrom).some((one) => one.regulation === regulation);
}

function retired(said: Retirement & { readonly proposal?: string }, state: RegulationState): PayRegulationEvent {
  return { type: 'PayRegulationRetired', data: { ...said, version: nextVersion(state, said.regulation) } };
}
