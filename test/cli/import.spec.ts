import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, ensureBuilt, newDirectory, removeDirectory } from './support/voronka.js';

// History taken over from a table: checked, written once, and seen in the figures.

const LONG = 120_000;

const MAPPING = `
id: orders
format: csv
company: { name: Small trade, zone: Europe/Riga, currency: EUR }
routeMapId: order
employedSince: '2020-01-01'
match: all
time: { field: asked }
deal:
  id: { field: id }
  openedAt: { field: asked }
  owner: { field: seller, pseudonym: seller }
  customer: { field: client, pseudonym: client }
  product: { field: product }
performer: { field: seller, pseudonym: seller, department: Sales, position: Seller }
routeMap:
  name: Order
  purpose: sale
  stages: [{ code: all, name: All }]
  lossReasons: [{ code: lost, name: Lost, countsAsLoss: true }]
  steps:
    - { code: asked, name: Asked, stage: all, kind: contact, funnelRank: 1, mandatory: true, after: [], roles: [], form: [] }
    - { code: bought, name: Bought, stage: all, kind: contract, funnelRank: 2, mandatory: true, after: [asked], roles: [], form: [] }
rules:
  - when: { state: [open, won, lost] }
    facts: [{ step: asked }]
  - when: { state: won }
    facts:
      - { step: bought, at: { field: closed } }
      - { contract: { field: value }, at: { field: closed } }
  - when: { state: lost }
    facts: [{ lost: lost, at: { field: closed } }]
`;

const TABLE = `id,asked,closed,seller,client,product,state,value
o1,2024-01-10,2024-02-01,Anna,Alpha,Lamp,won,100.50
o2,2024-01-11,2024-02-02,Anna,Beta,Lamp,lost,
o3,2024-01-12,,Boris,Gamma,Chair,open,
o4,not a day,,Boris,Gamma,Chair,open,
o5,2024-01-12
`;

let directory: string;
let voronka: CommandLine;
const IMPORT = ['import', '--mapping', 'orders.yaml', 'orders.csv'];

beforeAll(() => {
  ensureBuilt();
  directory = newDirectory();
  const data = path.join(directory, 'data');
  mkdirSync(data, { mode: 0o711 });
  writeFileSync(path.join(directory, 'orders.yaml'), MAPPING);
  writeFileSync(path.join(directory, 'orders.csv'), TABLE);
  voronka = new CommandLine(directory, { VORONKA_DATA_DIR: data });
}, 60_000);

afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
});

interface Summary {
  readonly deals: number;
  readonly appended: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly quarantinedRecords: readonly { readonly place: number; readonly reason: string }[];
}

const summary = async (): Promise<Summary> => JSON.parse(await voronka.answer([...IMPORT, '--json'])) as Summary;

