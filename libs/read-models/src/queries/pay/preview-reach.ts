import {
  addDays,
  type Instant,
  isLocalDate,
  type LocalDate,
  lastDayOf,
  localDateOf,
  parsePeriod,
  periodOf,
  type Recorded,
  type RecordedUnion,
} from '@voronka/kernel';
import {
  changesIn,
  type PayRegulationProposed,
  type PayRegulationPublished,
  type PayRegulationRetired,
  PAY_GRAINS,
  type PlanCellChange,
  type PlanChangeApproved,
  type PlanChangeProposed,
  type PlanEvent,
  planEvents,
  type RegulationVersion,
} from '@voronka/pay/events';
import { earliestOpen, nextMonth, type Payroll } from './payroll.js';

/** Whose pay of which months a change can move, at most. */
export interface Reach {
  /** Months `YYYY-MM`, in order. */
  readonly months: readonly string[];
  /** Null: everybody. */
  readonly employees: readonly string[] | null;
}

/**
 * What a proposal would do once somebody approves it; other events as they are. `versions`: those recorded so far.
 */
export function asIfApproved(event: Recorded, versions: readonly RegulationVersion[]): Recorded {
  if (event.type === 'PlanChangeProposed') {
    const { cells } = (event as Recorded<PlanChangeProposed>).data;
    const approved: PlanChangeApproved = { type: 'PlanChangeApproved', data: { cells } };
    return { ...event, ...approved };
  }
  if (event.type !== 'PayRegulationProposed') return event;
  const { regulation, effectiveFrom, document, proposal, reason } = (event as Recorded<PayRegulationProposed>).data;
  const version = versions.filter((one) => one.regulation === regulation).length + 1;
  if (document === null) {
    const retired: PayRegulationRetired = {
      type: 'PayRegulationRetired',
      data: { regulation, version, effectiveFrom, reason, proposal },
    };
    return { ...event, ...retired };
  }
  const published: PayRegulationPublished = {
    type: 'PayRegulationPublished',
    data: { regulation, version, effectiveFrom, document, proposal },
  };
  return { ...event, ...published };
}

/**
 * What a change says, whoever sends it by which command: so a proposal and its approval have one hash. Null: it is none
 * of plans or regulations.
 */
export function changeIn(effects: readonly Recorded[]): object | null {
  const said = effects.map((event) => {
    if (isPlanEvent(event)) return { cells: changesIn(event) };
    if (event.type === 'PayRegulationRetired') {
      const { regulation, effectiveFrom } = (event as Recorded<PayRegulationRetired>).data;
      return { regulation, effectiveFrom, document: null };
    }
    if (event.type !== 'PayRegulationPublished') return null;
    const { regulation, effectiveFrom, document } = (event as Recorded<PayRegulationPublished>).data;
    return { regulation, effectiveFrom, document };
  });
  return effects.length === 0 || said.includes(null) ? null : said;
}

interface Question {
  readonly events: readonly Recorded[];
  /** Of the rows that the events move; see `Supposed`. */
  readonly earliest: Instant | null;
  readonly payroll: Payroll;
  readonly now: Instant;
  readonly zone: string;
  /** Of regulations, those recorded so far. */
  readonly versions: readonly RegulationVersion[];
}

/**
 * A plan moves the months in which its periods are paid; anything else everything from the first instant that it touches
 * up to the present month, or the earliest open one if that is later, and what it names of the time to come.
 */
export function reachOf({ events, earliest, payroll, now, zone, versions }: Question): Reach {
  const cells = events.flatMap((event) => (isPlanEvent(event) ? changesIn(event) : []));
  if (events.every(isPlanEvent)) return reachOfPlans(cells, payroll);
  if (earliest === null) return { months: [], employees: null };
  // A day told without an hour is midnight somewhere: the day before is looked at too.
  const first = addDays(localDateOf(earliest, zone), -1).slice(0, MONTH);
  const present = localDateOf(now, zone).slice(0, MONTH);
  const last = [present, earliestOpen(payroll)].toSorted().at(-1) ?? present;
  const known = monthsFrom(first < payroll.first ? payroll.first : first, last);
  return { months: [...known, ...monthsToCome(events, versions).filter((month) => month > last)], employees: null };
}

/** Days by which events name when they take effect. */
const DAYS = ['effectiveFrom', 'effectiveOn', 'firstDay', 'lastDay'];

/**
 * The months in which what takes effect later is paid for the first time: by rules of months, and by those of quarters
 * and years where there are any. Who has left is paid no more in the month after his last day.
 */
function monthsToCome(events: readonly Recorded[], versions: readonly RegulationVersion[]): readonly string[] {
  const published = events.flatMap(({ type, data }) =>
    type === 'PayRegulationPublished' ? [(data as PayRegulationPublished['data']).document] : [],
  );
  const documents = [...published, ...versions.flatMap(({ document }) => document ?? [])];
  const paid = new Set(documents.flatMap(({ rules }) => rules.map(({ period }) => period)));
  const days = events.flatMap(({ data }) => {
    const named = DAYS.map((name): unknown => Reflect.get(data, name)).filter(isDay);
    const lastDay: unknown = Reflect.get(data, 'lastDay');
    return isDay(lastDay) ? [...named, `${nextMonth(lastDay.slice(0, MONTH))}-01`] : named;
  });
  const months = days.flatMap((day) => [...paid].map((grain) => lastDayOf(periodOf(day, grain)).slice(0, MONTH)));
  return [...new Set(months)].sort();
}

const MONTH = 'YYYY-MM'.length;

/** Some events tell an instant by such a name. */
function isDay(said: unknown): said is LocalDate {
  return typeof said === 'string' && isLocalDate(said);
}

function isPlanEvent(event: Recorded): event is RecordedUnion<PlanEvent> {
  return Object.hasOwn(planEvents, event.type);
}

function reachOfPlans(cells: readonly PlanCellChange[], { first }: Payroll): Reach {
  const months = new Set<string>();
  for (const { period: key } of cells) {
    const period = parsePeriod(key);
    if ((PAY_GRAINS as readonly string[]).includes(period.grain)) months.add(lastDayOf(period).slice(0, MONTH));
  }
  const isPersonal = cells.every(({ owner }) => owner.kind === 'employee');
  const employees = isPersonal ? [...new Set(cells.map(({ owner }) => owner.id))].sort() : null;
  return { months: [...months].filter((month) => month >= first).sort(), employees };
}

function monthsFrom(first: string, last: string): readonly string[] {
  const months: string[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
}
