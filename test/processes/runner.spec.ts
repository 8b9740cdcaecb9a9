import { inspect } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedPostgres } from '@voronka/embedded-postgres';
import { type CommandHandler, createCommandHandler, type EventLog } from '@voronka/event-log';
import type { Recorded } from '@voronka/kernel';
import {
  type Checkpoints,
  createProcessRunner,
  type ProcessManager,
  type ProcessRunner,
  type ProcessRunnerOptions,
} from '@voronka/processes';
import { startTestPostgres } from '../../libs/embedded/postgres/src/test-postgres.js';
import { type CounterState, counterThing, StandingClock } from '../event-log/support/counter.thing.js';
import { startTestNode, type TestNode } from '../event-log/support/test-log.js';

let node: TestNode;
let postgres: EmbeddedPostgres;
let log: EventLog;
let handle: CommandHandler;
let ids = 0;
const started: ProcessRunner[] = [];

beforeAll(async () => {
  [node, postgres] = await Promise.all([startTestNode(), startTestPostgres()]);
  log = node.open();
  handle = handlerOn(log);
}, 60_000);

afterEach(async () => {
  await Promise.all(started.splice(0).map((runner) => runner.stop()));
});

afterAll(async () => {
  await node.stop();
  await postgres.stop();
});

const handlerOn = (on: EventLog): CommandHandler =>
  createCommandHandler({
    log: on,
    things: [counterThing],
    clock: new StandingClock(),
    requestHashKey: new Uint8Array(32).fill(3),
  });

class MemoryCheckpoints implements Checkpoints {
  readonly positions = new Map<string, bigint>();
  load(process: string): Promise<bigint | null> {
    return Promise.resolve(this.positions.get(process) ?? null);
  }
  save(process: string, position: bigint): Promise<void> {
    this.positions.set(process, position);
    return Promise.resolve();
  }
}

function runner(options: Partial<ProcessRunnerOptions>): ProcessRunner {
  const made = createProcessRunner({
    log,
    handle,
    things: [counterThing],
    checkpoints: new MemoryCheckpoints(),
    databaseUrl: postgres.url,
    clock: new StandingClock(),
    managers: [],
    timed: [],
    standbyPollMs: 20,
    ...options,
  });
  started.push(made);
  made.start();
  return made;
}

async function send(type: string, id: string, body: object): Promise<void> {
  ids += 1;
  await handle({
    category: 'counter',
    id,
    type,
    body,
    commandId: `c-${ids}`,
    actor: 'key-1',
    person: 'ivanova',
    roles: ['manager', 'admin'],
  });
}

/** A counter, and the one that repeats what is done to it. */
async function pair(limit = 100): Promise<string> {
  ids += 1;
  const id = `p${ids}`;
  await send('OpenCounter', id, { limit: 100 });
  await send('OpenCounter', `${id}.echo`, { limit });
  return id;
}

async function eventsOf(id: string): Promise<Recorded[]> {
  const events: Recorded[] = [];
  for await (const event of log.readStream(`counter-${id}`)) events.push(event);
  return events;
}

const raisesOf = async (id: string): Promise<Recorded[]> =>
  (await eventsOf(id)).filter(({ type }) => type === 'CounterRaised');

async function until<T>(look: () => Promise<T> | T, good: (value: T) => boolean): Promise<T> {
  for (let n = 0; ; n += 1) {
    const value = await look();
    if (good(value)) return value;
    if (n > 1_000) throw new Error(`it never came: ${inspect(value)}`);
    await sleep(10);
  }
}

/** Repeats every raise of counters whose names begin so. */
const echo = (prefix: string, name = `echo-${prefix}`): ProcessManager => ({
  name,
  summary: 'Repeats what is done to a counter',
  on: {
    CounterRaised: async ({ stream }, look) => {
      const id = stream.slice('counter-'.length);
      if (!id.startsWith(prefix) || id.endsWith('.echo')) return [];
      const { limit } = await look<CounterState>('counter', `${id}.echo`);
      return limit === 0
        ? []
        : [{ category: 'counter', id: `${id}.echo`, type: 'RaiseCounter', body: { by: 1 }, key: '' }];
    },
  },
});

// The example commands are for managers; a service may do it here.
counterThing.commands.forEach((command) => Object.assign(command, { roles: [...command.roles, 'service'] }));

