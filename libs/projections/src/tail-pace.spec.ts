import { pauseAfter } from './tail-pace.js';

describe('the pause of the tail', () => {
  it.each([
    ['three times what a quick transaction took', 5, 15],
    ['no more than leads to the pace', 40, 60],
    ['none after one that took longer than the pace', 150, 0],
    ['none after one that took no time', 0, 0],
  ])('is %s', (_what, taken, pause) => expect(pauseAfter(taken, 100)).toBe(pause));

  it('is none where no pace is set', () => expect(pauseAfter(5, 0)).toBe(0));
});