it(
  'is checked without a trace, written once, and shown',
  async () => {
    const dry = await voronka.run([...IMPORT, '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing was written') });
    expect(dry.stdout).toMatch(/Quarantined: BAD_TIMESTAMP\D+1/);
    // Bug: nobody was told which rows were left out.
    expect(dry.stdout).toMatch(/orders\/o4#0.* 5 .*BAD_TIMESTAMP.*asked/);
    // Bug: a row with too few fields refused the whole file.
    expect(dry.stdout).toMatch(/orders\/\?#6.* 6 .*ROW_BROKEN.*2 fields, the heading 8/);

    const first = await summary();
    expect(first).toMatchObject({ deals: 3, quarantined: { BAD_TIMESTAMP: 1, ROW_BROKEN: 1 } });
    expect(first.quarantinedRecords.map(({ place, reason }) => [place, reason])).toEqual([
      [5, 'BAD_TIMESTAMP'],
      [6, 'ROW_BROKEN'],
    ]);
    expect(first.appended).toBeGreaterThan(10);
    expect(await summary()).toMatchObject({ deals: 3, appended: 0, quarantined: { BAD_TIMESTAMP: 1 } });

    const figures = JSON.parse(await voronka.answer(['funnel', '--json'])) as { total: { bars: { deals: number }[] } };
    expect(figures.total.bars.map(({ deals }) => deals)).toEqual([3, 1]);
    const wins = await voronka.ask(['win-rate']);
    expect(wins.stdout).toMatch(/1 .*100\.50 .*1 .*50\.00/);
    expect(wins.stderr).toContain('Europe/Riga');
  },
  LONG,
);

it('bug: a wrong slice ended with 1; it is wrong usage, and --as-of takes a position, too', async () => {
  const slice = await voronka.ask(['funnel', '--by', 'nothing']);
  expect([slice.code, slice.stderr]).toEqual([2, expect.stringMatching(/SLICE_UNKNOWN: choose one of/)]);
  const asOf = await voronka.ask(['funnel', '--as-of', 'yesterday']);
  expect([asOf.code, asOf.stderr]).toEqual([2, expect.stringContaining('a position or a time with an offset')]);
}, 60_000);

it('COMPANY_ZONE_FIXED is said before the file is read', async () => {
  writeFileSync(path.join(directory, 'moved.yaml'), MAPPING.replace('Europe/Riga', 'Europe/Samara'));
  // A directory can be opened, but not read: who reads it first says so.
  const { code, stderr } = await voronka.run(['import', '--mapping', 'moved.yaml', directory]);
  expect(code).not.toBe(0);
  expect(stderr).toContain('COMPANY_ZONE_FIXED');
  expect(stderr).not.toContain('EISDIR');
});

it('names the fault of a mapping that cannot be used', async () => {
  writeFileSync(path.join(directory, 'wrong.yaml'), MAPPING.replace('format: csv', 'format: xls'));
  const { code, stderr } = await voronka.ask(['import', '--mapping', 'wrong.yaml', 'orders.csv']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/\/format/);
});

it(
  'takes over an event log in a table: a row is an event, wherever it stands',
  async () => {
    const events = `case,what,when,who
c1,asked,2024-01-10T09:00:00Z,Anna
c2,asked,2024-01-10T10:00:00Z,Boris
c1,bought,2024-02-01T09:00:00Z,Anna
c2,call,2024-01-11T10:00:00Z,Boris
c2,call,2024-01-11T10:00:00Z,Boris
`;
    const head = MAPPING.slice(0, MAPPING.indexOf('match: all')).replace('id: orders', 'id: events\ncaseColumn: case');
    const map = MAPPING.slice(MAPPING.indexOf('routeMap:'), MAPPING.indexOf('rules:'));
    const mapping = `${head}
time: { field: when }
deal: { id: { field: case }, openedAt: { field: when } }
performer: { field: who, department: Sales, position: Seller }
${map}
rules:
  - { when: { what: asked }, facts: [{ step: asked }] }
  - { when: { what: bought }, facts: [{ step: bought }] }
  - { when: { what: call }, facts: [{ activity: { kind: call, topic: Call } }] }
`;
    writeFileSync(path.join(directory, 'events.yaml'), mapping);
    writeFileSync(path.join(directory, 'events.csv'), events);
    const other = { VORONKA_DATA_DIR: path.join(directory, 'events-data') };
    mkdirSync(other.VORONKA_DATA_DIR, { mode: 0o711 });
    const run = ['import', '--mapping', 'events.yaml', 'events.csv', '--json'];
    const first = await voronka.ask(run, other);
    expect([first.code, first.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(first.stdout)).toMatchObject({ deals: 2, quarantined: {} });
    expect(JSON.parse((await voronka.ask(run, other)).stdout)).toMatchObject({ deals: 2, appended: 0 });
    const work = JSON.parse((await voronka.ask(['activity', '--json'], other)).stdout) as { total: { done: number } };
    expect(work.total.done).toBe(2);
  },
  LONG,
);
