import { DomainError, msToInstant, parsePeriod, periodBounds, type Recorded } from '@voronka/kernel';
import { indicatorCatalogue } from '@voronka/pay';
import { withSnapshot } from '@voronka/projections';
import { activity, funnel, type FunnelRow, indicatorFigures, type QueryContext, winRate } from '@voronka/read-models';
import fc from 'fast-check';
import { type Department, startDepartment, ZONE } from './department.js';
import { activitiesBy, cohortCounts, type Exported, exportedEvents, missingWhenSigned } from './naive-recount.js';
import { moneyProofs, sharedIndicators } from './money-proofs.js';
import { anyPlay, play, type Played } from './random-plays.js';
import { answered, questionsAbout, serviceQuestions } from './questions.js';
import { timeIndicators, timesProofs } from './times-proofs.js';

/** How much is tried. */
export interface Effort {
  /** Random maps, each with random commands on three deals. */
  readonly plays: number;
  /** Positions at which the log is cut. */
  readonly cuts: number;
  readonly seed: number;
}

const countable = [...indicatorCatalogue.map(({ code }) => code), ...sharedIndicators.map(({ id }) => id)];
const ALWAYS = { from: '2000-01-01T00:00:00.000Z', to: '2100-01-01T00:00:00.000Z' };

/**
 * Random maps and commands through the command handler, the store and the projector; then the figures against the
 * events as the store's client exports them, and against read models of a log that was cut.
 */
