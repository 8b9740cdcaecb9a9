import { type AnyEvent, msToInstant, type Recorded, type Thing } from '@voronka/kernel';
import { parseStream, streamOf } from '@voronka/kernel';
import type { EventToAppend, ThingState, ThingStates } from '@voronka/event-log';
import { prepareRequest } from '../../../libs/event-log/src/command-request.js';
import { decide } from '../../../libs/event-log/src/decision.js';
import type { StoryCommand } from './story-command.js';

const NO_COMMANDS: ThingState['commands'] = new Map();
const REQUEST_HASH_KEY = Buffer.alloc(32, 'bench');

/** Events of one stream that belong together. */
export interface Decision {
  readonly stream: string;
  /** Revision that the stream had before; -1 for none. */
  readonly revision: number;
  readonly events: readonly EventToAppend[];
}

/** The company in memory: the product's own deciders, without a log to read from. */
export class MemoryWorld implements Pick<ThingStates, 'load'> {
  readonly #things: ReadonlyMap<string, Thing>;
  readonly #states = new Map<string, ThingState>();
  readonly #clock = { now: () => msToInstant(this.#nowMs) };
  #nowMs = 0;
  #commands = 0;

  constructor(things: readonly Thing[]) {
    this.#things = new Map(things.map((thing) => [thing.category, thing]));
  }

  /** Decides and remembers. @throws DomainError when a rule forbids the command. */
  async carryOut(command: StoryCommand): Promise<Decision> {
    const { category, id, type, person, roles } = command;
    this.#nowMs = command.atMs;
    this.#commands += 1;
    const prepared = prepareRequest(
      { things: this.#things, clock: this.#clock, requestHashKey: REQUEST_HASH_KEY },
      {
        ...{ category, id, type, person, roles, actor: 'key-of-the-crm', commandId: `crm:${this.#commands}` },
        body: { ...command.body, occurredAt: msToInstant(command.occurredMs) },
      },
    );
    const before = this.#load(prepared.stream);
    const events = await decide(this, prepared, before);
    this.#states.set(prepared.stream, this.#evolved(before, prepared.stream, events));
    return { stream: prepared.stream, revision: before.revision, events };
  }

  /** Nothing more will happen to it. */
  forget(category: string, id: string): void {
    this.#states.delete(streamOf(category, id));
  }

  load(stream: string): Promise<ThingState> {
    return Promise.resolve(this.#load(stream));
  }

  #load(stream: string): ThingState {
    const known = this.#states.get(stream);
    if (known !== undefined) return known;
    const state = this.#thingOf(stream).decider.initialState();
    return { revision: -1, position: null, state, commands: NO_COMMANDS };
  }

  #evolved(before: ThingState, stream: string, events: readonly EventToAppend[]): ThingState {
    const { decider } = this.#thingOf(stream);
    const recordedAt = this.#clock.now();
    let { state, revision } = before;
    for (const event of events) {
      revision += 1;
      const recorded: Recorded<AnyEvent> = { ...event, stream, revision, position: 0n, recordedAt };
      state = decider.evolve(state, recorded);
    }
    return { revision, position: 0n, state, commands: NO_COMMANDS };
  }

  #thingOf(stream: string): Thing {
    const thing = this.#things.get(parseStream(stream).category);
    if (thing === undefined) throw new TypeError(`no thing has the stream ${stream}`);
    return thing;
  }
}
