import {
  type AnyEvent,
  type Decided,
  type DecisionContext,
  DomainError,
  type FactRefs,
  type Written,
  type WrittenUnion,
  type Role,
  type Thing,
  type ThingRef,
  validateBody,
  factsAtOnce,
} from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import { payThings } from '../registry.js';

export const NOW = '2009-08-10T07:00:00.000Z';

/** The rooms of pay in memory: streams of events, commands decided on their folds; things of sales are states. */
export class Shop {
  readonly streams = new Map<string, readonly Written[]>();
  now = NOW;

  constructor(
    readonly around: Readonly<Record<string, unknown>> = {
      'company-main': { status: 'configured', zone: 'Europe/Samara', firstPayrollPeriod: '2009-08' },
    },
  ) {}

  state(category: string, id: string): unknown {
    const thing = payThings.find((candidate) => candidate.category === category);
    if (thing === undefined) return this.around[`${category}-${id}`] ?? { status: 'none' };
    const events = this.streams.get(`${category}-${id}`) ?? [];
    return events.reduce(
      (state, event) => thing.decider.evolve(state, event as WrittenUnion<AnyEvent>),
      thing.decider.initialState(),
    );
  }

  /** Sends a command with a plain body; answers what was appended. @throws DomainError as the decider does */
  send(
    stream: string,
    type: string,
    plain: object,
    person: string | null = null,
    roles: readonly Role[] = ['admin'],
  ): readonly Decided<AnyEvent>[] {
    const dash = stream.indexOf('-');
    const [category, id] = [stream.slice(0, dash), stream.slice(dash + 1)];
    const thing = thingOf(category);
    const definition = thing.commands.find((candidate) => candidate.type === type);
    if (definition === undefined) throw new Error(`no command ${type}`);
    const body = validateBody(definition.body, plain);
    const state = this.state(category, id);
    const sender = { id, person, roles, now: this.now };
    const context: DecisionContext<unknown> = {
      id,
      now: this.now,
      occurredAt: (body as { occurredAt?: string | null }).occurredAt ?? this.now,
      person,
      roles,
      facts: factsAtOnce(definition, { ...sender, body, state }, (refs) => this.facts(refs)),
    };
    const decided = thing.decider.decide({ type, body }, state, context);
    const before = this.streams.get(stream) ?? [];
    const next = recorded(decided, { stream, occurredAt: this.now, fromRevision: before.length });
    this.streams.set(stream, [...before, ...next]);
    return decided;
  }

  /** The refusal of a command, as `CODE` and its data; fails if it is accepted. */
  refusal(
    stream: string,
    type: string,
    plain: object,
    person: string | null = null,
    roles: readonly Role[] = ['admin'],
  ): { code: string; data: Readonly<Record<string, unknown>> } {
    const before = this.streams.get(stream);
    try {
      this.send(stream, type, plain, person, roles);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      expect(this.streams.get(stream)).toBe(before);
      return { code: error.code, data: error.data };
    }
    throw new Error('expected a refusal, but the command was accepted');
  }

  private facts(refs: FactRefs): Readonly<Record<string, unknown>> {
    // As in the running system: a stream without events is no fact.
    const one = ({ category, id }: ThingRef): unknown => {
      const stream = `${category}-${id}`;
      return this.streams.has(stream) || stream in this.around ? this.state(category, id) : undefined;
    };
    const isOne = (ref: ThingRef | readonly ThingRef[]): ref is ThingRef => !Array.isArray(ref);
    return Object.fromEntries(Object.entries(refs).map(([name, ref]) => [name, isOne(ref) ? one(ref) : ref.map(one)]));
  }
}

export function thingOf(category: string): Thing {
  const thing = payThings.find((candidate) => candidate.category === category);
  if (thing === undefined) throw new Error(`no thing ${category}`);
  return thing;
}
