import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  IsListOf,
  IsLocalDate,
  IsText,
} from '@voronka/kernel';
import { IsIn, IsInt, IsObject, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator';
import { Type } from 'class-transformer';
import { KEEPERS } from '../shared/access.js';
import type { CalendarState } from './calendar.decider.js';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const MOST_HOURS = { max: 24 };
/** Thirty years of dates that differ from their weekday. */
const MOST_DAYS = { max: 5000 };
const MOST_YEARS = { max: 300 };

export class HoursBody {
  @Matches(CLOCK, { message: 'must be a time of day: 09:00' })
  from: string;

  @Matches(CLOCK, { message: 'must be a time of day: 18:00' })
  to: string;
}

/** Hours of each weekday, Monday 1 to Sunday 7; an empty list is a day off. */
export class WeeklyHoursBody {
  @IsListOf(() => HoursBody, MOST_HOURS)
  1: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  2: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  3: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  4: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  5: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  6: HoursBody[];

  @IsListOf(() => HoursBody, MOST_HOURS)
  7: HoursBody[];
}

export class CalendarDayBody {
  @IsLocalDate()
  date: string;

  @IsIn(['off', 'working', 'short'])
  kind: 'off' | 'working' | 'short';

  @IsOptional()
  @IsListOf(() => HoursBody, MOST_HOURS)
  hours?: HoursBody[] | null;
}

export class CalendarYearBody {
  @IsInt()
  @Min(1900)
  @Max(2199)
  year: number;

  /** The document that sets its days, for example a decree. */
  @IsOptional()
  @IsText(500)
  source?: string | null;
}

export class PublishCalendar extends BusinessCommand {
  @IsText()
  name: string;

  @IsObject()
  @ValidateNested()
  @Type(() => WeeklyHoursBody)
  weeklyHours: WeeklyHoursBody;

  /** Dates that do not follow their weekday. */
  @IsListOf(() => CalendarDayBody, MOST_DAYS)
  days: CalendarDayBody[];

  /** Where the dates come from, for example a decree. */
  @IsOptional()
  @IsText()
  source?: string | null;

  /** Years whose days are all stated; any other is assumed to be plain weeks. Unless said: those that have days. */
  @IsOptional()
  @IsListOf(() => CalendarYearBody, MOST_YEARS)
  years?: CalendarYearBody[] | null;
}

export type CalendarCommand = CommandOf<'PublishCalendar', PublishCalendar>;

const officeDay = [
  { from: '09:00', to: '13:00' },
  { from: '14:00', to: '18:00' },
];

export const calendarCommands: readonly (CommandDefinition<CalendarState> & { type: CalendarCommand['type'] })[] = [
  {
    type: 'PublishCalendar',
    body: PublishCalendar,
    route: 'publish-calendar',
    summary: 'Publishes the whole calendar of working days and hours under the next version.',
    roles: KEEPERS,
    example: {
      name: 'Working time 2009',
      weeklyHours: { 1: officeDay, 2: officeDay, 3: officeDay, 4: officeDay, 5: officeDay, 6: [], 7: [] },
      days: [
        { date: '2009-06-12', kind: 'off' },
        { date: '2009-12-31', kind: 'short', hours: [{ from: '09:00', to: '13:00' }] },
      ],
      years: [{ year: 2009, source: 'Order of the director' }],
    },
    creates: true,
  },
];
