import { type Decided, type Decider, unreachable } from '@voronka/kernel';
import { correctActivity } from './deal.activity-correction.js';
import { reassignDeal, recordActivity, voidActivity } from './deal.care.js';
import { loseDeal, reopenDeal, signContract } from './deal.closing.js';
import type { DealCommand } from './deal.commands.js';
import { amendContract, terminateContract, voidContract } from './deal.contracts.js';
import { correctStep } from './deal.corrections.js';
import { shareCredit } from './deal.credit.js';
import type { DealEvent } from './deal.events.js';
import { migrateDeal } from './deal.migration.js';
import { returnDeal, skipStep, voidStep } from './deal.exceptions.js';
import type { DealFacts } from './deal.facts.js';
import { type Admitted, admitted, type DealContext } from './deal.gates.js';
import { recordHistory } from './deal.history.js';
import type { DealMoneyCommand } from './deal.money.commands.js';
import { openDeal } from './deal.opening.js';
import type { DealPlanCommand } from './deal.plan.commands.js';
import { cancelActivity, planActivity, rescheduleActivity } from './deal.plans.js';
import { recordPayment, reversePayment } from './deal.payments.js';
import { reviseDeal } from './deal.revision.js';
import { type DealState, evolveDeal, initialDeal } from './deal.state.js';
import { completeStep, verifyStep } from './deal.steps.js';

/** A customer's way along one version of a route map. */
export const dealDecider: Decider<DealState, DealCommand, DealEvent, DealFacts> = {
  initialState: initialDeal,
  evolve: evolveDeal,
  decide: decideDeal,
};

function decideDeal(command: DealCommand, state: DealState, context: DealContext): readonly Decided<DealEvent>[] {
  if (command.type === 'OpenDeal') return openDeal(command.body, state, context);
  if (command.type === 'RecordHistory') return recordHistory(command.body, state, context);
  const entry = admitted(command.body, state, context);
  switch (command.type) {
    case 'CompleteStep':
      return completeStep(command.body, entry);
    case 'VerifyStep':
      return verifyStep(command.body, entry);
    case 'SkipStep':
      return skipStep(command.body, entry);
    case 'ReturnDeal':
      return returnDeal(command.body, entry);
    case 'VoidStep':
      return voidStep(command.body, entry);
    case 'RecordActivity':
      return recordActivity(command.body, entry);
    case 'VoidActivity':
      return voidActivity(command.body, entry);
    case 'ReassignDeal':
      return reassignDeal(command.body, entry);
    case 'SignContract':
      return signContract(command.body, entry);
    case 'LoseDeal':
      return loseDeal(command.body, entry);
    case 'ReopenDeal':
      return reopenDeal(command.body, entry);
    case 'MigrateDeal':
      return migrateDeal(command.body, entry);
    case 'CorrectStep':
      return correctStep(command.body, entry);
    case 'CorrectActivity':
      return correctActivity(command.body, entry);
    case 'PlanActivity':
    case 'RescheduleActivity':
    case 'CancelActivity':
      return decidePlan(command, entry);
    case 'ReviseDeal':
    case 'ShareCredit':
    case 'AmendContract':
    case 'VoidContract':
    case 'TerminateContract':
    case 'RecordPayment':
    case 'ReversePayment':
      return decideMoney(command, entry);
    default:
      return command satisfies never;
  }
}

function decidePlan(command: DealPlanCommand, entry: Admitted): readonly DealEvent[] {
  switch (command.type) {
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

function decideMoney(command: DealMoneyCommand, entry: Admitted): readonly DealEvent[] {
  switch (command.type) {
    case 'ReviseDeal':
      return reviseDeal(command.body, entry);
    case 'ShareCredit':
      return shareCredit(command.body, entry);
    case 'AmendContract':
      return amendContract(command.body, entry);
    case 'VoidContract':
      return voidContract(command.body, entry);
    case 'TerminateContract':
      return terminateContract(command.body, entry);
    case 'RecordPayment':
      return recordPayment(command.body, entry);
    case 'ReversePayment':
      return reversePayment(command.body, entry);
    default:
      return unreachable(command);
  }
}
