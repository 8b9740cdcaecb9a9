// Told by their shape: an error that crossed realms (a test runner's sandbox, a vm) is no `instanceof Error` here.

/** The text of anything thrown. */
export function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** The errno code of a system error (`ENOENT`, `EACCES`, ...), if it is one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
