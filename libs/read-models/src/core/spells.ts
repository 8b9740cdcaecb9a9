/** A stretch of business time with one value, begun by an event. Open ends are `infinity`. */
export interface Spell<Value> {
  /** Event that began it. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly value: Value;
}

export interface Turn<Value> {
  readonly id: string;
  readonly from: string;
  readonly value: Value;
}

/** Text of an open end, as PostgreSQL reads it. */
export const OPEN_END = 'infinity';
/** The same of an open beginning: it sorts before all digits. */
export const OPEN_START = '-infinity';

/**
 * Lays turns (in the order they hold) end to end: each holds until the next, the last for ever. A turn to the value
 * that holds already is none, and what lasts no time leaves no spell, unless such are asked for.
 */
export function spellsOf<Value>(
  turns: readonly Turn<Value>[],
  same: (a: Value, b: Value) => boolean,
  withMoments = false,
): Spell<Value>[] {
  const changes: Turn<Value>[] = [];
  for (const turn of turns) {
    const last = changes.at(-1);
    if (last === undefined || !same(last.value, turn.value)) changes.push(turn);
  }
  const spells: Spell<Value>[] = [];
  changes.forEach(({ id, from, value }, index) => {
    const to = changes[index + 1]?.from ?? OPEN_END;
    // Digits sort before letters, so an instant is always before the open end.
    if (from < to || (withMoments && from === to)) spells.push({ id, from, to, value });
  });
  return spells;
}

export const identical = (a: unknown, b: unknown): boolean => a === b;
