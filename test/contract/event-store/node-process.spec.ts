import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { EventStoreDBClient } from '@eventstore/db-client';
import {
  type EventStoreChild,
  keepEventStoreNode,
  SharedClock,
  spawnEventStoreNode,
  startEventStoreThread,
} from '@voronka/eventstore-node';
import { buildNode } from './support/built-node.js';
import { all, eventually, idsOf, numbersOf } from './support/collect.js';
import { type Append, appendBy, type AppendMethod, counted, countedUpTo } from './support/store-under-test.js';

describe('the node as a process', () => {
  let place: string;
  let entry: string;
  let directory: string;
  let running: { stop(): Promise<void> }[];

  beforeAll(async () => {
    place = await mkdtemp(path.join(os.tmpdir(), 'node program '));
    entry = await buildNode(place);
  });
  afterAll(() => rm(place, { recursive: true }));
  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'node-'));
    running = [];
  });
  afterEach(async () => {
    for (const child of running) await child.stop();
    await rm(directory, { recursive: true });
  });

  const start = async (options: { advertiseBatchAppend?: boolean; maxAppendSizeBytes?: number } = {}) => {
    const child = await spawnEventStoreNode({ directory, entry, ...options });
    running.push(child);
    return child;
  };
  const clientOf = ({ endpoint }: { readonly endpoint: string }) =>
    new EventStoreDBClient({ endpoint }, { insecure: true });
  const kill = async (child: EventStoreChild): Promise<void> => {
    process.kill(child.pid, 'SIGKILL');
    expect((await child.exited).signal).toBe('SIGKILL');
  };

  /** Writers that go on until the node is gone; what each was told has been stored. */
  const writeUntilGone = async (append: Append, gone: () => Promise<void>): Promise<string[]> => {
    const acknowledged: string[] = [];
    const writing = Array.from({ length: 16 }, async (_, writer) => {
      for (let n = 0; ; n += 1) {
        const events = countedUpTo(1 + (n % 3), n);
        await append(`deal-${writer}`, events);
        acknowledged.push(...events.map(({ id }) => id));
      }
    });
    const over = Promise.allSettled(writing);
    await eventually(() => acknowledged.length >= 150);
    await gone();
    expect((await over).every(({ status }) => status === 'rejected')).toBe(true);
    return acknowledged;
  };

  it.each<[AppendMethod, string]>([
    ['BatchAppend', 'SIGKILL'],
    ['Append', 'SIGKILL'],
    ['BatchAppend', 'SIGTERM'],
    ['Append', 'SIGTERM'],
  ])('by %s loses and doubles nothing acknowledged when it ends by %s under load', async (method, signal) => {
    const child = await start();
    const client = clientOf(child);
    const acknowledged = await writeUntilGone(appendBy(method, client), async () => {
      process.kill(child.pid, signal);
      const exit = await child.exited;
      expect(signal === 'SIGKILL' ? exit.signal : exit.code).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0);
    });
    await client.dispose();
    const again = clientOf(await start());
    const ids = idsOf(await all(again.readAll()));
    expect(new Set(ids).size).toBe(ids.length);
    expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
    for (let writer = 0; writer < 16; writer += 1) {
      const revisions = (await all(again.readStream(`deal-${writer}`))).map(({ event }) => Number(event?.revision));
      expect(revisions).toEqual(revisions.map((_, at) => at));
    }
    await again.dispose();
  });

  it('recognises after kill -9 an append whose answer was lost', async () => {
    const child = await start();
    const events = countedUpTo(3);
    const first = await clientOf(child).appendToStream('deal-1', events, { expectedRevision: 'no_stream' });
    await kill(child);
    const client = clientOf(await start());
    expect(await client.appendToStream('deal-1', events, { expectedRevision: 'no_stream' })).toEqual(first);
    expect(await client.appendToStream('deal-1', events)).toEqual(first);
    expect(await all(client.readStream('deal-1'))).toHaveLength(3);
    await client.dispose();
  });

  it('refuses a directory that a living process holds, and takes it when that one was killed', async () => {
    const child = await start();
    await expect(spawnEventStoreNode({ directory, entry })).rejects.toThrow(`the running process ${child.pid}`);
    await kill(child);
    await start();
  });

  it('ends with the program that started it, even one killed', async () => {
    const holder = `
      import { spawnEventStoreNode } from ${JSON.stringify(path.join(path.dirname(entry), 'index.js'))};
      const node = await spawnEventStoreNode({ directory: process.argv[2] });
      console.log(node.pid);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', holder, 'holder', directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(readline.createInterface({ input: parent.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(process.kill(pid, 0)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => isGone(pid));
  });

  it('is started again under the same address when it was killed, with all it had', async () => {
    const kept = await keepEventStoreNode({ directory, entry });
    running.push(kept);
    const { pid, endpoint } = kept;
    await clientOf(kept).appendToStream('deal-1', countedUpTo(2));
    process.kill(pid, 'SIGKILL');
    await eventually(() => kept.pid !== pid);
    const client = clientOf({ endpoint });
    expect(numbersOf(await all(client.readStream('deal-1')))).toEqual([0, 1]);
    await client.dispose();
  });

  it('takes its settings, and names what is wrong with them', async () => {
    const child = await start({ advertiseBatchAppend: false, maxAppendSizeBytes: 500 });
    const client = clientOf(child);
    await expect(client.appendToStream('deal-1', countedUpTo(40))).rejects.toThrow(/500/);
    expect((await client.appendToStream('deal-1', counted(1))).success).toBe(true);
    await client.dispose();
    const mistaken = spawn(process.execPath, [entry, '--directory', directory, '--tcp-port', 'x'], { stdio: 'pipe' });
    const [said] = (await once(mistaken.stderr, 'data')) as [Buffer];
    expect(String(said)).toContain('--tcp-port must be a whole number');
    expect(await once(mistaken, 'exit')).toEqual([1, null]);
  });

  describe('as a thread', () => {
    const thread = async (clock = new SharedClock()) => {
      const node = await startEventStoreThread({ directory, clock, entry: path.join(entry, '../thread-main.js') });
      running.push(node);
      return node;
    };

    it('records at the time that the program says, the moment it says so', async () => {
      const clock = new SharedClock();
      const client = clientOf(await thread(clock));
      const days = Array.from({ length: 20 }, (_unused, day) => Date.UTC(2009, 7, 3 + day));
      for (const [index, day] of days.entries()) {
        clock.set(day);
        await client.appendToStream('deal-1', counted(index));
      }
      const times = (await all(client.readStream('deal-1'))).map(({ event }) => event?.created.getTime());
      expect(times).toEqual(days);
      clock.run();
      await client.appendToStream('deal-1', counted(20));
      const last = (await all(client.readStream('deal-1'))).at(-1)?.event?.created.getTime() ?? 0;
      expect(last).toBeGreaterThanOrEqual(days.at(-1) ?? 0);
      expect(last).toBeLessThan((days.at(-1) ?? 0) + 60_000);
      await client.dispose();
    });

    it('says why it does not start, and stops when told', async () => {
      const first = await thread();
      await expect(thread()).rejects.toThrow(/in use by this very process/);
      await first.stop();
      await first.exited;
      await (await thread()).stop();
    });
  });
});

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}
