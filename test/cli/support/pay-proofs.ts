import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PayrollAudit } from '@voronka/read-models';
import pg from 'pg';
import type { House } from './house.js';
import type { Outcome } from './voronka.js';

// Plans and payroll from the command line, on the company of the demonstration, beside the running instance.

const HEAD = 'indicator,ownerKind,owner,period,value\n';

export interface PayrollStatus {
  readonly open: string;
  readonly periods: readonly { readonly period: string; readonly status: string }[];
}

export async function payrollStatus({ voronka }: House): Promise<PayrollStatus> {
  return JSON.parse(await voronka.answer(['payroll', 'status', '--json'])) as PayrollStatus;
}

/** Beside the log, in the table of statements: what the program never does. */
async function inStatements(
  { data }: House,
  work: (client: pg.Client, statements: string) => Promise<void>,
): Promise<void> {
  const { databaseUrl } = JSON.parse(readFileSync(path.join(data, 'instance.json'), 'utf8')) as { databaseUrl: string };
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT schemaname || '.statements' AS name FROM pg_tables WHERE tablename = 'statements'`,
    );
    expect(rows.length).toBe(1);
    await work(client, rows[0]?.name ?? '');
  } finally {
    await client.end();
  }
}

/** Declares the tests. `alone` is the status as told while nothing ran on the directory. */
export function payProofs(house: House, alone: () => PayrollStatus): void {
  function fileOf(name: string, lines: string): string {
    writeFileSync(path.join(house.directory, name), HEAD + lines);
    return name;
  }

  const assign = (file: string, ...more: string[]): Promise<Outcome> =>
    house.voronka.ask(['plans', 'assign', file, '--reason', 'As the situation asks', ...more]);

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
      expect((await house.voronka.ask(['plans', 'show', 'bad'])).stderr).toContain('PLAN_CHANGE_NOT_FOUND');
    }, 60_000);

    it('shows a preview, records the change upon it, once; lists and shows it', async () => {
      const file = fileOf(
        'march.csv',
        'first_contacts,employee,ivanova,2031-03,7\nmeetings,members,retail,2031-03,3\n',
      );
      const seen = await assign(file, '--preview', '--json');
      const { hash, people } = JSON.parse(seen.stdout) as { hash: string; people: { employeeId: string }[] };
      expect(people.map(({ employeeId }) => employeeId)).toEqual(expect.arrayContaining(['belov', 'ivanova', 'kim']));
      const stale = await assign(file, '--expect', '0'.repeat(64));
      expect([stale.code, stale.stderr]).toEqual([1, expect.stringContaining('PREVIEW_STALE')]);
      const done = await assign(file, '--expect', hash, '--id', 'march');
      expect([done.code, done.stderr]).toEqual([0, expect.stringContaining('PlanAssigned')]);
      const again = await assign(file, '--id', 'march', '--preview');
      expect(again).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('nothing would change') });
      const { rows } = JSON.parse(await house.voronka.answer(['plans', 'list', '--period', '2031-03', '--json'])) as {
        rows: { indicator: string; owner: { id: string }; target: string }[];
      };
      expect(rows.map(({ indicator, owner, target }) => `${indicator} ${owner.id} ${target}`)).toEqual(
        expect.arrayContaining(['first_contacts ivanova 7', 'meetings belov 3', 'meetings kim 3']),
      );
      expect(await house.voronka.answer(['plans', 'show', 'march'])).toMatch(
        /PlanAssigned at \d+.*As the situation asks/,
      );
      const attention = await house.voronka.answer([
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
      const goal = [
        '--period',
        '2031-04',
        '--route-map',
        'automation',
        '--wins',
        '5',
        '--minimum-sample',
        '1',
        '--csv',
      ];
      const csv = await house.voronka.answer(['plans', 'decompose', ...goal]);
      expect(csv).toMatch(/^indicator,ownerKind,owner,period,value\n(\w+,company,main,2031-04,\d+\n)+$/);
      writeFileSync(path.join(house.directory, 'goal.csv'), csv);
      expect((await assign('goal.csv')).stderr).toContain('PlanAssigned');
    }, 60_000);

    it('says what it takes to propose', async () => {
      const { code, stderr } = await assign(fileOf('one.csv', 'meetings,company,main,2031-03,3\n'), '--propose');
      expect([code, stderr]).toEqual([2, expect.stringContaining('--expect')]);
    });
  });

  describe('voronka payroll', () => {
    it('is shown, closed, exported and paid, month by month', async () => {
      const { open, periods } = await payrollStatus(house);
      expect(alone()).toEqual({ ...alone(), open, periods });
      const last = periods.at(-1)?.period ?? '';
      expect(periods.at(-1)?.status).toBe('closed');
      const early = await house.voronka.ask(['payroll', 'close', last]);
      expect([early.code, early.stderr]).toEqual([1, expect.stringMatching(/PERIOD_NOT_OPEN/)]);
      expect(await house.voronka.answer(['payroll', 'close', open])).toMatch(/is closed: \d+ statements, version 1/);
      // Nobody planned anything for the month after the story.
      const { open: next } = await payrollStatus(house);
      const stopped = await house.voronka.ask(['payroll', 'close', next]);
      expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringMatching(/is not closed: stopped: [A-Z_]+ \d+/)]);
      const accept = 'UNVERIFIED_STEPS,NO_PLAN,PENDING_APPROVALS,OPEN_DISPUTES';
      const closed = await house.voronka.answer(['payroll', 'close', next, '--accept', accept, '--json']);
      expect(JSON.parse(closed)).toMatchObject({ period: next, status: 'closed', version: 2 });
      const csv = await house.voronka.answer(['payroll', 'export', open]);
      const amounts = csv.trim().split('\r\n').slice(1);
      const sum = amounts.reduce((total, row) => total + Number(row.split(',')[6]), 0);
      const { payableKopecks, totals } = JSON.parse(
        await house.voronka.answer(['payroll', 'export', open, '--format', 'json']),
      ) as { payableKopecks: number; totals: object[] };
      expect([sum, totals.length > 0]).toEqual([payableKopecks, true]);
      const [best = ''] = amounts.toSorted((a, b) => Number(b.split(',')[6]) - Number(a.split(',')[6]));
      const [employee = '', , , , , rule = ''] = best.split(',');
      const explain = ['explain', '--employee', employee, '--period', open];
      expect(await house.voronka.answer([...explain, '--lang', 'ru'])).toMatch(
        /факт [^]*начислено; итого [^]*к выплате: \d/,
      );
      const events = (shown: string): number => [...shown.matchAll(/^ {2}\S+Z \S+ [0-9a-f-]{36}/gm)].length;
      const first = await house.voronka.answer([...explain, '--rule', rule, '--limit', '1']);
      expect([events(first), events(await house.voronka.answer([...explain, '--rule', rule]))]).toEqual([
        1,
        expect.any(Number),
      ]);
      expect(first).toMatch(/to be paid: \d/);
      await house.voronka.answer(['payroll', 'paid', open, '--on', `${open}-28`]);
      expect(await house.voronka.answer(['payroll', 'status'])).toMatch(new RegExp(`${open} .*paid`));
      const wrong = await house.voronka.ask(['payroll', 'export', 'August']);
      expect(wrong.code).toBe(2);
    }, 240_000);

    it('is audited: every statement comes out as it was issued, and one that was touched ends with exit code 1', async () => {
      const { periods } = await payrollStatus(house);
      const [first] = periods;
      const month = first?.period ?? '';
      const printed = await house.voronka.answer(['audit', '--period', month]);
      expect(printed).toMatch(new RegExp(`${month} .*in force.*\\d`));
      expect(printed).toMatch(/(\d+) statements: \1 the same to the last bit, 0 [^]*, 0 different/);
      const whole = JSON.parse(await house.voronka.answer(['audit', '--json'])) as PayrollAudit;
      expect(whole.closings.map(({ period }) => period)).toEqual(periods.map(({ period }) => period));
      expect(whole.totals).toMatchObject({ same: whole.totals.statements, different: 0, closingsDifferent: 0 });
      await inStatements(house, async (client, statements) => {
        const changed = `UPDATE ${statements} SET hash = $1 WHERE period = $2 AND employee_id = $3`;
        const { employeeId = '', hashStated = '' } = whole.closings[0]?.statements[0] ?? {};
        await client.query(changed, ['f'.repeat(64), month, employeeId]);
        const { code, stdout, stderr } = await house.voronka.ask(['audit', '--period', month]);
        await client.query(changed, [hashStated, month, employeeId]);
        expect([code, stderr]).toEqual([1, expect.stringContaining('do not come out as they were issued')]);
        expect(stdout).toContain(`hash stated ${'f'.repeat(64)}, recomputed ${hashStated}; different: hash`);
      });
      const wrong = await house.voronka.ask(['audit', '--period', 'August']);
      expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--period')]);
    }, 240_000);

    it('is opened again by two people', async () => {
      const { open, periods } = await payrollStatus(house);
      const last = periods.at(-1)?.period ?? '';
      expect(periods.at(-1)).toMatchObject({ status: 'closed', version: 2 });
      const reopening = (command: string, person: string, more: readonly string[] = []) =>
        house.voronka.ask(['payroll', command, last, '--as', person, ...more]);
      const asked = await reopening('reopen', 'orlova', ['--reason', 'A contract is missing']);
      expect([asked.code, asked.stderr]).toEqual([0, expect.stringContaining('waits for somebody else')]);
      expect(await house.voronka.answer(['payroll', 'status'])).toContain('waits for a second person');
      const alike = await reopening('approve-reopening', 'orlova');
      expect([alike.code, alike.stderr]).toEqual([1, expect.stringMatching(/[A-Z_]{5,}/)]);
      const left = await reopening('reject-reopening', 'volkova', ['--reason', 'Nothing is missing']);
      expect([left.code, left.stderr]).toEqual([0, expect.stringContaining('stays closed')]);
      await reopening('reopen', 'orlova', ['--reason', 'A contract is missing']);
      const opened = await reopening('approve-reopening', 'volkova');
      expect([opened.code, opened.stderr]).toEqual([0, expect.stringContaining('is open again')]);
      expect(await payrollStatus(house)).toMatchObject({ open: last });
      expect(open > last).toBe(true);
    }, 120_000);
  });
}
