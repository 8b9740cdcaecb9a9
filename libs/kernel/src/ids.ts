/** Ids given by the caller: a letter or digit, then up to 63 letters, digits, `_`, `.`, `:` or `-`. */
export const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

export function isId(text: unknown): text is string {
  return typeof text === 'string' && ID_PATTERN.test(text);
}

/** The stream of a thing: category, a dash, id. */
export function streamOf(category: string, id: string): string {
  return `${category}-${id}`;
}

/** Category and id of a stream; the id may itself hold dashes. */
export function parseStream(stream: string): { category: string; id: string } {
  const dash = stream.indexOf('-');
  if (dash < 0) return { category: stream, id: '' };
  return { category: stream.slice(0, dash), id: stream.slice(dash + 1) };
}
