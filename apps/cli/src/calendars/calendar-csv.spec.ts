import { readFileSync } from 'node:fs';
import path from 'node:path';
import { calendarFrom } from './calendar-csv.js';

const HEAD = 'date,kind,hours,source\n';

describe('a calendar from CSV', () => {
  it('has weekdays, days that differ, and years with where they come from', () => {
    const read = calendarFrom(
      `${HEAD}sat,working,10:00-14:00,\n2009-12-31,short,09:00-13:00,\n2009-06-12,off,,\n2009,year,,Order 7\nFri,off,,\n`,
    );
    const office = [
      { from: '09:00', to: '13:00' },
      { from: '14:00', to: '18:00' },
    ];
    expect(read).toEqual({
      weeklyHours: { 1: office, 2: office, 3: office, 4: office, 5: [], 6: [{ from: '10:00', to: '14:00' }], 7: [] },
      days: [
        { date: '2009-06-12', kind: 'off' },
        { date: '2009-12-31', kind: 'short', hours: [{ from: '09:00', to: '13:00' }] },
      ],
      years: [{ year: 2009, source: 'Order 7' }],
    });
  });

  it('is read as the documentation writes it', () => {
    const docs = readFileSync(path.join(__dirname, '../../../../docs/route-maps.md'), 'utf8');
    const shown = /```csv\n(?<csv>[^`]+)```/.exec(docs)?.groups?.['csv'] ?? '';
    const { days, years } = calendarFrom(shown);
    expect([days.length, years]).toEqual([2, [{ year: 2009, source: 'Order of the director' }]]);
  });

  it('names every bad line at once', () => {
    const lines = [
      '2009-02-30,off,,',
      '2009-06-12,holiday,,',
      '2009-06-13,short,,',
      '2009-06-14,off,09:00-13:00,',
      '2009-06-15,working,9-18,',
      '2009-06-16,off,,',
      '2009-06-16,working,,',
      'mon,short,,',
      'tue,working,09:75-13:00,',
      'wed,working,09:00-13:00 12:00-18:00,',
      '2009,off,,',
    ];
    const faults = (): unknown => {
      try {
        return calendarFrom(HEAD + lines.join('\n'));
      } catch (error) {
        return Reflect.get(error as object, 'faults');
      }
    };
    expect(faults()).toEqual([
      'line 2: date "2009-02-30" is none of 2009-06-12, mon to sun, or a year such as 2009',
      'line 3: kind "holiday" is none of off, working, short',
      'line 4: say the hours of a short day: 09:00-13:00',
      'line 5: a day off has no hours',
      'line 6: hours "9-18" are written 09:00-13:00 14:00-18:00',
      'line 8: 2009-06-16 is said already in line 7',
      'line 9: a weekday is working (with or without hours) or off (without)',
      expect.stringMatching(/^line 10: hours "09:75-13:00": ./),
      expect.stringMatching(/^line 11: hours "09:00-13:00 12:00-18:00": ./),
      'line 12: a year has the kind "year" and no hours',
    ]);
  });

  it('names the columns that are missing, and where the file stops being CSV', () => {
    expect(() => calendarFrom('date,kind\n2009-06-12,off\n')).toThrow('line 1: there is no column hours, source');
    expect(() => calendarFrom(`${HEAD}"2009-06-12,off,,\n`)).toThrow(/mend these lines/);
  });
});
