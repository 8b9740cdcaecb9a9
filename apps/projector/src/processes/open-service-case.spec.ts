import { caseIdOf } from './open-service-case.js';

describe('the id of a service case that a deal opens', () => {
  it('names deal and map where there is room, and is told from others where there is not', () => {
    expect(caseIdOf('d1', 'care')).toBe('d1.care');
    const long = 'd'.repeat(64);
    expect(caseIdOf(long, 'care')).toMatch(/^case\.[0-9a-f]{32}$/);
    expect(caseIdOf(long, 'care')).toBe(caseIdOf(long, 'care'));
    expect(caseIdOf(long, 'care')).not.toBe(caseIdOf(long, 'help'));
    expect(caseIdOf(`${long.slice(1)}e`, 'care')).not.toBe(caseIdOf(long, 'care'));
  });
});
