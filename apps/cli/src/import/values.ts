import { createHash } from 'node:crypto';
import { isId, isLocalDate, normaliseInstant, parseKopecks, startOfLocalDay } from '@voronka/kernel';
import type { AmountFrom, ValueFrom } from './mapping.classes.js';

export interface Value {
  readonly text: string;
  /** The source said nothing; the mapping's default stands in. */
  readonly assumed: boolean;
}

/** A record, or a part of it, that cannot be placed. Names fields and codes, never values. */
export class Unplaceable extends Error {
  override readonly name = 'Unplaceable';
  constructor(
    readonly reason: string,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

export function valueOf(fields: Readonly<Record<string, string>>, from: ValueFrom): Value | null {
  const read = fields[from.field]?.trim() ?? '';
  if (read === '') return from.default === undefined ? null : { text: from.default, assumed: true };
  const { aliases = {} } = from;
  // Asked as its own: a value may be called like something that every object has.
  return { text: Object.hasOwn(aliases, read) ? (aliases[read] ?? read) : read, assumed: false };
}

/** An id that our ids allow: the value itself, or a pseudonym, or a readable form with a hash behind it. */
export function idOf(text: string, pseudonym?: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  if (pseudonym !== undefined) return `${pseudonym}-${hash}`;
  const named: string = text;
  if (isId(named)) return named;
  const readable = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .toLowerCase();
  return readable === '' ? `id-${hash}` : `${readable}-${hash.slice(0, 6)}`;
}

/** A date and time with offset, or a local date, which means its first moment in `zone`. */
export function instantOf(value: Value, field: string, zone: string): string {
  try {
    return isLocalDate(value.text) ? startOfLocalDay(value.text, zone) : normaliseInstant(value.text);
  } catch {
    throw new Unplaceable('BAD_TIMESTAMP', `field ${field} is neither a date nor a time with an offset`);
  }
}

/** Minor units. */
export function amountOf(value: Value, from: AmountFrom): number {
  try {
    const kopecks = from.unit === 'minor' ? Number(value.text) : parseKopecks(value.text);
    if (Number.isSafeInteger(kopecks) && kopecks >= 0) return kopecks;
  } catch {
    // Told below, with the field's name.
  }
  throw new Unplaceable('BAD_AMOUNT', `field ${from.field} is not an amount of zero or more with two decimals at most`);
}
