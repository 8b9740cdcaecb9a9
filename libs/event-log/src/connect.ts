import { EventStoreDBClient } from '@eventstore/db-client';

/** Where the store is: a gRPC endpoint (`unix:/path.sock`, `127.0.0.1:2113`) without TLS, or an `esdb://` or `kurrentdb://` string. */
export type Connection = { readonly endpoint: string } | { readonly connectionString: string };

/** How a frozen store is noticed: every `ping` milliseconds one is sent, and `pong` milliseconds waited for. */
export interface KeepAlive {
  readonly ping: number;
  readonly pong: number;
}

/** The store's own client; connects with its first call. @throws Error for a malformed connection string */
export function connect(connection: Connection, { ping, pong }: KeepAlive): EventStoreDBClient {
  if ('connectionString' in connection) {
    return EventStoreDBClient.connectionString(connection.connectionString.replace(/^kurrentdb/, 'esdb'));
  }
  const keepAlive = { keepAliveInterval: ping, keepAliveTimeout: pong };
  return new EventStoreDBClient({ endpoint: connection.endpoint, ...keepAlive }, { insecure: true });
}
