import type { Recorded, Thing } from '@voronka/kernel';
import type { EventLog } from './event-log.port.js';
import { createThingStates } from './thing-states.js';

/** A log whose reads are answered when the test says so, with what was in the stream when they began. */
class SlowLog {
  readonly streams = new Map<string, Recorded[]>();
  readonly waiting: (() => void)[] = [];
  reads = 0;

  async *readStream(stream: string, from = 0): AsyncGenerator<Recorded> {
    this.reads += 1;
    const found = (this.streams.get(stream) ?? []).slice(from);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    yield* found;
  }

  append(stream: string): void {
    const events = this.streams.get(stream) ?? [];
    const metadata = { commandId: `c${events.length}`, requestHash: '', occurredAt: '' };
    const event = { stream, type: 'Counted', revision: events.length, position: BigInt(events.length), metadata };
    this.streams.set(stream, [...events, event as unknown as Recorded]);
  }
}

const counter = {
  category: 'counter',
  decider: { initialState: () => 0, evolve: (state: number) => state + 1 },
} as unknown as Thing;

function house() {
  const log = new SlowLog();
  const states = createThingStates(log as unknown as EventLog, [counter], 10, () => true);
  const load = async (): Promise<unknown> => (await states.load('counter-1')).state;
  const settle = async (): Promise<void> => {
    for (const answer of log.waiting.splice(0)) answer();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const append = (): void => {
    log.append('counter-1');
    states.appended('counter-1');
  };
  const grow = async (): Promise<void> => {
    const before = await states.load('counter-1');
    append();
    const written = log.streams.get('counter-1')?.at(-1);
    if (written !== undefined) states.grown(before, written);
  };
  return { log, states, load, settle, append, grow };
}

describe('states of things while nobody else writes', () => {
  it('are read once, those of what does not exist too', async () => {
    const { log, load, settle } = house();
    const first = load();
    await settle();
    expect([await first, await load(), log.reads]).toEqual([0, 0, 1]);
  });

  it('are read again after an append', async () => {
    const { load, settle, append } = house();
    const before = load();
    await settle();
    append();
    const after = load();
    await settle();
    expect([await before, await after, await load()]).toEqual([0, 1, 1]);
  });

  it('are not read again when it is known what the append made of them', async () => {
    const { log, load, settle, grow } = house();
    const before = load();
    await settle();
    await grow();
    expect([await before, await load(), log.reads]).toEqual([0, 1, 1]);
  });

  it('do not fall behind what was read when an older append is told late', async () => {
    const { log, states, load, settle, append } = house();
    const first = states.load('counter-1');
    await settle();
    append();
    append();
    const after = load();
    await settle();
    const [older] = log.streams.get('counter-1') ?? [];
    if (older !== undefined) states.grown(await first, older);
    expect([await after, await load(), log.reads]).toEqual([2, 2, 2]);
  });

  // A bug: what an append made of a state was taken for complete, though more had come to the stream meanwhile.
  it('are read again after an append whose answer came late', async () => {
    const { log, states, load, settle, append } = house();
    const first = states.load('counter-1');
    await settle();
    append();
    append();
    const seen = load();
    await settle();
    append();
    const [older] = log.streams.get('counter-1') ?? [];
    if (older !== undefined) states.grown(await first, older);
    const after = load();
    await settle();
    expect([await seen, await after]).toEqual([2, 3]);
  });

  // A bug: between the end of a read and its result being kept there was a moment in which an append overtook nothing.
  it('miss no append, at whatever moment of a read it comes', async () => {
    for (let moment = 0; moment < 40; moment += 1) {
      const { log, load, settle, append } = house();
      const before = load();
      for (const answer of log.waiting.splice(0)) answer();
      for (let turn = 0; turn < moment; turn += 1) await Promise.resolve();
      append();
      await settle();
      await before;
      const after = load();
      await settle();
      expect([moment, await after]).toEqual([moment, 1]);
    }
  });

  // A bug: a state counted as complete as soon as its read began, so another read meanwhile got what was before.
  it('are never older than the call, whatever else is being read', async () => {
    const { load, settle, append } = house();
    const before = load();
    await settle();
    append();
    const [first, second] = [load(), load()];
    await settle();
    expect([await before, await first, await second]).toEqual([0, 1, 1]);
  });

  it('are not kept as complete when an append overtakes their reading', async () => {
    const { load, settle, append } = house();
    const overtaken = load();
    append();
    await settle();
    const after = load();
    await settle();
    expect([await overtaken, await after]).toEqual([0, 1]);
  });
});
