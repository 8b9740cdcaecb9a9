import { fromEpochDay, toEpochDay } from '@voronka/kernel';
import fc from 'fast-check';
import type { IndicatorState } from './indicator.decider.js';
import { versionOn } from './indicator.versions.js';
import { Shop } from '../testing/shop.js';

const won = {
  name: { ru: 'Сделки', en: 'Deals' },
  description: { ru: 'Сделки', en: 'Deals' },
  better: 'higher',
  measure: 'deals',
  event: 'won',
};

function versionsOf(shop: Shop) {
  const state = shop.state('indicator', 'won') as IndicatorState;
  return state.status === 'none' ? [] : state.versions;
}

describe('versionOn', () => {
  const revised = (effectiveFrom: string, source: string) => ({
    ...won,
    filters: { sources: [source] },
    effectiveFrom,
    reason: 'New',
  });

  it('goes by the first day of the period; the one recorded last wins', () => {
    const shop = new Shop();
    shop.send('indicator-won', 'DefineIndicator', won);
    shop.send('indicator-won', 'ReviseIndicator', revised('2009-10-01', 'website'));
    const on = (date: string) => versionOn(versionsOf(shop), date)?.version;
    expect([on('0001-01-01'), on('2009-09-30'), on('2009-10-01'), on('2019-01-01')]).toEqual([1, 1, 2, 2]);
    shop.send('indicator-won', 'ReviseIndicator', revised('2009-09-01', 'partner'));
    expect([on('2009-08-31'), on('2009-09-01'), on('2009-10-01')]).toEqual([1, 3, 3]);
  });

  it('is null for periods that begin before the first version holds', () => {
    const shop = new Shop();
    shop.send('indicator-won', 'DefineIndicator', { ...won, effectiveFrom: '2009-08-01' });
    expect(versionOn(versionsOf(shop), '2009-07-31')).toBeNull();
    expect(versionOn(versionsOf(shop), '2009-08-01')?.version).toBe(1);
    expect(versionOn([], '2009-08-01')).toBeNull();
  });

  it('a changed definition does not redraw the past: no accepted revision changes an earlier answer', () => {
    const month = fc.integer({ min: 8, max: 12 }).map((one) => `2009-${String(one).padStart(2, '0')}-01`);
    const source = fc.constantFrom('website', 'partner', 'exhibition');
    const day = fc.integer({ min: toEpochDay('2009-06-01'), max: toEpochDay('2010-03-01') }).map(fromEpochDay);
    fc.assert(
      fc.property(fc.array(fc.tuple(month, source), { maxLength: 8 }), fc.array(day), (changes, days) => {
        const shop = new Shop();
        shop.send('indicator-won', 'DefineIndicator', won);
        for (const [from, by] of changes) {
          const earlier = days.filter((date) => date < from);
          const later = days.filter((date) => date >= from);
          const before = earlier.map((date) => versionOn(versionsOf(shop), date));
          shop.send('indicator-won', 'ReviseIndicator', revised(from, by));
          expect(earlier.map((date) => versionOn(versionsOf(shop), date))).toEqual(before);
          for (const date of later) {
            expect(versionOn(versionsOf(shop), date)?.definition.filters.sources).toEqual([by]);
          }
        }
      }),
    );
  });
});
