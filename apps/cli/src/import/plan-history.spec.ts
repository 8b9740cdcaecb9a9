import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCsvEvents } from './csv-reader.js';
import { parseMapping } from './mapping.js';
import { type Named, type Plan, planHistory } from './plan-history.js';
import type { SourceCase } from './source.js';
import { readXes } from './xes-reader.js';

const NOW = '2012-01-01T00:00:00.000Z';

const common = (fields: { id: string; at: string; what: string; who: string }, head: string) => `
id: twin
${head}
company: { name: Small trade, zone: Europe/Samara, currency: RUB }
routeMapId: sale
employedSince: '2009-01-01'
time: { field: '${fields.at}' }
deal:
  id: { field: '${fields.id}' }
  openedAt: { field: '${fields.at}' }
  amount: { field: sum, default: '10' }
performer:
  field: '${fields.who}'
  aliases: { A. Ivanova: Ivanova }
  robots: [Robot]
  department: Sales
  position: Manager
routeMap:
  name: Sale
  purpose: sale
  stages: [{ code: all, name: All }]
  lossReasons: [{ code: price, name: Too dear, countsAsLoss: true }]
  steps:
    - { code: asked, name: Asked, stage: all, kind: contact, funnelRank: 1, mandatory: true, after: [], roles: [], form: [] }
    - { code: bought, name: Bought, stage: all, kind: contract, funnelRank: 2, mandatory: true, after: [asked], roles: [], form: [] }
rules:
  - { when: { ${fields.what}: asked }, facts: [{ step: asked }] }
  - { when: { ${fields.what}: call }, facts: [{ activity: { kind: call, topic: Offer } }] }
  - { when: { ${fields.what}: bought }, facts: [{ step: bought }, { contract: { field: sum } }] }
  - { when: { ${fields.what}: refused }, facts: [{ lost: price }] }
  - { when: { ${fields.what}: noise }, ignore: not our work }
`;
const csv = parseMapping(
  common({ id: 'deal', at: 'at', what: 'what', who: 'who' }, 'format: csv\ncaseColumn: deal'),
  'csv.yaml',
);
const xes = parseMapping(
  common({ id: 'case:concept:name', at: 'time:timestamp', what: "'concept:name'", who: 'org:resource' }, 'format: xes'),
  'xes.yaml',
);

interface Row {
  readonly deal: string;
  readonly what: string;
  readonly at: string;
  readonly who?: string;
  readonly sum?: string;
}

const asCsv = (rows: readonly Row[]): string =>
  ['deal,what,at,who,sum', ...rows.map(({ deal, what, at, who, sum }) => [deal, what, at, who, sum].join(','))].join(
    '\n',
  );

