import type { IndicatorCommon, IndicatorDocument, LocalText, Measurement } from '../indicator.document.js';
import { MEASURES } from '../indicator.measures.js';

/** A ready indicator: its code, and the definition as `DefineIndicator` takes it. */
export interface CatalogueEntry {
  readonly code: string;
  readonly definition: IndicatorDocument;
}

type Said = Partial<Pick<IndicatorCommon, 'unit' | 'filters' | 'credit' | 'better' | 'resultIndicator'>>;

/** An entry with what is usual for its measure, unless it is said. */
export function entry(
  code: string,
  texts: readonly [name: LocalText, description: LocalText],
  measurement: Measurement,
  said: Said = {},
): CatalogueEntry {
  const rules = MEASURES[measurement.measure];
  const [custom] = rules.credits;
  const common: IndicatorCommon = {
    name: texts[0],
    description: texts[1],
    unit: rules.units[0] ?? 'count',
    filters: {},
    credit: custom === 'owner' || custom === 'performer' ? { by: custom } : null,
    better: 'higher',
    resultIndicator: null,
    ...said,
  };
  return { code, definition: { ...common, ...measurement } };
}

export const text = (ru: string, en: string): LocalText => ({ ru, en });
