import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import {
  copyLog,
  type EventStoreNode,
  type EventStoreNodeOptions,
  startEventStoreNode,
} from '@voronka/eventstore-node';
import { open } from 'lmdb';
import { all, eventually, idsOf, Listener, numbersOf } from './support/collect.js';
import { appendBy, counted, countedUpTo } from './support/store-under-test.js';

/** What the embedded node promises beyond the protocol. */
describe('the embedded node', () => {
  let place: string;
  let directory: string;
  let running: EventStoreNode[];
  let clients: EventStoreDBClient[];

  beforeEach(async () => {
    place = await mkdtemp(path.join(os.tmpdir(), 'node-'));
    directory = path.join(place, 'store');
    running = [];
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.dispose();
    for (const node of running) await node.stop();
    await rm(place, { recursive: true });
  });

  const start = async (options: Partial<EventStoreNodeOptions> = {}): Promise<EventStoreNode> => {
    const node = await startEventStoreNode({ directory, ...options });
    running.push(node);
    return node;
  };
  const connect = (node: EventStoreNode): EventStoreDBClient => {
    const client = new EventStoreDBClient({ endpoint: node.endpoint }, { insecure: true });
    clients.push(client);
    return client;
  };
  const failure = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'accepted',
      (error: unknown) => String(error),
    );

  describe('refuses, and says why,', () => {
    it('to delete, to bury, to change metadata: the log is never edited', async () => {
      const client = connect(await start());
      await client.appendToStream('deal-1', counted(0));
      expect(await failure(client.deleteStream('deal-1'))).toMatch(/log is never edited/);
      expect(await failure(client.tombstoneStream('deal-1'))).toMatch(/log is never edited/);
      expect(await failure(client.setStreamMetadata('deal-1', { maxCount: 1 }))).toMatch(/begin with \$/);
      expect(await all(client.readStream('deal-1'))).toHaveLength(1);
    });

    it('persistent subscriptions and projections', async () => {
      const client = connect(await start());
      const settings = persistentSubscriptionToStreamSettingsFromDefaults();
      expect(await failure(client.createProjection('p', 'fromAll()'))).toMatch(/not part of this node/);
      expect(await failure(client.createPersistentSubscriptionToStream('deal-1', 'g', settings))).toMatch(
        /not part of this node/,
      );
      expect(await failure(client.createPersistentSubscriptionToAll('g', settings as never))).not.toBe('accepted');
    });

    it.each(['BatchAppend', 'Append'] as const)('streams of the store itself (%s)', async (method) => {
      const append = appendBy(method, connect(await start()));
      expect(await failure(append('$settings', counted(0)))).toMatch(/begin with \$/);
      expect(await failure(append('$$deal-1', counted(0)))).toMatch(/begin with \$/);
    });

    it.each(['BatchAppend', 'Append'] as const)('names that it cannot keep (%s)', async (method) => {
      const client = connect(await start());
      const append = appendBy(method, client);
      for (const name of ['ж'.repeat(951), 'with\0nul', '']) {
        expect(await failure(append(name, counted(0)))).toMatch(/1 to 1900 bytes/);
        expect(await failure(all(client.readStream(name)))).toMatch(/1 to 1900 bytes/);
      }
      const longest = 'ж'.repeat(950);
      await append(longest, countedUpTo(2), { expectedRevision: 'no_stream' });
      expect(numbersOf(await all(client.readStream(longest)))).toEqual([0, 1]);
      expect(await failure(append('deal-1', jsonEvent({ type: 't'.repeat(70_000), data: {} })))).toMatch(/event type/);
    });
  });

  it('keeps on after an append that it cannot make, without the others’ suffering', async () => {
    let time = 1_000;
    const client = connect(await start({ clock: () => time }));
    await client.appendToStream('deal-1', counted(0));
    time = Number.NaN;
    expect(await failure(client.appendToStream('deal-1', counted(1)))).not.toBe('accepted');
    time = 2_000;
    await client.appendToStream('deal-1', counted(2));
    const events = await all(client.readAll());
    expect(numbersOf(events)).toEqual([0, 2]);
    expect(events.map(({ event }) => event?.position.commit)).toEqual([1n, 2n]);
  });

  it('records by the clock it is given, never backwards, also after a restart', async () => {
    let time = Date.UTC(2024, 0, 15, 9);
    const clock = () => time;
    const first = await start({ clock });
    const client = connect(first);
    await client.appendToStream('deal-1', counted(0));
    time += 3_600_000;
    await client.appendToStream('deal-1', counted(1));
    time -= 7_200_000;
    await client.appendToStream('deal-1', counted(2));
    await first.stop();
    const again = connect(await start({ clock }));
    await again.appendToStream('deal-1', counted(3));
    time += 10_000_000;
    await again.appendToStream('deal-1', counted(4));
    const times = (await all(again.readStream('deal-1'))).map(({ event }) =>
      event?.created.toISOString().slice(11, 19),
    );
    expect(times).toEqual(['09:00:00', '10:00:00', '10:00:00', '10:00:00', '10:46:40']);
  });

  it('takes the plain method from clients when it does not offer the other', async () => {
    const client = connect(await start({ advertiseBatchAppend: false }));
    expect((await client.appendToStream('deal-1', counted(0))).success).toBe(true);
    const quiet = new EventStoreDBClient(
      { endpoint: running[0]?.endpoint ?? '', throwOnAppendFailure: false },
      { insecure: true },
    );
    clients.push(quiet);
    // By the other method the client would report 1.
    const result = await quiet.appendToStream('deal-1', counted(1), { expectedRevision: 'no_stream' });
    expect(result.nextExpectedRevision).toBe(0n);
  });

  describe('its directory', () => {
    it('is for one node at a time', async () => {
      const node = await start();
      await expect(startEventStoreNode({ directory })).rejects.toThrow(/in use by this very process/);
      await node.stop();
      await start();
    });

    it('and the socket in it are closed to others', async () => {
      mkdirSync(directory);
      chmodSync(directory, 0o755);
      const node = await start();
      expect(node.endpoint).toBe(`unix:${path.join(directory, 'node.sock')}`);
      expect(statSync(directory).mode & 0o777).toBe(0o700);
    });

    it('may have a path too long for a socket: then the socket is in a closed place elsewhere', async () => {
      directory = path.join(place, 'x'.repeat(90), 'store');
      const node = await start();
      expect(Buffer.byteLength(node.endpoint.slice('unix:'.length))).toBeLessThanOrEqual(103);
      expect(statSync(path.dirname(node.endpoint.slice('unix:'.length))).mode & 0o777).toBe(0o700);
      await connect(node).appendToStream('deal-1', counted(0));
      const { endpoint } = node;
      await node.stop();
      expect((await start()).endpoint).toBe(endpoint);
      await rm(path.dirname(endpoint.slice('unix:'.length)), { recursive: true });
    });
  });

  it('listens on TCP when told to, warns, and is found by discovery', async () => {
    const lines: string[] = [];
    const node = await start({ tcpPort: 0, log: (line) => lines.push(line) });
    expect(lines.join()).toMatch(/without credentials/);
    expect(node.endpoint).toMatch(/^127\.0\.0\.1:\d+$/);
    for (const address of [node.connectionString, `esdb+discover://${node.endpoint}?tls=false`]) {
      const client = EventStoreDBClient.connectionString(address ?? '');
      clients.push(client);
      expect((await client.appendToStream('deal-1', counted(0))).success).toBe(true);
    }
    expect(running[0]?.stats().lastPosition).toBe(2);
  });

  it('is copied while it is written to; the copy is a whole log up to some event', async () => {
    const node = await start();
    const client = connect(node);
    await client.appendToStream('deal-1', countedUpTo(500));
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n += 1) await client.appendToStream(`deal-${n % 7}`, countedUpTo(3, n));
    })();
    await node.backup(path.join(place, 'inside'));
    await copyLog(path.join(directory, 'log'), path.join(place, 'outside', 'log'));
    writing = false;
    await writer;
    const whole = idsOf(await all(client.readAll()));
    for (const copy of ['inside', 'outside']) {
      const restored = await start({ directory: path.join(place, copy) });
      const copied = connect(restored);
      const ids = idsOf(await all(copied.readAll()));
      expect(ids.length).toBeGreaterThanOrEqual(500);
      expect(ids).toEqual(whole.slice(0, ids.length));
      await copied.appendToStream('deal-new', counted(1), { expectedRevision: 'no_stream' });
    }
    await expect(node.backup(path.join(place, 'inside'))).rejects.toThrow(/not empty/);
  });

  it('gives a log from before there was an index of ids that index', async () => {
    const node = await start();
    const events = countedUpTo(4);
    const first = await connect(node).appendToStream('deal-1', events);
    await node.stop();
    const root = open({ path: path.join(directory, 'log'), maxDbs: 4 });
    await root.openDB({ name: 'ids', keyEncoding: 'binary', encoding: 'binary' }).drop();
    await root.close();
    const client = connect(await start());
    expect(await client.appendToStream('deal-1', events)).toEqual(first);
    expect(await all(client.readAll())).toHaveLength(4);
  });

  it('tells what it has open, and stops at once although it is subscribed to', async () => {
    const node = await start();
    const client = connect(node);
    const listener = new Listener(client.subscribeToAll());
    await listener.heard('caughtUp');
    expect(node.stats()).toEqual({ activeReads: 0, activeSubscriptions: 1, lastPosition: 0 });
    await Promise.all([node.stop(), node.stop()]);
    await expect(listener.error).resolves.toMatchObject({ type: 'cancelled' });
    await eventually(() => node.stats().activeSubscriptions === 0);
    expect(await failure(client.appendToStream('deal-1', counted(0)))).not.toBe('accepted');
  });
});
