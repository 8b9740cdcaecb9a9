import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { instantToMs, msToInstant } from './instant.js';
import { addDays } from './local-date.js';
import { addLocalDays, assertZone, localDateOf, startOfLocalDay } from './zone.js';

// Summer time by day and at midnight, half hours, one minute past midnight, a lost day, none at all.
const ZONES = [
  'Europe/Samara',
  'Europe/Moscow',
  'Europe/Amsterdam',
  'America/Sao_Paulo',
  'America/St_Johns',
  'America/Havana',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'UTC',
];
const anyZone = fc.constantFrom(...ZONES);
const wide = fc.integer({ min: Date.UTC(1985, 0), max: Date.UTC(2045, 0) });
/** Moments within a few hours of a change of the clocks, where mistakes live. */
const nearChange = fc.tuple(anyZone, wide, fc.integer({ min: -7200_000, max: 7200_000 })).map(([zone, ms, shift]) => {
  const change = zoned(ms, zone).getTimeZoneTransition('next');
  return { zone, ms: change === null ? ms : change.epochMilliseconds + shift };
});
const anywhere = fc.oneof(fc.record({ zone: anyZone, ms: wide }), nearChange);
const runs = { numRuns: 2000 };

function zoned(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

describe('zones', () => {
  it.each([
    ['2009-08-01', 'Europe/Samara', '2009-07-31T19:00:00.000Z'],
    ['2009-01-01', 'Europe/Samara', '2008-12-31T20:00:00.000Z'],
    ['2009-11-01', 'Europe/Samara', '2009-10-31T20:00:00.000Z'],
    ['2011-01-01', 'Europe/Samara', '2010-12-31T21:00:00.000Z'],
    ['2009-08-01', 'UTC', '2009-08-01T00:00:00.000Z'],
  ])('%s begins in %s at %s', (date, zone, expected) => {
    expect(startOfLocalDay(date, zone)).toBe(expected);
    expect(localDateOf(expected, zone)).toBe(date);
    expect(localDateOf(msToInstant(instantToMs(expected) - 1), zone)).toBe(addDays(date, -1));
  });

  it('a day begins with the jump when clocks jump over midnight', () => {
    expect(startOfLocalDay('2009-10-18', 'America/Sao_Paulo')).toBe('2009-10-18T03:00:00.000Z');
    expect(localDateOf('2009-10-18T02:59:59.999Z', 'America/Sao_Paulo')).toBe('2009-10-17');
  });

  it('a day that clocks go back over midnight from does not end twice', () => {
    // 2009-11-01 began at 02:30Z; at 02:31Z the wall went back to 23:01 of 31 October.
    expect(startOfLocalDay('2009-11-01', 'America/St_Johns')).toBe('2009-11-01T02:30:00.000Z');
    expect(localDateOf('2009-11-01T02:45:00.000Z', 'America/St_Johns')).toBe('2009-11-01');
  });

  it('a day that a zone left out is empty', () => {
    expect(startOfLocalDay('2011-12-30', 'Pacific/Apia')).toBe(startOfLocalDay('2011-12-31', 'Pacific/Apia'));
    expect(localDateOf(startOfLocalDay('2011-12-30', 'Pacific/Apia'), 'Pacific/Apia')).toBe('2011-12-31');
  });

  it('the date of a moment lies between the start of its day and of the next', () => {
    fc.assert(
      fc.property(anywhere, ({ zone, ms }) => {
        const instant = msToInstant(ms);
        const date = localDateOf(instant, zone);
        expect(startOfLocalDay(date, zone) <= instant).toBe(true);
        expect(instant < startOfLocalDay(addDays(date, 1), zone)).toBe(true);
      }),
      runs,
    );
  });

  it('the date is the one on the wall, or later only in the hour that clocks went back over midnight', () => {
    fc.assert(
      fc.property(anywhere, ({ zone, ms }) => {
        const date = localDateOf(msToInstant(ms), zone);
        const wall = zoned(ms, zone).toPlainDate().toString();
        if (date !== wall) {
          expect(wall).toBe(addDays(date, -1));
          expect(ms - instantToMs(startOfLocalDay(date, zone))).toBeLessThan(2 * 3_600_000);
        }
      }),
      runs,
    );
  });

  it('a day begins where Temporal says', () => {
    fc.assert(
      fc.property(anywhere, ({ zone, ms }) => {
        const wall = zoned(ms, zone).toPlainDate();
        const expected = wall.toZonedDateTime(zone).startOfDay().epochMilliseconds;
        expect(startOfLocalDay(wall.toString(), zone)).toBe(msToInstant(expected));
      }),
      runs,
    );
  });

  it('learns the same spans whatever it is asked first', () => {
    const dates = Array.from({ length: 400 }, (_, index) => addDays('2006-01-01', index * 5));
    const there = dates.map((date) => startOfLocalDay(date, 'Europe/Berlin'));
    const back = [...dates].reverse().map((date) => startOfLocalDay(date, 'Europe/Copenhagen'));
    expect(back.reverse()).toEqual(there);
  });

  it.each(['', '+05:00', '-03', 'Nowhere/Town', 'MSK', 'europe/samara', 'Europe/Samara '])('refuses %p', (zone) => {
    expect(() => assertZone(zone)).toThrow(RangeError);
    expect(() => localDateOf('2009-07-31T19:00:00.000Z', zone)).toThrow(RangeError);
  });

  it('tells the right spelling of a zone', () => {
    expect(() => assertZone('europe/samara')).toThrow('is spelt Europe/Samara');
    expect(() => assertZone('Europe/Samara')).not.toThrow();
    expect(() => assertZone('UTC')).not.toThrow();
  });
});

describe('addLocalDays', () => {
  it.each([
    ['2009-10-24T12:00:00.000Z', 1, '2009-10-25T13:00:00.000Z', 'over the end of summer time'],
    ['2009-03-28T12:00:00.000Z', 1, '2009-03-29T11:00:00.000Z', 'over its beginning'],
    ['2009-08-01T12:00:00.000Z', 30, '2009-08-31T12:00:00.000Z', 'inside one offset'],
    ['2009-08-31T12:00:00.000Z', -30, '2009-08-01T12:00:00.000Z', 'back'],
    ['2009-03-27T22:30:00.000Z', 1, '2009-03-28T22:30:00.000Z', 'into a time that does not exist'],
    ['2009-10-23T21:30:00.000Z', 1, '2009-10-24T21:30:00.000Z', 'into a time that comes twice'],
  ])('%s plus %d is %s, %s', (from, days, expected) => {
    expect(addLocalDays(from, days, 'Europe/Samara')).toBe(expected);
  });

  it('agrees with Temporal everywhere', () => {
    fc.assert(
      fc.property(anywhere, fc.integer({ min: -400, max: 400 }), ({ zone, ms }, days) => {
        const expected = zoned(ms, zone).add({ days }).epochMilliseconds;
        expect(addLocalDays(msToInstant(ms), days, zone)).toBe(msToInstant(expected));
      }),
      runs,
    );
  });

  it('refuses parts of a day', () => {
    expect(() => addLocalDays('2009-08-01T12:00:00.000Z', 1.5, 'UTC')).toThrow('Days must be a whole number');
  });
});
