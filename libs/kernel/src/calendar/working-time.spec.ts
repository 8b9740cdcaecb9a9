import fc from 'fast-check';
import { instantToMs, msToInstant, normaliseInstant } from './instant.js';
import { plainFiveDayWeek, type WorkCalendar } from './work-calendar.js';
import { addWorkingMinutes, workingMinutesBetween, workingMsBetween } from './working-time.js';

const plain = plainFiveDayWeek();
const samara = 'Europe/Samara';
const HOUR = 60;
/** A wall time of Samara in its summer time of 2009, UTC+5. */
const at = (local: string): string => normaliseInstant(`${local}+05:00`);

const always = [{ from: '00:00', to: '24:00' }];
const roundTheClock: WorkCalendar = {
  weeklyHours: { 1: always, 2: always, 3: always, 4: always, 5: always, 6: always, 7: always },
  days: [],
};
const nights = [
  { from: '00:00', to: '02:30' },
  { from: '02:30', to: '06:15' },
  { from: '22:00', to: '24:00' },
];
const nightShift: WorkCalendar = {
  weeklyHours: { 1: nights, 2: [], 3: nights, 4: nights, 5: nights, 6: nights, 7: nights },
  days: [
    { date: '2009-10-24', kind: 'off' },
    { date: '2009-10-20', kind: 'working', hours: always },
  ],
};

describe('working time', () => {
  it('a norm of 16 working hours from Friday 14 August 2009 17:00 is due Tuesday 18 August 17:00', () => {
    expect(addWorkingMinutes(plain, samara, at('2009-08-14T17:00'), 16 * HOUR)).toBe(at('2009-08-18T17:00'));
  });

  it.each([
    ['2009-08-14T17:00', HOUR, '2009-08-14T18:00', 'the end of a day, not the start of the next'],
    ['2009-08-14T17:00', HOUR + 1, '2009-08-17T09:01', 'over the weekend'],
    ['2009-08-14T12:00', HOUR, '2009-08-14T13:00', 'the start of the break, not its end'],
    ['2009-08-14T12:30', HOUR, '2009-08-14T14:30', 'over the break'],
    ['2009-08-14T13:20', HOUR, '2009-08-14T15:00', 'from inside the break'],
    ['2009-08-15T12:00', HOUR, '2009-08-17T10:00', 'from a day off'],
    ['2009-08-14T20:00', 8 * HOUR, '2009-08-17T18:00', 'from the evening'],
    ['2009-08-15T12:00', 0, '2009-08-15T12:00', 'nothing to wait for'],
  ])('%s and %d minutes is %s: %s', (from, minutes, expected) => {
    expect(addWorkingMinutes(plain, samara, at(from), minutes)).toBe(at(expected));
    expect(workingMinutesBetween(plain, samara, at(from), at(expected))).toBe(minutes);
  });

  it('keeps seconds and milliseconds', () => {
    expect(addWorkingMinutes(plain, samara, at('2009-08-14T17:59:30.250'), 1)).toBe(at('2009-08-17T09:00:30.250'));
  });

  it('a short day is worked only for its hours', () => {
    const calendar: WorkCalendar = {
      ...plain,
      days: [{ date: '2009-08-17', kind: 'short', hours: [{ from: '10:00', to: '12:00' }] }],
    };
    expect(addWorkingMinutes(calendar, samara, at('2009-08-14T17:00'), 4 * HOUR)).toBe(at('2009-08-18T10:00'));
  });

  it('an hour that clocks skip is not worked, an hour that comes twice is worked twice', () => {
    const day = (from: string, to: string): number => workingMinutesBetween(roundTheClock, samara, from, to);
    expect(day('2009-03-28T20:00:00.000Z', '2009-03-29T19:00:00.000Z')).toBe(23 * HOUR);
    expect(day('2009-10-24T19:00:00.000Z', '2009-10-25T20:00:00.000Z')).toBe(25 * HOUR);
    expect(addWorkingMinutes(roundTheClock, samara, '2009-10-24T19:00:00.000Z', 25 * HOUR)).toBe(
      '2009-10-25T20:00:00.000Z',
    );
  });

  it('counts whole minutes, and exact milliseconds beside', () => {
    const [from, to] = [at('2009-08-14T17:00:30'), at('2009-08-14T17:02:29.999')];
    expect(workingMinutesBetween(plain, samara, from, to)).toBe(1);
    expect(workingMsBetween(plain, samara, from, to)).toBe(119_999);
    expect(workingMinutesBetween(plain, samara, to, from)).toBe(-1);
    expect(workingMinutesBetween(plain, samara, at('2009-08-15T10:00'), at('2009-08-15T09:00'))).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN, Infinity])('refuses a norm of %d minutes', (minutes) => {
    expect(() => addWorkingMinutes(plain, samara, at('2009-08-14T17:00'), minutes)).toThrow('whole number from 0');
  });

  it('may reach over many years, as long as there is work in them', () => {
    const minutes = 5_000 * 24 * HOUR;
    expect(addWorkingMinutes(roundTheClock, 'UTC', '2009-08-14T17:00:00.000Z', minutes)).toBe(
      '2023-04-23T17:00:00.000Z',
    );
  });

  it('is refused where none is coming', () => {
    const once: WorkCalendar = {
      weeklyHours: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] },
      days: [{ date: '2012-08-14', kind: 'working', hours: always }],
    };
    expect(addWorkingMinutes(once, 'UTC', at('2009-08-14T17:00'), HOUR)).toBe('2012-08-14T01:00:00.000Z');
    expect(() => addWorkingMinutes(once, 'UTC', at('2009-08-14T17:00'), 25 * HOUR)).toThrow('no 1500 working minutes');
  });
});

