import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The master key is not a key, or not the one that a subject's key was wrapped with. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/**
 * Reads a master key written as 64 hexadecimal digits or as base64 (or base64url) of 32 bytes.
 * @throws MasterKeyError that says what is expected, without repeating the text.
 */
export function parseMasterKey(text: string): Uint8Array {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) {
    const key = Buffer.from(trimmed, 'base64');
    if (key.length === KEY_BYTES) return key;
  }
  throw new MasterKeyError(
    `The master key must be 32 bytes, as 64 hexadecimal digits or 44 characters of base64; this text has ${trimmed.length} characters`,
  );
}

/** A new random key for one subject, 32 bytes. */
export function generateSubjectKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** Encrypts a subject's key for storage; bound to the subject, so that wrapped keys cannot be swapped. */
export function wrapSubjectKey(masterKey: Uint8Array, subject: string, key: Uint8Array): Uint8Array {
  return encrypt(masterKey, key, `subject key:${subject}`);
}

/** Reverse of `wrapSubjectKey`. @throws MasterKeyError when the master key, the subject or the bytes do not fit. */
export function unwrapSubjectKey(masterKey: Uint8Array, subject: string, wrapped: Uint8Array): Uint8Array {
  try {
    return decrypt(masterKey, wrapped, `subject key:${subject}`);
  } catch {
    throw new MasterKeyError(`The key of ${subject} cannot be unwrapped: it was wrapped with another master key`);
  }
}

/** A 32-byte key for one purpose (HKDF-SHA-256), so that no key serves two. The purpose is part of the result. */
export function deriveKey(masterKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, new Uint8Array(0), `voronka ${purpose}`, KEY_BYTES));
}

/** The key that request hashes are made with: a hash in the log then does not give its request away. */
export function requestHashKey(masterKey: Uint8Array): Uint8Array {
  return deriveKey(masterKey, 'request hash v1');
}

/** AES-256-GCM with a random iv; the result is iv, tag, ciphertext. `context` is authenticated, not stored. */
export function encrypt(key: Uint8Array, plain: Uint8Array, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** Reverse of `encrypt`. @throws Error when key, context or bytes are not those of the encryption. */
export function decrypt(key: Uint8Array, sealed: Uint8Array, context: string): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new Error('too short for a sealed value');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
}