describe('a process manager', () => {
  it('answers each event with a command that tells what caused it', async () => {
    const id = await pair();
    runner({ managers: [echo(id)] });
    await send('RaiseCounter', id, { by: 3 });
    const answers = await until(
      () => raisesOf(`${id}.echo`),
      (raises) => raises.length === 3,
    );
    const causes = await raisesOf(id);
    expect(answers.map(({ metadata }) => metadata.causationId)).toEqual(causes.map(({ eventId }) => eventId));
    expect(answers[0]?.metadata).toMatchObject({
      actor: `process:echo-${id}`,
      person: null,
      correlationId: causes[0]?.metadata.correlationId,
    });
  });

  it('does nothing twice when it died before it knew how far it had come', async () => {
    const id = await pair();
    const forgetful: Checkpoints = { load: () => Promise.resolve(null), save: () => Promise.resolve() };
    await send('RaiseCounter', id, { by: 5 });
    for (let round = 0; round < 3; round += 1) {
      const made = runner({ managers: [echo(id)], checkpoints: forgetful, handle: handlerOn(log) });
      await until(
        () => made.states(),
        ([state]) => (state?.position ?? -1n) >= 0n && state?.issued === 5,
      );
      await made.stop();
    }
    expect(await raisesOf(`${id}.echo`)).toHaveLength(5);
  });

  it('asks for something else instead of a command that is refused, and leaves the rest out', async () => {
    const id = await pair();
    const raise = (by: number, key: string) => ({
      ...{ category: 'counter', id: `${id}.echo`, type: 'RaiseCounter' },
      ...{ body: { by }, key },
    });
    const careful: ProcessManager = {
      name: `careful-${id}`,
      summary: 'Raises by too much, or else by one',
      on: {
        CounterRaised: async ({ stream }) =>
          stream === `counter-${id}`
            ? [raise(2, 'first'), { ...raise(1_000, 'much'), orElse: () => raise(1, 'else') }, raise(7, 'rest')]
            : [],
      },
    };
    await send('RaiseCounter', id, { by: 1 });
    const made = runner({ managers: [careful] });
    const [state] = await until(
      () => made.states(),
      ([one]) => one?.issued === 2,
    );
    expect(state?.refused).toBe(1);
    await send('RaiseCounter', `${id}.echo`, { by: 1 });
    expect(await raisesOf(`${id}.echo`)).toHaveLength(4);
  });

  it('asks for something else, and for nothing after it, where what came to be meanwhile says so, just before it is sent', async () => {
    const id = await pair();
    const raise = (by: number, key: string) => ({
      ...{ category: 'counter', id: `${id}.echo`, type: 'RaiseCounter' },
      ...{ body: { by }, key },
    });
    const found: number[] = [];
    const looking: ProcessManager = {
      name: `looking-${id}`,
      summary: 'Raises by two, by three, by one in the place of four, and by no more',
      on: {
        CounterRaised: async ({ stream }) => {
          if (stream !== `counter-${id}`) return [];
          const unless = async () => {
            found.push((await raisesOf(`${id}.echo`)).length);
            return found.length > 1 ? raise(1, 'instead') : null;
          };
          return [
            raise(2, 'first'),
            { ...raise(3, 'then'), unless },
            { ...raise(4, 'late'), unless },
            raise(5, 'last'),
          ];
        },
      },
    };
    await send('RaiseCounter', id, { by: 1 });
    const made = runner({ managers: [looking] });
    await until(
      () => made.states(),
      ([one]) => one?.issued === 3,
    );
    // What it saw were the raises before each.
    expect(found).toEqual([2, 5]);
    // It heard of the next one only after all of the first.
    await send('RaiseCounter', id, { by: 1 });
    await until(
      () => found,
      (looks) => looks.length > 2,
    );
    expect(found[2]).toBe(2 + 3 + 1 + 2);
  });

  it('passes over imported history', async () => {
    const id = await pair();
    const seen: string[] = [];
    const watching: ProcessManager = {
      name: `watch-${id}`,
      summary: 'Notes who is opened',
      on: { CounterOpened: async ({ stream }) => (seen.push(stream), []) },
    };
    await send('ImportCounter', `${id}.old`, { limit: 1 });
    await send('OpenCounter', `${id}.new`, { limit: 1 });
    runner({ managers: [watching] });
    await until(
      () => seen,
      (streams) => streams.includes(`counter-${id}.new`),
    );
    expect(seen).not.toContain(`counter-${id}.old`);
  });

  it('goes on when the rules refuse what it asks for', async () => {
    const id = await pair(2);
    const made = runner({ managers: [echo(id)] });
    await send('RaiseCounter', id, { by: 4 });
    await until(
      () => made.states(),
      ([state]) => state?.refused === 2,
    );
    expect(made.states()).toMatchObject([{ status: 'running', issued: 2, refused: 2, error: null }]);
  });

  it('stops alone at a defect, and says so', async () => {
    const id = await pair();
    const broken: ProcessManager = {
      name: `broken-${id}`,
      summary: 'Asks for what there is not',
      on: { CounterRaised: async () => [{ category: 'counter', id, type: 'LowerCounter', body: {}, key: '' }] },
    };
    const messages: string[] = [];
    const made = runner({
      managers: [broken, echo(id)],
      onMessage: ({ level, text }) => messages.push(`${level} ${text}`),
    });
    await send('RaiseCounter', id, { by: 1 });
    await until(
      () => raisesOf(`${id}.echo`),
      (raises) => raises.length === 1,
    );
    await until(
      () => made.states(),
      ([state]) => state?.status === 'stopped',
    );
    expect(made.states()[0]?.error).toBe('counter has no command LowerCounter');
    expect(messages).toContainEqual(expect.stringMatching(/^error stops.*LowerCounter/));
  });

  it('is run by one program; another takes over', async () => {
    const id = await pair();
    const checkpoints = new MemoryCheckpoints();
    const first = runner({ managers: [echo(id)], checkpoints });
    await until(
      () => first.states(),
      ([state]) => state?.status === 'running',
    );
    const second = runner({ managers: [echo(id)], checkpoints });
    await sleep(100);
    expect(second.states()).toMatchObject([{ status: 'standby' }]);
    await first.stop();
    await send('RaiseCounter', id, { by: 1 });
    await until(
      () => raisesOf(`${id}.echo`),
      (raises) => raises.length === 1,
    );
    expect(second.states()).toMatchObject([{ status: 'running' }]);
  });

  it('waits while the log is away, and then goes on', async () => {
    const id = await pair();
    const own = node.open();
    let broken = true;
    const shaky: CommandHandler = (request) =>
      broken ? Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' })) : handle(request);
    const made = runner({ managers: [echo(id)], log: own, handle: shaky });
    await send('RaiseCounter', id, { by: 1 });
    await until(
      () => made.states(),
      ([state]) => state?.status === 'waiting',
    );
    broken = false;
    await until(
      () => raisesOf(`${id}.echo`),
      (raises) => raises.length === 1,
    );
  });
});

