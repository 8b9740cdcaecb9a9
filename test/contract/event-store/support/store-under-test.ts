import { randomUUID } from 'node:crypto';
import {
  type AppendResult,
  type AppendToStreamOptions,
  type EventData,
  type EventStoreDBClient,
  jsonEvent,
  type JSONEventType,
} from '@eventstore/db-client';
import type { EventStoreNode } from '@voronka/eventstore-node';

/** A running event store, as the contract needs it. */
export interface StoreUnderTest {
  /** A new client; `stop` disposes of it. */
  connect(options?: { readonly throwOnAppendFailure?: boolean }): EventStoreDBClient;
  /** What only a store of our own allows; null for a server elsewhere, whose cases of the kind are left out. */
  readonly own: OwnStore | null;
  stop(): Promise<void>;
}

export interface OwnStore {
  /** Stops the node cleanly and starts it on the same data; clients find it again. */
  restart(): Promise<void>;
  stats(): ReturnType<EventStoreNode['stats']>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;

export type TestEvent = JSONEventType<'Counted', { readonly n: number }>;

/** An event that can be told from others by its number. */
export const counted = (n: number, id: string = randomUUID()): EventData =>
  jsonEvent<TestEvent>({ type: 'Counted', id, data: { n } });

export const countedUpTo = (count: number, from = 0): EventData[] =>
  Array.from({ length: count }, (_, index) => counted(from + index));

/** A name that no other test uses, so that the contract can run on a server that holds events already. */
export const uniqueName = (prefix = 'contract'): string => `${prefix}-${randomUUID().replaceAll('-', '')}`;

export type Append = (
  stream: string,
  events: EventData | EventData[],
  options?: AppendToStreamOptions,
) => Promise<AppendResult>;

export type AppendMethod = 'BatchAppend' | 'Append';

/** The client takes the plain method for calls with credentials of their own; without TLS these go nowhere. */
export function appendBy(method: AppendMethod, client: EventStoreDBClient): Append {
  const plain = method === 'Append' ? { credentials: { username: 'admin', password: 'changeit' } } : {};
  return (stream, events, options = {}) => client.appendToStream(stream, events, { ...options, ...plain });
}
