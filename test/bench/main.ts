import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { print, say } from '../../apps/cli/src/output.js';
import { type Finding, findingsTable } from './harness/finding.js';
import { type Options, Setting } from './harness/setting.js';
import { appends } from './measures/appends.js';
import { commands } from './measures/commands.js';
import type { Measure } from './measures/measure.js';
import { pay } from './measures/pay.js';
import { queries } from './measures/queries.js';
import { read } from './measures/read.js';
import { rebuild } from './measures/rebuild.js';
import { tail } from './measures/tail.js';

// Every measure has a file of its own; this list is all there is to add one.
const MEASURES: readonly Measure[] = [appends, commands, read, rebuild, tail, queries, pay];
const RESULTS = 'bench-results';

const HELP = `npm run bench -- [options]

  --events <n>     about how many events the log has (default 1000000)
  --only <names>   measures, separated by commas; "log" only writes the log, for --keep
  --runs <n>       runs of each measurement (default 3; queries at least 30)
  --keep <dir>     keeps the log there, or uses the one kept
  --seed <n>       another history (default 1)
  --help

Measures:
${MEASURES.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join('\n')}
`;

class UsageError extends Error {}

interface Asked extends Options {
  readonly measures: readonly Measure[];
}

function asked(): Asked | null {
  const { values } = parseArgs({
    options: {
      events: { type: 'string', default: '1000000' },
      only: { type: 'string' },
      runs: { type: 'string', default: '3' },
      keep: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const names = values.only?.split(',') ?? MEASURES.map(({ name }) => name);
  const measures = names.flatMap((name) => (name === 'log' ? [] : [measureNamed(name)]));
  return {
    measures,
    events: wholeNumber('--events', values.events),
    runs: wholeNumber('--runs', values.runs),
    seed: wholeNumber('--seed', values.seed),
    keep: values.keep === undefined ? null : path.resolve(values.keep),
  };
}

function measureNamed(name: string): Measure {
  const found = MEASURES.find((measure) => measure.name === name);
  if (found === undefined) throw new UsageError(`there is no measure ${name}; see --help`);
  return found;
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`${option} is a whole number from 1 on`);
  return Number(text);
}

async function run(wanted: Asked): Promise<void> {
  const setting = new Setting(wanted);
  const findings: Finding[] = [];
  const onSignal = (): void => {
    report(wanted, findings);
    void setting.end().finally(() => process.exit(130));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const { directory, events, deals } = await setting.log(wanted.events);
    say(`the log: ${events} events of ${deals} deals${wanted.keep === null ? '' : ` in ${directory}`}`);
    for (const measure of wanted.measures) {
      say(`measuring: ${measure.summary}`);
      findings.push(...(await measure.run(setting)));
    }
  } finally {
    await setting.end();
    // What was found before something failed counts all the same.
    report(wanted, findings);
  }
}

function report(wanted: Asked, findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  print(findingsTable(findings));
  print(`written to ${writeResult(wanted, findings)}`);
}

/** Everything, with the machine it was measured on. @returns the file */
function writeResult({ measures, keep: _keep, ...options }: Asked, findings: readonly Finding[]): string {
  const at = new Date().toISOString();
  const [cpu] = os.cpus();
  const machine = {
    ...{ platform: `${os.platform()} ${os.release()} ${os.arch()}`, node: process.version },
    ...{ cpus: os.cpus().length, cpu: cpu?.model ?? null, memoryMB: Math.round(os.totalmem() / 1e6) },
    load: os.loadavg(),
  };
  const file = path.join(RESULTS, `${at.slice(0, 19).replaceAll(':', '-')}Z.json`);
  fs.mkdirSync(RESULTS, { recursive: true });
  const result = { at, machine, options: { ...options, measures: measures.map(({ name }) => name) }, findings };
  fs.writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}

async function main(): Promise<void> {
  const wanted = asked();
  if (wanted === null) print(HELP);
  else await run(wanted);
}

main().catch((error: unknown) => {
  const isUsage =
    error instanceof UsageError ||
    (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
  say(isUsage ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = isUsage ? 2 : 1;
});
