/** An instant as canonical UTC text with milliseconds: `2009-07-31T19:00:00.000Z`. Compares as text. */
export type Instant = string;

/** The shape every event has inside the code: a literal name and a JSON payload. */
export interface EventOf<Type extends string, Data extends object> {
  readonly type: Type;
  readonly data: Data;
}

export type AnyEvent = EventOf<string, object>;

/**
 * What is written beside every event, from the first one on. The log will not let anyone change it later.
 * Ids are text as given by the caller or made by the server; instants are canonical UTC.
 */
export interface EventMetadata {
  /** When it happened in business: may be backdated, never in the future. */
  readonly occurredAt: Instant;
  /** Id of the API key (or of the local operator) that sent the command. Never the key itself. */
  readonly actor: string;
  /** Employee for whom the actor acts; null when no person acts (a robot, an import, a set-up). */
  readonly person: string | null;
  readonly commandId: string;
  /** Keyed hash of the whole request: a repeated command id with another request is refused by it. */
  readonly requestHash: string;
  readonly correlationId: string;
  /** Id of the event that caused the command; null when a person or a service did. */
  readonly causationId: string | null;
  /** Version of the payload's shape; older shapes are read through upcasters. */
  readonly schemaVersion: number;
  /** True for history taken over from elsewhere: such events skipped the gates. */
  readonly imported: boolean;
  /** Imported events only: where the fact stands in its source, so that a second run finds it. */
  readonly importRef?: string;
  /** Imported events only: payload or metadata fields whose value was assumed, not read. */
  readonly assumed?: readonly string[];
  /** Streams (besides its own) that the decision looked at, with the revision it relied on. */
  readonly reliedOn?: Readonly<Record<string, number>>;
}

/**
 * An event as its writer knows it, and all that a decision may build on. `position` orders the whole log, `revision`
 * one stream (both from 0).
 */
export interface Written<E extends AnyEvent = AnyEvent> {
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: EventMetadata;
  readonly eventId: string;
  /** `category-id`. */
  readonly stream: string;
  readonly revision: number;
  /** Offset in the log: strictly increasing, not dense. */
  readonly position: bigint;
}

/** `Written` spread over a union, so that `type` narrows `data`. */
export type WrittenUnion<E extends AnyEvent> = E extends AnyEvent ? Written<E> : never;

/** An event as the log holds it. */
export interface Recorded<E extends AnyEvent = AnyEvent> extends Written<E> {
  /** When the log learned of it. */
  readonly recordedAt: Instant;
}

/** `Recorded` spread over a union, so that `type` narrows `data`. */
export type RecordedUnion<E extends AnyEvent> = E extends AnyEvent ? Recorded<E> : never;

/** What a decision returns: the event, and what differs from the command's own time. */
export type Decided<E extends AnyEvent> = E & {
  /** Default: the command's `occurredAt`. */
  readonly occurredAt?: Instant;
  readonly importRef?: string;
  readonly assumed?: readonly string[];
};

/**
 * Text that can be erased: the codec encrypts it with its subject's key, and reads it as `ERASED`
 * once that key is destroyed.
 */
export type Personal<T> = T | Erased;
export interface Erased {
  readonly erased: true;
}
export const ERASED: Erased = Object.freeze({ erased: true as const });

export function isErased(value: unknown): value is Erased {
  return typeof value === 'object' && value !== null && (value as { erased?: unknown }).erased === true;
}

/** Facts about an event type that the codec and the event map need; kept beside the type itself. */
export interface EventDefinition<Data extends object = object> {
  /** Current version of the payload's shape; 1 unless the shape was changed. */
  readonly schemaVersion?: number;
  /** Fields encrypted under the key of one subject (`customer-17`, `employee-ivanova`). */
  readonly personal?: {
    /** Never null: what has no customer or employee is encrypted under its own stream's name. */
    readonly subject: (data: Data, stream: string) => string;
    readonly fields: readonly (keyof Data & string)[];
  };
  /** Set for the event that orders a subject's personal data erased: whose key is destroyed once it is in the log. */
  readonly erases?: (stream: string) => string;
  /** `upcast[n]` turns a payload of version n into version n + 1. */
  readonly upcast?: Readonly<Record<number, (data: Record<string, unknown>) => Record<string, unknown>>>;
}

/** One definition per event of a union: leaving one out does not compile. */
export type EventDefinitions<E extends AnyEvent> = {
  readonly [Type in E['type']]: EventDefinition<Extract<E, { type: Type }>['data']>;
};
