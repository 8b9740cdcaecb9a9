const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The bench company's zone is Europe/Samara, four hours ahead of UTC all the year in the years it works. */
const OFFSET_MS = 4 * 3_600_000;
const OPENS_MINUTE = 9 * 60;
/** Minutes of a working day. */
export const WORKING_DAY = 9 * 60;

/** The moment after so many working minutes, in milliseconds since 1970: Monday to Friday, nine to six, no holidays. */
export function afterWork(fromMs: number, minutes: number): number {
  const local = fromMs + OFFSET_MS;
  let day = Math.floor(local / DAY_MS);
  let minute = Math.floor((local - day * DAY_MS) / MINUTE_MS) - OPENS_MINUTE;
  if (isWeekend(day) || minute >= WORKING_DAY) {
    day = nextWorkingDay(day);
    minute = 0;
  }
  minute = Math.max(0, minute) + minutes;
  for (; minute >= WORKING_DAY; minute -= WORKING_DAY) day = nextWorkingDay(day);
  return day * DAY_MS + (OPENS_MINUTE + minute) * MINUTE_MS - OFFSET_MS;
}

function nextWorkingDay(day: number): number {
  let next = day + 1;
  while (isWeekend(next)) next += 1;
  return next;
}

/** Day 0, the first of 1970, was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}
