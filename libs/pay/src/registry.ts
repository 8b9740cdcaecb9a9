import { defineThing, type Thing } from '@voronka/kernel';
import { indicatorCommands } from './indicator/indicator.commands.js';
import { indicatorDecider } from './indicator/indicator.decider.js';
import { indicatorEvents } from './indicator/indicator.events.js';
import { payrollCommands } from './payroll/payroll.commands.js';
import { payrollDecider } from './payroll/payroll.decider.js';
import { payrollEvents } from './payroll/payroll.events.js';
import { planCommands } from './plan/plan.commands.js';
import { planDecider } from './plan/plan.decider.js';
import { planEvents } from './plan/plan.events.js';
import { regulationCommands } from './pay-regulation/pay-regulation.commands.js';
import { regulationDecider } from './pay-regulation/pay-regulation.decider.js';
import { payRegulationEvents } from './pay-regulation/pay-regulation.events.js';
import { statementCommands, statementDecider } from './statement/statement.decider.js';
import { statementEvents } from './statement/statement.events.js';

/** Every kind of thing in the rooms of plans and pay, as `salesThings` are those of the sales rooms. */
export const payThings: readonly Thing[] = [
  defineThing({
    category: 'indicator',
    collection: 'indicators',
    summary: 'An indicator: one name, one formula, in versions.',
    decider: indicatorDecider,
    commands: indicatorCommands,
    events: indicatorEvents,
  }),
  defineThing({
    category: 'plan',
    collection: 'plans',
    summary: 'One change of 1 to 1,000 plans: an indicator, its owner, a period.',
    decider: planDecider,
    commands: planCommands,
    events: planEvents,
  }),
  defineThing({
    category: 'payRegulation',
    collection: 'pay-regulations',
    summary: 'The pay regulations of the company (`main`): who is paid for what, in versions.',
    decider: regulationDecider,
    commands: regulationCommands,
    events: payRegulationEvents,
  }),
  defineThing({
    category: 'payroll',
    collection: 'payroll',
    summary: 'The payroll of the company (`main`): closing of months, adjustments by hand, disputes.',
    decider: payrollDecider,
    commands: payrollCommands,
    events: payrollEvents,
  }),
  defineThing({
    category: 'statement',
    collection: 'statements',
    summary: 'What an employee was paid for a month, and what it is made of.',
    decider: statementDecider,
    commands: statementCommands,
    events: statementEvents,
  }),
];
