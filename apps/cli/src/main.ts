import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { ROLES } from '../../../libs/kernel/src/decider.js';
import { action } from './action.js';
import { EXIT, explain } from './cli-error.js';
import { addPayCommands } from './pay-commands.js';

// Only the command line is read here: what a command needs is loaded when it runs, so that help comes at once.

const EXAMPLES = `Examples:
  voronka demo                                     an invented sales department, loaded and shown
  voronka start --data-dir ./data                  everything on this machine
  voronka init --template b2b                      a route map and indicators to begin with
  voronka import history.xes --mapping map.yaml    history of another system
  voronka funnel --by department --period 2009-Q3  where deals stop
`;

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 the data directory is in use, 4 a store is away.
Data goes to standard output, everything else to standard error.`;

const program = new Command('voronka')
  .description('Sales processes from one log: funnel, activity and what comes of them')
  .version(versionOf(), '--version', 'show the version')
  .option('--config <file>', 'configuration file (JSON or YAML)')
  .option('--data-dir <directory>', 'directory of the embedded stores')
  .option('--eventstore-url <url>', 'EventStoreDB to use instead of the embedded node')
  .option('--database-url <url>', 'PostgreSQL to use instead of the embedded one')
  .option('--master-key <key>', 'key that wraps the keys of personal data')
  .option('--verbose', 'show where an error comes from')
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError()
  .exitOverride()
  .addHelpText('before', EXAMPLES)
  .addHelpText('after', EXIT_CODES);

function versionOf(): string {
  const file = path.join(import.meta.dirname, '../../../../package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

const server = (command: Command): Command =>
  command
    .option('--port <number>', 'port of the API, 0 for a free one')
    .option('--host <address>', 'address the API listens on')
    .option('--api-key <key>', 'key of the operator; generated and shown once unless given')
    .option('--time-zone <zone>', 'IANA zone of a new company')
    .option('--currency <code>', 'currency of a new company')
    .option('--body-limit-bytes <number>', 'largest request body')
    .option('--rate-limit-per-minute <number>', 'requests per key and minute')
    .option('--log-level <level>', 'debug, info, warn, error or silent');

server(program.command('start').description('Run everything on this machine: stores, API, projector')).action(
  action(async () => (await import('./commands/start.js')).start),
);

server(program.command('demo').description('Load an invented sales department, show its figures, stay up'))
  .option('--deals <number>', 'deals to tell of', '1000')
  .option('--seed <number>', 'another seed tells another story', '1')
  .option('--exit', 'end after the figures')
  .action(action(async () => (await import('./commands/demo.js')).demo));

program
  .command('init')
  .description('Load a start for a real company: route maps, forms, loss reasons, indicators')
  .requiredOption('--template <name>', 'b2b')
  .option('--lang <code>', 'language of names and guidance: ru or en', 'ru')
  .option('--country <code>', 'also publish the working calendar of a country, in place of any there is: ru')
  .action(action(async () => (await import('./commands/init.js')).init));

program
  .command('calendar')
  .description('The working calendar of the company')
  .command('publish')
  .argument('<file>', 'CSV: date,kind,hours,source')
  .description('Publish the calendar of a CSV file in place of the one there is')
  .option('--name <name>', 'what the calendar is called', 'Working calendar')
  .action(action(async () => (await import('./commands/calendar.js')).publishCalendar));

program
  .command('eventstore')
  .description('Run the embedded event store alone')
  .option('--tcp-port <number>', 'listen on this port of the loopback interface, without credentials')
  .action(action(async () => (await import('./commands/eventstore.js')).eventstore));

program
  .command('import')
  .description('Take over history from XES or CSV by a mapping')
  .argument('<files...>', 'the files, in their order')
  .requiredOption('--mapping <file>', 'mapping (YAML)')
  .option('--dry-run', 'check everything, write nothing')
  .option('--json', 'the summary as JSON')
  .action(action(async () => (await import('./commands/import.js')).importHistory));

const projections = program.command('projections').description('Read models: how far they are, and building them anew');
projections
  .command('status')
  .description('How far each set is behind the log')
  .option('--json', 'as JSON')
  .action(action(async () => (await import('./commands/projections.js')).projectionStatus));
projections
  .command('rebuild')
  .description('Build a set anew beside the live one, then swap')
  .argument('[set]', 'projection set; all of them if left out')
  .addOption(new Option('--resume', 'go on with a rebuild that was broken off').conflicts('startOver'))
  .option('--start-over', 'drop a rebuild that was broken off and begin anew')
  .action(action(async () => (await import('./commands/projections.js')).projectionRebuild));

program
  .command('events')
  .description('The log itself')
  .command('export')
  .description('All events with their metadata, one JSON object a line')
  .option('--out <file>', 'write to a file instead of standard output')
  .option('--from <position>', 'only events after this position')
  .option('--resume', 'go on after the last whole line of the file')
  .option('--personal', 'with personal data in the clear; blanked otherwise')
  .action(action(async () => (await import('./commands/events.js')).exportEvents));

const report = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('--route-map <id>', 'route map; the only one of the purpose if left out')
    .addOption(new Option('--purpose <which>', 'deals, or service cases').choices(['sale', 'service']).default('sale'))
    .option('--period <key>', '2009-08, 2009-W33, 2009-Q3, 2009 or a range such as 2009-08..2009-10')
    .option(
      '--by <slice>',
      'performer, owner, department, product, productLine, segment, source, routeMapVersion or portrait:<field>',
    )
    .option('--grain <grain>', 'day, isoWeek, month, quarter or year')
    .option('--as-of <position|instant>', 'only what was known then')
    .option('--at <instant>', 'the business instant; now if left out')
    .option('--json', 'as JSON');

report('funnel', 'Deals by bar, with the conversions between them')
  .option('--route-map-version <number>', 'one version of the map')
  .addOption(new Option('--reach <kind>', 'which deals a bar counts').choices(['touch', 'implied']).default('touch'))
  .addOption(new Option('--basis <kind>', 'cohorts of entry, or events').choices(['cohort', 'flow']).default('cohort'))
  .action(action(async () => (await import('./commands/reports.js')).funnelReport));
report('activity', 'Done activities and what came of them').action(
  action(async () => (await import('./commands/reports.js')).activityReport),
);
report('conversion', 'Conversion between two bars, by a named definition')
  .requiredOption('--from-step <code>', 'bar to begin with')
  .requiredOption('--to-step <code>', 'bar to come to')
  .addOption(new Option('--reach <kind>', 'touch or implied').choices(['touch', 'implied']).default('touch'))
  .addOption(new Option('--kind <kind>', 'definition').choices(['cohort', 'flow']).default('cohort'))
  .option('--horizon <days>', 'H in calendar days; so far if left out')
  .action(action(async () => (await import('./commands/reports.js')).conversionReport));
report('win-rate', 'Won of won and lost, each deal once')
  .addOption(
    new Option('--date <which>', 'closings or openings in the period').choices(['close', 'opening']).default('close'),
  )
  .addOption(new Option('--measure <what>', 'deals or money').choices(['count', 'value']).default('count'))
  .action(action(async () => (await import('./commands/reports.js')).winRateReport));

addPayCommands(program);

const keys = program.command('keys').description('API keys of people and services');
keys
  .command('add')
  .description('Make a key; it is shown once')
  .requiredOption('--name <text>', 'what the key is for')
  .requiredOption('--roles <list>', `access roles, separated by commas: ${ROLES.join(', ')}`)
  .option('--employee <id>', 'employee the key belongs to; none for a service')
  .action(action(async () => (await import('./commands/keys.js')).addKey));
keys
  .command('list')
  .description('All keys, without their secrets')
  .option('--json', 'as JSON')
  .action(action(async () => (await import('./commands/keys.js')).listKeys));
keys
  .command('revoke')
  .description('Refuse a key from now on')
  .argument('<id>', 'id of the key')
  .action(action(async () => (await import('./commands/keys.js')).revokeKey));

const readers = program.command('readers').description('Roles of the database that read the read tables: for BI tools');
readers
  .command('add')
  .description('Let a role read, and nothing else; a new role’s address is shown once')
  .argument('<role>', 'name of the role in the database')
  .action(action(async () => (await import('./commands/readers.js')).addReader));
readers
  .command('list')
  .description('All of them')
  .option('--json', 'as JSON')
  .action(action(async () => (await import('./commands/readers.js')).listReaders));
readers
  .command('revoke')
  .description('Take the rights and the role away')
  .argument('<role>', 'name of the role in the database')
  .action(action(async () => (await import('./commands/readers.js')).revokeReader));

program
  .command('backup')
  .description('Copy log, data keys and schema app, while everything runs')
  .argument('<directory>', 'empty directory to write to')
  .action(action(async () => (await import('./commands/backup.js')).backup));
program
  .command('restore')
  .description('Fill an empty data directory from a backup')
  .argument('<directory>', 'a backup')
  .action(action(async () => (await import('./commands/restore.js')).restore));
program
  .command('config')
  .description('The settings as they are in force, and where each comes from')
  .option('--json', 'as JSON')
  .action(action(async () => (await import('./commands/config.js')).showConfig));

// Whoever reads our output may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed),
);

/** The command, when it is done. */
export const ended = program.parseAsync(process.argv).catch((error: unknown) => {
  const { code, exitCode: helpCode } = error as { code?: string; exitCode?: number };
  if (typeof code === 'string' && code.startsWith('commander.')) {
    process.exit(helpCode === 0 ? EXIT.ok : EXIT.usage);
  }
  const { exitCode, line } = explain(error);
  process.stderr.write(`voronka: ${line}\n`);
  if (program.opts<{ verbose?: boolean }>().verbose === true && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  process.exit(exitCode);
});
