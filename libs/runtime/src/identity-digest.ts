import { createHmac, hkdfSync } from 'node:crypto';

/** Keyed by the master key: who holds the tables alone cannot try out numbers. 128 bits, as hexadecimal digits. */
export function identityDigest(masterKey: Uint8Array): (text: string) => string {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'voronka identities', 32));
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 32);
}
