import { periodBounds, rangeOf, startOfLocalDay } from '@voronka/kernel';
import { withSnapshot } from '@voronka/projections';
import {
  activity,
  conversion,
  deal,
  drill,
  funnel,
  funnelAnalysis,
  indicatorFigures,
  type InstantPeriod,
  projectionSets,
  type QueryContext,
  type SliceName,
  SLICES,
  winRate,
} from '@voronka/read-models';
import pg from 'pg';
import { Chance } from '../../../apps/cli/src/demo/chance.js';
import { progress } from '../../../apps/cli/src/output.js';
import type { Finding } from '../harness/finding.js';
import type { Setting } from '../harness/setting.js';
import { summarise } from '../harness/statistics.js';
import { ROUTE_MAP_ID, ZONE } from '../log/company.js';
import type { Measure } from './measure.js';
import { rebuildOnce } from './rebuild.js';

const LEAST_RUNS = 30;
const WARM_UP_RUNS = 5;
const MOST_MS = 150;
const MOST_INDICATORS_MS = 200;
const MOST_RATIO_TO_NOW = 3;
const MONTHS = 36;
/** Months that lie well before the old K: what they hold is much the same now as then. */
const OLD_MONTHS = 14;

export const queries: Measure = {
  name: 'queries',
  summary: 'figures over the whole log with varied periods and asOf, each at least thirty times',
  run: (setting) => setting.within(() => run(setting)),
};

/** What one run of a question asks. */
interface Asked {
  readonly context: QueryContext;
  readonly period: InstantPeriod;
  readonly chance: Chance;
  readonly run: number;
}

interface Question {
  readonly what: string;
  readonly ask: (asked: Asked) => Promise<unknown>;
  /** Milliseconds that 95 of 100 runs stay below. */
  readonly below?: number;
}

const routeMap = ROUTE_MAP_ID;
const steps = { fromStep: 'questionnaire', toStep: 'contract' } as const;

/** Cohort and flow in turns. */
function funnelOf({ run, period }: Asked) {
  return { routeMap, reach: 'touch', basis: run % 2 === 0 ? 'cohort' : 'flow', period } as const;
}

function questionsOf(deals: number): readonly Question[] {
  const dealId = (chance: Chance): string => `d-${String(chance.between(1, Math.ceil(deals * 0.6))).padStart(6, '0')}`;
  return [
    { what: 'funnel, total', below: MOST_MS, ask: (asked) => funnel(asked.context, funnelOf(asked)) },
    ...SLICES.map((slice) => ({
      what: `funnel by ${slice}`,
      below: MOST_MS,
      ask: (asked: Asked) => funnel(asked.context, { ...funnelOf(asked), slice }),
    })),
    {
      what: 'funnel by month',
      below: MOST_MS,
      ask: (asked) => funnel(asked.context, { ...funnelOf(asked), grain: 'month' }),
    },
    ...(['cohort', 'flow'] as const).map((kind) => ({
      what: `conversion, ${kind}`,
      ask: ({ context, period }: Asked) =>
        conversion(context, {
          routeMap,
          ...steps,
          kind,
          reach: 'touch',
          period,
          ...(kind === 'cohort' ? { horizonDays: 90 } : {}),
        }),
    })),
    {
      what: 'win rate by owner',
      ask: ({ context, period }) =>
        winRate(context, { routeMap, by: 'close', measure: 'value', period, slice: 'owner' }),
    },
    { what: 'activity by performer', ask: ({ context, period }) => activity(context, { routeMap, period }) },
    ...indicatorQuestions(),
    {
      what: 'funnel analysis of a month',
      ask: ({ context, chance }) => funnelAnalysis(context, { routeMap, period: monthOf(chance) }),
    },
    { what: 'one deal', ask: ({ context, chance }) => deal({ ...context }, dealId(chance)) },
    {
      what: 'drill into a funnel bar',
      ask: (asked) =>
        drill(asked.context, { figure: 'funnel', params: funnelOf(asked), step: 'proposal' }, {}, { limit: 100 }),
    },
  ];
}

const dimensions: readonly SliceName[] = ['employee', 'department', 'source'];

/** What was done and what came of it, in a month, by one dimension and by more. */
function indicatorsBy(dimensionCount: number, period: string) {
  return {
    indicators: ['first_contacts', 'calls', 'contracts_amount'],
    period,
    groupBy: dimensions.slice(0, dimensionCount),
  };
}

function nameOf(dimensionCount: number): string {
  return `indicators of a month by ${dimensionCount} dimension${dimensionCount === 1 ? '' : 's'}`;
}

function indicatorQuestions(): readonly Question[] {
  return dimensions.map((_, index) => ({
    what: nameOf(index + 1),
    below: MOST_INDICATORS_MS,
    ask: ({ context, chance }: Asked) => indicatorFigures(context, indicatorsBy(index + 1, monthOf(chance))),
  }));
}

