import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, ensureBuilt, newDirectory, removeDirectory } from './support/voronka.js';

let directory: string;
let voronka: CommandLine;

beforeAll(() => {
  ensureBuilt();
  directory = newDirectory();
  voronka = new CommandLine(directory, { VORONKA_DATA_DIR: `${directory}/data` });
}, 60_000);
afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
}, 60_000);

describe('voronka init', () => {
  it('loads a start for a real company once, however often it runs, and in one language', async () => {
    const first = await voronka.run(['init', '--template', 'b2b', '--country', 'ru']);
    expect([first.code, first.stdout]).toEqual([0, '']);
    expect(first.stderr).toMatch(/(\d+) of \1 commands were new/);
    expect(first.stderr).toContain('b2b-sale');
    const again = await voronka.ask(['init', '--template', 'b2b', '--country', 'ru']);
    expect(again.stderr).toContain('Everything was there already.');
    const other = await voronka.ask(['init', '--template', 'b2b', '--lang', 'en']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('another language or version of it was loaded before');
    const funnel = await voronka.ask(['funnel', '--route-map', 'b2b-sale']);
    expect(funnel.stdout).toContain('Первый контакт');
    const service = await voronka.ask(['funnel', '--purpose', 'service']);
    expect(service.stdout).toContain('Заявка принята');
    const { stdout: told } = await voronka.ask(['events', 'export']);
    const calendar = told.split('\n').find((line) => line.includes('"CalendarPublished"'));
    expect(calendar).toMatch(/"year":2026,"source":"[^"]*decree No\. /);
  }, 120_000);

  it('bug: the address that `voronka eventstore` prints could not be used', async () => {
    const node = voronka.start(['eventstore', '--data-dir', path.join(directory, 'log')]);
    const [chunk] = (await once(node.child.stdout ?? process.stdin, 'data')) as [Buffer];
    const address = String(chunk).trim();
    expect(address).toMatch(/^unix:/);
    const elsewhere = { EVENTSTORE_URL: address, VORONKA_DATA_DIR: path.join(directory, 'beside') };
    expect((await voronka.ask(['init', '--template', 'b2b'], elsewhere)).code).toBe(0);
    expect((await voronka.ask(['events', 'export'], elsewhere)).stdout).toContain('RouteMapPublished');
    node.child.kill('SIGTERM');
    expect((await node.ended).code).toBe(0);
  }, 120_000);

  it('a calendar comes from CSV as well: once, and not at all with a bad line', async () => {
    const file = path.join(directory, 'days.csv');
    writeFileSync(file, 'date,kind,hours,source\n2031-06-12,off,,\n2031,year,,Order 7\n');
    const first = await voronka.ask(['calendar', 'publish', file]);
    expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('Published.')]);
    expect(first.stderr).toContain('Years stated: 2031');
    const again = await voronka.ask(['calendar', 'publish', file]);
    expect(again.stderr).toContain('says that already');
    writeFileSync(file, 'date,kind,hours,source\n2031-06-31,off,,\n2031-06-12,free,,\n');
    const refused = await voronka.ask(['calendar', 'publish', file]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('line 2: date "2031-06-31"');
    expect(refused.stderr).toContain('line 3: kind "free"');
    const { stdout } = await voronka.ask(['events', 'export']);
    expect(stdout.match(/"Order 7"/g)).toHaveLength(1);
  }, 120_000);

  it.each([
    [['--template', 'b2c'], /--template b2c: there is b2b/],
    [['--template', 'b2b', '--country', 'xx'], /--country xx: there is ru/],
    [['--template', 'b2b', '--lang', 'de'], /--lang de: there is ru, en/],
    [[], /--template/],
  ])('%j is refused', async (options, message) => {
    const refused = await voronka.ask(['init', ...options]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(message);
  });
});
