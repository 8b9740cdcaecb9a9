import { LogUnavailableError } from './errors.js';
import { MasterKeyError } from './key-wrapping.js';
import { readFailure } from './store-errors.js';

describe('why a read ended', () => {
  it('is the store for anything unknown, in its words', () => {
    const failure = readFailure(new Error('14 UNAVAILABLE'));
    expect(failure).toBeInstanceOf(LogUnavailableError);
    expect(failure.message).toContain('14 UNAVAILABLE');
  });

  it('bug: a wrong master key was told as a store that is away; it stays what it is', () => {
    const wrong = new MasterKeyError('The key of customer-1 cannot be unwrapped');
    expect(readFailure(wrong)).toBe(wrong);
  });
});
