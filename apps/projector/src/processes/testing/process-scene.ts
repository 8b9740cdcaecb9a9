import type { AnyEvent, Decided, Recorded, WrittenUnion } from '@voronka/kernel';
import type { Look, ProcessManager } from '@voronka/processes';
import { things } from '@voronka/runtime';
import { recorded } from '../../../../../libs/kernel/src/testing.js';

/** When everything of a scene happened, unless an event says otherwise. */
const THEN = '2009-08-10T07:00:00.000Z';

/** What happened to a thing: its stream, and its events, oldest first. */
export type History = readonly [stream: string, ...events: readonly Decided<AnyEvent>[]];

/**
 * `given(['deal-d1', …]).when(process).hears('deal-d1').then([…])`: a process meets the last event of that stream, and
 * looks at things as the given events leave them; what came after it is given as `since`.
 */
export function given(...histories: readonly History[]) {
  const streams = new Map(histories.map(([stream, ...events]) => [stream, recordedIn(stream, events)]));
  return {
    when: (process: ProcessManager) => ({
      hears: (stream: string, { since = [] }: { readonly since?: readonly Decided<AnyEvent>[] } = {}) => ({
        then: async (asked: readonly object[]): Promise<void> => {
          const before = streams.get(stream) ?? [];
          const event = before.at(-1);
          const handler = event === undefined ? undefined : process.on[event.type];
          if (event === undefined || handler === undefined) throw new Error(`${process.name} hears nothing there`);
          const after = recordedIn(stream, since, before.length);
          const look = lookInto(new Map([...streams, [stream, [...before, ...after]]]));
          expect(await handler(event, look)).toEqual(asked);
          // It may meet the event more than once.
          expect(await handler(event, look)).toEqual(asked);
        },
      }),
    }),
  };
}

function recordedIn(stream: string, events: readonly Decided<AnyEvent>[], fromRevision = 0): Recorded[] {
  return recorded(events, { stream, occurredAt: THEN, fromRevision });
}

function lookInto(streams: ReadonlyMap<string, readonly Recorded[]>): Look {
  return <State>(category: string, id: string): Promise<State> => {
    const thing = things.find((one) => one.category === category);
    if (thing === undefined) throw new Error(`no thing ${category}`);
    const { decider } = thing;
    const events = streams.get(`${category}-${id}`) ?? [];
    const fold = (state: unknown, event: Recorded): unknown => decider.evolve(state, event as WrittenUnion<AnyEvent>);
    return Promise.resolve(events.reduce(fold, decider.initialState()) as State);
  };
}
