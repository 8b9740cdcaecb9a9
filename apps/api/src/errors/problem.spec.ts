import { AppendTooLargeError, LogUnavailableError, MasterKeyError, OutcomeUnknownError } from '@voronka/event-log';
import { DomainError } from '@voronka/kernel';
import { SetNotBuiltError } from '@voronka/projections';
import { refusalOf, STATUS_OF_KIND } from './problem.js';

const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

describe('refusals', () => {
  it('follow the kind of a domain error, and carry its data', () => {
    for (const [kind, status] of Object.entries(STATUS_OF_KIND)) {
      const error = new DomainError(kind as keyof typeof STATUS_OF_KIND, 'STEP_MISSING', 'do it first', { step: 's1' });
      expect(refusalOf(error, '/v1/x').problem).toEqual({
        type: 'urn:voronka:problem:step-missing',
        title: 'Step missing',
        status,
        detail: 'do it first',
        code: 'STEP_MISSING',
        instance: '/v1/x',
        data: { step: 's1' },
      });
    }
  });

  it('are 503 with Retry-After when a store is away', () => {
    const away: readonly [unknown, string][] = [
      [new LogUnavailableError('x'), 'EVENT_STORE_UNAVAILABLE'],
      [new OutcomeUnknownError('x'), 'OUTCOME_UNKNOWN'],
      [new SetNotBuiltError('core'), 'READ_MODEL_NOT_BUILT'],
      [coded('ECONNREFUSED'), 'DATABASE_UNAVAILABLE'],
      [coded('57P01'), 'DATABASE_UNAVAILABLE'],
      [new Error('Connection terminated unexpectedly'), 'DATABASE_UNAVAILABLE'],
      [Object.assign(new Error('query failed'), { driverError: coded('08006') }), 'DATABASE_UNAVAILABLE'],
      [new AggregateError([coded('ECONNREFUSED')], ''), 'DATABASE_UNAVAILABLE'],
    ];
    for (const [error, code] of away) {
      const { problem, headers } = refusalOf(error, '/');
      expect([problem.status, problem.code]).toEqual([503, code]);
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
  });

  it('bug: a statement with a parameter too many was told as a store that is away', () => {
    const { problem, unexpected } = refusalOf(coded('08P01', 'bind message supplies 2 parameters'), '/');
    expect([problem.status, problem.code, unexpected]).toEqual([500, 'INTERNAL_ERROR', true]);
  });

  it('bug: a wrong master key was told as an event store that is away; MASTER_KEY_WRONG, which waiting does not mend', () => {
    const { problem, headers } = refusalOf(new MasterKeyError('The key of customer-1 cannot be unwrapped'), '/');
    expect([problem.status, problem.code]).toEqual([500, 'MASTER_KEY_WRONG']);
    expect(headers).toEqual({});
    expect(problem.detail).not.toContain('customer-1');
  });

  it('are 413 for an append that is too large', () => {
    expect(refusalOf(new AppendTooLargeError('x'), '/').problem).toMatchObject({ status: 413 });
  });

  it('a statement with an unused parameter (08P01) is a fault of ours, not a database that is away', () => {
    const text = 'bind message supplies 2 parameters, but prepared statement "" requires 1';
    for (const error of [
      coded('08P01', text),
      Object.assign(new Error(text), { driverError: coded('08P01', text), code: '08P01' }),
    ]) {
      const { problem, headers, unexpected } = refusalOf(error, '/');
      expect([problem.status, problem.code, unexpected]).toEqual([500, 'INTERNAL_ERROR', true]);
      expect(headers).toEqual({});
    }
  });

  it('keep the insides of an unexpected error inside', () => {
    for (const error of [new Error('secret 42'), coded('23505', 'secret 42'), 'secret 42', null]) {
      const { problem, unexpected } = refusalOf(error, '/');
      expect([problem.status, problem.code, unexpected]).toEqual([500, 'INTERNAL_ERROR', true]);
      expect(JSON.stringify(problem)).not.toContain('42');
    }
  });
});
