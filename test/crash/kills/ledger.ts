/** A command as a client means it, whatever number of requests that takes. */
export interface Asked {
  /** Its Idempotency-Key. */
  readonly key: string;
  /** Collection and id: `deals/d-1`. */
  readonly thing: string;
  readonly route: string;
  readonly body: object;
  /** What the rules say about it; `either` where another client may have been quicker. */
  readonly expects: 'done' | 'refused' | 'either';
}

/** What the API answers to a command that it has carried out. */
export interface Answer {
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly events: readonly {
    readonly eventId: string;
    readonly type: string;
    readonly revision: number;
    readonly occurredAt: string;
  }[];
}

/** The clients' own books, kept outside of everything that is killed. */
export class Ledger {
  readonly asked = new Map<string, Asked>();
  readonly acknowledged = new Map<string, Answer>();
  readonly refused = new Map<string, string>();
  /** Commands that took more than one request, with the moment of the last one. */
  readonly retried = new Map<string, string>();
  /** Answers that no client should ever see. */
  readonly faults: string[] = [];
  /** Requests sent and not yet answered. */
  underWay = 0;
  /** Queries that waited for a command of their client and were answered. */
  readsAnswered = 0;
  private readonly byClient = new Map<number, number>();

  acknowledge(client: number, { key }: Asked, answer: Answer): void {
    this.acknowledged.set(key, answer);
    this.byClient.set(client, (this.byClient.get(client) ?? 0) + 1);
  }

  /** How many commands of each client are acknowledged. */
  counts(clients: number): readonly number[] {
    return Array.from({ length: clients }, (_, client) => this.byClient.get(client) ?? 0);
  }
}
