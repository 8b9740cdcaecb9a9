import { HttpException } from '@nestjs/common';
import { AppendTooLargeError, LogUnavailableError, MasterKeyError, OutcomeUnknownError } from '@voronka/event-log';
import { DomainError, type ErrorKind } from '@voronka/kernel';
import { SetNotBuiltError } from '@voronka/projections';
import { HttpError, type HttpHeaders, unavailable } from './http.error.js';

/** RFC 9457, with a code for programs; `detail` says what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance: string;
  /** Single faults of a body or of parameters. */
  readonly errors?: unknown;
  /** What the refusal is about, for programs. */
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Refusal {
  readonly problem: Problem;
  readonly headers: HttpHeaders;
  /** True for a fault of ours: it belongs into the log, not into the answer. */
  readonly unexpected: boolean;
}

export const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  stale: 412,
  rule: 422,
};

/** Any error as an answer; `instance` is the path asked for. Internals of unexpected errors stay inside. */
export function refusalOf(error: unknown, instance: string): Refusal {
  if (error instanceof DomainError) {
    const { errors, ...data } = error.data;
    const problem = problemOf(STATUS_OF_KIND[error.kind], error.code, error.detail, instance);
    return {
      problem: {
        ...problem,
        ...(errors === undefined ? {} : { errors }),
        ...(Object.keys(data).length === 0 ? {} : { data }),
      },
      headers: {},
      unexpected: false,
    };
  }
  const http = asHttpError(error);
  if (http !== null) {
    const problem = problemOf(http.status, http.code, http.detail, instance);
    return { problem, headers: http.headers, unexpected: false };
  }
  const detail = 'something went wrong here; tell the operator the time and the path, the log has the reason';
  return { problem: problemOf(500, 'INTERNAL_ERROR', detail, instance), headers: {}, unexpected: true };
}

function problemOf(status: number, code: string, detail: string, instance: string): Problem {
  const words = code.toLowerCase().replaceAll('_', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  return { type: `urn:voronka:problem:${words.replaceAll(' ', '-')}`, title, status, detail, code, instance };
}

function asHttpError(error: unknown): HttpError | null {
  if (error instanceof HttpError) return error;
  if (error instanceof OutcomeUnknownError) {
    const detail = 'the command may or may not have been carried out: send it again with the same Idempotency-Key';
    return unavailable('OUTCOME_UNKNOWN', detail, 2);
  }
  if (error instanceof LogUnavailableError) {
    return unavailable('EVENT_STORE_UNAVAILABLE', 'the event store is away: send the same request again later', 2);
  }
  if (error instanceof MasterKeyError) return WRONG_MASTER_KEY;
  if (error instanceof AppendTooLargeError) {
    return new HttpError(413, 'COMMAND_TOO_LARGE', 'the command makes more than one append takes: send less at once');
  }
  if (error instanceof SetNotBuiltError) {
    return unavailable(
      'READ_MODEL_NOT_BUILT',
      'the read models are being built: ask again later, /health/ready says how far they are',
      5,
    );
  }
  if (isDatabaseAway(error)) {
    return unavailable('DATABASE_UNAVAILABLE', 'the database is away: send the same request again later', 2);
  }
  if (isPathUnreadable(error)) return PATH_MALFORMED;
  const status = statusOf(error);
  return status === null ? null : (TRANSPORT[status] ?? malformed(status));
}

/** Nothing that waiting mends, and nothing that whoever asks can mend. */
const WRONG_MASTER_KEY = new HttpError(
  500,
  'MASTER_KEY_WRONG',
  'personal data cannot be read: tell the operator to set VORONKA_MASTER_KEY as it was when they were written',
);

const TRANSPORT: Readonly<Record<number, HttpError>> = {
  404: new HttpError(404, 'NOT_FOUND', 'nothing is here: look at /openapi.json, it lists what there is'),
  413: new HttpError(413, 'BODY_TOO_LARGE', 'send a smaller body, or several requests'),
  415: new HttpError(415, 'CONTENT_TYPE_UNSUPPORTED', 'send JSON, with Content-Type: application/json'),
};

/** The path is there, for other methods. */
export function methodNotAllowed(methods: readonly string[]): HttpError {
  const allow = methods.join(', ');
  return new HttpError(405, 'METHOD_NOT_ALLOWED', `use ${allow}: the path takes nothing else`, { allow });
}

const PATH_MALFORMED = new HttpError(
  400,
  'PATH_MALFORMED',
  'write the path in UTF-8, percent-encoded, with ids of up to 64 characters',
);

/** Anything else that the HTTP server refuses by itself is a request it could not read. */
function malformed(status: number): HttpError | null {
  return status >= 400 && status < 500
    ? new HttpError(400, 'REQUEST_MALFORMED', 'the request cannot be read: send valid JSON in UTF-8')
    : null;
}

function isPathUnreadable(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH';
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : null;
  return typeof status === 'number' ? status : null;
}

/** A database that is starting, stopping, full or out of reach: by SQLSTATE, system code, or the driver's words. */
function isDatabaseAway(error: unknown): boolean {
  // By shape, not by class: errors of the system are not always made by the Error of this realm.
  if (typeof error !== 'object' || error === null) return false;
  const { driverError, code, errors, message } = error as Readonly<Record<string, unknown>>;
  if (driverError !== undefined && driverError !== error) return isDatabaseAway(driverError);
  if (typeof code === 'string' && AWAY_CODE.test(code)) return true;
  if (Array.isArray(errors)) return errors.some((one) => isDatabaseAway(one));
  return typeof message === 'string' && AWAY_WORDS.test(message);
}

// 08P01, a protocol violation, is a statement of ours that is wrong: waiting does not mend it.
const AWAY_CODE = /^(08(?!P01)|53|57P|58)|^E(CONN|PIPE|NOENT|TIMEDOUT|NOTFOUND|AI_AGAIN|HOST|NET)/;
const AWAY_WORDS = /connection terminated|connection ended|client was closed|timeout (expired|exceeded)|not queryable/i;
