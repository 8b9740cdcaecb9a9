import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEventStoreNode } from '@voronka/eventstore-node';
import { validateBody } from '@voronka/kernel';
import { DefineIndicator } from '@voronka/pay';
import { createProjector, dumpSet, waitFor, withSnapshot } from '@voronka/projections';
import {
  activity,
  type ActivityRow,
  conformance,
  conversion,
  funnel,
  indicatorFigures,
  overview,
  projectionSets,
  type QueryContext,
  stepActivity,
  winRate,
} from '@voronka/read-models';
import { openStores, systemClock } from '@voronka/runtime';
import { type ImportSummary, loadMapping, runImport } from '../../apps/cli/src/import/index.js';
import { startTestPostgres } from '../../libs/embedded/postgres/src/test-postgres.js';
import { dealsAndMap, deviationsBy } from './deviations-of-log.js';
import { type Naive, naiveBpic, stepsIn } from './naive-bpic.js';
import { firstCases, lineOf, strictMapping } from './strict-sample.js';

const root = path.resolve(import.meta.dirname, '../..');
const data = process.env['VORONKA_TEST_DATA'] ?? path.join(root, '../shared/data');
const MINUTES = 60_000;

/** A house of its own with one source imported, by a mapping of the examples or of another place; figures are those at T. */
async function imported(mappingFile: string, source: string, at: string) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'real-'));
  const node = await startEventStoreNode({ directory });
  const postgres = await startTestPostgres();
  const endpoints = { eventStore: node.endpoint, databaseUrl: postgres.url };
  const stores = await openStores({ endpoints, masterKey: randomBytes(32), isSoleWriter: () => true });
  const mapping = await loadMapping(path.resolve(root, 'docs/examples', mappingFile));
  const take = (): Promise<ImportSummary> =>
    runImport({ mapping, files: [path.resolve(data, source)], handle: stores.handle, clock: systemClock });
  const first = await take();
  const projector = createProjector({ database: postgres.url, log: stores.log, sets: projectionSets });
  await projector.start();
  for (const set of projectionSets) await waitFor(stores.pool, set.name, first.position ?? 0n, 5 * MINUTES);
  return {
    first,
    take,
    log: stores.log,
    define: async (code: string, definition: object): Promise<void> => {
      const { position } = await stores.handle({
        ...{
          category: 'indicator',
          id: code,
          type: 'DefineIndicator',
          body: validateBody(DefineIndicator, definition),
        },
        ...{ actor: 'test', commandId: `define ${code}`, person: null, roles: ['admin'] },
      });
      await waitFor(stores.pool, 'core', position, MINUTES);
    },
    ask: <T>(work: (context: QueryContext) => Promise<T>): Promise<T> =>
      withSnapshot(stores.pool, 'core', ({ client, k }) =>
        work({ client, k: k ?? 0n, at, zone: mapping.company.zone }),
      ),
    dumps: () => Promise.all(projectionSets.map((set) => dumpSet(stores.pool, set))),
    rebuild: async () => {
      for (const set of projectionSets) await projector.rebuild(set.name, { mode: 'new' });
    },
    end: () => stores.log.end(),
    stop: async () => {
      await projector.stop();
      await stores.close();
      await postgres.stop();
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type House = Awaited<ReturnType<typeof imported>>;

/** Done activities by the kind of their performer. */
function doneBy(rows: readonly ActivityRow[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { slices, done } of rows) {
    const kind = slices[0]?.kind ?? 'none';
    sums[kind] = (sums[kind] ?? 0) + done;
  }
  return sums;
}

function holdsWhatItTook(house: () => House): void {
  it('changes nothing when it is imported again', async () => {
    const before = await house().end();
    expect((await house().take()).appended).toBe(0);
    expect(await house().end()).toBe(before);
  });

  it('gives the same tables when they are rebuilt', async () => {
    const before = await house().dumps();
    await house().rebuild();
    const after = await house().dumps();
    // Not toEqual: a difference of a hundred megabytes is not to be printed.
    expect(after.map((dump, index) => dump === before[index])).toEqual(before.map(() => true));
  });
}

const bpic = 'bpic2012/BPI_Challenge_2012.xes.gz';
const maven = 'maven-crm/sales_pipeline.csv';

function whereIs(file: string): typeof describe {
  if (existsSync(path.join(data, file))) return describe;
  process.stderr.write(`skipped: ${file} is not in the data folder (VORONKA_TEST_DATA names another)\n`);
  return describe.skip;
}

whereIs(bpic)('BPI Challenge 2012', () => {
  let house: House;
  beforeAll(async () => {
    house = await imported('bpic2012.yaml', bpic, '2012-03-15T00:00:00.000Z');
  }, 20 * MINUTES);
  afterAll(() => house.stop());

  it('has its deals, amounts and outcomes', async () => {
    const totals = await house.ask((context) => overview(context));
    expect(totals).toMatchObject({ deals: 13_087, expectedKopecks: 17_763_451_100, signedKopecks: 3_529_033_800 });
    expect(totals.byStatus.map(({ status, deals }) => [status, deals])).toEqual([
      ['open', 399],
      ['won', 2_246],
      ['lost', 10_442],
    ]);
    const losses = Object.fromEntries(totals.losses.map(({ reason, deals }) => [reason, deals]));
    expect(losses).toEqual({ declined: 7_635, cancelled: 2_807 });
  });

  it('has its touch funnel', async () => {
    const { total } = await house.ask((context) =>
      funnel(context, { routeMap: 'loan', reach: 'touch', basis: 'flow' }),
    );
    expect(total.bars.map(({ deals }) => deals)).toEqual([13_087, 7_367, 5_113, 5_015, 3_254, 2_246]);
  });

  it('has its win rate', async () => {
    const { total } = await house.ask((context) => winRate(context, { by: 'close', measure: 'count' }));
    expect(total.won.deals).toBe(2_246);
    expect(total.won.deals + total.lost.deals).toBe(12_688);
  });

  it('has its conversions of October 2011', async () => {
    const october = { from: '2011-09-30T22:00:00.000Z', to: '2011-10-31T23:00:00.000Z' };
    const common = { routeMap: 'loan', fromStep: 'A_SUBMITTED', toStep: 'A_APPROVED', reach: 'touch' } as const;
    const cohort = await house.ask((context) => conversion(context, { ...common, kind: 'cohort', period: october }));
    expect(cohort.total).toMatchObject({ numerator: 500, denominator: 2_393, percent: '20.89' });
    const flow = await house.ask((context) => conversion(context, { ...common, kind: 'flow', period: october }));
    expect(flow.total.percent).toBe('9.49');
  });

  it('has its calls about offers, by people and by nobody known', async () => {
    const calls = await house.ask((context) =>
      activity(context, { topics: ['Nabellen offertes'], groupBy: ['performer'] }),
    );
    expect(calls.total.done).toBe(22_976);
    const by = doneBy(calls.rows);
    expect([by['person'], by['none'], by['robot'] ?? 0]).toEqual([19_766, 3_210, 0]);
  });

  it('keeps the robot apart from people', async () => {
    const { rows } = await house.ask((context) => stepActivity(context, { routeMap: 'loan', groupBy: ['performer'] }));
    const done = (step: string, kind: string): number =>
      rows
        .filter(({ slices }) => slices[0]?.kind === kind)
        .reduce((sum, { steps }) => sum + (steps.find((cell) => cell.step === step)?.done ?? 0), 0);
    expect([done('A_SUBMITTED', 'robot'), done('A_SUBMITTED', 'person')]).toEqual([13_087, 0]);
    expect([done('A_APPROVED', 'person'), done('A_APPROVED', 'robot')]).toEqual([2_243, 3]);
  });

  describe('beside a naive telling straight from the file', () => {
    const steps = stepsIn(path.join(root, 'docs/examples/bpic2012.yaml'));
    // Nobody ever left the example's map but by repetition: on a line of mandatory steps there is more to find.
    const maps = [steps, lineOf(steps)];
    let naive: Naive;
    beforeAll(async () => {
      naive = await naiveBpic(path.join(data, bpic), maps);
    }, 5 * MINUTES);

    it('has its times in stay', async () => {
      const bars = steps.flatMap(({ code, funnelRank }) => (funnelRank === undefined ? [] : [code]));
      expect(Object.keys(naive.stays).toSorted()).toEqual(bars.toSorted());
      for (const bar of bars) {
        for (const statistic of ['median', 'p90'] as const) {
          const code = `stay-${bar}-${statistic}`.toLowerCase().replaceAll('_', '-');
          await house.define(code, stayIn(bar, statistic));
          const figures = await house.ask((context) =>
            indicatorFigures(context, { indicators: [code], results: false, period: '2011..2012' }),
          );
          const { value, sample } = figures.total.figures[code] ?? {};
          const { ended, [statistic]: hours } = naive.stays[bar] ?? { ended: 0, median: '', p90: '' };
          expect([bar, statistic, value, sample?.size]).toEqual([bar, statistic, hours, ended]);
        }
      }
    });

    it('has its deviations, by kind and step', async () => {
      const { deals, map } = await dealsAndMap(house.log, 'loan');
      expect(deals.length).toBe(naive.cases);
      maps.forEach((own, index) => {
        const document = { ...map, steps: map.steps.map((step, at) => ({ ...step, ...own[at] })) };
        expect(deviationsBy(deals, document)).toEqual(naive.deviations[index]);
      });
      const kinds = new Set(naive.deviations.flatMap((counts) => Object.keys(counts)).map((key) => key.split(' ')[0]));
      expect(kinds).toEqual(new Set(['repeated', 'wrongOrder', 'skipped']));
    });

    it('has them in the answer about conformance, too', async () => {
      expect(await answeredDeviations(house)).toEqual(naive.deviations[0]);
    });
  });

  holdsWhatItTook(() => house);
});

/** Deviations in the answer about conformance, by kind and step. */
async function answeredDeviations(house: House): Promise<Record<string, number>> {
  const { rows } = await house.ask((context) => conformance(context, { routeMap: 'loan' }));
  const counts: Record<string, number> = {};
  for (const { kind, step, deviations } of rows) {
    counts[`${kind} ${step}`] = (counts[`${kind} ${step}`] ?? 0) + deviations;
  }
  return counts;
}

whereIs(bpic)('cases of BPI Challenge 2012 on a map that is a line of mandatory steps', () => {
  const CASES = 500;
  let [directory, sample] = ['', ''];
  let house: House;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'strict-'));
    sample = await firstCases(path.join(data, bpic), CASES, directory);
    const mapping = strictMapping(path.join(root, 'docs/examples/bpic2012.yaml'), directory);
    house = await imported(mapping, sample, '2012-03-15T00:00:00.000Z');
  }, 5 * MINUTES);
  afterAll(async () => {
    await house.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('are answered with every deviation that a naive telling of the file finds: wrong order, skipped and repeated', async () => {
    const naive = await naiveBpic(sample, [lineOf(stepsIn(path.join(root, 'docs/examples/bpic2012.yaml')))]);
    expect([naive.cases, house.first.deals]).toEqual([CASES, CASES]);
    const told = await answeredDeviations(house);
    expect(told).toEqual(naive.deviations[0]);
    const kinds = new Set(Object.keys(told).map((key) => key.split(' ')[0]));
    expect(kinds).toEqual(new Set(['repeated', 'wrongOrder', 'skipped']));
  });
});