describe('adding and measuring working time', () => {
  const calendars = fc.constantFrom(plain, roundTheClock, nightShift);
  const zones = fc.constantFrom(samara, 'Europe/Amsterdam', 'America/Sao_Paulo', 'America/St_Johns', 'Pacific/Apia');
  // The clocks change in all these zones within the weeks that norms reach from here.
  const moments = fc.oneof(
    fc.integer({ min: Date.UTC(2009, 9, 1), max: Date.UTC(2009, 10, 5) }),
    fc.integer({ min: Date.UTC(2009, 1, 1), max: Date.UTC(2012, 3, 5) }),
  );
  const instants = moments.map(msToInstant);

  it('are each other’s inverse', () => {
    fc.assert(
      fc.property(calendars, zones, moments, fc.integer({ min: 0, max: 20_000 }), (calendar, zone, ms, minutes) => {
        const start = msToInstant(ms);
        const due = addWorkingMinutes(calendar, zone, start, minutes);
        expect(workingMsBetween(calendar, zone, start, due)).toBe(minutes * 60_000);
        expect(workingMinutesBetween(calendar, zone, start, due)).toBe(minutes);
        if (minutes > 0) {
          const justBefore = msToInstant(instantToMs(due) - 1);
          expect(workingMsBetween(calendar, zone, start, justBefore)).toBe(minutes * 60_000 - 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('may be done in parts', () => {
    const minutes = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(calendars, zones, moments, minutes, minutes, (calendar, zone, ms, first, second) => {
        const start = msToInstant(ms);
        const middle = addWorkingMinutes(calendar, zone, start, first);
        expect(addWorkingMinutes(calendar, zone, middle, second)).toBe(
          addWorkingMinutes(calendar, zone, start, first + second),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('agree over any cut of a stretch', () => {
    fc.assert(
      fc.property(calendars, zones, instants, instants, instants, (calendar, zone, x, y, z) => {
        const whole = workingMsBetween(calendar, zone, x, z);
        expect(workingMsBetween(calendar, zone, x, y) + workingMsBetween(calendar, zone, y, z)).toBe(whole);
        expect(workingMsBetween(calendar, zone, z, x)).toBe(0 - whole);
      }),
      { numRuns: 200 },
    );
  });
});
