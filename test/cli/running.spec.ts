import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  CommandLine,
  ensureBuilt,
  leftOn,
  newDirectory,
  processesOn,
  removeDirectory,
  type Running,
} from './support/voronka.js';

// One data directory through its life: loaded, started, asked while it runs, copied, killed, started again.

const LONG = 120_000;
/** The story ends before, so figures do not depend on when they are asked for. */
const FUNNEL = ['funnel', '--at', '2026-08-01T00:00:00Z', '--json'];

/** The figures, but for K: reminders go on being raised, and move it. */
async function funnelOf(more: readonly string[] = []): Promise<string> {
  const shown = await voronka.output([...FUNNEL, ...more]);
  return shown.replace(/^ {2}"k": "\d+",$/m, '');
}
const KEY = /API key +(vk_\S+)/;

let directory: string;
let data: string;
let voronka: CommandLine;
let figures: string;

beforeAll(async () => {
  ensureBuilt();
  directory = newDirectory();
  data = path.join(directory, 'data');
  mkdirSync(data, { mode: 0o711 });
  // Colours asked for by whoever runs the tests must not get into what programs read.
  voronka = new CommandLine(directory, { VORONKA_DATA_DIR: data, VORONKA_PORT: '0', FORCE_COLOR: '1' });
  await voronka.output(['demo', '--exit', '--deals', '40']);
}, LONG);

afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
}, LONG);

async function started(env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const running = voronka.start(['start'], env);
  await running.says(/Documentation/);
  return running;
}

async function stopped(running: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  running.child.kill(signal);
  expect((await running.ended).code).toBe(0);
}

const api = (running: Running): Promise<string> => running.says(/API +(http\S+)\/v1/).then(([, url = '']) => url);

async function status(url: string, key: string): Promise<number> {
  const answer = await fetch(`${url}/v1/employees`, { headers: { authorization: `Bearer ${key}` } });
  await answer.arrayBuffer();
  return answer.status;
}

describe('a data directory that nothing runs on', () => {
  it(
    'is asked with stores of its own for as long as the command takes',
    async () => {
      figures = await funnelOf();
      expect(JSON.parse(figures)).toMatchObject({ total: { bars: expect.any(Array) } });
      expect(processesOn(data)).toEqual([]);
    },
    LONG,
  );
});

