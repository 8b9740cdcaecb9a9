import { rowName } from './row-name.js';

const named = { by: 'performer', value: 'anna', label: 'Anna Ivanova', kind: 'person' } as const;
const coded = { by: 'segment', value: 'retail', label: null, kind: 'value' } as const;
const nobody = { by: 'performer', value: null, label: null, kind: 'none' } as const;
const noLine = { by: 'productLine', value: null, label: null, kind: 'none' } as const;

describe('name of a row', () => {
  it('is the label of its value, and its period behind it', () => {
    expect(rowName({ slices: [named], bucket: null })).toBe('Anna Ivanova');
    expect(rowName({ slices: [named, coded], bucket: '2009-08' })).toBe('Anna Ivanova · retail · 2009-08');
    expect(rowName({ slices: [], bucket: '2009-08' })).toBe('2009-08');
  });

  it('bug: rows of a segment and of nobody were called Total', () => {
    expect(rowName({ slices: [coded], bucket: null })).toBe('retail');
    expect(rowName({ slices: [nobody], bucket: null })).toBe('(no performer)');
    expect(rowName({ slices: [noLine], bucket: null })).toBe('(no product line)');
  });

  it('says Total of the row without any value', () => {
    expect(rowName({ slices: [], bucket: null })).toBe('Total');
  });
});
