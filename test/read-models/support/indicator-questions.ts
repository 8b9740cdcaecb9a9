import { indicatorFigures, type IndicatorsAnswer, type IndicatorsParams } from '@voronka/read-models';
import type { Cells, ReadDatabase } from './read-database.js';
import { asked } from './small-company.js';

const common = {
  name: { ru: 'Имя', en: 'Name' },
  description: { ru: 'Описание', en: 'Description' },
  unit: 'count',
  filters: {},
  credit: { by: 'performer' },
  better: 'higher',
  resultIndicator: null,
};

/** Defines indicators in the tables of a test, and asks about August 2009. */
export function questions(database: () => ReadDatabase) {
  return {
    define: async (code: string, definition: object, over: Cells = {}): Promise<void> => {
      const text = JSON.stringify({ ...common, ...definition });
      const version = { code, version: 1, effective_from: null, definition: text };
      await database().put('indicator_versions', { ...version, ...over });
    },
    ask: (indicators: string[], over: Partial<IndicatorsParams> = {}): Promise<IndicatorsAnswer> =>
      indicatorFigures(asked(database()), { indicators, period: '2009-08', ...over }),
  };
}

/** Rows as the values they are cut by, and the figure. */
export const byValue = (answer: IndicatorsAnswer, code: string): unknown[] =>
  answer.rows.map(({ slices, figures }) => [...slices.map(({ value }) => value), figures[code]?.value]);
