export {
  addDays,
  daysBetween,
  daysInMonth,
  type EpochDay,
  fromEpochDay,
  isLocalDate,
  type LocalDate,
  parseLocalDate,
  toEpochDay,
  type Weekday,
  weekdayOf,
} from './local-date.js';
export { type Instant, instantToMs, isInstant, msToInstant, normaliseInstant } from './instant.js';
export { addLocalDays, assertZone, epochDayAt, localDateOf, startOfLocalDay } from './zone.js';
export {
  type Grain,
  GRAINS,
  lastDayOf,
  MAX_PERIODS,
  parsePeriod,
  type Period,
  periodAt,
  periodBounds,
  periodHolds,
  periodOf,
  periodsBetween,
  previousPeriod,
  rangeOf,
} from './period.js';
export { assumedYears, isAssumed, statedYears, type StatedYears, withYears } from './calendar-years.js';
export {
  addWorkingDays,
  type CalendarYear,
  isWorkingDay,
  plainFiveDayWeek,
  validateWorkCalendar,
  type WorkCalendar,
  type WorkCalendarDay,
  type WorkCalendarFault,
  type WorkHours,
  workingDaysBetween,
} from './work-calendar.js';
export { addWorkingMinutes, workingMinutesBetween, workingMsBetween } from './working-time.js';
