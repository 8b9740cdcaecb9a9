import { readFileSync } from 'node:fs';
import path from 'node:path';
import { indicatorCatalogue } from './catalogue.js';
import { MEASURES } from './indicator.measures.js';
import { DIMENSIONS } from './indicator.traits.js';

const root = path.join(import.meta.dirname, '../../../..');
const page = readFileSync(path.join(root, 'docs/indicators.md'), 'utf8');

/** Cells of the table of a chapter, without head and rule. */
function tableOf(chapter: string): string[][] {
  const text = page.split(`## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (text: string) => [...text.matchAll(/`([A-Za-z_]+)`/g)].map(([, code]) => code);

describe('docs/indicators.md', () => {
  it('lists the catalogue: code, names, measure and result beside it', () => {
    expect(tableOf('The catalogue')).toEqual(
      indicatorCatalogue.map(({ code, definition: { name, measure, resultIndicator } }) => [
        `\`${code}\``,
        name.ru,
        name.en,
        `\`${measure}\``,
        resultIndicator === null ? '' : `\`${resultIndicator}\``,
      ]),
    );
  });

  it('lists every measure with the fields that belong to it', () => {
    expect(tableOf('Measures').map(([measure, fields]) => [codesIn(measure ?? ''), codesIn(fields ?? '')])).toEqual(
      Object.entries(MEASURES).map(([measure, { fields }]) => [[measure], [...fields]]),
    );
  });

  it('lists every dimension', () => {
    const text = page.split('## Slices\n')[1]?.split('\n## ')[0] ?? '';
    expect(codesIn(text)).toEqual(expect.arrayContaining([...DIMENSIONS]));
  });

  it('lists every fault that a definition can have', () => {
    const sources = ['indicator.faults.ts', 'indicator.reading.ts'].map((name) =>
      readFileSync(path.join(import.meta.dirname, name), 'utf8'),
    );
    const codes = sources.flatMap((source) => [...source.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code));
    expect(new Set(codesIn(page.split('## Faults\n')[1] ?? ''))).toEqual(new Set(codes));
  });
});
