import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { backupProofs } from './support/backup-proofs.js';
import { exportProofs } from './support/export-proofs.js';
import { DEMO, House, LONG, stopped } from './support/house.js';
import { readersProofs } from './support/readers-proofs.js';
import { payProofs, payrollStatus, type PayrollStatus } from './support/pay-proofs.js';
import { leftOn, processesOn, type Running } from './support/voronka.js';

// One data directory through its life: told, started, asked while it runs, copied, stopped, killed, started again.

/** A moment of the demonstration's own time. */
const LATER = '2026-09-01T05:00:00.000Z';
const KEY = /API key +(vk_\S+)/;

const house = new House();
let figures: string;
let alone: PayrollStatus;
/** Shown once, by the first start. */
let key: string;

afterAll(() => house.close(), LONG);

const api = (running: Running): Promise<string> => running.says(/API +(http\S+)\/v1/).then(([, url = '']) => url);

async function status(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/v1/employees`, { headers: { authorization: `Bearer ${key}` } });
  await answer.arrayBuffer();
  return answer.status;
}

describe('voronka demo', () => {
  it('shows the same figures when it starts again, without telling the story again', async () => {
    const first = await house.voronka.run(DEMO);
    expect(first.code).toBe(0);
    expect(first.stderr).toContain('telling the story');
    for (const title of [
      'Pay: a plan changes in a closed month and in an open one',
      'Preview: what it would do if the plan of first contacts became',
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
    // Bug: of the open month three totals were shown, and nothing of it before the plan changed.
    expect(first.stdout).toMatch(/40 in open 2026-06 *│/);
    const compared = first.stdout.split('2026-06, still open')[1]?.split('\n\n')[0] ?? '';
    expect(compared).toMatch(/First contacts *│ *\d+ │ *4 │ .* │ *40 │ plan not met/);
    expect(compared).toMatch(/To be paid/);
    // Bug: the pay filled many screens; two of fifty lines are enough.
    const pay = first.stdout.split('=== Pay')[1]?.split('Activity by performer')[0] ?? '';
    expect(pay.split('\n').length).toBeLessThan(100);
    // Bug: neither a department's plan nor what it asks beyond its people's was anywhere to be seen.
    const planned = first.stdout.split('Plans of 2026-06 by department')[1]?.split('\n\n')[0] ?? '';
    expect(planned).toMatch(/Retail trade │ First contacts *│ *24 │ *16 │ *8 │/);
    expect(first.stdout).toContain('Heads of sales, paid in 2026-06');
    expect(first.stdout).toContain('Entered twice, it seems');
    const industries = first.stdout.split('Win rate by industry')[1]?.split('\n\n')[0] ?? '';
    expect(industries).toMatch(/Retail *│ *[1-9]/);
    expect(industries).toMatch(/Not known *│ *0 /);
    // Bug: the story ends a second before a quarter does; whoever stayed up longer was shown the next quarter.
    writeFileSync(path.join(house.data, 'demo-clock.json'), JSON.stringify({ at: '2026-07-01T04:00:00.000Z' }));
    const again = await house.voronka.run(DEMO);
    expect(again.stderr).not.toContain('telling the story');
    expect(again.stdout).toBe(first.stdout);
    const other = await house.voronka.run([...DEMO, '--seed', '2']);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('tells another story')]);
  }, 180_000);
});

describe('a data directory that nothing runs on', () => {
  it(
    'is asked with stores of its own for as long as the command takes',
    async () => {
      figures = await house.funnelByItself();
      alone = await payrollStatus(house);
      expect(JSON.parse(figures)).toMatchObject({ total: { bars: expect.any(Array) } });
      expect(processesOn(house.data)).toEqual([]);
    },
    LONG,
  );
});

describe('voronka start', () => {
  let running: Running;

  beforeAll(async () => {
    // Two months on, so that the months after the story have ended.
    writeFileSync(path.join(house.data, 'demo-clock.json'), JSON.stringify({ at: LATER }));
    running = await house.started();
    key = (await running.says(KEY))[1] ?? '';
  }, LONG);

  afterAll(async () => {
    if (running.child.exitCode === null) await stopped(running);
  }, LONG);

  it('says where it is and gives a key that opens the API', async () => {
    const url = await api(running);
    await running.says(new RegExp(`${url}/docs`));
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect(await status(url, 'vk_wrong')).toBe(401);
    expect(await status(url, key)).toBe(200);
  });

  it('bug: on a demonstration it ran by the machine’s clock; it goes on by the one that the directory remembers', async () => {
    await running.says(/Clock +that of the demonstration in this directory: 2026-09-01T05/);
    const asked = await fetch(`${await api(running)}/v1/win-rate`, { headers: { authorization: `Bearer ${key}` } });
    const told = (await asked.json()) as { at: string };
    const { at } = JSON.parse(await house.voronka.answer(['plans', 'list', '--period', '2026-06', '--json'])) as {
      at: string;
    };
    expect([told.at, at].map((time) => time.slice(0, 14))).toEqual([LATER, LATER].map((time) => time.slice(0, 14)));
  });

  it('tells other commands where its stores are, and nobody else', () => {
    const file = path.join(house.data, 'instance.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: running.pid, apiUrl: expect.any(String) });
  });

  it(
    'holds its directory: a second start, and a demo, end with 3',
    async () => {
      for (const args of [['start'], ['demo', '--deals', '40']]) {
        const { code, stderr } = await house.voronka.run(args);
        expect(code).toBe(3);
        expect(stderr).toMatch(new RegExp(`in use by the running process ${running.pid}`));
      }
    },
    LONG,
  );

  it(
    'answers the same figures to a command beside it, without colours or other control characters',
    async () => {
      expect(await house.funnel()).toBe(figures);
      const asked = [
        ['funnel', '--by', 'department', '--json'],
        ['funnel', '--grain', 'quarter', '--basis', 'flow', '--json'],
        ['activity', '--by', 'performer', '--json'],
        ['activity', '--purpose', 'service', '--by', 'product', '--json'],
        ['win-rate', '--measure', 'value', '--json'],
        ['conversion', '--from-step', 'first-contact', '--to-step', 'questionnaire', '--horizon', '30', '--json'],
        ['projections', 'status', '--json'],
        ['keys', 'list', '--json'],
      ];
      for (const args of asked) {
        const text = await house.voronka.answer(args);
        expect(() => JSON.parse(text) as unknown).not.toThrow();
        // oxlint-disable-next-line no-control-regex
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      }
    },
    LONG,
  );

  it(
    'makes, lists and refuses keys at once',
    async () => {
      const url = await api(running);
      const made = (await house.voronka.answer(['keys', 'add', '--name', 'shop', '--roles', 'auditor,service'])).trim();
      expect(await status(url, made)).toBe(200);
      const keys = JSON.parse(await house.voronka.answer(['keys', 'list', '--json'])) as { id: string; name: string }[];
      expect(JSON.stringify(keys)).not.toContain(made.slice(-20));
      const id = keys.find(({ name }) => name === 'shop')?.id ?? '';
      await house.voronka.answer(['keys', 'revoke', id]);
      // The API looks keys up again after a few seconds; a test that ends on time says that it does.
      while ((await status(url, made)) !== 401) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await house.voronka.ask(['keys', 'revoke', id])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(id),
      });
      const refused = await house.voronka.ask(['keys', 'add', '--name', 'x', '--roles', 'king']);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown role king') });
    },
    LONG,
  );

  it('bug: keys were made for employees that there are not; and one without an employee says what it is for', async () => {
    const add = (...more: string[]) => house.voronka.ask(['keys', 'add', '--name', 'x', ...more]);
    const nobody = await add('--roles', 'manager', '--employee', 'nope');
    expect(nobody).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--employee nope: nobody') });
    const none = await add('--roles', 'manager');
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('Voronka-On-Behalf-Of') });
    const own = await add('--roles', 'manager', '--employee', 'ivanova');
    expect(own.stderr).not.toContain('Voronka-On-Behalf-Of');
  }, 60_000);

  it(
    'lets a set be built anew beside it, and the figures stay',
    async () => {
      await house.voronka.output(['projections', 'rebuild', 'core']);
      expect(await house.funnel()).toBe(figures);
      const refused = await house.voronka.ask(['projections', 'rebuild', 'core', '--resume']);
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
      const builds = JSON.parse(await house.voronka.answer(['projections', 'status', '--json'])) as {
        schema: string;
      }[];
      expect(builds.map(({ schema }) => schema)).toEqual(expect.arrayContaining(['core_v2', 'audit_v1', 'pay_live']));
    },
    LONG,
  );

  readersProofs(house);
  exportProofs(house);
  payProofs(house, () => alone);
  backupProofs(house, {
    figures: () => figures,
    stop: async () => {
      await stopped(running);
      expect(await leftOn(house.data)).toEqual([]);
      expect(existsSync(path.join(house.data, 'instance.json'))).toBe(false);
    },
  });
});

describe('a start that is broken off', () => {
  it(
    'by SIGTERM before it is up still ends with 0 and leaves nothing',
    async () => {
      const running = house.voronka.start(['start']);
      while (!existsSync(path.join(house.data, 'owner.json'))) await new Promise((resolve) => setTimeout(resolve, 5));
      await stopped(running);
      expect((await running.ended).stderr).toContain('Stopped before it had started');
      expect(await leftOn(house.data)).toEqual([]);
    },
    LONG,
  );

  it(
    'by kill -9 leaves no process behind; the next start has everything, and shows no key again',
    async () => {
      const running = await house.started();
      running.child.kill('SIGKILL');
      await running.ended;
      // At once: what the killed one left behind is still ending.
      const again = await house.started();
      expect(await house.funnel()).toBe(figures);
      expect(await status(await api(again), key)).toBe(200);
      await stopped(again, 'SIGINT');
      expect((await again.ended).stderr).not.toMatch(KEY);
      expect(await leftOn(house.data)).toEqual([]);
    },
    LONG,
  );
});