// Bug: a process whose subscription failed again and again was said to be running.
it('a process whose log does not answer waits, and goes on once it does', async () => {
  const id = await pair();
  let isAway = true;
  const own = node.open();
  const follow: EventLog['follow'] = async function* (options) {
    options.onState?.({ status: 'waiting', retryInMilliseconds: 100, reason: 'no answer' });
    while (isAway) await sleep(10);
    yield* own.follow(options);
  };
  const made = runner({ managers: [echo(id)], log: { ...own, follow } });
  await until(
    () => made.states(),
    ([state]) => state?.status === 'waiting',
  );
  expect(made.states()).toMatchObject([{ error: 'no answer' }]);
  isAway = false;
  await until(
    () => made.states(),
    ([state]) => state?.status === 'running',
  );
});

describe('a timed process', () => {
  it('may ask for the same as often as it looks: it is done once', async () => {
    const id = await pair();
    let looks = 0;
    const asked = { category: 'counter', id, type: 'RaiseCounter', body: { by: 1 }, key: 'first', cause: 'overdue' };
    const made = runner({
      lookEveryMs: 5,
      timed: [
        {
          name: `due-${id}`,
          summary: 'Raises what is due',
          due: () => ((looks += 1), Promise.resolve([asked, { ...asked, key: 'second' }])),
        },
      ],
    });
    await until(
      () => looks,
      (times) => times > 5,
    );
    await made.stop();
    expect(await raisesOf(id)).toHaveLength(2);
  });
});
