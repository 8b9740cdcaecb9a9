import { type Decider, unreachable } from '@voronka/kernel';
import { correctActivity } from '../deal/deal.activity-correction.js';
import { reassignDeal, recordActivity, voidActivity } from '../deal/deal.care.js';
import { correctStep } from '../deal/deal.corrections.js';
import type { DealEvent } from '../deal/deal.events.js';
import { returnDeal, skipStep, voidStep } from '../deal/deal.exceptions.js';
import { type Admitted, admitted, type Noun } from '../deal/deal.gates.js';
import { migrateDeal } from '../deal/deal.migration.js';
import { cancelActivity, planActivity, rescheduleActivity } from '../deal/deal.plans.js';
import { completeStep, verifyStep } from '../deal/deal.steps.js';
import { closeServiceCase, reopenServiceCase } from './service-case.closing.js';
import type { ServiceCaseCommand, WorkCommand } from './service-case.commands.js';
import { type ServiceCaseEvent, serviceCaseEvents, type WorkEvent } from './service-case.events.js';
import { openServiceCase, type ServiceCaseContext } from './service-case.opening.js';
import {
  evolveServiceCase,
  initialServiceCase,
  type ServiceCaseFacts,
  type ServiceCaseState,
} from './service-case.state.js';

const SERVICE_CASE: Noun = {
  code: 'SERVICE_CASE',
  name: 'service case',
  id: 'serviceCaseId',
  ends: { won: 'completed', lost: 'abandoned' },
};

/** A customer's way along one version of a service route map: what a deal does, but for money. */
export const serviceCaseDecider: Decider<ServiceCaseState, ServiceCaseCommand, ServiceCaseEvent, ServiceCaseFacts> = {
  initialState: initialServiceCase,
  evolve: evolveServiceCase,
  decide,
};

function decide(
  command: ServiceCaseCommand,
  state: ServiceCaseState,
  context: ServiceCaseContext,
): readonly ServiceCaseEvent[] {
  if (command.type === 'OpenServiceCase') return openServiceCase(command.body, state, context);
  const entry = admitted(command.body, state, context, SERVICE_CASE);
  if (command.type === 'ReturnServiceCase') return ofCase(returnDeal(command.body, entry));
  if (command.type === 'ReassignServiceCase') return ofCase(reassignDeal(command.body, entry));
  if (command.type === 'MigrateServiceCase') return ofCase(migrateDeal(command.body, entry));
  if (command.type === 'CloseServiceCase') return closeServiceCase(command.body, entry);
  if (command.type === 'ReopenServiceCase') return reopenServiceCase(command.body, entry);
  return ofCase(work(command, entry));
}

/** The steps and activities: decided by the very functions that decide them for a deal. */
function work(command: WorkCommand, entry: Admitted): readonly DealEvent[] {
  switch (command.type) {
    case 'CompleteStep':
      return completeStep(command.body, entry);
    case 'VerifyStep':
      return verifyStep(command.body, entry);
    case 'SkipStep':
      return skipStep(command.body, entry);
    case 'VoidStep':
      return voidStep(command.body, entry);
    case 'CorrectStep':
      return correctStep(command.body, entry);
    case 'RecordActivity':
      return recordActivity(command.body, entry);
    case 'VoidActivity':
      return voidActivity(command.body, entry);
    case 'CorrectActivity':
      return correctActivity(command.body, entry);
    case 'PlanActivity':
      return planActivity(command.body, entry);
    case 'RescheduleActivity':
      return rescheduleActivity(command.body, entry);
    case 'CancelActivity':
      return cancelActivity(command.body, entry);
    default:
      return unreachable(command);
  }
}

/** What was decided in a deal's words, in those of a case. */
function ofCase(events: readonly DealEvent[]): readonly ServiceCaseEvent[] {
  return events.map(named);
}

function named(event: DealEvent): ServiceCaseEvent {
  if (isOfWork(event)) return event;
  if (event.type === 'DealReturned') {
    return { type: 'ServiceCaseReturned', data: { ...event.data, reason: event.data.reason ?? '' } };
  }
  if (event.type === 'DealReassigned') {
    return { type: 'ServiceCaseReassigned', data: { ...event.data, reason: event.data.reason ?? '' } };
  }
  if (event.type === 'DealMigrated') return { type: 'ServiceCaseMigrated', data: event.data };
  throw new TypeError(`a service case has no ${event.type}`);
}

function isOfWork(event: DealEvent): event is WorkEvent {
  return Object.hasOwn(serviceCaseEvents, event.type);
}
