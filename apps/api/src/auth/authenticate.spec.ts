import { keyOf } from './authenticate.js';

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

describe('the key of an Authorization header', () => {
  it.each([
    ['Bearer vk_1_x', 'vk_1_x'],
    ['bearer vk_1_x', 'vk_1_x'],
    [basic('admin:vk_1_x'), 'vk_1_x'],
    [basic(':a:b'), 'a:b'],
    [basic('vk_1_x'), null],
    [basic('admin:'), null],
    ['Digest vk_1_x', null],
    ['Bearer', null],
    ['', null],
    [undefined, null],
  ])('%s', (header, key) => {
    expect(keyOf(header)).toBe(key);
  });
});
