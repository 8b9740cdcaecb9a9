import { arrayText, cellText, copyText, quoteText } from './sql-text.js';

describe('text for PostgreSQL', () => {
  it.each([
    [17n, 'bigint', '17'],
    ['-17', 'bigint', '-17'],
    [false, 'boolean', 'f'],
    ['half \ud800 pair\0', 'text', 'half \ufffd pair\ufffd'],
    [['a"b', 'c\\d', ''], 'text[]', '{"a\\"b","c\\\\d",""}'],
    [{ text: 'nul\0 \udc00', list: ['\0'] }, 'jsonb', '{"text":"nul\ufffd \ufffd","list":["\ufffd"]}'],
    ['\\u0000', 'jsonb', '"\\\\u0000"'],
    ['ABCDEF00-0000-4000-8000-000000000000', 'uuid', 'abcdef00-0000-4000-8000-000000000000'],
    [null, 'text', null],
  ] as const)('writes %j as %s', (value, type, text) => {
    expect(cellText(value, type)).toBe(text);
  });

  it.each([
    [1.5, 'integer'],
    [2 ** 53, 'bigint'],
    ['017', 'bigint'],
    ['yes', 'boolean'],
    [5, 'text'],
    [['a', 5], 'text[]'],
    [5, 'timestamptz'],
  ] as const)('refuses %j as %s', (value, type) => {
    expect(() => cellText(value, type)).toThrow(TypeError);
  });

  it('escapes what COPY, arrays and literals take for their own', () => {
    expect(copyText('a\tb\nc\rd\\e')).toBe('a\\tb\\nc\\rd\\\\e');
    expect(copyText(null)).toBe('\\N');
    expect(copyText('\\N')).toBe('\\\\N');
    expect(arrayText(['NULL', null])).toBe('{"NULL",NULL}');
    expect(quoteText("it's \\ here")).toBe(" E'it''s \\\\ here'");
  });
});
