import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, ensureBuilt, newDirectory, type Outcome, removeDirectory } from './support/voronka.js';

// Plans and payroll from the command line, on the company of the demonstration.

let directory: string;
let voronka: CommandLine;
/** As told while nothing ran on the directory. */
let before: Status;

interface Status {
  readonly open: string;
  readonly periods: readonly { readonly period: string; readonly status: string }[];
}

const statusNow = async (): Promise<Status> =>
  JSON.parse(await voronka.output(['payroll', 'status', '--json'])) as Status;

beforeAll(async () => {
  ensureBuilt();
  directory = newDirectory();
  voronka = new CommandLine(directory, { VORONKA_DATA_DIR: path.join(directory, 'data'), VORONKA_PORT: '0' });
  await voronka.output(['demo', '--exit', '--deals', '40']);
  before = await statusNow();
  // Commands that find it running need not start the stores each for itself.
  await voronka.start(['start']).says(/Documentation/);
}, 180_000);
afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
}, 60_000);

const HEAD = 'indicator,ownerKind,owner,period,value\n';

function fileOf(name: string, lines: string): string {
  writeFileSync(path.join(directory, name), HEAD + lines);
  return name;
}

const assign = (file: string, ...more: string[]): Promise<Outcome> =>
  voronka.run(['plans', 'assign', file, '--reason', 'As the situation asks', ...more]);

describe('voronka plans', () => {
  it('lists every bad line at once, those that the decision finds too, and records nothing', async () => {
    const lines = ['first_contacts,employee,ivanova,2031-01,many', 'nothing,employee,nobody,2031-01,1'];
    const file = fileOf('bad.csv', `${[...lines, 'meetings,members,nowhere,2031-01,1'].join('\n')}\n`);
    const { code, stderr } = await assign(file, '--id', 'bad');
    expect(code).toBe(2);
    expect(stderr).toMatch(/line 2, value: "many"/);
    expect(stderr).toMatch(/line 3, owner: there is no employee nobody/);
    expect(stderr).toMatch(/line 3, indicator: define nothing first/);
    expect(stderr).toMatch(/line 4, owner: nobody works in nowhere/);
    expect((await voronka.run(['plans', 'show', 'bad'])).stderr).toContain('PLAN_CHANGE_NOT_FOUND');
  }, 60_000);

  it('shows a preview, records the change upon it, once; lists and shows it', async () => {
    const file = fileOf('march.csv', 'first_contacts,employee,ivanova,2031-03,7\nmeetings,members,retail,2031-03,3\n');
    const seen = await assign(file, '--preview', '--json');
    const { hash, people } = JSON.parse(seen.stdout) as { hash: string; people: { employeeId: string }[] };
    expect(people.map(({ employeeId }) => employeeId)).toEqual(expect.arrayContaining(['belov', 'ivanova', 'kim']));
    const stale = await assign(file, '--expect', '0'.repeat(64));
    expect([stale.code, stale.stderr]).toEqual([1, expect.stringContaining('PREVIEW_STALE')]);
    const done = await assign(file, '--expect', hash, '--id', 'march');
    expect([done.code, done.stderr]).toEqual([0, expect.stringContaining('PlanAssigned')]);
    const again = await assign(file, '--id', 'march', '--preview');
    expect(again).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('nothing would change') });
    const { rows } = JSON.parse(await voronka.output(['plans', 'list', '--period', '2031-03', '--json'])) as {
      rows: { indicator: string; owner: { id: string }; target: string }[];
    };
    expect(rows.map(({ indicator, owner, target }) => `${indicator} ${owner.id} ${target}`)).toEqual(
      expect.arrayContaining(['first_contacts ivanova 7', 'meetings belov 3', 'meetings kim 3']),
    );
    expect(await voronka.output(['plans', 'show', 'march'])).toMatch(/PlanAssigned at \d+.*As the situation asks/);
    const attention = await voronka.output([
      'plans',
      'attention',
      '--period',
      '2031-03',
      '--at',
      '2031-03-31T20:00:00Z',
    ]);
    expect(attention).toMatch(/first_contacts.*employee ivanova.*0\.0000/);
  }, 120_000);

  it('turns a goal into a file that can be assigned', async () => {
    const goal = ['--period', '2031-04', '--route-map', 'automation', '--wins', '5', '--minimum-sample', '1', '--csv'];
    const csv = await voronka.output(['plans', 'decompose', ...goal]);
    expect(csv).toMatch(/^indicator,ownerKind,owner,period,value\n(\w+,company,main,2031-04,\d+\n)+$/);
    writeFileSync(path.join(directory, 'goal.csv'), csv);
    expect((await assign('goal.csv')).stderr).toContain('PlanAssigned');
  }, 60_000);

  it('says what it takes to propose', async () => {
    const { code, stderr } = await assign(fileOf('one.csv', 'meetings,company,main,2031-03,3\n'), '--propose');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--expect')]);
  });
});

