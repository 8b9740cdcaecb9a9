import fc from 'fast-check';
import { eventIdOf, requestHashOf } from './event-ids.js';

describe('eventIdOf', () => {
  it('is a UUID of version 8, in lower case, as it was in every earlier release', () => {
    expect(eventIdOf('deal-17', 'c-1', 0)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(eventIdOf('deal-17', 'c-1', 0)).toBe('40061593-38f5-8305-8fc7-caaf1f54d100');
  });

  it('differs whenever stream, command or index differ', () => {
    const part = fc.tuple(fc.string(), fc.string(), fc.nat(5));
    fc.assert(
      fc.property(part, part, (a, b) => {
        expect(eventIdOf(...a) === eventIdOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe('requestHashOf', () => {
  const key = new Uint8Array(32).fill(1);
  const request = { type: 'OpenDeal', category: 'deal', id: '17', body: { b: 2, a: 1 }, person: 'ivanova' };

  it('does not see the order of members, absent members or the class of the body', () => {
    class Body {
      a = 1;
      c = undefined;
      b = 2;
    }
    expect(requestHashOf(key, { ...request, body: new Body() })).toBe(requestHashOf(key, request));
    expect(requestHashOf(key, request)).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['type', { type: 'LoseDeal' }],
    ['category', { category: 'plan' }],
    ['id', { id: '18' }],
    ['body', { body: { a: 1, b: 3 } }],
    ['person', { person: null }],
  ])('sees another %s', (_member, change) => {
    expect(requestHashOf(key, { ...request, ...change })).not.toBe(requestHashOf(key, request));
  });

  it('cannot be made without the key', () => {
    expect(requestHashOf(new Uint8Array(32), request)).not.toBe(requestHashOf(key, request));
  });
});
