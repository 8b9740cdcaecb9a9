import type { AnyCommand, Decider, DecisionContext } from './decider.js';
import { DomainError } from './domain-error.js';
import type { AnyEvent, Decided, EventMetadata, RecordedUnion } from './event.js';

/** Metadata for a recorded event in a specification. */
export function metadataAt(occurredAt: string, more: Partial<EventMetadata> = {}): EventMetadata {
  return {
    occurredAt,
    actor: 'test',
    person: null,
    commandId: 'given',
    requestHash: '',
    correlationId: 'given',
    causationId: null,
    schemaVersion: 1,
    imported: false,
    ...more,
  };
}

/** Turns decided events into recorded ones with made-up but stable ids, revisions and positions. */
export function recorded<E extends AnyEvent>(
  events: readonly Decided<E>[],
  at: { stream: string; occurredAt: string; fromRevision?: number; metadata?: Partial<EventMetadata> },
): RecordedUnion<E>[] {
  const from = at.fromRevision ?? 0;
  return events.map((event, index) => ({
    type: event.type,
    data: event.data,
    metadata: metadataAt(event.occurredAt ?? at.occurredAt, {
      ...at.metadata,
      ...(event.importRef === undefined ? {} : { importRef: event.importRef, imported: true }),
    }),
    eventId: `${at.stream}@${from + index}`,
    stream: at.stream,
    revision: from + index,
    position: BigInt(from + index),
    recordedAt: at.occurredAt,
  })) as unknown as RecordedUnion<E>[];
}

/**
 * `specification(decider).given(events).when(command, context).then(events)` for deciders.
 * `given` takes recorded events, oldest first.
 */
export function specification<S, C extends AnyCommand, E extends AnyEvent, F>(decider: Decider<S, C, E, F>) {
  return {
    given: (events: readonly RecordedUnion<E>[]) => {
      const state = events.reduce((s, event) => decider.evolve(s, event), decider.initialState());
      return {
        state,
        when: (command: C, context: DecisionContext<F>) => ({
          then: (expected: readonly Decided<E>[]) => expect(decider.decide(command, state, context)).toEqual(expected),
          thenRefused: (code: string, data?: Record<string, unknown>) => {
            const error = refusalOf(() => decider.decide(command, state, context));
            expect(error.code).toBe(code);
            if (data !== undefined) expect(error.data).toMatchObject(data);
          },
        }),
      };
    },
  };
}

function refusalOf(run: () => unknown): DomainError {
  try {
    run();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('expected a refusal, but the command was accepted');
}
