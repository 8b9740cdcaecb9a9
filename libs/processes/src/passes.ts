import { LogUnavailableError, OutcomeUnknownError } from '@voronka/event-log';

/** Whether trying again may help: the stores are away. Anything else is a defect, which time does not mend. */
export function passes(error: unknown): boolean {
  if (error instanceof LogUnavailableError || error instanceof OutcomeUnknownError) return true;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  // Node's network errors, and PostgreSQL's classes of lost connections, shortage and intervention.
  return typeof code === 'string' && (/^E[A-Z]+$/.test(code) || /^(08(?!P01)|53|57|40)/.test(code));
}
