import {
  type AnyCommand,
  type AnyEvent,
  type Decider,
  type DecisionContext,
  type Thing,
  validateBody,
} from '@voronka/kernel';
import { recorded, specification } from '../../../kernel/src/testing.js';
import { factsFrom, world, type World } from './world.js';

export interface Circumstances {
  readonly id?: string;
  readonly now?: string;
  readonly occurredAt?: string;
  readonly person?: string;
  readonly world?: World;
}

/** `scene(decider, thing)(events).when('AddProduct', { … }).then([…])` with validated bodies and looked-up facts. */
export function scene<State, Command extends AnyCommand, Event extends AnyEvent, Facts>(
  decider: Decider<State, Command, Event, Facts>,
  thing: Thing,
) {
  return (...events: readonly Event[]) => {
    const given = specification(decider).given(
      recorded(events, { stream: `${thing.category}-x`, occurredAt: '2009-02-01T00:00:00.000Z' }),
    );
    const when = (type: Command['type'], plain: object, more: Circumstances = {}) => {
      const definition = thing.commands.find((candidate) => candidate.type === type);
      if (definition === undefined) throw new Error(`no command ${type}`);
      const body = validateBody(definition.body, plain);
      const now = more.now ?? '2009-08-10T07:00:00.000Z';
      const id = more.id ?? 'x';
      const asked = { body, state: given.state, id, person: more.person ?? null, roles: ['admin' as const], now };
      const facts = factsFrom(more.world ?? world, definition, asked) as Facts;
      const context: DecisionContext<Facts> = {
        id,
        now,
        occurredAt: more.occurredAt ?? now,
        person: more.person ?? null,
        roles: ['admin'],
        facts,
      };
      return given.when({ type, body } as unknown as Command, context);
    };
    return { when };
  };
}
