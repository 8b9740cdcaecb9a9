import { canonicalJson } from './canonical-json.js';

/** A copy of JSON data without class prototypes and without `undefined` members: what may go into an event. */
export function toPlain<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, copied(member)]));
}

/** Do two JSON values say the same, whatever the order of their keys? */
export function saysTheSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** The end of an exhaustive switch over commands: reached only by a command that was never declared. */
export function unreachable(command: never): never {
  throw new TypeError(`No branch for the command ${String((command as { type?: unknown }).type)}`);
}
