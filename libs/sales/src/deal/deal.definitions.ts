import type { CommandDefinition, FactRefs } from '@voronka/kernel';
import { AUTHORITIES, LEADERS, OPERATORS, SELLERS } from '../shared/access.js';
import {
  CompleteStep,
  type DealCommand,
  LoseDeal,
  MigrateDeal,
  OpenDeal,
  ReassignDeal,
  RecordActivity,
  ReopenDeal,
  ReturnDeal,
  SignContract,
  SkipStep,
  VerifyStep,
  VoidActivity,
  VoidStep,
} from './deal.commands.js';
import { dealCorrectionCommands } from './deal.correction.definitions.js';
import { companyRefs, entryRefs, performerOf, productRefs, refTo, wayRefs } from './deal.facts.js';
import { RecordHistory } from './deal.history.commands.js';
import { dealMoneyCommands } from './deal.money.definitions.js';
import { dealPlanCommands } from './deal.plan.definitions.js';
import { withinDepartments } from '../shared/within-departments.js';
import type { DealState } from './deal.state.js';

type Definition = CommandDefinition<DealState> & { readonly type: DealCommand['type'] };

const onDeal = (_body: never, state: DealState): FactRefs => entryRefs(state);
const onWay = (_body: never, state: DealState): FactRefs => wayRefs(state);

const stepCommands: readonly Definition[] = [
  {
    type: 'CompleteStep',
    body: CompleteStep,
    route: 'complete-step',
    summary: 'Completes a step of the route map, with the answers to its form.',
    roles: SELLERS,
    example: { step: 'questionnaire', performedBy: 'ivanova', answers: { office: 'small', budget: 25_000_000 } },
    facts: (body: CompleteStep, state, sender): FactRefs => ({
      ...wayRefs(state),
      ...refTo('performer', 'employee', performerOf(body, sender)),
      ...refTo('person', 'employee', sender.person),
      ...refTo('owner', 'employee', state.ownerId),
    }),
  },
  {
    type: 'VerifyStep',
    body: VerifyStep,
    route: 'verify-step',
    summary: 'Accepts a completed step, or sends it back to be done again; never by its performer.',
    roles: SELLERS,
    example: { step: 'analysis', accepted: true },
    facts: (_body: VerifyStep, state, sender): FactRefs => ({
      ...entryRefs(state),
      ...refTo('person', 'employee', sender.person),
    }),
  },
  {
    type: 'SkipStep',
    body: SkipStep,
    route: 'skip-step',
    summary: 'Leaves a step out by the authority of the sender’s person, with a reason.',
    roles: AUTHORITIES,
    example: { step: 'meeting', reason: 'The customer wants no visits' },
    facts: (_body: SkipStep, state, sender): FactRefs => ({
      ...wayRefs(state),
      ...refTo('person', 'employee', sender.person),
    }),
  },
  {
    type: 'ReturnDeal',
    body: ReturnDeal,
    route: 'return-deal',
    summary: 'Takes the deal back to a step it has done; what comes after that step is to be done again.',
    roles: SELLERS,
    example: { toStep: 'questionnaire', reason: 'The customer opens a second office' },
    facts: onWay,
  },
  {
    type: 'VoidStep',
    body: VoidStep,
    route: 'void-step',
    summary: 'Declares a completion a mistake; not under a standing contract.',
    roles: LEADERS,
    example: { step: 'first-contact', reason: 'Entered on the wrong deal' },
    facts: onDeal,
  },
];

const careCommands: readonly Definition[] = [
  {
    type: 'RecordActivity',
    body: RecordActivity,
    route: 'record-activity',
    summary: 'Records a call, meeting, e-mail, demo or visit.',
    roles: SELLERS,
    example: {
      kind: 'call',
      topic: 'Terms of delivery',
      outcome: 'reached',
      performedBy: 'ivanova',
      durationMinutes: 12,
    },
    facts: (body: RecordActivity, state, sender): FactRefs => ({
      ...entryRefs(state),
      ...refTo('performer', 'employee', performerOf(body, sender)),
    }),
  },
  {
    type: 'VoidActivity',
    body: VoidActivity,
    route: 'void-activity',
    summary: 'Declares a recorded activity a mistake; not the evidence of a step that stands done.',
    roles: SELLERS,
    example: { activityId: 'call-1', reason: 'Entered twice' },
    facts: onDeal,
  },
  {
    type: 'ReassignDeal',
    body: ReassignDeal,
    route: 'reassign-deal',
    summary: 'Gives the deal to another owner, from now or from a moment in the past.',
    roles: LEADERS,
    example: { toOwnerId: 'petrov', reason: 'Ivanova moves to key accounts' },
    facts: (body: ReassignDeal, state): FactRefs => ({
      ...entryRefs(state),
      ...refTo('owner', 'employee', body.toOwnerId),
    }),
  },
];

