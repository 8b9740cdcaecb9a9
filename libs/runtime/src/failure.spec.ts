import { LogUnavailableError, MasterKeyError } from '@voronka/event-log';
import { refuse } from '@voronka/kernel';
import { failureOf } from './failure.js';
import { SettingsError } from './settings.js';

const coded = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('what a program ends with', () => {
  it('bug: a store that is away ended the API and the projector with 1, unnamed; it is 4, and which', () => {
    const refused = coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1');
    expect(failureOf(refused)).toEqual({
      exitCode: 4,
      line: 'PostgreSQL (DATABASE_URL) does not answer: connect ECONNREFUSED 127.0.0.1:1',
    });
    const several = Object.assign(new AggregateError([refused], ''), { code: 'ECONNREFUSED' });
    expect(failureOf(several)).toMatchObject({ exitCode: 4, line: expect.stringContaining('127.0.0.1:1') });
    const { exitCode, line } = failureOf(new LogUnavailableError('The event store does not answer: 14'));
    expect([exitCode, line]).toEqual([4, expect.stringContaining('EVENTSTORE_URL')]);
  });

  it('is 2 where a setting is to be mended: also a password or a database that PostgreSQL does not know', () => {
    for (const error of [
      new SettingsError(['x']),
      new MasterKeyError('x'),
      coded('28P01', 'password authentication failed'),
      coded('3D000', 'database "x" does not exist'),
    ]) {
      expect(failureOf(error).exitCode).toBe(2);
    }
    expect(failureOf(coded('28P01', 'no')).line).toBe('PostgreSQL (DATABASE_URL) lets nobody in: no');
  });

  it('bug: a wrong slice, wrong usage, ended with 1', () => {
    const unknown = failureOf(refuse.invalid('SLICE_UNKNOWN', 'choose one of a, b'));
    expect(unknown).toEqual({ exitCode: 2, line: 'SLICE_UNKNOWN: choose one of a, b' });
    expect(failureOf(refuse.conflict('DEAL_EXISTS', 'x')).exitCode).toBe(1);
  });

  it('is 1 for anything else, in its words', () => {
    expect(failureOf(new Error('odd'))).toEqual({ exitCode: 1, line: 'odd' });
    expect(failureOf(null)).toEqual({ exitCode: 1, line: 'null' });
  });
});
