import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A road between a client and a store that can be blocked. */
export interface Proxy {
  readonly endpoint: string;
  /** Nothing passes in either direction any more, and nobody is told: as if the store had been stopped. */
  readonly freeze: () => void;
  /** What the store says is held back; what the client says still arrives. */
  readonly muteStore: () => void;
  /** Cuts every connection; new ones pass as before. */
  readonly cut: () => void;
  /** Bytes from the client since the store was muted. */
  readonly bytesSinceMuted: () => number;
  readonly stop: () => Promise<void>;
}

/** A proxy in front of a store's unix socket. */
export async function startProxy(storeEndpoint: string): Promise<Proxy> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'proxy-'));
  const socketPath = path.join(directory, 'p.sock');
  const pairs = new Set<readonly [net.Socket, net.Socket]>();
  let frozen = false;
  let muted = false;
  let bytes = 0;
  const server = net.createServer((client) => {
    const store = net.connect(storeEndpoint.replace(/^unix:/, ''));
    const pair = [client, store] as const;
    pairs.add(pair);
    client.on('data', (chunk) => {
      if (muted) bytes += chunk.length;
      if (!frozen) store.write(chunk);
    });
    store.on('data', (chunk) => {
      if (!frozen && !muted) client.write(chunk);
    });
    for (const [one, other] of [pair, [store, client]] as const) {
      one.on('error', () => undefined);
      one.on('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const cut = (): void => {
    frozen = false;
    muted = false;
    for (const [client, store] of pairs) {
      client.destroy();
      store.destroy();
    }
  };
  return {
    endpoint: `unix:${socketPath}`,
    freeze: () => {
      frozen = true;
    },
    muteStore: () => {
      muted = true;
      bytes = 0;
    },
    cut,
    bytesSinceMuted: () => bytes,
    stop: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
