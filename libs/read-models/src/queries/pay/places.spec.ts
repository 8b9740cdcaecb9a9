import { Places } from './places.js';

const place = { departmentId: 'sales', position: 'seller' };
const AUGUST = { from: '2009-08-01', to: '2009-09-01' };

describe('days on which somebody was there', () => {
  it('are those of employment, less absences', () => {
    const spells = new Map([['anna', [{ ...place, from: '2009-08-03', to: null }]]]);
    const away = (...spans: readonly (readonly [string, string])[]) =>
      new Places(spells, new Map([['anna', spans.map(([from, to]) => ({ from, to }))]])).presence('anna', AUGUST);
    expect(away()).toEqual([{ from: '2009-08-03', to: '2009-09-01' }]);
    expect(away(['2009-08-10', '2009-08-22'])).toEqual([
      { from: '2009-08-03', to: '2009-08-10' },
      { from: '2009-08-22', to: '2009-09-01' },
    ]);
    expect(away(['2009-07-20', '2009-08-05'], ['2009-08-31', '2009-09-05'])).toEqual([
      { from: '2009-08-05', to: '2009-08-31' },
    ]);
    expect(away(['2009-07-01', '2009-10-01'])).toEqual([]);
    expect(away(['2009-06-01', '2009-07-01'])).toEqual([{ from: '2009-08-03', to: '2009-09-01' }]);
  });
});
