import path from 'node:path';
import { copyLog } from '@voronka/eventstore-node';
import { connect, disconnect } from '@voronka/projections';
import { ensurePayLines, type PayLinesState, projectionSets, refreshPayLines } from '@voronka/read-models';
import pg from 'pg';
import { Chance } from '../../../apps/cli/src/demo/chance.js';
import { say } from '../../../apps/cli/src/output.js';
import type { Finding } from '../harness/finding.js';
import { HttpClient } from '../harness/http-client.js';
import type { Setting } from '../harness/setting.js';
import { median, summarise } from '../harness/statistics.js';
import { startTask, type Stores } from '../harness/tasks.js';
import { type BenchCompany, benchCompany, END_MS } from '../log/company.js';
import { benchPlans, benchRegulation, LAST_DAY, MONTHS } from '../log/pay-terms.js';
import type { Measure } from './measure.js';
import { type Bench, cellChanged, kept, quarterChanged, regulationChanged, type Timed } from './pay-changes.js';
import { rebuildOnce } from './rebuild.js';

const LEAST_RUNS = 30;
const WARM_UP_RUNS = 5;
const LEAST_QUARTERS = 10;
/** Between changes. */
const PAUSE_MS = 150;
const CONNECTIONS = 8;
const MOST_CELL_MS = 100;
const MOST_QUARTER_MS = 1_000;
const MOST_REGULATION_MS = 10_000;
/** One cell is to be a hundred times faster than a full replay. */
const MOST_SHARE_OF_REPLAY = 0.01;
/** Ten times the log may cost so many times as much: what changes by itself is about half of this. */
const MOST_GROWTH = 2;

export const pay: Measure = {
  name: 'pay',
  summary:
    'plans and a regulation changed, from the command to the figures, beside a full replay; also at a tenth of the log',
  run: async (setting) => {
    const { events } = setting.options;
    const tenth = await setting.within(() => measure(setting, Math.ceil(events / 10)));
    const whole = await setting.within(() => measure(setting, events));
    return [...findingsOf(whole), ...findingsOf(tenth), ...growthOf(whole, tenth)];
  },
};

interface Replay {
  readonly core: number;
  readonly scratch: readonly number[];
}

/** Milliseconds of each run. */
interface Measured {
  readonly events: number;
  readonly replay: Replay;
  readonly cell: readonly number[];
  readonly quarter: readonly number[];
  readonly regulation: readonly number[];
  /** What the worker said of the last change of each. */
  readonly took: Readonly<Record<Changed, PayLinesState>>;
}

const CHANGED = ['cell', 'quarter', 'regulation'] as const;
type Changed = (typeof CHANGED)[number];

async function measure(setting: Setting, wanted: number): Promise<Measured> {
  const written = await setting.log(wanted);
  // A copy: a kept log stays as it was written.
  const directory = setting.directory('pay');
  await copyLog(path.join(written.directory, 'log'), path.join(directory, 'log'));
  const node = await setting.node(directory);
  const server = await setting.postgres(written);
  const stores: Stores = { endpoint: node.endpoint, databaseUrl: server.url };
  await rebuildOnce(
    stores,
    projectionSets.map(({ name }) => name),
  );
  const company = benchCompany(setting.options.seed);
  const pool = new pg.Pool({ connectionString: server.url, max: 2 });
  try {
    say('pay: a regulation, and plans of everybody');
    await serving(stores, (client) => foundPay({ client, pool, company }));
    const core = (await rebuildOnce(stores, ['core'])).seconds * 1_000;
    say('pay: worked out from scratch');
    const scratch = await fromScratch(server.url, setting.options.runs);
    const changed = await serving(stores, async (client) => await change({ client, pool, company }, setting));
    return { events: written.events, replay: { core, scratch }, ...changed };
  } finally {
    await pool.end();
  }
}

async function serving<T>(stores: Stores, work: (client: HttpClient) => Promise<T>): Promise<T> {
  const task = startTask({ kind: 'serve', stores });
  try {
    const served = await task.ready;
    if (served === undefined) throw new Error('the API does not say where it is');
    const client = new HttpClient(served, CONNECTIONS);
    const done = await work(client);
    client.close();
    return done;
  } finally {
    await task.end();
  }
}

async function foundPay(bench: Bench): Promise<void> {
  const { client, company } = bench;
  // Whenever the bench runs, there are thirty-six months of everybody.
  await Promise.all(
    leavingLast(company).map((id) => client.post(`/v1/employees/${id}/dismiss-employee`, { lastDay: LAST_DAY }, null)),
  );
  await client.post('/v1/pay-regulations/main/publish-pay-regulation', benchRegulation(0), null);
  let last: unknown;
  for (const [index, cells] of benchPlans(company).entries()) {
    const body = { cells, reason: 'Plans of three years' };
    last = (await client.post(`/v1/plans/bench-${index}/assign-plan`, body, null))['position'];
  }
  await kept(bench, last);
}

