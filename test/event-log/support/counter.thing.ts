import { Allow } from 'class-validator';
import { type AnyEvent, type Clock, defineThing, type EventOf, refuse, type Thing } from '@voronka/kernel';

export type CounterEvent =
  | EventOf<'CounterOpened', { readonly owner: string | null; readonly limit: number }>
  | EventOf<'CounterRaised', { readonly by: number; readonly note?: string }>;

export interface CounterState {
  readonly value: number;
  readonly limit: number;
}

export class OpenCounter {
  @Allow()
  readonly owner?: string | null;
  @Allow()
  readonly limit: number;
  @Allow()
  readonly occurredAt?: string;
}

export class RaiseCounter {
  @Allow()
  readonly by: number;
  @Allow()
  readonly note?: string;
  /** Another counter that must have at least this counter's new value. */
  @Allow()
  readonly below?: string;
  @Allow()
  readonly alsoBelow?: readonly string[];
  @Allow()
  readonly occurredAt?: string;
}

type CounterCommand =
  | { readonly type: 'OpenCounter'; readonly body: OpenCounter }
  | { readonly type: 'ImportCounter'; readonly body: OpenCounter }
  | { readonly type: 'RaiseCounter'; readonly body: RaiseCounter };

interface CounterFacts {
  readonly below?: CounterState;
  readonly alsoBelow?: readonly (CounterState | undefined)[];
}

/** The smallest thing that needs everything: a founding command, a rule, facts, a personal field, an old shape. */
export const counterThing: Thing = defineThing<CounterState, CounterCommand, CounterEvent, CounterFacts>({
  category: 'counter',
  collection: 'counters',
  summary: 'A number that only rises',
  decider: {
    initialState: () => ({ value: 0, limit: 0 }),
    evolve: (state, event) => {
      switch (event.type) {
        case 'CounterOpened':
          return { ...state, limit: event.data.limit };
        case 'CounterRaised':
          return { ...state, value: state.value + event.data.by };
        default:
          return event satisfies never;
      }
    },
    decide: (command, state, { facts, occurredAt }) => {
      switch (command.type) {
        case 'OpenCounter':
        case 'ImportCounter': {
          if (state.limit > 0) throw refuse.conflict('COUNTER_OPEN', 'The counter is open already');
          const data = { owner: command.body.owner ?? null, limit: command.body.limit };
          if (command.type === 'OpenCounter') return [{ type: 'CounterOpened', data }];
          return [{ type: 'CounterOpened', data, occurredAt, importRef: 'row 1', assumed: ['limit'] }];
        }
        case 'RaiseCounter':
          return raise(command.body, state, facts);
        default:
          return command satisfies never;
      }
    },
  },
  commands: [
    {
      type: 'OpenCounter',
      body: OpenCounter,
      route: 'open',
      summary: 'Opens a counter',
      roles: ['manager', 'admin'],
      example: { limit: 10 },
      creates: true,
    },
    {
      type: 'ImportCounter',
      body: OpenCounter,
      route: 'import',
      summary: 'Takes a counter over',
      roles: ['admin'],
      example: { limit: 10 },
      creates: true,
      imports: true,
    },
    {
      type: 'RaiseCounter',
      body: RaiseCounter,
      route: 'raise',
      summary: 'Raises a counter',
      roles: ['manager'],
      example: { by: 1 },
      facts: (body: RaiseCounter) => ({
        ...(body.below === undefined ? {} : { below: { category: 'counter', id: body.below } }),
        ...(body.alsoBelow === undefined
          ? {}
          : { alsoBelow: body.alsoBelow.map((id) => ({ category: 'counter', id })) }),
      }),
    },
  ],
  events: {
    CounterOpened: {
      personal: { subject: (_data, stream) => `owner-of-${stream}`, fields: ['owner'] },
    },
    CounterRaised: {
      schemaVersion: 3,
      upcast: { 1: (data) => ({ amount: data['n'] }), 2: (data) => ({ by: data['amount'] }) },
      personal: { subject: (_data, stream) => `owner-of-${stream}`, fields: ['note'] },
    },
  },
});

/** One event per unit, so that commands of several events occur. */
function raise(body: RaiseCounter, state: CounterState, facts: CounterFacts): CounterEvent[] {
  const value = state.value + body.by;
  if (value > state.limit) throw refuse.rule('COUNTER_LIMIT', `The limit is ${state.limit}`, { limit: state.limit });
  for (const other of [...(body.below === undefined ? [] : [facts.below]), ...(facts.alsoBelow ?? [])]) {
    if (other === undefined) throw refuse.rule('COUNTER_UNKNOWN', 'The other counter does not exist');
    if (other.value < value) throw refuse.rule('COUNTER_ABOVE', 'The other counter is lower');
  }
  const note = body.note === undefined ? {} : { note: body.note };
  return Array.from({ length: body.by }, () => ({ type: 'CounterRaised', data: { by: 1, ...note } }));
}

/** A clock that stands until it is moved. */
export class StandingClock implements Clock {
  constructor(public instant = '2009-08-03T08:00:00.000Z') {}
  now(): string {
    return this.instant;
  }
}

/** The values of every counter as the log tells them. */
export function valueOf(events: readonly AnyEvent[]): number {
  return events.filter(({ type }) => type === 'CounterRaised').length;
}
