import {
  type AnyEvent,
  DomainError,
  type DecisionContext,
  factsAtHand,
  type RecordedUnion,
  type Role,
  validateBody,
} from '@voronka/kernel';
import { payThings } from '@voronka/pay';
import { salesThings } from '@voronka/sales';
import { recorded } from '../../../../../libs/kernel/src/testing.js';
import type { TemplateCommand } from '../template.js';

const things = [...salesThings, ...payThings];

export interface Sender {
  readonly person: string | null;
  readonly roles: readonly Role[];
}

/** Whoever sets the company up. */
const SET_UP: Sender = { person: null, roles: ['admin'] };

/** A company in memory: every command is validated and decided by the real deciders on the states of this map. */
export class House {
  readonly states = new Map<string, unknown>();
  /** Monday, 11:00 in Samara. */
  now = '2009-08-10T07:00:00.000Z';

  /** @throws DomainError as the decider does. */
  send({ category, id, type, body: plain }: TemplateCommand, sender: Sender = SET_UP): void {
    const { person, roles } = sender;
    const thing = things.find((candidate) => candidate.category === category);
    const definition = thing?.commands.find((candidate) => candidate.type === type);
    if (thing === undefined || definition === undefined) throw new Error(`no command ${type}`);
    const body = validateBody(definition.body, plain);
    const state = this.state(category, id);
    const asked = { body, state, id, person, roles, now: this.now };
    const facts = factsAtHand(definition, asked, (ref) => this.state(ref.category, ref.id));
    const context: DecisionContext<unknown> = { id, now: this.now, occurredAt: this.now, person, roles, facts };
    const events = recorded(thing.decider.decide({ type, body }, state, context), {
      stream: `${category}-${id}`,
      occurredAt: this.now,
      metadata: { person },
    });
    expect(events).not.toEqual([]);
    const after = events.reduce(
      (before, event) => thing.decider.evolve(before, event as RecordedUnion<AnyEvent>),
      state,
    );
    this.states.set(`${category}-${id}`, after);
  }

  /** Code of the refusal; fails if the command is accepted. */
  refusal(command: TemplateCommand, sender: Sender = SET_UP): string {
    try {
      this.send(command, sender);
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      throw error;
    }
    throw new Error('expected a refusal, but the command was accepted');
  }

  state(category: string, id: string): unknown {
    const thing = things.find((candidate) => candidate.category === category);
    return this.states.get(`${category}-${id}`) ?? thing?.decider.initialState();
  }
}
