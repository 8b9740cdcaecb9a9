import {
  addDays,
  type Instant,
  lastDayOf,
  localDateOf,
  parsePeriod,
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
}

/**
 * A plan moves the months in which its periods are paid; anything else everything from the first instant that it touches
 * up to the present month, or the earliest open one or the one in which it takes effect if that is later.
 */
export function reachOf({ events, earliest, payroll, now, zone }: Question): Reach {
  const cells = events.flatMap((event) => (isPlanEvent(event) ? changesIn(event) : []));
  if (events.every(isPlanEvent)) return reachOfPlans(cells, payroll);
  if (earliest === null) return { months: [], employees: null };
  // A day told without an hour is midnight somewhere: the day before is looked at too.
  const day = localDateOf(earliest, zone);
  const first = addDays(day, -1).slice(0, MONTH);
  const present = localDateOf(now, zone).slice(0, MONTH);
  const last = [present, earliestOpen(payroll), day.slice(0, MONTH)].toSorted().at(-1) ?? present;
  return { months: monthsFrom(first < payroll.first ? payroll.first : first, last), employees: null };
}

const MONTH = 'YYYY-MM'.length;

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
