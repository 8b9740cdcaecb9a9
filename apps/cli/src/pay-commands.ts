import { type Command, Option } from 'commander';
import { action } from './action.js';

/** What is paid, and by which plans. As everywhere, what a command needs is loaded when it runs. */
export function addPayCommands(program: Command): void {
  program
    .command('explain')
    .description('What somebody is paid for a month, and why, down to the events')
    .requiredOption('--employee <id>', 'whose pay')
    .option('--period <month>', 'month, such as 2009-08; the earliest open one if left out')
    .option('--rule <code>', 'one rule, with the events that were counted')
    .option('--limit <number>', 'events to show, up to 1000', '500')
    .option('--offset <number>', 'events to pass over', '0')
    .option('--as-of <position or time>', 'as it was known then')
    .addOption(new Option('--lang <language>', 'language').choices(['ru', 'en']).default('en'))
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/explain.js')).explainPay));
  program
    .command('audit')
    .description('Work every issued statement out anew as of its own moment; exit code 1 where one comes out otherwise')
    .option('--period <month>', 'month, such as 2009-08; all that were ever closed if left out')
    .option('--as-of <position or time>', 'only statements that were known then')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/audit.js')).auditPay));
  addPayroll(program);
  addPlans(program);
}

function addPayroll(program: Command): void {
  const payroll = program
    .command('payroll')
    .description('Months of pay: closing them, and what goes to a payroll program');
  payroll
    .command('status')
    .description('Months, what waits for a second person, open disputes')
    .option('--as-of <position or time>', 'as it was known then')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/payroll.js')).payrollStatus));
  payroll
    .command('close')
    .description('Close a month that has ended, and wait for the outcome')
    .argument('<month>', 'such as 2009-08')
    .option('--accept <list>', 'items of the checklist to close over, separated by commas')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/payroll.js')).closeMonth));
  payroll
    .command('resume')
    .description('Go on with a closing that failed')
    .argument('<month>', 'such as 2009-08')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/payroll.js')).resumeClosing));
  payroll
    .command('abandon')
    .description('Give a closing up: the month is open again')
    .argument('<month>', 'such as 2009-08')
    .requiredOption('--reason <text>', 'why')
    .action(action(async () => (await import('./commands/payroll.js')).abandonClosing));
  payroll
    .command('paid')
    .description('Say that a closed month was paid')
    .argument('<month>', 'such as 2009-08')
    .requiredOption('--on <date>', 'day of the payment, such as 2009-09-10')
    .action(action(async () => (await import('./commands/payroll.js')).markPaid));
  addReopening(payroll);
  payroll
    .command('export')
    .description('A closed month for a payroll program, amount by amount')
    .argument('<month>', 'such as 2009-08')
    .addOption(new Option('--format <format>', 'form').choices(['csv', 'json']).default('csv'))
    .option('--out <file>', 'write to a file instead of standard output')
    .action(action(async () => (await import('./commands/payroll.js')).payrollExport));
}

/** Two people: one asks for it, another agrees or not. */
function addReopening(payroll: Command): void {
  const act = (name: string, description: string): Command =>
    payroll
      .command(name)
      .description(description)
      .argument('<month>', 'such as 2009-08')
      .requiredOption('--as <employee>', 'person who acts');
  act('reopen', 'Ask for the last closed month, not paid yet, to be opened again; somebody else approves')
    .requiredOption('--reason <text>', 'why')
    .action(action(async () => (await import('./commands/payroll.js')).reopenMonth));
  act('approve-reopening', 'Open a month again that somebody else asked for').action(
    action(async () => (await import('./commands/payroll.js')).approveReopening),
  );
  act('reject-reopening', 'Leave a month closed that somebody asked to open again')
    .requiredOption('--reason <text>', 'why')
    .action(action(async () => (await import('./commands/payroll.js')).rejectReopening));
}

function addPlans(program: Command): void {
  const plans = program.command('plans').description('Plans: changes from a file, what there is, what needs attention');
  plans
    .command('assign')
    .argument('<file>', 'CSV: indicator,ownerKind,owner,period,value and, if wanted, change,from,proration')
    .description('Change plans by a CSV file, as one change; the same file again changes nothing')
    .requiredOption('--reason <text>', 'why')
    .option('--id <id>', 'id of the change; made of the file if left out')
    .option('--as <employee>', 'person who acts; the operator if left out')
    .option('--preview', 'show what it would do to pay, record nothing')
    .option('--expect <hash>', 'record only if the preview still has this hash')
    .option('--propose', 'propose it, for closed months: somebody else approves')
    .option('--json', 'the preview as JSON')
    .action(action(async () => (await import('./commands/plans.js')).assignPlans));
  const cells = (command: Command): Command =>
    command
      .requiredOption('--period <period>', 'such as 2009-08, 2009-Q3, 2009-W33')
      .option('--indicator <codes>', 'only these, separated by commas')
      .option('--employee <ids>', 'only these, separated by commas')
      .option('--as-of <position or time>', 'as it was known then')
      .option('--at <time>', 'counted up to then')
      .option('--json', 'as JSON');
  cells(plans.command('list').description('Plans of a period, what was done, and the pace')).action(
    action(async () => (await import('./commands/plan-reports.js')).listPlans),
  );
  plans
    .command('show')
    .argument('<id>', 'id of the change')
    .description('One change of plans, as the log has it')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/plan-reports.js')).showPlan));
  cells(plans.command('attention').description('Plans whose pace falls below a share, the worst first'))
    .option('--below <percent>', 'of the plan to date', '90')
    .action(action(async () => (await import('./commands/plan-reports.js')).attention));
  plans
    .command('decompose')
    .description('What a goal takes at each bar; --csv for `plans assign`')
    .requiredOption('--period <period>', 'such as 2009-08')
    .requiredOption('--route-map <id>', 'whose bars')
    .option('--owner <owner>', 'company, department:<id> or employee:<id>', 'company')
    .option('--wins <number>', 'the goal as a number of wins')
    .option('--amount-kopecks <number>', 'the goal as an amount')
    .option('--minimum-sample <number>', 'smallest sample of a conversion')
    .option('--as-of <position or time>', 'as it was known then')
    .option('--at <time>', 'as of then')
    .option('--csv', 'as a file for `plans assign`')
    .option('--json', 'as JSON')
    .action(action(async () => (await import('./commands/plan-reports.js')).decomposePlan));
}