const closingCommands: readonly Definition[] = [
  {
    type: 'SignContract',
    body: SignContract,
    route: 'sign-contract',
    summary:
      'Signs a contract: wins the deal on which every mandatory step is done or was skipped, or adds to a won one.',
    roles: SELLERS,
    example: { contractId: 'c-117', number: '2009/117', lines: [{ productId: 'trade', amountKopecks: 24_500_000 }] },
    facts: (body: SignContract, state): FactRefs => ({ ...wayRefs(state), ...productRefs(body.lines) }),
  },
  {
    type: 'LoseDeal',
    body: LoseDeal,
    route: 'lose-deal',
    summary: 'Closes the deal as lost, with a reason from the route map.',
    roles: SELLERS,
    example: { lossReason: 'price', note: 'Asked for half the price' },
    facts: onDeal,
  },
  {
    type: 'ReopenDeal',
    body: ReopenDeal,
    route: 'reopen-deal',
    summary: 'Takes a lost deal up again.',
    roles: SELLERS,
    example: { reason: 'The customer called back' },
    facts: onDeal,
  },
];

const mapCommands: readonly Definition[] = [
  {
    type: 'MigrateDeal',
    body: MigrateDeal,
    route: 'migrate-deal',
    summary: 'Moves an open deal to a newer version of its route map; GET …/migration shows beforehand what changes.',
    roles: LEADERS,
    example: { toVersion: 2, reason: 'The map asks for the questionnaire now' },
    facts: onWay,
  },
];

const openingCommands: readonly Definition[] = [
  {
    type: 'OpenDeal',
    body: OpenDeal,
    route: 'open-deal',
    summary: 'Opens a deal with a customer on a version of a route map.',
    roles: SELLERS,
    example: {
      title: 'Stock control for two shops',
      customerId: 'volga-tools',
      routeMapId: 'automation',
      ownerId: 'ivanova',
      source: 'website',
      lines: [{ productId: 'trade', amountKopecks: 25_000_000 }],
      expectedCloseOn: '2009-10-01',
    },
    creates: true,
    facts: (body: OpenDeal, _state, sender): FactRefs => ({
      ...companyRefs,
      ...refTo('routeMap', 'routeMap', body.routeMapId),
      ...refTo('customer', 'customer', body.customerId),
      ...refTo('owner', 'employee', body.ownerId ?? sender.person),
      ...productRefs(body.lines ?? []),
    }),
  },
  {
    type: 'RecordHistory',
    body: RecordHistory,
    route: 'record-history',
    summary: 'Takes over what happened before, as its source tells it: without gates, and each entry once.',
    roles: OPERATORS,
    example: {
      entries: [
        { kind: 'opened', ref: 'crm:117:0', occurredAt: '2008-04-01T09:00:00+04:00', routeMapId: 'automation' },
        { kind: 'stepCompleted', ref: 'crm:117:1', occurredAt: '2008-04-02T10:30:00+04:00', step: 'first-contact' },
        {
          kind: 'lost',
          ref: 'crm:117:2',
          occurredAt: '2008-05-05T12:00:00+04:00',
          lossReason: 'price',
          assumed: ['lossReason'],
        },
      ],
    },
    creates: true,
    imports: true,
    facts: (body: RecordHistory, state): FactRefs => {
      const opened = body.entries.find(({ kind }) => kind === 'opened');
      const fromBody = opened?.kind === 'opened' ? opened.routeMapId : null;
      return refTo('routeMap', 'routeMap', state.status === 'none' ? fromBody : state.opening.routeMapId);
    },
  },
];

const ofItsOwner = withinDepartments((_body, { ownerId }: DealState) => ownerId);
const ofWhoIsToOwnIt = withinDepartments(
  (body: { ownerId?: string | null }, _state: DealState, sender) => body.ownerId ?? sender.person,
);

/** Every command on a deal: route, access, example and what the decision looks at. */
export const dealCommands: readonly Definition[] = [
  ...openingCommands.map(ofWhoIsToOwnIt),
  ...[...stepCommands, ...careCommands, ...dealPlanCommands, ...dealCorrectionCommands].map(ofItsOwner),
  ...[...closingCommands, ...mapCommands, ...dealMoneyCommands].map(ofItsOwner),
];
