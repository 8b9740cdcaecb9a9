import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readCsvEvents } from './csv-reader.js';
import type { SourceCase } from './source.js';
import { readXes } from './xes-reader.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'readers-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const at = path.join(directory, name);
  await writeFile(at, content);
  return at;
}

async function all(cases: AsyncIterable<SourceCase>): Promise<SourceCase[]> {
  const found: SourceCase[] = [];
  for await (const one of cases) found.push(one);
  return found;
}

const event = (name: string, at: string): string =>
  `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="${at}"><string key="inner" value="no"/></date></event>`;
const trace = (id: string, events: string): string =>
  `<trace><string key="concept:name" value="${id}"/>${events}</trace>`;
const AT = '2009-08-03T10:00:00+04:00';
const LOG = `<?xml version="1.0" encoding="UTF-8"?><log xmlns="http://www.xes-standard.org/">
${trace('первая', event('b', AT) + event('a', AT))}${trace('2', event('c', AT))}</log>`;

describe('XES', () => {
  it('is read trace by trace, equal times in the order of the file, nested attributes left out', async () => {
    const cases = await all(readXes(await file('log.xes', LOG)));
    expect(cases.map(({ attributes }) => attributes['case:concept:name'])).toEqual(['первая', '2']);
    expect(cases[0]?.records.map(({ fields, ordinal }) => [fields['concept:name'], ordinal])).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(cases[0]?.records[0]?.fields).toEqual({
      'case:concept:name': 'первая',
      'concept:name': 'b',
      'time:timestamp': AT,
    });
  });

  it('is the same from gzip, whatever the file is called', async () => {
    const plain = await all(readXes(await file('plain.xes', LOG)));
    expect(await all(readXes(await file('packed.xes', gzipSync(LOG))))).toEqual(plain);
  });

  it.each([
    ['cut off in the middle', LOG.slice(0, LOG.length / 2), /not well-formed XES/],
    ['no XML', 'id,at\n1,2\n', /not well-formed XES/],
  ])('%s: says where it ends', async (name, content, message) => {
    await expect(all(readXes(await file(`${name}.xes`, content)))).rejects.toThrow(message);
  });

  it('says that a gzip file is cut off', async () => {
    const whole = gzipSync(`<log>${trace('1', event('a', AT)).repeat(5_000)}</log>`);
    const cut = await file('cut.xes.gz', whole.subarray(0, whole.length - 20));
    await expect(all(readXes(cut))).rejects.toThrow(/unexpected end of file/);
  });
});

describe('a CSV event log', () => {
  const how = { delimiter: ';', caseColumn: 'deal' };

  it('is gathered by deal, wherever its rows stand, in the order of the file', async () => {
    const text = '\ufeffdeal;what;at\n1;b;x\n2;c;x\n1;"a;b";x\n';
    const cases = await all(readCsvEvents(await file('events.csv', text), how));
    expect(
      cases.map(({ records }) => records.map(({ fields, ordinal }) => [fields['deal'], fields['what'], ordinal])),
    ).toEqual([
      [
        ['1', 'b', 1],
        ['1', 'a;b', 2],
      ],
      [['2', 'c', 1]],
    ]);
  });

  it('is unpacked, whatever it is called; cut off, it says so', async () => {
    const text = `deal;what\n${'1;b\n'.repeat(50_000)}`;
    const packed = gzipSync(text);
    const [one] = await all(readCsvEvents(await file('packed.csv', packed), how));
    expect(one?.records).toHaveLength(50_000);
    const cut = await file('cut.csv', packed.subarray(0, packed.length - 20));
    await expect(all(readCsvEvents(cut, how))).rejects.toThrow(/cut\.csv is gzip .*unexpected end of file/);
  });

  it('names the file and the line that is no CSV', async () => {
    const bad = await file('bad.csv', 'deal;what\n1;b\n1;"c\n');
    await expect(all(readCsvEvents(bad, how))).rejects.toThrow(/bad\.csv is not well-formed CSV: .*line 3/);
  });

  it('bug: a broken row was left out of its deal, whose other rows then took its place for good', async () => {
    const short = await file('short.csv', 'deal;what\n1;b\n1\n2;c\n');
    const reason =
      /short\.csv, line 3: the row has 1 fields, the heading 2: give it as many; nothing of the file was read/;
    await expect(all(readCsvEvents(short, how))).rejects.toThrow(reason);
  });

  it('names the column that the file does not have', async () => {
    const missing = await file('missing.csv', 'id;what\n1;b\n');
    await expect(all(readCsvEvents(missing, how))).rejects.toThrow(/has no column deal/);
  });
});
