import type { ResolvedEvent } from '@eventstore/db-client';
import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';

type Subscription = AllStreamSubscription | StreamSubscription;

/** Events of a read, as they come. */
export async function all<T>(reading: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of reading) found.push(item);
  return found;
}

export const numbersOf = (events: readonly ResolvedEvent[]): unknown[] =>
  events.map(({ event }) => (event?.data as { n?: number } | undefined)?.n);

export const idsOf = (events: readonly ResolvedEvent[]): (string | undefined)[] => events.map(({ event }) => event?.id);

/** Follows a subscription and keeps what it said, in order. */
export class Listener {
  readonly events: ResolvedEvent[] = [];
  readonly said: string[] = [];
  readonly error: Promise<Error>;
  private readonly waiting = new Set<() => void>();

  constructor(readonly subscription: Subscription) {
    this.error = new Promise((resolve) => {
      subscription.on('error', (error: Error) => {
        this.note('error');
        resolve(error);
      });
    });
    subscription.on('confirmation', () => this.note('confirmed'));
    subscription.on('caughtUp', () => this.note('caughtUp'));
    subscription.on('end', () => this.note('end'));
    subscription.on('data', (event: ResolvedEvent) => {
      this.events.push(event);
      this.note('event');
    });
  }

  count(what: string): number {
    return this.said.filter((word) => word === what).length;
  }

  /** Notes a word of the subscription, and looks whether somebody waited for it. */
  note(word: string): void {
    this.said.push(word);
    for (const look of this.waiting) look();
  }

  /** Resolves when this many events are there. */
  async received(count: number): Promise<ResolvedEvent[]> {
    await this.until(() => this.events.length >= count);
    return this.events.slice(0, count);
  }

  heard(word: string): Promise<void> {
    return this.until(() => this.said.includes(word));
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (holds()) resolve();
        else if (this.said.includes('end')) reject(new Error('the subscription ended as if all was well'));
        else return;
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    await this.subscription.unsubscribe();
  }
}

/** Resolves when the condition holds; for what tells nobody that it has changed. Fails after ten seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    if (tries > 1_000) throw new Error('what was waited for did not come about');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
