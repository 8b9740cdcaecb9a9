import type { DecisionContext } from './decider.js';
import { refuse } from './domain-error.js';

/** @throws DomainError `OCCURRED_IN_FUTURE` if the command says it happened after the clock's now. */
export function assertNotInFuture(context: Pick<DecisionContext<unknown>, 'now' | 'occurredAt'>): void {
  if (context.occurredAt > context.now) {
    throw refuse.invalid(
      'OCCURRED_IN_FUTURE',
      'send occurredAt when it has happened; it may not lie ahead of the clock',
      {
        occurredAt: context.occurredAt,
        now: context.now,
      },
    );
  }
}
