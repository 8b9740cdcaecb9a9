import type { IndicatorDefined } from './indicator.events.js';
import { dimensionsOf, isAdditive, multiValuedDimensions, natureOf } from './indicator.traits.js';
import { indicatorCatalogue } from './catalogue.js';
import type { IndicatorDocument } from './indicator.document.js';
import { Shop } from '../testing/shop.js';

const byCode = new Map(indicatorCatalogue.map(({ code, definition }) => [code, definition]));

function definition(code: string): IndicatorDocument {
  const found = byCode.get(code);
  if (found === undefined) throw new Error(`no ${code} in the catalogue`);
  return found;
}

describe('the catalogue', () => {
  it('holds at least 25 indicators under codes of their own', () => {
    expect(indicatorCatalogue.length).toBeGreaterThanOrEqual(25);
    expect(byCode.size).toBe(indicatorCatalogue.length);
  });

  it('is accepted one after another as it stands, and recorded as it stands', () => {
    const shop = new Shop();
    for (const { code, definition: document } of indicatorCatalogue) {
      const [event] = shop.send(`indicator-${code}`, 'DefineIndicator', document);
      expect((event as IndicatorDefined).data).toEqual({ version: 1, effectiveFrom: null, definition: document });
    }
  });

  it.each(indicatorCatalogue)('$code is named and described in Russian and English', ({ definition: document }) => {
    for (const { ru, en } of [document.name, document.description]) {
      expect(ru).toMatch(/[а-яё]/i);
      expect(en).not.toMatch(/[а-яё]/i);
      expect(en).toMatch(/[a-z]/i);
    }
  });

  it('every activity stands beside a result, and none beside itself', () => {
    for (const { definition: document } of indicatorCatalogue) {
      if (natureOf(document) !== 'activity') continue;
      expect(natureOf(definition(document.resultIndicator ?? ''))).not.toBe('activity');
    }
  });

  it('counts a questionnaire filled, analysed and verified apart', () => {
    const kinds = ['questionnaires_filled', 'questionnaires_analysed', 'questionnaires_verified'].map(
      (code) => definition(code).filters.stepKinds,
    );
    expect(kinds).toEqual([['questionnaire'], ['analysis'], ['verification']]);
  });
});

describe('what follows from a definition', () => {
  it('adds up: counts and sums, not different customers, ratios, shares and times', () => {
    const additive = (...codes: string[]) => codes.map((code) => isAdditive(definition(code)));
    expect(
      additive('calls', 'deals_won', 'contracts_amount', 'payments_received', 'new_customers', 'deviations'),
    ).toEqual(Array.from({ length: 6 }, () => true));
    expect(
      additive('customers_won', 'average_contract', 'win_rate', 'entry_to_win', 'sales_cycle', 'steps_late'),
    ).toEqual(Array.from({ length: 6 }, () => false));
  });

  it('dimensions are those of the facts; a ratio has what its parts share', () => {
    expect(dimensionsOf(definition('calls'))).toEqual(expect.arrayContaining(['performer', 'owner', 'activityKind']));
    expect(dimensionsOf(definition('contracts_amount'))).not.toContain('performer');
    expect(dimensionsOf(definition('deals_lost'))).toContain('lossReason');
    expect(dimensionsOf(definition('deals_returned'))).toEqual(expect.arrayContaining(['step', 'stepKind']));
    expect(dimensionsOf(definition('deals_opened'))).not.toContain('step');
    const perContract = dimensionsOf(definition('calls_per_contract'), [
      definition('calls'),
      definition('contracts_signed'),
    ]);
    expect(perContract).toEqual(expect.arrayContaining(['employee', 'department', 'segment', 'source']));
    expect(perContract).not.toContain('performer');
    expect(perContract).not.toContain('activityKind');
    expect(dimensionsOf(definition('calls_per_contract'))).toEqual([]);
  });

  it('deals stand under each of their products, amounts are divided by line', () => {
    expect(multiValuedDimensions(definition('deals_won'))).toEqual(['product', 'productLine']);
    expect(multiValuedDimensions(definition('contracts_amount'))).toEqual([]);
  });
});
