import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { EmbeddedPostgres } from '@voronka/embedded-postgres';
import { type EventStoreNode, startEventStoreNode } from '@voronka/eventstore-node';
import { startTestPostgres } from '../../libs/embedded/postgres/src/test-postgres.js';
import { exampleOf } from './support/small-department.js';

// The programs as they run beside stores of their own: built, each a process, told everything by its environment.

const KEY = 'the-key-of-the-operator';
const root = path.join(__dirname, '../..');
const program = (name: string): string => path.join(root, 'dist/apps', name, 'src/main.js');

interface Running {
  readonly child: ChildProcess;
  /** Lines of its log that say something matching; waits for the first. */
  readonly says: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

let directory: string;
let node: EventStoreNode;
let postgres: EmbeddedPostgres;
const started: Running[] = [];

function run(name: string, env: Readonly<Record<string, string>>): Running {
  const inherited = Object.entries(process.env).filter(([variable]) => !variable.startsWith('VORONKA_'));
  const child = spawn(process.execPath, [program(name)], {
    cwd: directory,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  const says = async (pattern: RegExp): Promise<string> => {
    for (let n = 0; n < 600; n += 1) {
      const line = text.split('\n').find((one) => pattern.test(one));
      if (line !== undefined) return line;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${name} does not say ${String(pattern)}: ${text}`);
  };
  const running = { child, says, ended };
  started.push(running);
  return running;
}

const environment = (): Record<string, string> => ({
  EVENTSTORE_URL: `esdb://${node.endpoint}?tls=false`,
  DATABASE_URL: postgres.url,
  VORONKA_MASTER_KEY: '07'.repeat(32),
  VORONKA_API_KEY: KEY,
  VORONKA_PORT: '0',
});

beforeAll(async () => {
  if (!existsSync(program('api'))) throw new Error('the programs are not built: run `npm run build` first');
  directory = await mkdtemp(path.join(os.tmpdir(), 'programs-'));
  [node, postgres] = await Promise.all([
    startEventStoreNode({ directory: path.join(directory, 'log'), tcpPort: 0 }),
    startTestPostgres(),
  ]);
}, 60_000);

afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL');
  await Promise.all(started.map(({ ended }) => ended));
  await node.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

describe('the programs beside stores of their own', () => {
  it('carry commands out, keep the read models through the loss of a projector, and end when told', async () => {
    const env = environment();
    const api = run('api', env);
    const url = (JSON.parse(await api.says(/the API listens/)) as { url: string }).url;
    const first = run('projector', env);
    await first.says(/projector runs.*running|running.*projector runs/);
    const second = run('projector', env);
    await second.says(/standby.*projector runs/);

    expect((await ask(`${url}/v1/departments`)).json).toMatchObject({ count: 0 });
    const before = await tell(`${url}/v1/departments/sales/create-department`, exampleOf('CreateDepartment'));
    expect(await ask(`${url}/v1/departments?after=${before}`)).toMatchObject({ status: 200, json: { count: 1 } });

    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const after = await tell(`${url}/v1/products/trade/add-product`, exampleOf('AddProduct'));
    let answer = await ask(`${url}/v1/products?after=${after}`);
    for (let n = 0; n < 4 && answer.status === 503; n += 1) answer = await ask(`${url}/v1/products?after=${after}`);
    expect(answer).toMatchObject({ status: 200, json: { count: 1 } });

    for (const { child, ended } of [api, second]) {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  }, 90_000);

  it('end with 2 and say what is wrong with the settings, with 4 and which store is away', async () => {
    const without = run('api', { ...environment(), DATABASE_URL: '' });
    await without.says(/EVENTSTORE_URL and DATABASE_URL are needed/);
    expect(await without.ended).toBe(2);
    const other = run('api', { ...environment(), VORONKA_TIME_ZONE: 'Asia/Omsk' });
    await other.says(/VORONKA_TIME_ZONE says Asia\/Omsk, but the log was begun with Europe\/Moscow/);
    expect(await other.ended).toBe(2);
    const away = { ...environment(), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing' };
    for (const name of ['api', 'projector']) {
      const without = run(name, away);
      await without.says(/PostgreSQL \(DATABASE_URL\) does not answer/);
      expect(await without.ended).toBe(4);
    }
    const noLog = run('api', { ...environment(), EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' });
    await noLog.says(/event store does not answer.*EVENTSTORE_URL/);
    expect(await noLog.ended).toBe(4);
    const typo = run('projector', { ...environment(), VORONKA_DATADIR: 'x' });
    await typo.says(/did you mean VORONKA_DATA_DIR/);
    expect(await typo.ended).toBe(2);
  }, 120_000);
});

const authorization = `Bearer ${KEY}`;

async function ask(url: string): Promise<{ status: number; json: unknown }> {
  const response = await fetch(url, { headers: { authorization } });
  return { status: response.status, json: await response.json() };
}

/** Sends a command; gives its position. */
async function tell(url: string, body: object): Promise<string> {
  const headers = { authorization, 'content-type': 'application/json', 'voronka-on-behalf-of': 'none' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = (await response.json()) as { position?: string };
  if (answer.position === undefined) throw new Error(JSON.stringify(answer));
  return answer.position;
}
