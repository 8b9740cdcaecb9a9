import { CommandLine, ensureBuilt, newDirectory, removeDirectory } from './support/voronka.js';

let directory: string;
let voronka: CommandLine;

beforeAll(() => {
  ensureBuilt();
  directory = newDirectory();
  voronka = new CommandLine(directory, { VORONKA_DATA_DIR: `${directory}/data`, VORONKA_PORT: '0' });
}, 60_000);
afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
}, 60_000);

describe('voronka demo', () => {
  it('shows the same figures when it starts again, without telling the story again', async () => {
    const args = ['demo', '--exit', '--deals', '60'];
    const first = await voronka.run(args);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('telling the story');
    for (const title of [
      'Preview: the plan of first contacts becomes 40',
      'Funnel: deals that were really at each bar',
      'Activity by performer',
      'Win rate by department',
      'Win rate by segment',
      'Indicators of',
      'What stands in the funnel',
      'Potential',
      'Stuck',
    ]) {
      expect(first.stdout).toContain(title);
    }
    const industries = first.stdout.split('Win rate by industry')[1]?.split('\n\n')[0] ?? '';
    expect(industries).toMatch(/Retail *│ *[1-9]/);
    expect(industries).toMatch(/Not known *│ *0 /);
    const again = await voronka.run(args);
    expect(again.stderr).not.toContain('telling the story');
    expect(again.stdout).toBe(first.stdout);
    const other = await voronka.run(['demo', '--exit', '--deals', '60', '--seed', '2']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('tells another story')]);
  }, 180_000);
});