function leavingLast({ departments, managers }: BenchCompany): readonly string[] {
  const stay = managers.filter(({ leftMs }) => leftMs > END_MS).map(({ id }) => id);
  return [...departments.map(({ head }) => head), ...stay];
}

/** Everything counted and worked out with nothing kept. Milliseconds of each run. */
async function fromScratch(databaseUrl: string, runs: number): Promise<number[]> {
  const db = await connect(databaseUrl, 'bench');
  const times: number[] = [];
  try {
    await ensurePayLines(db);
    for (let run = 0; run < runs; run += 1) {
      await db.query('truncate pay_live.state');
      const begun = performance.now();
      const done = await refreshPayLines(db);
      times.push(performance.now() - begun);
      assertCounted(done);
    }
    return times;
  } finally {
    await disconnect(db);
  }
}

/** A fast answer about nothing would be no finding. */
function assertCounted(done: PayLinesState | null): void {
  if ((done?.affectedCells ?? 0) < MONTHS.length * 100 || done?.eventsRead === 0) {
    throw new Error(`from scratch, the worker works out ${done?.affectedCells ?? 0} months of employees`);
  }
}

async function change(bench: Bench, setting: Setting): Promise<Omit<Measured, 'events' | 'replay'>> {
  const { runs } = setting.options;
  const chance = new Chance(setting.options.seed, 17);
  const cell = await several(Math.max(LEAST_RUNS, runs), (run) => cellChanged(bench, chance, run));
  sayOf('cell', cell);
  const quarter = await several(Math.max(LEAST_QUARTERS, runs), (run) => quarterChanged(bench, chance, run));
  sayOf('quarter', quarter);
  const regulation: Timed[] = [];
  for (let run = 1; run <= runs; run += 1) regulation.push(await regulationChanged(bench, run));
  sayOf('regulation', regulation);
  const tookOf = (found: readonly Timed[]): PayLinesState => (found.at(-1) as Timed).took;
  return {
    ...{ cell: timesOf(cell), quarter: timesOf(quarter), regulation: timesOf(regulation) },
    took: { cell: tookOf(cell), quarter: tookOf(quarter), regulation: tookOf(regulation) },
  };
}

function timesOf(found: readonly Timed[]): number[] {
  return found.map(({ ms }) => ms);
}

function sayOf(changed: Changed, found: readonly Timed[]): void {
  say(`pay: ${NAMES[changed]}: ${Math.round(median(timesOf(found)))} ms`);
}

async function several(runs: number, once: (run: number) => Promise<Timed>): Promise<readonly Timed[]> {
  const found: Timed[] = [];
  for (let run = -WARM_UP_RUNS; run < runs; run += 1) {
    // Otherwise each would wait out the pause that the projector makes after the one before.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const timed = await once(run + WARM_UP_RUNS);
    if (run >= 0) found.push(timed);
  }
  return found;
}

const NAMES: Readonly<Record<Changed, string>> = {
  cell: 'one employee’s month replanned',
  quarter: 'a department’s quarter replanned',
  regulation: 'a regulation for everybody and all months',
};
const AIMS: Readonly<Record<Changed, NonNullable<Finding['aims']>>> = {
  cell: [
    { of: 'p95', kind: 'below', value: MOST_CELL_MS },
    { of: 'ratio', kind: 'below', value: MOST_SHARE_OF_REPLAY },
  ],
  quarter: [{ of: 'median', kind: 'below', value: MOST_QUARTER_MS }],
  regulation: [{ of: 'median', kind: 'below', value: MOST_REGULATION_MS }],
};
const COMMON = { measure: 'pay', unit: 'ms' } as const;

function findingsOf(found: Measured): Finding[] {
  const { events, replay, took } = found;
  const replayed = replay.scratch.map((ms) => replay.core + ms);
  const at = `${events} events`;
  return [
    { ...COMMON, what: `full replay: core and pay from scratch, ${at}`, summary: summarise(replayed) },
    { ...COMMON, what: `of it, pay from scratch, ${at}`, summary: summarise(replay.scratch) },
    ...CHANGED.map((changed): Finding => {
      const { affectedCells, rulesEvaluated, eventsRead } = took[changed];
      return {
        ...{ ...COMMON, what: `${NAMES[changed]}, ${at}`, summary: summarise(found[changed]), aims: AIMS[changed] },
        ratio: { to: 'full replay', value: median(found[changed]) / median(replayed) },
        note: `the last one: ${affectedCells} cells, ${rulesEvaluated} rules, ${eventsRead} facts read`,
      };
    }),
  ];
}

function growthOf(whole: Measured, tenth: Measured): Finding[] {
  return CHANGED.map((changed) => ({
    ...{ ...COMMON, what: `${NAMES[changed]}, ten times the log`, summary: summarise(whole[changed]) },
    ratio: { to: `a tenth of the log`, value: median(whole[changed]) / median(tenth[changed]) },
    aims: [{ of: 'ratio', kind: 'below', value: MOST_GROWTH } as const],
  }));
}
