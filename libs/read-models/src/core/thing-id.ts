import type { Recorded } from '@voronka/kernel';

/** Category and id of a stream: what stands before and after its first dash. */
export function thingOf(stream: string): { category: string; id: string } {
  const dash = stream.indexOf('-');
  return dash < 0 ? { category: stream, id: '' } : { category: stream.slice(0, dash), id: stream.slice(dash + 1) };
}

/** Key of a fold over the things of one category: the id, null for other things. */
export function thingId(category: string): (event: Recorded) => string | null {
  const prefix = `${category}-`;
  return ({ stream }) => (stream.startsWith(prefix) ? stream.slice(prefix.length) : null);
}

/** Is a position (decimal text) not after another? */
export function isUpTo(position: string, other: string): boolean {
  return position.length === other.length ? position <= other : position.length < other.length;
}
