/** How a refusal is to be understood; the API maps it to a status in one table. */
export type ErrorKind =
  /** The request itself is malformed: a field is missing or of the wrong form. */
  | 'invalid'
  /** The sender may not do this. */
  | 'forbidden'
  /** The thing addressed does not exist. */
  | 'notFound'
  /** The request contradicts the state of the thing (already signed, already closed …). */
  | 'conflict'
  /** A rule of the route map or of the company forbids it. */
  | 'rule'
  /** The expected revision is stale. */
  | 'stale';

/**
 * The one error of the domain: a literal code, the rule in words, and data for a program.
 * `detail` says what is wrong and what to do; it holds ids and codes, never personal data.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    readonly detail: string,
    readonly data: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Short form for the deciders: `throw refuse.rule('STEP_PREREQUISITE_MISSING', '…', { … })`. */
export const refuse = {
  invalid: (code: string, detail: string, data?: Record<string, unknown>) =>
    new DomainError('invalid', code, detail, data),
  forbidden: (code: string, detail: string, data?: Record<string, unknown>) =>
    new DomainError('forbidden', code, detail, data),
  notFound: (code: string, detail: string, data?: Record<string, unknown>) =>
    new DomainError('notFound', code, detail, data),
  conflict: (code: string, detail: string, data?: Record<string, unknown>) =>
    new DomainError('conflict', code, detail, data),
  rule: (code: string, detail: string, data?: Record<string, unknown>) => new DomainError('rule', code, detail, data),
};