describe('voronka payroll', () => {
  it('is shown, closed, exported and paid, month by month', async () => {
    const { open, periods } = await statusNow();
    expect(before).toEqual({ ...before, open, periods });
    const last = periods.at(-1)?.period ?? '';
    expect(periods.at(-1)?.status).toBe('closed');
    const early = await voronka.run(['payroll', 'close', last]);
    expect([early.code, early.stderr]).toEqual([1, expect.stringMatching(/PERIOD_NOT_OPEN/)]);
    expect(await voronka.output(['payroll', 'close', open])).toMatch(/is closed: \d+ statements, version 1/);
    // Nobody planned anything for the month after the story.
    const { open: next } = await statusNow();
    const stopped = await voronka.run(['payroll', 'close', next]);
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringMatching(/is not closed: stopped: [A-Z_]+ \d+/)]);
    const accept = 'UNVERIFIED_STEPS,NO_PLAN,PENDING_APPROVALS,OPEN_DISPUTES';
    const closed = await voronka.output(['payroll', 'close', next, '--accept', accept, '--json']);
    expect(JSON.parse(closed)).toMatchObject({ period: next, status: 'closed', version: 2 });
    const csv = await voronka.output(['payroll', 'export', open]);
    const amounts = csv.trim().split('\r\n').slice(1);
    const sum = amounts.reduce((total, row) => total + Number(row.split(',')[6]), 0);
    const { payableKopecks, totals } = JSON.parse(
      await voronka.output(['payroll', 'export', open, '--format', 'json']),
    ) as { payableKopecks: number; totals: object[] };
    expect([sum, totals.length > 0]).toEqual([payableKopecks, true]);
    const [best = ''] = amounts.toSorted((a, b) => Number(b.split(',')[6]) - Number(a.split(',')[6]));
    const [employee = '', , , , , rule = ''] = best.split(',');
    const explain = ['explain', '--employee', employee, '--period', open];
    expect(await voronka.output([...explain, '--lang', 'ru'])).toMatch(/факт [^]*начислено; итого [^]*к выплате: \d/);
    const events = (shown: string): number => [...shown.matchAll(/^ {2}\S+Z \S+ [0-9a-f-]{36}/gm)].length;
    const first = await voronka.output([...explain, '--rule', rule, '--limit', '1']);
    expect([events(first), events(await voronka.output([...explain, '--rule', rule]))]).toEqual([
      1,
      expect.any(Number),
    ]);
    expect(first).toMatch(/to be paid: \d/);
    await voronka.output(['payroll', 'paid', open, '--on', `${open}-28`]);
    expect(await voronka.output(['payroll', 'status'])).toMatch(new RegExp(`${open} .*paid`));
    const wrong = await voronka.run(['payroll', 'export', 'August']);
    expect(wrong.code).toBe(2);
  }, 240_000);
});
