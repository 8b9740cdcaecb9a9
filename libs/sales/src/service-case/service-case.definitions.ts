import type { CommandDefinition, FactRefs } from '@voronka/kernel';
import { dealCommands } from '../deal/deal.definitions.js';
import { companyRefs, entryRefs, productRefs, refTo, wayRefs } from '../deal/deal.facts.js';
import { withReach } from '../deal/deal.reach.js';
import { LEADERS, SELLERS } from '../shared/access.js';
import {
  CloseServiceCase,
  OpenServiceCase,
  ReassignServiceCase,
  ReopenServiceCase,
  ReturnServiceCase,
  type ServiceCaseCommand,
  type WorkCommand,
} from './service-case.commands.js';
import { linesOf } from './service-case.opening.js';
import type { ServiceCaseState } from './service-case.state.js';

type Definition = CommandDefinition<ServiceCaseState> & { readonly type: ServiceCaseCommand['type'] };

/** Leaving one out does not compile. */
const WORK: Readonly<Record<WorkCommand['type'], true>> = {
  CompleteStep: true,
  VerifyStep: true,
  SkipStep: true,
  VoidStep: true,
  CorrectStep: true,
  RecordActivity: true,
  VoidActivity: true,
  CorrectActivity: true,
  PlanActivity: true,
  RescheduleActivity: true,
  CancelActivity: true,
};

const isWork = (type: string): type is WorkCommand['type'] => Object.hasOwn(WORK, type);

/** The very definitions of a deal's commands, one object each for both things. */
const workCommands = dealCommands.flatMap((definition): Definition[] => {
  const { type } = definition;
  return isWork(type) ? [definition as Definition] : [];
});

const ownCommands: readonly Definition[] = [
  {
    type: 'OpenServiceCase',
    body: OpenServiceCase,
    route: 'open-service-case',
    summary: 'Opens a service case for a customer on a version of a service route map, from a deal or from none.',
    roles: SELLERS,
    example: {
      title: 'Introduction at Volga Tools',
      customerId: 'volga-tools',
      routeMapId: 'service',
      ownerId: 'ivanova',
      productIds: ['trade'],
    },
    creates: true,
    facts: (body: OpenServiceCase, _state, sender): FactRefs => ({
      ...companyRefs,
      ...refTo('routeMap', 'routeMap', body.routeMapId),
      ...refTo('customer', 'customer', body.customerId),
      ...refTo('owner', 'employee', body.ownerId ?? sender.person),
      ...(typeof body.dealId === 'string' ? { deal: { category: 'deal', id: body.dealId } } : {}),
      ...productRefs(linesOf(body.productIds)),
    }),
  },
  {
    type: 'ReturnServiceCase',
    body: ReturnServiceCase,
    route: 'return-service-case',
    summary: 'Takes the case back to a step it has done; what comes after that step is to be done again.',
    roles: SELLERS,
    example: { toStep: 'first-contact', reason: 'The customer changes the order' },
    facts: (_body: ReturnServiceCase, state): FactRefs => wayRefs(state),
  },
  {
    type: 'ReassignServiceCase',
    body: ReassignServiceCase,
    route: 'reassign-service-case',
    summary: 'Gives the case to another owner, from now or from a moment in the past.',
    roles: LEADERS,
    example: { toOwnerId: 'petrov', reason: 'Petrov introduces it' },
    facts: (body: ReassignServiceCase, state): FactRefs => ({
      ...entryRefs(state),
      ...refTo('owner', 'employee', body.toOwnerId),
    }),
  },
  {
    type: 'CloseServiceCase',
    body: CloseServiceCase,
    route: 'close-service-case',
    summary: 'Closes the case: completed with every mandatory step, or abandoned for a reason of its route map.',
    roles: SELLERS,
    example: { outcome: 'abandoned', lossReason: 'price', note: 'The customer does it himself' },
    facts: (_body: CloseServiceCase, state): FactRefs => wayRefs(state),
  },
  {
    type: 'ReopenServiceCase',
    body: ReopenServiceCase,
    route: 'reopen-service-case',
    summary: 'Takes a closed case up again.',
    roles: SELLERS,
    example: { reason: 'The customer called back' },
    facts: (_body: ReopenServiceCase, state): FactRefs => entryRefs(state),
  },
];

/** Every command on a service case. */
export const serviceCaseCommands: readonly Definition[] = [
  ...ownCommands.map((definition) => withReach<ServiceCaseState, Definition>(definition)),
  ...workCommands,
];