/** Hours that deals stayed in a bar of the example's map. */
function stayIn(step: string, statistic: 'median' | 'p90'): object {
  const text = { ru: 'Время на шаге', en: 'Time in stay' };
  return {
    ...{ name: text, description: text, better: 'lower', filters: { routeMaps: ['loan'] } },
    ...{ measure: 'time', time: 'stay', at: { step }, statistic, hours: 'calendar' },
  };
}

whereIs(maven)('the table of opportunities', () => {
  let house: House;
  beforeAll(async () => {
    house = await imported('maven-crm.yaml', maven, '2018-01-01T12:00:00.000Z');
  }, 20 * MINUTES);
  afterAll(() => house.stop());

  it('has its deals and amounts', async () => {
    const totals = await house.ask((context) => overview(context));
    expect(totals).toMatchObject({ deals: 8_800, signedKopecks: 1_000_553_400 });
    const byStatus = Object.fromEntries(totals.byStatus.map(({ status, deals }) => [status, deals]));
    expect(byStatus).toEqual({ open: 2_089, won: 4_238, lost: 2_473 });
  });

  it('has its open deals by the bar they stand at', async () => {
    const { total } = await house.ask((context) =>
      funnel(context, { routeMap: 'opportunity', reach: 'touch', basis: 'flow' }),
    );
    const [prospecting = 0, engaging = 0] = total.bars.map(({ deals }) => deals);
    expect([prospecting - engaging, engaging - 4_238 - 2_473]).toEqual([500, 1_589]);
  });

  it('has thirty agents with deals and five rows of zero', async () => {
    const { rows } = await house.ask((context) =>
      funnel(context, { routeMap: 'opportunity', reach: 'touch', basis: 'cohort', slice: 'owner' }),
    );
    const entered = rows.map(({ bars }) => bars[0]?.deals ?? 0);
    expect([entered.filter((deals) => deals > 0).length, entered.filter((deals) => deals === 0).length]).toEqual([
      30, 5,
    ]);
    expect(entered.reduce((sum, deals) => sum + deals, 0)).toBe(8_800);
  });

  it('has its best agent', async () => {
    const { rows } = await house.ask((context) => winRate(context, { by: 'close', measure: 'value', slice: 'owner' }));
    const best = rows.toSorted((a, b) => b.won.amountKopecks - a.won.amountKopecks)[0];
    expect([best?.slices[0]?.label, best?.won.amountKopecks]).toEqual(['Darcel Schlecht', 115_321_400]);
  });

  holdsWhatItTook(() => house);
});