export function figuresProofs({ plays, cuts, seed }: Effort): void {
  let department: Department;
  let played: readonly Played[];
  let events: readonly Exported[];
  let recorded: readonly Recorded[];
  let at: string;

  beforeAll(async () => {
    department = await startDepartment();
    for (const told of [...timeIndicators, ...sharedIndicators]) expect(await department.send(told)).toBeNull();
    const done: Played[] = [];
    for (const one of fc.sample(anyPlay, { numRuns: plays, seed })) done.push(await play(department, one));
    played = done;
    department.clock.ms += 3_600_000;
    at = msToInstant(department.clock.ms);
    await department.caughtUp();
    events = await exportedEvents(department.endpoint);
    recorded = await department.recorded();
  }, 600_000);
  afterAll(() => department.stop(), 60_000);

  const askingOf =
    (purpose: 'sale' | 'service') =>
    <T>(work: (context: QueryContext) => Promise<T>): Promise<T> =>
      withSnapshot(
        department.stores.pool,
        'core',
        ({ client, k }) => work({ client, k: k ?? 0n, at, zone: ZONE, purpose }),
        purpose === 'service' ? 'service' : null,
      );
  const asking = askingOf('sale');
  const maps = (): readonly string[] => played.map(({ routeMap }) => routeMap);
  const serviceMaps = (): readonly string[] => played.map(({ serviceMap }) => serviceMap);
  /** Maps with how the deals, or the service cases, on them are asked about. */
  const everyMap = () => [
    ...maps().map((routeMap) => ({ routeMap, asking })),
    ...serviceMaps().map((routeMap) => ({ routeMap, asking: askingOf('service') })),
  ];

  it.each([
    ['deal is signed', maps, plays / 2],
    ['service case is completed', serviceMaps, plays / 4],
  ])('no %s while a mandatory step that may belong to its way is missing', (_what, chosen, least) => {
    const found = chosen().map((routeMap) => missingWhenSigned(events, routeMap));
    expect(found.flatMap(({ missing }) => missing)).toEqual([]);
    expect(found.reduce((sum, { signed }) => sum + signed, 0)).toBeGreaterThan(least);
    expect(found.some(({ branches }) => branches > 0)).toBe(true);
    expect(found.some(({ moved }) => moved > 0)).toBe(true);
  });

  it('everything that is tried is done now and then', () => {
    const types = new Set(recorded.map(({ type }) => type));
    for (const type of TRIED) expect([type, types.has(type)]).toEqual([type, true]);
  });

  it('a refused command appends nothing', () => {
    expect(played.flatMap(({ grownByRefusals }) => grownByRefusals)).toEqual([]);
    expect(new Set(played.flatMap(({ refused }) => refused)).size).toBeGreaterThan(10);
    expect(played.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(plays * 10);
  });

  it('cohorts count the deals that a naive recount of the exported events counts', async () => {
    let counted = 0;
    for (const { routeMap, asking: askingIt } of everyMap()) {
      for (const reach of ['touch', 'implied'] as const) {
        for (const T of [at, middleOf(events, routeMap)]) {
          const ask = (slice?: 'owner') =>
            askingIt((context) => funnel({ ...context, at: T }, { routeMap, reach, basis: 'cohort', slice }));
          const cohort = { reach, ...ALWAYS, at: T };
          const { total } = await ask();
          expect(barsOf(total)).toEqual(cohortCounts(events, routeMap, cohort));
          counted += barsOf(total)[0] ?? 0;
          for (const row of (await ask('owner')).rows) {
            const owner = row.slices[0]?.value ?? '';
            expect([owner, barsOf(row)]).toEqual([owner, cohortCounts(events, routeMap, { ...cohort, owner })]);
          }
        }
      }
    }
    expect(counted).toBeGreaterThan(plays);
  });

  it('so they do month by month', async () => {
    for (const { routeMap, asking: askingIt } of everyMap()) {
      const { totals } = await askingIt((context) =>
        funnel(context, { routeMap, reach: 'touch', basis: 'cohort', grain: 'month' }),
      );
      for (const row of totals) {
        const { from, to } = periodBounds(parsePeriod(row.bucket ?? ''), ZONE);
        expect(barsOf(row)).toEqual(cohortCounts(events, routeMap, { reach: 'touch', from, to, at }));
      }
    }
  });

  it('implied bars of a cohort on one version never grow, and touch is never above implied, in any row', async () => {
    for (const { routeMap, asking: askingIt, version } of everyMap().flatMap((map) =>
      [1, 2].map((one) => ({ ...map, version: one })),
    )) {
      for (const slice of [
        'owner',
        'performer',
        'segment',
        'source',
        'department',
        'portrait:size',
        undefined,
      ] as const) {
        const ask = (reach: 'touch' | 'implied') =>
          askingIt((context) => funnel(context, { routeMap, version, reach, basis: 'cohort', slice }));
        const implied = await ask('implied');
        for (const row of [...implied.rows, implied.total]) {
          const bars = barsOf(row);
          expect(bars).toEqual(bars.toSorted((a, b) => b - a));
        }
        if (slice !== undefined) continue;
        expect(barsOf(implied.total)).toEqual(
          cohortCounts(events, routeMap, { reach: 'implied', ...ALWAYS, at, version }),
        );
        const touch = await ask('touch');
        barsOf(touch.total).forEach((deals, bar) => {
          expect(deals).toBeLessThanOrEqual(barsOf(implied.total)[bar] ?? 0);
        });
      }
    }
  });

  it('activities are those of the exported events, by performer', async () => {
    for (const { routeMap, asking: askingIt } of everyMap()) {
      const { rows } = await askingIt((context) => activity(context, { routeMap, groupBy: ['performer'] }));
      const shown = rows.filter(({ done }) => done > 0).map(({ slices, done }) => [slices[0]?.value ?? null, done]);
      expect(new Map(shown as [string | null, number][])).toEqual(
        activitiesBy(events, routeMap, { ...ALWAYS, to: at }),
      );
    }
  });

  describe('of deals', () => {
    timesProofs(() => ({ department, events, maps: maps(), at, asking }));
  });
  describe('of service cases', () => {
    timesProofs(() => ({ department, events, maps: serviceMaps(), at, asking: askingOf('service') }));
  });

  moneyProofs(() => ({ events, asking, at }));

  it('slices that add up do add up to the total', async () => {
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    for (const slice of ADDITIVE) {
      const worked = await asking((context) => activity(context, { groupBy: [slice] }));
      expect([slice, worked.additive, sum(worked.rows.map(({ done }) => done))]).toEqual([
        slice,
        true,
        worked.total.done,
      ]);
      const closed = await asking((context) => winRate(context, { by: 'close', measure: 'value', slice }));
      for (const side of ['won', 'lost'] as const) {
        expect(sum(closed.rows.map((row) => row[side].deals))).toBe(closed.total[side].deals);
        expect(sum(closed.rows.map((row) => row[side].amountKopecks))).toBe(closed.total[side].amountKopecks);
      }
      for (const routeMap of maps()) {
        const flow = await asking((context) => funnel(context, { routeMap, reach: 'implied', basis: 'flow', slice }));
        const sums = barsOf(flow.total).map((_none, bar) => sum(flow.rows.map((row) => barsOf(row)[bar] ?? 0)));
        expect(sums).toEqual(barsOf(flow.total));
      }
    }
  });

  it('indicators that add up do so by one, two and three dimensions', async () => {
    let added = 0;
    for (const code of countable) {
      for (const groupBy of [
        ['employee'],
        ['employee', 'source'],
        ['employee', 'department', 'portrait:size'],
      ] as const) {
        const params = { indicators: [code], results: false, period: `2009..${Number(at.slice(0, 4)) + 1}`, groupBy };
        const answer = await asking((context) => indicatorFigures(context, params)).catch(notOfIt);
        if (answer === null || !answer.additive) continue;
        // Counts by shares have four places.
        const parts = (value: string | number | null | undefined): number => Math.round(Number(value ?? 0) * 10_000);
        const whole = parts(answer.total.figures[code]?.value);
        const values = answer.rows.map(({ figures }) => parts(figures[code]?.value));
        expect([code, groupBy, values.reduce((sum, value) => sum + value, 0)]).toEqual([code, groupBy, whole]);
        if (whole > 0) added += 1;
      }
    }
    expect(added).toBeGreaterThan(20);
  });

  it('the answer as of K is the answer of a log cut at K, for every query', async () => {
    const { stores } = department;
    let answers = 0;
    for (const { position, routeMap, year } of momentsOf(recorded, { cuts, seed })) {
      const cut = await department.cutAt(recorded, position);
      const questions = [...questionsAbout(routeMap, year, countable), ...serviceQuestions(`${routeMap}-care`, year)];
      for (const question of questions) {
        const asked = { k: position, at };
        const now = await answered(question, { ...stores, ...asked });
        const before = await answered(question, { ...cut, ...asked });
        expect({ question, answer: now }).toEqual({ question, answer: before });
        if (!isRefused(now)) answers += 1;
      }
    }
    expect(answers).toBeGreaterThan(cuts * 100);
  }, 240_000);
}

/** What of all that is tried has to be met with in the log: events that are seldom. */
const TRIED = [
  ...['DealMigrated', 'DealRevised', 'CreditShared', 'ContractAmended', 'ContractTerminated', 'ContractVoided'],
  ...['PaymentReversed', 'StepCorrected', 'ServiceCaseMigrated', 'ServiceCaseClosed'],
  ...['ServiceCaseReturned', 'ServiceCaseReopened', 'ServiceCaseReassigned'],
];

const ADDITIVE = ['owner', 'performer', 'department', 'segment', 'source', 'routeMapVersion', 'portrait:size'] as const;

/** An indicator that is not cut by that, or that no table holds the facts of yet. */
function notOfIt(error: unknown): null {
  const codes = ['SLICE_NOT_OF_INDICATOR', 'INDICATOR_NOT_COUNTABLE'];
  if (error instanceof DomainError && codes.includes(error.code)) return null;
  throw error;
}

function barsOf({ bars }: FunnelRow): readonly number[] {
  return bars.map(({ deals }) => deals);
}

/** An instant in the middle of what happened to the deals on a map. */
function middleOf(events: readonly Exported[], routeMap: string): string {
  const own = events.filter(({ stream }) => stream.includes(`-${routeMap}-d`)).map(({ occurredAt }) => occurredAt);
  return own.toSorted()[Math.floor(own.length / 2)] ?? ALWAYS.to;
}

interface Moment {
  readonly position: bigint;
  /** The map that deals were worked on then. */
  readonly routeMap: string;
  /** Key of the year it was then. */
  readonly year: string;
}

/** Some moments of the log in the middle of the work on a deal, spread over all of it. */
function momentsOf(recorded: readonly Recorded[], { cuts, seed }: Pick<Effort, 'cuts' | 'seed'>): readonly Moment[] {
  const worked = recorded.filter(({ stream }) => stream.startsWith('deal-'));
  const places = fc.sample(fc.nat(worked.length - 1), { numRuns: cuts, seed });
  return places.flatMap((place) => {
    const event = worked[place];
    if (event === undefined) return [];
    const routeMap = event.stream.slice('deal-'.length, event.stream.lastIndexOf('-'));
    return [{ position: event.position, routeMap, year: event.metadata.occurredAt.slice(0, 4) }];
  });
}

function isRefused(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'refused' in answer;
}
