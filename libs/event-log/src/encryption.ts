import { ERASED, isErased, type Erased, refuse } from '@voronka/kernel';
import { decrypt, encrypt } from './key-wrapping.js';

/** A personal field as the log holds it: base64 of iv, tag and ciphertext; null when its subject was erased before. */
export interface SealedField {
  readonly $personal: string | null;
  readonly subject: string;
}

export type KeyOrErased = Uint8Array | Erased;

export function isSealed(value: unknown): value is SealedField {
  return typeof value === 'object' && value !== null && '$personal' in value;
}

/**
 * The payload with its personal fields sealed under the subject's key, each bound to its event and name.
 * Null and absent fields stay as they are; for an erased subject the values are dropped for good.
 */
export function sealFields(
  data: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  eventId: string,
  under: { readonly subject: string; readonly key: KeyOrErased },
): Record<string, unknown> {
  const sealed: Record<string, unknown> = { ...data };
  for (const field of fields) {
    const value = data[field];
    if (value === null || value === undefined) continue;
    sealed[field] = { $personal: sealValue(value, context(eventId, field), under.key), subject: under.subject };
  }
  return sealed;
}

function sealValue(value: unknown, boundTo: string, key: KeyOrErased): string | null {
  if (isErased(key) || isErased(value)) return null;
  return encrypt(key, Buffer.from(JSON.stringify(value)), boundTo).toString('base64');
}

/** A caller's value that looks like a sealed field would be taken for one when read: it is refused. */
export function refuseSealedLookalikes(data: Readonly<Record<string, unknown>>): void {
  for (const [field, value] of Object.entries(data)) {
    if (isSealed(value))
      throw refuse.invalid('RESERVED_FIELD', `rename the member $personal of field ${field}: the name is reserved`);
  }
}

/** Adds the subjects whose keys are needed to read a stored payload. */
export function collectSubjects(data: Readonly<Record<string, unknown>>, into: Set<string>): void {
  for (const field in data) {
    const value = data[field];
    if (isSealed(value) && value.$personal !== null) into.add(value.subject);
  }
}

/**
 * Opens the sealed fields of a payload in place; `ERASED` where the key was destroyed.
 * @throws Error with the reason when a key is missing or a field was tampered with.
 */
export function openFields(
  data: Record<string, unknown>,
  eventId: string,
  keys: ReadonlyMap<string, KeyOrErased>,
): void {
  for (const field in data) {
    const value = data[field];
    if (isSealed(value)) data[field] = openValue(value, field, eventId, keys);
  }
}

function openValue(
  sealed: SealedField,
  field: string,
  eventId: string,
  keys: ReadonlyMap<string, KeyOrErased>,
): unknown {
  if (sealed.$personal === null) return ERASED;
  const key = keys.get(sealed.subject);
  if (key === undefined) throw new Error(`the key of ${sealed.subject} is missing, neither kept nor erased`);
  if (isErased(key)) return ERASED;
  try {
    const opened: unknown = JSON.parse(
      decrypt(key, Buffer.from(sealed.$personal, 'base64'), context(eventId, field)).toString('utf8'),
    );
    return opened;
  } catch {
    throw new Error(`personal field ${field} does not open with the key of ${sealed.subject}`);
  }
}

function context(eventId: string, field: string): string {
  return `${eventId}:${field}`;
}
