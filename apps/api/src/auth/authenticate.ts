import type { AppStore } from '@voronka/app-store';
import type { EventLog } from '@voronka/event-log';
import { type Clock, isId, refuse, type Role } from '@voronka/kernel';
import type { FastifyRequest } from 'fastify';
import { tooManyRequests, unauthorised } from '../errors/http.error.js';
import { Staff } from './staff.js';
import { TokenBuckets } from './token-bucket.js';

/** Who asks: a key, its roles, and the employee it acts for. */
export interface Caller {
  readonly keyId: string;
  readonly roles: readonly Role[];
  readonly person: string | null;
  /** Nothing said for whom a key of nobody acts: enough to ask, not enough to command. */
  readonly isUnsaid: boolean;
}

/** In Voronka-On-Behalf-Of: no person acts, as when a program reads meters or the operator sets the house up. */
const NOBODY = 'none';

const FAILURES_PER_MINUTE = 30;
const OPEN_PATH = /^\/health\/(live|ready)$/;

const callers = new WeakMap<object, Caller>();

/** The caller of a request that was let in. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request.raw);
  if (caller === undefined) throw unauthorised('KEY_REQUIRED', KEY_REQUIRED);
  return caller;
}

/** Whoever commands must say for whom; his roles are judged before. @throws DomainError ON_BEHALF_OF_MISSING */
export function assertSaidForWhom({ isUnsaid }: Caller): void {
  if (!isUnsaid) return;
  const detail =
    'this key belongs to nobody: say for whom it acts (Voronka-On-Behalf-Of: <employee>), ' +
    'or that no person acts (Voronka-On-Behalf-Of: none)';
  throw refuse.invalid('ON_BEHALF_OF_MISSING', detail);
}

/** The caller's key for the log of requests: some are refused before anybody is known. */
export function keyIdOf(request: FastifyRequest): string | null {
  return callers.get(request.raw)?.keyId ?? null;
}

const KEY_REQUIRED = 'send an API key: Authorization: Bearer <key>, or Basic with the key as password';

/** Lets requests in by their API key, before anything of them but the head is read. */
export class Authentication {
  private readonly requests: TokenBuckets;
  private readonly failures = new TokenBuckets(FAILURES_PER_MINUTE);
  private readonly staff: Staff;

  constructor(
    private readonly stores: {
      readonly appStore: Pick<AppStore, 'apiKeys'>;
      readonly log: EventLog;
      readonly clock: Clock;
    },
    rateLimitPerMinute: number,
  ) {
    this.requests = new TokenBuckets(rateLimitPerMinute);
    this.staff = new Staff(stores);
  }

  /** @throws HttpError 401, 429; DomainError 400, 403 for whom it acts */
  async admit(request: FastifyRequest): Promise<void> {
    const path = request.url.split('?', 1)[0] ?? '';
    if (OPEN_PATH.test(path)) return;
    const text = keyOf(request.headers.authorization);
    const key = text === null ? null : await this.stores.appStore.apiKeys.verify(text);
    if (key === null) {
      const wait = this.failures.take(request.ip);
      if (wait > 0) throw tooManyRequests(wait);
      throw text === null
        ? unauthorised('KEY_REQUIRED', KEY_REQUIRED)
        : unauthorised('KEY_UNKNOWN', 'this key is not valid: it was revoked, or mistyped; ask for another');
    }
    const wait = this.requests.take(key.id);
    if (wait > 0) throw tooManyRequests(wait);
    const asked = request.headers['voronka-on-behalf-of'];
    const person = await this.personOf(key.employeeId, asked);
    const isUnsaid = key.employeeId === null && asked === undefined;
    callers.set(request.raw, { keyId: key.id, roles: key.roles, person, isUnsaid });
  }

  private async personOf(own: string | null, asked: string | string[] | undefined): Promise<string | null> {
    if (own !== null) await this.assertMayAct(own);
    if (asked === undefined || (own === null && asked === NOBODY)) return own;
    if (!isId(asked))
      throw refuse.invalid('ON_BEHALF_OF_MALFORMED', 'name one employee id in Voronka-On-Behalf-Of, or none');
    if (own !== null) {
      if (asked === own) return own;
      throw refuse.forbidden('ON_BEHALF_OF_OTHER', 'a personal key acts for its own employee; use a service key');
    }
    if ((await this.assertMayAct(asked)) === 'unknown') {
      const detail = 'Voronka-On-Behalf-Of names nobody who was ever hired: send the id of an employee';
      throw refuse.invalid('ON_BEHALF_OF_UNKNOWN', detail, { employeeId: asked });
    }
    return asked;
  }

  private async assertMayAct(employeeId: string): Promise<'known' | 'unknown'> {
    const standing = await this.staff.standingOf(employeeId);
    if (standing.kind !== 'left') return standing.kind;
    const { lastDay } = standing;
    const detail =
      `the last working day of this employee was ${lastDay}: nobody acts by the name of one who left; ` +
      'revoke the key, and use that of somebody who works here';
    throw refuse.forbidden('EMPLOYEE_LEFT', detail, { employeeId, lastDay });
  }
}

/** The key of an Authorization header: Bearer, or the password of Basic. */
export function keyOf(header: string | undefined): string | null {
  const [, scheme, credentials] = /^(bearer|basic) +(\S+) *$/i.exec(header ?? '') ?? [];
  if (scheme === undefined || credentials === undefined) return null;
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  const password = colon < 0 ? '' : pair.slice(colon + 1);
  return password === '' ? null : password;
}
