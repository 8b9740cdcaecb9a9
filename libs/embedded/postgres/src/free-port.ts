import net from 'node:net';

/** The loopback address that embedded servers listen on. */
export const HOST = '127.0.0.1';

/** A TCP port that was free on 127.0.0.1 a moment ago; somebody else may still take it before it is used. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
