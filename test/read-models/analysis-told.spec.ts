import { type AnalysisAnswer, type AnalysisParams, funnelAnalysis } from '@voronka/read-models';
import type { DealLog } from '../../libs/read-models/src/core/testing/deal-log.js';
import { byValue, questions } from './support/indicator-questions.js';
import { type ReadDatabase, startReadDatabase } from './support/read-database.js';
import { company, readTables } from './support/told-company.js';

// Bugs of the analysis of a funnel, each told by the log.

let database: ReadDatabase;
beforeAll(async () => {
  database = await startReadDatabase();
}, 60_000);
afterAll(() => database.close());

const { define, ask } = questions(() => database);
const owner = { credit: { by: 'owner' } };

async function analysed(log: DealLog, over: Partial<AnalysisParams> = {}): Promise<AnalysisAnswer> {
  const context = { ...(await readTables(database, log)), at: '2009-09-20T12:00:00.000Z' };
  const params = { routeMap: 'sale', period: '2009-08', horizonDays: 10, minimumSample: 2 };
  return await funnelAnalysis(context, { ...params, ...over });
}

function opened(log: DealLog, dealId: string, done: Readonly<Record<string, string>>, ownerId = 'anna'): void {
  log.dealId = dealId;
  log.opened('2009-08-01', ownerId);
  for (const [step, on] of Object.entries(done)) log.done(step, on);
}

/** Of three deals, each at the proposal since 5 August, one was won, one was lost, and one went back to the contact. */
function threeEnds(): DealLog {
  const log = company();
  const done = { contact: '2009-08-03', proposal: '2009-08-05' };
  opened(log, 'won', done);
  log.signed(700, '2009-08-10');
  opened(log, 'lost', done);
  log.lost('2009-08-10');
  opened(log, 'back', done);
  log.returned('contact', '2009-08-10');
  return log;
}

describe('bug: the exits of the analysis were not those of the indicator', () => {
  it('both divide by the stays that ended forward, back or lost; a win is counted apart', async () => {
    const { bars } = await analysed(threeEnds());
    const exits = bars.find(({ step }) => step === 'proposal')?.exits;
    expect(exits).toMatchObject({
      forward: { numerator: 0, denominator: 2 },
      back: { numerator: 1, denominator: 2, percent: '50.00' },
      lost: { numerator: 1, denominator: 2 },
      won: 1,
    });
    const from = { step: 'proposal' };
    const filters = { routeMaps: ['sale'] };
    await define('exits', { measure: 'conversion', conversion: 'exit', from, unit: 'percent', filters, ...owner });
    const { forward } = exits ?? {};
    const figure = (await ask(['exits'])).total.figures['exits'];
    expect(figure).toMatchObject({ numerator: forward?.numerator, denominator: forward?.denominator });
  });
});

describe('bug: the conversion behind a potential and its sample were not shown', () => {
  it('whose it is, how much it is, and how many deals it rests on', async () => {
    const log = threeEnds();
    opened(log, 'of-boris', { contact: '2009-08-03', proposal: '2009-08-05' }, 'boris');
    const filters = { owner: ['boris'] };
    const { bars } = await analysed(log, { filters });
    expect(bars.find(({ step }) => step === 'proposal')).toMatchObject({
      toWin: { numerator: 0, denominator: 1, small: true },
      potentialOf: 'company',
      potentialConversion: { numerator: 1, denominator: 4, percent: '25.00', small: false },
      potentialKopecks: 225,
    });
  });

  it('the forecast goes by the same one, though no sample at all is asked for', async () => {
    const log = threeEnds();
    opened(log, 'of-boris', { contact: '2009-09-14' }, 'boris');
    const over = { minimumSample: 0, period: '2009-09', filters: { owner: ['boris'] } };
    const { bars, forecast } = await analysed(log, over);
    expect(bars[0]).toMatchObject({ potentialOf: 'company', potentialConversion: { numerator: 1, denominator: 3 } });
    expect([forecast.expected, forecast.expectedKopecks, forecast.unknown]).toEqual([1, 300, 0]);
  });
});

describe('bug: deals at no bar were in the potential and in no row', () => {
  it('the rows add up to what is open and to the potential', async () => {
    const log = threeEnds();
    log.published(2);
    opened(log, 'new', {});
    // The second version ranks the questionnaire no more.
    opened(log, 'old', { contact: '2009-08-03', questionnaire: '2009-08-04' });
    const { bars, offBars, potentialKopecks, ageing } = await analysed(log);
    expect(offBars).toMatchObject([
      { step: null, standing: { deals: 1, expectedKopecks: 900 }, potentialConversion: { denominator: 5 } },
      { step: 'questionnaire', standing: { deals: 1 }, potentialConversion: { numerator: 0, denominator: 1 } },
    ]);
    const rows = [...offBars, ...bars];
    const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((all, row) => all + of(row), 0);
    expect(sum(({ standing }) => standing.deals)).toBe(ageing.reduce((all, { deals }) => all + deals, 0));
    expect(sum(({ potentialKopecks: worth }) => worth ?? 0)).toBe(potentialKopecks);
  });

  it('before the first bar has a row of zero, too', async () => {
    const nobody = { deals: 0, withoutAmount: 0, expectedKopecks: 0 };
    expect((await analysed(threeEnds())).offBars).toMatchObject([{ step: null, standing: nobody }]);
  });
});

describe('bug: the median to the win and the sales velocity were shown without their samples', () => {
  it('each says what it was taken from', async () => {
    const { bars, velocitySample } = await analysed(threeEnds());
    expect(bars.map(({ step, medianHoursToWinSample: sample }) => [step, sample.size, sample.small])).toEqual([
      ['contact', 1, true],
      ['questionnaire', 0, true],
      ['proposal', 1, true],
      ['contract', 0, true],
    ]);
    expect(velocitySample).toEqual({ size: 1, small: true, open: 1, closed: 2 });
  });
});

describe('bug: nothing told where deals went back to', () => {
  /** Two went back from the proposal to the contact, one from there to a step that is no bar, one before any bar. */
  function gone(): DealLog {
    const log = company();
    const done = { contact: '2009-08-03', questionnaire: '2009-08-04', analysis: '2009-08-05', proposal: '2009-08-06' };
    for (const id of ['a', 'b']) {
      opened(log, id, done);
      log.returned('contact', '2009-08-10');
    }
    opened(log, 'c', done);
    log.returned('analysis', '2009-08-06');
    opened(log, 'd', {}, 'boris');
    log.returned('contact', '2009-08-10');
    return log;
  }

  it('the analysis counts each return once: from the bar the deal stood at, to the step', async () => {
    const { returns } = await analysed(gone());
    expect(returns).toEqual([
      { step: 'proposal', to: 'contact', returns: 2 },
      { step: null, to: 'contact', returns: 1 },
      { step: 'proposal', to: 'analysis', returns: 1 },
    ]);
    expect((await analysed(gone(), { filters: { owner: ['boris'] } })).returns).toHaveLength(1);
    expect((await analysed(gone(), { period: '2009-07' })).returns).toEqual([]);
  });

  it('the indicator of returns is cut by the step gone back to', async () => {
    await readTables(database, gone());
    await define('returned', { measure: 'deals', event: 'returned', ...owner });
    const answer = await ask(['returned'], { groupBy: ['step'] });
    expect(byValue(answer, 'returned')).toEqual([
      ['analysis', 1],
      ['contact', 3],
      ['contract', 0],
      ['proposal', 0],
      ['questionnaire', 0],
    ]);
    expect(answer.total.figures).toMatchObject({ returned: { value: 4 } });
  });
});
