/** A list is sent as so many lines. */
export type HttpHeaders = Readonly<Record<string, string | string[]>>;

/** A refusal that belongs to HTTP alone: who asks, how much, how often, and whether the stores are there. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly headers: HttpHeaders = {},
  ) {
    super(`${code}: ${detail}`);
  }
}

/** No key, or one that is not valid. */
export function unauthorised(code: string, detail: string): HttpError {
  return new HttpError(401, code, detail, {
    // A line each: of several schemes in one line browsers see only the first, and would never ask for a password.
    'www-authenticate': ['Bearer realm="voronka"', 'Basic realm="voronka", charset="UTF-8"'],
  });
}

/** Asked too often; `seconds` until it is worth asking again. */
export function tooManyRequests(seconds: number): HttpError {
  const wait = Math.max(1, Math.ceil(seconds));
  return new HttpError(429, 'TOO_MANY_REQUESTS', `wait ${wait} s, then send the request again, and fewer of them`, {
    'retry-after': String(wait),
  });
}

/** Something that comes back by itself is away. */
export function unavailable(code: string, detail: string, seconds: number): HttpError {
  return new HttpError(503, code, detail, { 'retry-after': String(seconds) });
}
