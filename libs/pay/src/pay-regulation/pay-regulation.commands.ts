import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  type FactSender,
  IsIdentifier,
  IsLocalDate,
  IsText,
} from '@voronka/kernel';
import { DEFINERS } from '../shared/access.js';
import { IsPreviewHash } from '../shared/preview-hash.js';
import { RegulationBody } from './pay-regulation.body.js';
import type { RegulationState } from './pay-regulation.decider.js';
import { indicatorsNamed } from './pay-regulation.faults.js';

export class PublishPayRegulation extends RegulationBody {}

export class ProposePayRegulation extends RegulationBody {
  /** Id of the proposal, to approve or reject it by. */
  @IsIdentifier()
  proposal: string;

  @IsText()
  reason: string;

  @IsPreviewHash()
  previewHash?: string | null;
}

export class ApprovePayRegulation extends BusinessCommand {
  @IsIdentifier()
  proposal: string;

  @IsPreviewHash()
  previewHash?: string | null;
}

export class RejectPayRegulation extends BusinessCommand {
  @IsIdentifier()
  proposal: string;

  @IsText()
  reason: string;
}

export class RetirePayRegulation extends BusinessCommand {
  @IsIdentifier()
  regulation: string;

  /** First day of the month from which it covers nobody. */
  @IsLocalDate()
  effectiveFrom: string;

  @IsText()
  reason: string;
}

export class ProposePayRegulationRetirement extends RetirePayRegulation {
  /** Id of the proposal, to approve or reject it by. */
  @IsIdentifier()
  proposal: string;

  @IsPreviewHash()
  previewHash?: string | null;
}

export type RegulationCommand =
  | CommandOf<'PublishPayRegulation', PublishPayRegulation>
  | CommandOf<'ProposePayRegulation', ProposePayRegulation>
  | CommandOf<'ApprovePayRegulation', ApprovePayRegulation>
  | CommandOf<'RejectPayRegulation', RejectPayRegulation>
  | CommandOf<'RetirePayRegulation', RetirePayRegulation>
  | CommandOf<'ProposePayRegulationRetirement', ProposePayRegulationRetirement>;

const company = { company: { category: 'company', id: 'main' } };

function around({ person }: FactSender): FactRefs {
  const author = person === null ? [] : [{ category: 'employee', id: person }];
  return { ...company, payroll: { category: 'payroll', id: 'main' }, author };
}

function indicatorRefs(said: Parameters<typeof indicatorsNamed>[0]): FactRefs {
  return { indicators: indicatorsNamed(said).map((id) => ({ category: 'indicator', id })) };
}

function withIndicators(body: RegulationBody, _state: RegulationState, sender: FactSender): FactRefs {
  return { ...around(sender), ...indicatorRefs(body) };
}

/** What is approved is judged once more, by what its proposal says. */
function withProposed({ proposal }: ApprovePayRegulation, state: RegulationState, sender: FactSender): FactRefs {
  const document = state.proposals[proposal]?.data.document ?? null;
  return { ...around(sender), ...(document === null ? {} : indicatorRefs(document)) };
}

const managers = {
  regulation: 'sales',
  effectiveFrom: '2100-01-01',
  name: 'Pay of sales managers',
  covers: { positions: ['Sales manager'] },
  rules: [
    {
      code: 'R1',
      name: 'First contacts',
      indicator: 'first_contacts',
      gates: [{ indicator: 'first_contacts', scope: 'self', thresholdBps: 10_000 }],
      payout: { kind: 'perUnit', kopecks: 15_000 },
    },
  ],
  clawback: { months: 12, shareBps: 10_000, statementShareBps: 10_000 },
};
const proposed = { ...managers, proposal: 'sales-from-august', reason: 'The rate was agreed on in July' };

type Definition = CommandDefinition<RegulationState> & { type: RegulationCommand['type'] };

export const regulationCommands: readonly Definition[] = [
  {
    type: 'PublishPayRegulation',
    body: PublishPayRegulation,
    route: 'publish-pay-regulation',
    summary: 'Publishes the next version of a regulation: rules, rates and thresholds from a month on.',
    roles: DEFINERS,
    example: managers,
    creates: true,
    facts: withIndicators,
  },
  {
    type: 'ProposePayRegulation',
    body: ProposePayRegulation,
    route: 'propose-pay-regulation',
    summary: 'Proposes a version that touches closed periods; somebody else approves it.',
    roles: DEFINERS,
    example: proposed,
    creates: true,
    facts: withIndicators,
  },
  {
    type: 'ApprovePayRegulation',
    body: ApprovePayRegulation,
    route: 'approve-pay-regulation',
    summary: 'Approves what another person proposed; it counts from this moment on.',
    roles: DEFINERS,
    example: { proposal: proposed.proposal },
    facts: withProposed,
  },
  {
    type: 'RejectPayRegulation',
    body: RejectPayRegulation,
    route: 'reject-pay-regulation',
    summary: 'Rejects what was proposed.',
    roles: DEFINERS,
    example: { proposal: proposed.proposal, reason: 'The rate was not agreed on' },
    facts: () => company,
  },
  {
    type: 'RetirePayRegulation',
    body: RetirePayRegulation,
    route: 'retire-pay-regulation',
    summary: 'Lets a regulation cover nobody from a month on.',
    roles: DEFINERS,
    example: { regulation: 'sales', effectiveFrom: '2100-06-01', reason: 'The department was dissolved' },
    facts: (_body, _state, sender) => around(sender),
  },
  {
    type: 'ProposePayRegulationRetirement',
    body: ProposePayRegulationRetirement,
    route: 'propose-pay-regulation-retirement',
    summary: 'Proposes that a regulation covers nobody from a closed month on; somebody else approves it.',
    roles: DEFINERS,
    example: {
      ...{ proposal: 'sales-ended-in-june', regulation: 'sales', effectiveFrom: '2100-06-01' },
      reason: 'The department was dissolved in June',
    },
    facts: (_body, _state, sender) => around(sender),
  },
];