describe('voronka start', () => {
  let running: Running;
  let key: string;

  beforeAll(async () => {
    running = await started();
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

  it('tells other commands where its stores are, and nobody else', () => {
    const file = path.join(data, 'instance.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: running.pid, apiUrl: expect.any(String) });
  });

  it(
    'holds its directory: a second start, and a demo, end with 3',
    async () => {
      for (const args of [['start'], ['demo', '--deals', '40']]) {
        const { code, stderr } = await voronka.run(args);
        expect(code).toBe(3);
        expect(stderr).toMatch(new RegExp(`in use by the running process ${running.pid}`));
      }
    },
    LONG,
  );

  it(
    'answers the same figures to a command beside it, without colours or other control characters',
    async () => {
      expect(await funnelOf()).toBe(figures);
      const asked = [
        ['funnel', '--by', 'department', '--json'],
        ['funnel', '--grain', 'quarter', '--basis', 'flow', '--json'],
        ['activity', '--by', 'performer', '--json'],
        ['win-rate', '--measure', 'value', '--json'],
        ['conversion', '--from-step', 'first-contact', '--to-step', 'questionnaire', '--horizon', '30', '--json'],
        ['projections', 'status', '--json'],
        ['keys', 'list', '--json'],
      ];
      for (const args of asked) {
        const text = await voronka.output(args);
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
      const made = (await voronka.output(['keys', 'add', '--name', 'shop', '--roles', 'auditor,service'])).trim();
      expect(await status(url, made)).toBe(200);
      const keys = JSON.parse(await voronka.output(['keys', 'list', '--json'])) as { id: string; name: string }[];
      expect(JSON.stringify(keys)).not.toContain(made.slice(-20));
      const id = keys.find(({ name }) => name === 'shop')?.id ?? '';
      await voronka.output(['keys', 'revoke', id]);
      // The API looks keys up again after a few seconds; a test that ends on time says that it does.
      while ((await status(url, made)) !== 401) await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await voronka.run(['keys', 'revoke', id])).toMatchObject({ code: 1, stderr: expect.stringContaining(id) });
      const refused = await voronka.run(['keys', 'add', '--name', 'x', '--roles', 'king']);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown role king') });
    },
    LONG,
  );

  it(
    'lets a set be built anew beside it, and the figures stay',
    async () => {
      await voronka.output(['projections', 'rebuild', 'core']);
      expect(await funnelOf()).toBe(figures);
      const refused = await voronka.run(['projections', 'rebuild', 'core', '--resume']);
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
      const builds = JSON.parse(await voronka.output(['projections', 'status', '--json'])) as { schema: string }[];
      expect(builds.map(({ schema }) => schema)).toEqual(expect.arrayContaining(['core_v2', 'audit_v1']));
    },
    LONG,
  );

  it(
    'stops on SIGTERM with 0, leaves no process, and shows no key again',
    async () => {
      await stopped(running);
      expect(await leftOn(data)).toEqual([]);
      expect(existsSync(path.join(data, 'instance.json'))).toBe(false);
      const again = await started();
      expect(await status(await api(again), key)).toBe(200);
      await stopped(again, 'SIGINT');
      expect((await again.ended).stderr).not.toMatch(KEY);
      expect(await leftOn(data)).toEqual([]);
    },
    LONG,
  );
});

describe('a start that is broken off', () => {
  it(
    'by SIGTERM before it is up still ends with 0 and leaves nothing',
    async () => {
      const running = voronka.start(['start']);
      while (!existsSync(path.join(data, 'owner.json'))) await new Promise((resolve) => setTimeout(resolve, 5));
      await stopped(running);
      expect(await leftOn(data)).toEqual([]);
    },
    LONG,
  );

  it(
    'by kill -9 leaves no process behind, and the next start has everything',
    async () => {
      const running = await started();
      running.child.kill('SIGKILL');
      await running.ended;
      // At once: what the killed one left behind is still ending.
      const again = await started();
      expect(await funnelOf()).toBe(figures);
      await stopped(again);
      expect(await leftOn(data)).toEqual([]);
    },
    LONG,
  );
});

describe('voronka events export', () => {
  it(
    'goes on where it was broken off, and the bytes are the same',
    async () => {
      const [whole, cut] = [path.join(directory, 'whole.ndjson'), path.join(directory, 'cut.ndjson')];
      await voronka.output(['events', 'export', '--out', whole]);
      const bytes = readFileSync(whole);
      const lines = bytes.toString().trimEnd().split('\n');
      expect(lines.length).toBeGreaterThan(300);
      for (const length of [0, 10, bytes.length - 1, Math.floor(bytes.length / 3), bytes.length]) {
        writeFileSync(cut, bytes.subarray(0, length));
        await voronka.output(['events', 'export', '--out', cut, '--resume']);
        expect(readFileSync(cut).equals(bytes)).toBe(true);
      }
      const tail = await voronka.output(['events', 'export', '--from', String(positionOf(lines.at(-3) ?? ''))]);
      expect(tail.trimEnd().split('\n')).toEqual(lines.slice(-2));
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({
        stream: expect.any(String),
        revision: 0,
        eventId: expect.any(String),
        recordedAt: expect.stringMatching(/Z$/),
        metadata: { occurredAt: expect.any(String), actor: expect.any(String), commandId: expect.any(String) },
      });
    },
    LONG,
  );

  it(
    'shows personal data only when asked',
    async () => {
      const hired = async (more: readonly string[]): Promise<string> =>
        (await voronka.output(['events', 'export', ...more])).split('\n').find((line) => line.includes('Hired')) ?? '';
      expect(JSON.parse(await hired([]))).toMatchObject({ data: { name: { hidden: true } } });
      const { data: shown } = JSON.parse(await hired(['--personal'])) as { data: { name: string } };
      expect(shown.name).toMatch(/^\p{L}+ \p{L}+$/u);
      expect(await hired([])).not.toContain(shown.name);
    },
    LONG,
  );

  it(
    'touches no file that is not its own',
    async () => {
      const file = path.join(directory, 'letter.txt');
      writeFileSync(file, 'Dear reader');
      const { code } = await voronka.run(['events', 'export', '--out', file, '--resume']);
      expect(code).toBe(2);
      expect(readFileSync(file, 'utf8')).toBe('Dear reader');
    },
    LONG,
  );
});

describe('voronka backup and restore', () => {
  it(
    'while an instance runs; what is restored shows the same figures and takes the same keys',
    async () => {
      const [copy, fresh] = [path.join(directory, 'copy'), path.join(directory, 'fresh')];
      const running = await started();
      await voronka.output(['backup', copy]);
      expect(await voronka.run(['backup', copy])).toMatchObject({ code: 2 });
      const keys = await voronka.output(['keys', 'list', '--json']);
      await stopped(running);
      const into = ['--data-dir', fresh];
      mkdirSync(fresh, { mode: 0o711 });
      expect(await voronka.run(['restore', copy, ...into])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/needs its master key/),
      });
      copyFileSync(path.join(data, 'master.key'), path.join(fresh, 'master.key'));
      await voronka.output(['restore', copy, ...into]);
      expect(await funnelOf(into)).toBe(figures);
      expect(await voronka.output(['keys', 'list', '--json', ...into])).toBe(keys);
      expect(await voronka.run(['restore', copy, ...into])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/is not empty/),
      });
      const personal = ['events', 'export', '--personal'];
      expect(await voronka.output([...personal, ...into])).toBe(await voronka.output(personal));
    },
    LONG,
  );

  it(
    'refuses a damaged copy and one that was not finished',
    async () => {
      const copy = path.join(directory, 'copy');
      const into = ['--data-dir', path.join(directory, 'other')];
      writeFileSync(path.join(copy, 'app.ndjson'), '');
      expect(await voronka.run(['restore', copy, ...into])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/damaged: app\.ndjson/),
      });
      expect(existsSync(path.join(directory, 'other'))).toBe(false);
    },
    LONG,
  );
});

function positionOf(line: string): bigint {
  return BigInt((JSON.parse(line) as { position: string }).position);
}
