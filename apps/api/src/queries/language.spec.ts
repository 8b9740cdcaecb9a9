import { languageOf } from './language.js';

describe('the language of an answer in words', () => {
  it.each([
    ['ru', 'ru'],
    ['ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
    ['en;q=0.5, ru;q=0.7', 'ru'],
    ['ru;q=0.2, en-GB;q=0.3', 'en'],
    ['ru;q=0', 'en'],
    ['de, ru;q=0.1', 'ru'],
    ['de', 'en'],
    ['run, *;q=0.1', 'en'],
    [undefined, 'en'],
  ])('of %s is %s', (header, language) => {
    expect(languageOf(header)).toBe(language);
  });
});
