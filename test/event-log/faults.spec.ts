import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createCommandHandler,
  type EventLog,
  type EventToAppend,
  type FollowState,
  LogUnavailableError,
  OutcomeUnknownError,
} from '@voronka/event-log';
import { metadataAt } from '../../libs/kernel/src/testing.js';
import { counterThing, StandingClock } from './support/counter.thing.js';
import { type Proxy, startProxy } from './support/proxy.js';
import { startTestNode, type TestNode } from './support/test-log.js';

let node: TestNode;
let proxy: Proxy;

beforeEach(async () => {
  node = await startTestNode();
  proxy = await startProxy(node.endpoint());
});
afterEach(async () => {
  await proxy.stop();
  await node.stop();
});

const raised = (): EventToAppend => ({
  eventId: randomUUID(),
  type: 'CounterRaised',
  data: { by: 1 },
  metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 3 }),
});

async function countOf(log: EventLog, stream: string): Promise<number> {
  let count = 0;
  for await (const event of log.readStream(stream)) count = event.revision + 1;
  return count;
}

async function until(condition: () => boolean | Promise<boolean>, what: string, tries = 600): Promise<void> {
  for (let tried = 0; !(await condition()); tried += 1) {
    if (tried > tries) throw new Error(`waited in vain until ${what}`);
    await sleep(10);
  }
}

/** Lets an append arrive and be carried out, and cuts the line before its answer comes back. */
async function loseTheAnswer(direct: EventLog, stream: string, before: number): Promise<void> {
  await until(async () => (await countOf(direct, stream)) > before, 'the append has landed');
  proxy.cut();
}

describe('an append of unknown outcome', () => {
  it('lands once: its repetition is answered from the first', async () => {
    const direct = node.open();
    const log = node.open(proxy.endpoint);
    await log.append('counter-1', 'noStream', [raised()]);
    proxy.muteStore();
    const events = [raised(), raised()];
    const [appended] = await Promise.all([log.append('counter-1', 0, events), loseTheAnswer(direct, 'counter-1', 1)]);
    expect(appended.revision).toBe(2);
    expect(await countOf(direct, 'counter-1')).toBe(3);
  });

  it('lands once when the line stays dead through both tries: the command finds itself on the next load', async () => {
    const direct = node.open();
    const log = node.open(proxy.endpoint, { append: 300, silence: 3_000 });
    const handle = createCommandHandler({
      log,
      things: [counterThing],
      clock: new StandingClock(),
      requestHashKey: new Uint8Array(32),
    });
    const command = { category: 'counter', id: '2', actor: 'key-1', person: null, roles: ['manager'] } as const;
    await handle({ ...command, type: 'OpenCounter', body: { limit: 5 }, commandId: 'open' });
    const raise = { ...command, type: 'RaiseCounter', body: { by: 2 }, commandId: 'raise' };
    // Both tries end by their own deadline; then the line is cut and comes back for the load.
    proxy.muteStore();
    const heal = async (): Promise<void> => {
      await sleep(1_000);
      proxy.cut();
    };
    const [result] = await Promise.all([handle(raise).catch(() => handle(raise)), heal()]);
    expect(result.revision).toBe(2);
    expect(await countOf(direct, 'counter-2')).toBe(3);
  });

  it('is called unknown when nobody can tell', async () => {
    const direct = node.open();
    const log = node.open(proxy.endpoint, { append: 200 });
    await log.append('counter-3', 'noStream', [raised()]);
    proxy.muteStore();
    await expect(log.append('counter-3', 0, [raised()])).rejects.toBeInstanceOf(OutcomeUnknownError);
    await until(async () => (await countOf(direct, 'counter-3')) === 2, 'the append has landed');
  });
});

describe('a node that is frozen', () => {
  it('is noticed by its readers within their bounds', async () => {
    const log = node.open(proxy.endpoint, { silence: 200, end: 200, append: 200 });
    await log.append('counter-4', 'noStream', [raised()]);
    proxy.freeze();
    await expect(log.end()).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(countOf(log, 'counter-4')).rejects.toBeInstanceOf(LogUnavailableError);
    await expect(log.append('counter-4', 0, [raised()])).rejects.toBeInstanceOf(OutcomeUnknownError);
  });

  it('is noticed by a follower who waits in silence, who says so and goes on when it is back', async () => {
    const direct = node.open();
    const log = node.open(proxy.endpoint, { ping: 10_000, pong: 500 });
    await direct.append('counter-5', 'noStream', [raised()]);
    const stop = new AbortController();
    const states: FollowState[] = [];
    const seen: number[] = [];
    const following = (async () => {
      const onState = (state: FollowState): void => void states.push(state);
      for await (const { events } of log.follow({ after: null, signal: stop.signal, onState })) {
        seen.push(...events.map(({ revision }) => revision));
      }
    })();
    await until(() => states.some(({ status }) => status === 'live'), 'the follower is live');
    proxy.freeze();
    await direct.append('counter-5', 0, [raised()]);
    const frozen = performance.now();
    await until(() => states.some(({ status }) => status === 'waiting'), 'the follower has noticed', 2_000);
    expect(performance.now() - frozen).toBeLessThan(20_000);
    proxy.cut();
    await until(() => seen.length === 2, 'the follower has gone on');
    stop.abort();
    await following;
    expect(seen).toEqual([0, 1]);
  });
});

describe('a node that went down and came back', () => {
  it('is used again by the same log, without being told', async () => {
    const log = node.open();
    await log.append('counter-6', 'noStream', [raised()]);
    await node.restart(async () => {
      await expect(log.end()).rejects.toBeInstanceOf(LogUnavailableError);
      await expect(log.append('counter-6', 0, [raised()])).rejects.toBeInstanceOf(LogUnavailableError);
    });
    await until(
      () =>
        log.end().then(
          () => true,
          () => false,
        ),
      'the node is back',
    );
    await expect(log.append('counter-6', 0, [raised()])).resolves.toMatchObject({ revision: 1 });
    expect(await countOf(log, 'counter-6')).toBe(2);
  });
});
