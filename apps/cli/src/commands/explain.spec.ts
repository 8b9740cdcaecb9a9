import type { Explanation } from '@voronka/read-models';
import { explanationLines } from './explain.js';

const nothing: Explanation = {
  ...{ k: '21', at: '2009-09-02T08:00:00.000Z', zone: 'Europe/Samara', additive: true },
  params: { employee: 'ivanova', period: '2009-08', lang: 'en' },
  calendarAssumed: [],
  ...{ statement: null, regulation: null, lines: [], adjustments: [], manual: [], leaving: [], disputes: [] },
  totals: {
    ...{ earnedKopecks: 0, adjustedKopecks: 0, manualKopecks: 0 },
    ...{ broughtKopecks: 0, payableKopecks: 0, carriedKopecks: 0 },
  },
};

describe('voronka explain', () => {
  it('names the years that the working calendar does not state, and says nothing where it states them all', () => {
    const last = (calendarAssumed: readonly number[], lang: 'ru' | 'en') =>
      explanationLines({ ...nothing, calendarAssumed }, lang, 0).at(-1);
    expect(last([2008, 2009], 'en')).toBe(
      'plain weeks were taken for years that the working calendar does not state: 2008, 2009',
    );
    expect(last([2009], 'ru')).toBe('приняты обычные недели для годов, которых нет в рабочем календаре: 2009');
    expect(last([], 'en')).toMatch(/^carried to the next month/);
  });
});