function asXes(rows: readonly Row[]): string {
  const attribute = (tag: string, key: string, value = ''): string =>
    value === '' ? '' : `<${tag} key="${key}" value="${value}"/>`;
  const traces = [...new Set(rows.map(({ deal }) => deal))].map((deal) => {
    const own = rows.filter((row) => row.deal === deal);
    const events = own.map(
      ({ what, at, who, sum }) =>
        `<event>${attribute('string', 'concept:name', what)}${attribute('date', 'time:timestamp', at)}${attribute('string', 'org:resource', who)}${attribute('float', 'sum', sum)}</event>`,
    );
    return `<trace>${attribute('string', 'concept:name', deal)}${events.join('')}</trace>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><log>${traces.join('')}</log>`;
}

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'plans-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Planned {
  readonly plans: readonly Plan[];
  readonly named: Named;
}

async function planned(rows: readonly Row[], format: 'csv' | 'xes', pack = false): Promise<Planned> {
  const file = path.join(directory, `${format}-${pack ? 'packed' : 'plain'}`);
  const text = format === 'csv' ? asCsv(rows) : asXes(rows);
  await writeFile(file, pack ? gzipSync(text) : text);
  const cases: AsyncIterable<SourceCase> =
    format === 'csv' ? readCsvEvents(file, { delimiter: ',', caseColumn: 'deal' }) : readXes(file);
  const named: Named = { performers: new Map(), customers: new Map(), products: new Map() };
  const plans: Plan[] = [];
  for await (const one of cases) plans.push(planHistory(format === 'csv' ? csv : xes, one, named, NOW));
  return { plans, named };
}

const entriesOf = ({ plans }: Planned) => plans.flatMap(({ deal }) => deal?.entries ?? []);

const ROWS: readonly Row[] = [
  { deal: 'd1', what: 'asked', at: '2011-02-01T09:00:00+04:00', who: 'Ivanova', sum: '120.50' },
  { deal: 'd2', what: 'asked', at: '2011-02-01T10:00:00Z', who: 'Robot', sum: '7' },
  { deal: 'd1', what: 'call', at: '2011-02-02T09:00:00Z', who: 'A. Ivanova' },
  { deal: 'd1', what: 'call', at: '2011-02-02T09:00:00Z' },
  { deal: 'd1', what: 'noise', at: '2011-02-02T09:00:00Z' },
  { deal: 'd1', what: 'bought', at: '2011-02-03T09:00:00Z', who: 'Ivanova', sum: '120.50' },
  { deal: 'd2', what: 'refused', at: '2011-03-01' },
];

describe('history planned from an event log', () => {
  it('is the same from CSV, from XES, and from either packed', async () => {
    const [fromCsv, ...others] = await Promise.all([
      planned(ROWS, 'csv'),
      planned(ROWS, 'xes'),
      planned(ROWS, 'csv', true),
      planned(ROWS, 'xes', true),
    ]);
    expect(entriesOf(fromCsv)).toHaveLength(9);
    for (const other of others) expect(other).toEqual(fromCsv);
  });

  it('goes by time, equal times as in the file, the opening first', async () => {
    const rows: readonly Row[] = [
      { deal: 'd', what: 'bought', at: '2011-02-03T09:00:00Z', sum: '5' },
      { deal: 'd', what: 'call', at: '2011-02-01T09:00:00Z', who: 'second' },
      { deal: 'd', what: 'asked', at: '2011-02-01T09:00:00Z', who: 'first' },
    ];
    const entries = entriesOf(await planned(rows, 'xes'));
    expect(entries.map(({ kind }) => kind)).toEqual([
      'opened',
      'activity',
      'stepCompleted',
      'stepCompleted',
      'contract',
    ]);
    expect(entries.map(({ performedBy }) => performedBy)).toEqual([undefined, 'second', 'first', undefined, undefined]);
  });

  it('gives every entry a place of its own, which stays when the file grows before it', async () => {
    const before = entriesOf(await planned(ROWS, 'csv'));
    expect(new Set(before.map(({ ref }) => ref)).size).toBe(before.length);
    const more: Row = { deal: 'd1', what: 'call', at: '2011-02-01T20:00:00Z', who: 'Petrova' };
    const after = entriesOf(await planned([ROWS[0] ?? more, more, ...ROWS.slice(1)], 'csv'));
    expect(after.filter(({ performedBy }) => performedBy !== 'Petrova')).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });

  it('reads other spellings as the right one, and leaves the performer out where nobody is named', async () => {
    const found = await planned(ROWS, 'csv');
    const calls = entriesOf(found).filter(({ kind }) => kind === 'activity');
    expect(calls.map(({ performedBy }) => performedBy)).toEqual(['Ivanova', undefined]);
    expect([...found.named.performers.values()]).toEqual(['Ivanova', 'Robot']);
  });

  it('is not led astray by values that are called like what every object has', async () => {
    const rows: readonly Row[] = [{ deal: 'd', what: 'asked', at: '2011-02-01', who: 'constructor', sum: '1' }];
    expect(entriesOf(await planned(rows, 'csv'))[1]).toMatchObject({ performedBy: 'constructor' });
  });

  it('reads a day as its first moment in the zone of the company, and amounts to the kopeck', async () => {
    const entries = entriesOf(await planned(ROWS, 'csv'));
    expect(entries.find(({ kind }) => kind === 'lost')?.occurredAt).toBe('2011-02-28T21:00:00.000Z');
    expect(entries[0]).toMatchObject({ occurredAt: '2011-02-01T05:00:00.000Z', expectedAmountKopecks: 12_050 });
    expect(entries.find(({ kind }) => kind === 'contract')).toMatchObject({ lines: [{ amountKopecks: 12_050 }] });
  });

  it('says which values were assumed', async () => {
    const [opened] = entriesOf(await planned([{ deal: 'd', what: 'asked', at: '2011-02-01' }], 'csv'));
    expect(opened).toMatchObject({ expectedAmountKopecks: 1_000, assumed: ['expectedAmountKopecks'] });
  });

  it('counts what it leaves out on purpose, and sets aside with a reason what it cannot place', async () => {
    const first: Row = { deal: 'd', what: 'asked', at: '2011-02-01', sum: '1' };
    const { plans } = await planned(
      [
        first,
        { ...first, what: 'noise' },
        { ...first, what: 'dance' },
        { ...first, what: 'call', at: 'tomorrow' },
        { ...first, what: 'call', at: '' },
        { ...first, what: 'call', at: '2012-01-02' },
        { ...first, what: 'bought', sum: 'a lot' },
      ],
      'csv',
    );
    expect(plans).toHaveLength(1);
    expect([...(plans[0]?.ignored ?? [])]).toEqual([['not our work', 1]]);
    expect(plans[0]?.quarantined.map(({ ref, reason }) => [ref, reason])).toEqual([
      ['twin/d#3', 'NO_RULE'],
      ['twin/d#4.activity-call-0cf57c', 'BAD_TIMESTAMP'],
      ['twin/d#5.activity-call-0cf57c', 'MISSING_VALUE'],
      ['twin/d#6.activity-call-0cf57c', 'IN_FUTURE'],
      ['twin/d#7.contract', 'BAD_AMOUNT'],
    ]);
    expect(plans[0]?.deal?.entries.map(({ kind }) => kind)).toEqual(['opened', 'stepCompleted', 'stepCompleted']);
  });

  it.each([
    ['no name', { deal: '', what: 'asked', at: '2011-02-01' }, 'NO_DEAL_ID'],
    ['no time of opening', { deal: 'd', what: 'asked', at: '' }, 'MISSING_VALUE'],
    ['an opening that lies ahead', { deal: 'd', what: 'asked', at: '2012-06-01' }, 'IN_FUTURE'],
  ])('sets a deal with %s aside as a whole', async (_what, row, reason) => {
    const { plans } = await planned([row], 'csv');
    expect(plans).toMatchObject([{ deal: null, quarantined: [{ reason }] }]);
  });
});
