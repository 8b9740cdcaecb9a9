import fc from 'fast-check';
import { instantToMs, isInstant, msToInstant, normaliseInstant } from './instant.js';
import { addDays, daysBetween, fromEpochDay, isLocalDate, toEpochDay, weekdayOf } from './local-date.js';

const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const anyMs = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2040, 0) }),
);

describe('instants', () => {
  it('read and write every millisecond as ISO 8601 does', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        const text = new Date(ms).toISOString();
        expect(msToInstant(ms)).toBe(text);
        expect(instantToMs(text)).toBe(ms);
        expect(normaliseInstant(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['2009-08-01T00:00:00+05:00', '2009-07-31T19:00:00.000Z'],
    ['2009-08-01T00:00+0500', '2009-07-31T19:00:00.000Z'],
    ['2009-08-01t00:00:00.5+05', '2009-07-31T19:00:00.500Z'],
    ['2011-10-01T00:38:44.546+02:00', '2011-09-30T22:38:44.546Z'],
    ['2009-12-31 23:59:59.9999999Z', '2009-12-31T23:59:59.999Z'],
    ['2009-08-01T00:00:00-03:30', '2009-08-01T03:30:00.000Z'],
    ['2009-08-01T00:00:00-00:00', '2009-08-01T00:00:00.000Z'],
  ])('normalises %s', (text, expected) => expect(normaliseInstant(text)).toBe(expected));

  it.each(['2009-08-01T00:00:00', '2009-08-01', '2009-08-01T00:00:00 Europe/Samara', '', 'now', '1249070400'])(
    'refuses %p, which does not say its offset',
    (text) => expect(() => normaliseInstant(text)).toThrow(/^Not an instant: .*write date, time and offset/),
  );

  it.each([
    '2009-02-29T00:00:00Z',
    '2009-13-01T00:00:00Z',
    '2009-08-01T24:00:00Z',
    '2009-08-01T23:60:00Z',
    '2008-12-31T23:59:60Z',
    '2009-08-01T00:00:00+24:00',
    '0000-08-01T00:00:00Z',
  ])('refuses %s, which never was', (text) => expect(() => normaliseInstant(text)).toThrow(/^No such time/));

  it('refuses what its offset carries out of the calendar', () => {
    expect(() => normaliseInstant('9999-12-31T23:00:00-05:00')).toThrow('Date out of range');
    expect(() => normaliseInstant('0001-01-01T00:00:00+05:00')).toThrow('Date out of range');
  });

  it.each([
    '2009-08-01T00:00:00Z',
    '2009-08-01T00:00:00.000+00',
    '2009-08-01T00:00:00.000z',
    '2009-08-01 00:00:00.000Z',
    '2009-02-30T00:00:00.000Z',
    '2009-08-01T25:00:00.000Z',
    '2009-08-01T0x:00:00.000Z',
    '2009-08-01T00:00:00.000Z ',
    '2009-08-01T00:00:00.00',
  ])('takes only the canonical form inside, not %s', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => instantToMs(text)).toThrow(/^Not an instant/);
  });

  it('refuses parts of a millisecond', () => {
    expect(() => msToInstant(0.5)).toThrow(RangeError);
    expect(() => msToInstant(Number.NaN)).toThrow(RangeError);
  });
});

describe('local dates', () => {
  it('count days as the calendar does', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        const date = new Date(ms).toISOString().slice(0, 10);
        expect(toEpochDay(date)).toBe(Math.floor(ms / 86_400_000));
        expect(fromEpochDay(toEpochDay(date))).toBe(date);
        expect(weekdayOf(date) % 7).toBe(new Date(ms).getUTCDay());
      }),
      { numRuns: 1000 },
    );
  });

  it('add and subtract days over the ends of months and years', () => {
    expect(addDays('2009-12-31', 1)).toBe('2010-01-01');
    expect(addDays('2008-03-01', -1)).toBe('2008-02-29');
    expect(daysBetween('2009-01-01', '2010-01-01')).toBe(365);
    expect(daysBetween('2010-01-01', '2009-01-01')).toBe(-365);
  });

  it.each(['2009-2-1', '2009-02-29', '2009-00-01', '2009-01-00', '0000-01-01', '2009-08-01T00', '+2009-08-01'])(
    'refuse %s',
    (text) => {
      expect(isLocalDate(text)).toBe(false);
      expect(() => toEpochDay(text)).toThrow(/^Not a date/);
    },
  );

  it('know the leap years of centuries', () => {
    expect(['1900-02-29', '2000-02-29', '2100-02-29', '2008-02-29'].map(isLocalDate)).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });

  it('end with the year 9999', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow('Date out of range');
    expect(() => addDays('2009-01-01', 0.5)).toThrow('Date out of range');
  });
});