/** The same month as of half of the log and as of now, in turns. */
async function oldAndNow(pool: pg.Pool, dimensionCount: number, runs: number): Promise<Finding[]> {
  const chance = new Chance(11, dimensionCount);
  const times = { old: [] as number[], now: [] as number[] };
  for (let run = -WARM_UP_RUNS; run < runs; run += 1) {
    const month = monthStart(chance.between(0, OLD_MONTHS)).slice(0, 7);
    for (const which of ['old', 'now'] as const) {
      const begun = performance.now();
      await withSnapshot(pool, 'core', async ({ client, k }) => {
        const context = { client, k: which === 'now' ? (k ?? 0n) : (k ?? 0n) / 2n, at: AT, zone: ZONE };
        await indicatorFigures(context, indicatorsBy(dimensionCount, month));
      });
      if (run >= 0) times[which].push(performance.now() - begun);
    }
  }
  const common = { measure: 'queries', unit: 'ms' } as const;
  const [old, now] = [summarise(times.old), summarise(times.now)];
  const ratio = { to: 'the same now', value: old.median / now.median };
  const aims = [{ of: 'ratio', kind: 'below', value: MOST_RATIO_TO_NOW } as const];
  return [
    { ...common, what: `${nameOf(dimensionCount)}, old months`, summary: now },
    { ...common, what: `${nameOf(dimensionCount)}, as of half the log`, summary: old, ratio, aims },
  ];
}

function monthOf(chance: Chance): string {
  return monthStart(chance.between(0, MONTHS - 1)).slice(0, 7);
}

async function run(setting: Setting): Promise<Finding[]> {
  const written = await setting.log(setting.options.events);
  const server = await setting.postgres(written);
  const node = await setting.node(written.directory);
  await rebuildOnce({ endpoint: node.endpoint, databaseUrl: server.url }, [projectionSets[0]?.name ?? 'core']);
  const pool = new pg.Pool({ connectionString: server.url, max: 2 });
  await assertCounted(pool, written.deals);
  const questions = questionsOf(written.deals);
  const shown = progress('asking');
  const findings: Finding[] = [];
  try {
    for (const [index, question] of questions.entries()) {
      const times = await timesOf(pool, question, Math.max(LEAST_RUNS, setting.options.runs));
      findings.push(findingOf(question, times));
      shown.update(index + 1, questions.length, question.what);
    }
    for (const index of dimensions.keys()) {
      findings.push(...(await oldAndNow(pool, index + 1, Math.max(LEAST_RUNS, setting.options.runs))));
    }
  } finally {
    shown.stop();
    await pool.end();
  }
  return findings;
}

/** A fast answer about nothing would be no finding: most deals come to the first bar. */
async function assertCounted(pool: pg.Pool, deals: number): Promise<void> {
  const { total } = await withSnapshot(pool, 'core', ({ client, k }) =>
    funnel({ client, k: k ?? 0n, at: AT, zone: ZONE }, { routeMap, reach: 'touch', basis: 'cohort' }),
  );
  const counted = total.bars[0]?.deals ?? 0;
  if (counted < deals / 2) throw new Error(`the funnel counts ${counted} of ${deals} deals`);
}

function findingOf({ what, below }: Question, times: readonly number[]): Finding {
  const aims = below === undefined ? [] : [{ of: 'p95', kind: 'below', value: below } as const];
  return { measure: 'queries', what, unit: 'ms', summary: summarise(times), aims };
}

/** Milliseconds of each run, the transaction around the question included. */
async function timesOf(pool: pg.Pool, question: Question, runs: number): Promise<number[]> {
  const chance = new Chance(7, question.what.length);
  const times: number[] = [];
  for (let run = -WARM_UP_RUNS; run < runs; run += 1) {
    const period = periodOfRun(chance);
    const begun = performance.now();
    await withSnapshot(pool, 'core', async ({ client, k }) => {
      const context = { client, k: asOfRun(chance, k ?? 0n), at: AT, zone: ZONE };
      await question.ask({ context, period, chance, run: Math.abs(run) });
    });
    if (run >= 0) times.push(performance.now() - begun);
  }
  return times;
}

const AT = startOfLocalDay('2026-01-09', ZONE);

/** Half of all questions ask about now, the others about some moment in the last third of the log. */
function asOfRun(chance: Chance, k: bigint): bigint {
  return chance.happens(0.5) ? k : (k * BigInt(chance.between(66, 100))) / 100n;
}

/** A month, a quarter, a year, or all three years. */
function periodOfRun(chance: Chance): InstantPeriod {
  const months = chance.pick([1, 3, 12, MONTHS]);
  const first = months === MONTHS ? 0 : chance.between(0, MONTHS - months);
  return periodBounds(rangeOf(monthStart(first), monthStart(first + months)), ZONE);
}

function monthStart(month: number): string {
  const year = 2023 + Math.floor(month / 12);
  return `${year}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
