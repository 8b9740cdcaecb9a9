import { refuse } from '@voronka/kernel';
import { uuidv7 } from 'uuidv7';

type Header = string | string[] | undefined;

const VISIBLE = /^[\x21-\x7e]{1,128}$/;

/** Name of a request in the lines of the log and, if the caller gave it, correlation of its events. */
export function requestIdOf(header: Header): string {
  return typeof header === 'string' && VISIBLE.test(header) ? header : uuidv7();
}

/** The command's id: the Idempotency-Key, else a new one. @throws DomainError IDEMPOTENCY_KEY_MALFORMED */
export function commandIdOf(header: Header): string {
  if (header === undefined) return uuidv7();
  if (typeof header === 'string' && VISIBLE.test(header)) return header;
  throw refuse.invalid('IDEMPOTENCY_KEY_MALFORMED', 'send an Idempotency-Key of 1 to 128 visible ASCII characters');
}

/** The revision a command may only be carried out at, from If-Match: `"5"`. @throws DomainError IF_MATCH_MALFORMED */
export function expectedRevisionOf(header: Header): number | undefined {
  if (header === undefined) return undefined;
  const digits = typeof header === 'string' ? /^"(\d{1,15})"$/.exec(header.trim())?.[1] : undefined;
  if (digits === undefined) {
    throw refuse.invalid('IF_MATCH_MALFORMED', 'send in If-Match the ETag of an earlier answer, such as "5"');
  }
  return Number(digits);
}
