import { commission, type NaiveRates, rateOf, type Quotient, ratesOf, shared } from './naive-rates.js';

// Pay counted over again from the events of the log, without any of the product's own code: plainly, employee by
// employee, with whole numbers only. It knows rules of the form that the demonstration's regulation has and nothing else.

export interface LoggedEvent {
  readonly type: string;
  readonly stream: string;
  readonly eventId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly occurredAt: string };
}

/** Kopecks by rule. */
export type NaivePay = Readonly<Record<'R1' | 'R2' | 'R3', number>>;

const NOTHING: NaivePay = { R1: 0, R2: 0, R3: 0 };
const PAID_POSITION = 'Sales manager';

interface Contract {
  readonly id: string;
  readonly deal: string;
  readonly at: string;
  lines: readonly number[];
  isVoid: boolean;
}

const SAMARA_MS = 4 * 3_600_000;
const DAY_MS = 86_400_000;

const localDate = (instant: string): string => new Date(Date.parse(instant) + SAMARA_MS).toISOString().slice(0, 10);

function* daysOf(month: string): Iterable<string> {
  for (let at = Date.parse(`${month}-01T00:00:00Z`); ; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    if (!day.startsWith(month)) return;
    yield day;
  }
}

function isOfTheWeek(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}

/** Everything of the log that pay depends on, kept as lists. */
export class NaiveBooks {
  private readonly hired = new Map<string, { from: string; to: string }>();
  private readonly kinds = new Map<string, string>();
  private readonly away = new Map<string, { id: string; from: string; to: string }[]>();
  /** Whether days are worked that differ from their weekday, shorter ones among them. */
  private readonly special = new Map<string, boolean>();
  private completions: { id: string; deal: string; step: string; at: string; by: string; order: number }[] = [];
  private readonly contracts: Contract[] = [];
  private readonly owners = new Map<string, { from: string; owner: string }[]>();
  private readonly plans: { cell: string; change: Readonly<Record<string, unknown>> }[] = [];
  private readonly positions = new Map<string, { from: string; position: string }[]>();
  private readonly regulations: { from: string; rates: NaiveRates }[] = [];
  private readonly shares = new Map<string, { from: string; parts: ReadonlyMap<string, number> }[]>();
  /** Counted once: the books do not change any more. */
  private readonly counted = new Map<string, ReadonlyMap<string, number>>();

  constructor(events: readonly LoggedEvent[]) {
    events.forEach((event, order) => this.take(event, order));
  }

  get employees(): readonly string[] {
    return [...this.hired.keys()].sort();
  }

  /** Contracts that stand, with their deals: what can be declared void. */
  get standing(): readonly { readonly contractId: string; readonly deal: string; readonly month: string }[] {
    const standing = this.contracts.filter(({ isVoid }) => !isVoid);
    return standing.map(({ id, deal, at }) => ({ contractId: id, deal, month: localDate(at).slice(0, 7) }));
  }

  get deals(): readonly string[] {
    return [...this.owners.keys()];
  }

  /** By the facts of these books, under plans and regulations of others. */
  pay(employee: string, month: string, terms: NaiveBooks = this): NaivePay {
    const rates = this.ratesFor(employee, month, terms);
    if (rates === null) return NOTHING;
    const contacts = this.count('contact', employee, month);
    const meetings = this.count('meeting', employee, month);
    const contactPlan = this.target(terms, 'first_contacts', employee, month);
    const meetingPlan = this.target(terms, 'meetings', employee, month);
    const isNear = contactPlan !== null && BigInt(contacts) * contactPlan.d >= contactPlan.n;
    return {
      R1: isNear ? contacts * rates.contact : 0,
      R2: meetingPlan === null ? 0 : meetings * rateOf(rates, meetings, meetingPlan),
      R3: commission(rates, this.count(rates.isShared ? 'shared' : 'sold', employee, month)),
    };
  }

  /** The version told last among those that hold by then, for who is a sales manager on his last day in the month. */
  ratesFor(employee: string, month: string, terms: NaiveBooks = this): NaiveRates | null {
    const last = [...daysOf(month)].at(-1) ?? '';
    const there = this.hired.get(employee);
    if (there === undefined || there.from > last || there.to < `${month}-01`) return null;
    const day = there.to < last ? there.to : last;
    const held = this.positions.get(employee)?.findLast(({ from }) => from <= day);
    if (held?.position !== PAID_POSITION) return null;
    return terms.regulations.findLast(({ from }) => from <= `${month}-01`)?.rates ?? null;
  }

  private take(event: LoggedEvent, order: number): void {
    this.takeStaff(event);
    this.takeRules(event);
    this.takeDeal(event, order);
    this.takeContract(event);
    if (!['PlanAssigned', 'PlanRevised', 'PlanChangeApproved'].includes(event.type)) return;
    for (const change of event.data['cells'] as Record<string, unknown>[]) {
      const { id: owner } = change['owner'] as { id: string };
      const cell = `${String(change['indicator'])} ${owner} ${String(change['period'])}`;
      this.plans.push({ cell, change });
    }
  }

  private takeStaff({ type, stream, data }: LoggedEvent): void {
    const id = idOf(stream);
    if (type === 'EmployeeHired') {
      this.hired.set(id, { from: String(data['hiredOn']), to: '9999-12-31' });
      this.positions.set(id, [{ from: '', position: String(data['position']) }]);
    }
    if (type === 'EmployeeTransferred') {
      this.positions.get(id)?.push({ from: String(data['effectiveOn']), position: String(data['position']) });
    }
    if (type === 'EmployeeDismissed') {
      this.hired.set(id, { from: this.hired.get(id)?.from ?? '', to: String(data['lastDay']) });
    }
    if (type === 'AbsenceRecorded') {
      const span = { id: String(data['absenceId']), from: String(data['firstDay']), to: String(data['lastDay']) };
      this.away.set(id, [...(this.away.get(id) ?? []), span]);
    }
    if (type === 'AbsenceCancelled') {
      this.away.set(
        id,
        (this.away.get(id) ?? []).filter((span) => span.id !== String(data['absenceId'])),
      );
    }
  }

  private takeRules({ type, data }: LoggedEvent): void {
    if (type === 'CalendarPublished') {
      const { days } = data['calendar'] as { days: { date: string; kind: string }[] };
      for (const { date, kind } of days) this.special.set(date, kind !== 'off');
    }
    if (type === 'PayRegulationPublished') {
      this.regulations.push({ from: String(data['effectiveFrom']), rates: ratesOf(data['document']) });
    }
    if (type !== 'RouteMapPublished') return;
    const { steps } = data['document'] as { steps: { code: string; kind: string }[] };
    for (const { code, kind } of steps) this.kinds.set(code, kind);
  }

  private takeDeal({ type, stream, eventId, data, metadata }: LoggedEvent, order: number): void {
    const [deal, at] = [idOf(stream), metadata.occurredAt];
    if (type === 'DealOpened') this.owners.set(deal, [{ from: '', owner: String(data['ownerId']) }]);
    if (type === 'DealReassigned') {
      this.owners.get(deal)?.push({ from: String(data['effectiveFrom']), owner: String(data['toOwnerId']) });
    }
    if (type === 'CreditShared') {
      const parts = data['shares'] as { employeeId: string; basisPoints: number }[];
      const told = { from: at, parts: new Map(parts.map((one) => [one.employeeId, one.basisPoints])) };
      this.shares.set(deal, [...(this.shares.get(deal) ?? []), told]);
    }
    if (type === 'StepCompleted') {
      const by = String(data['performedBy']);
      this.completions.push({ id: eventId, deal, step: String(data['step']), at, by, order });
    }
    if (type === 'StepVoided') this.completions = this.completions.filter((one) => one.id !== data['completionId']);
  }

  private takeContract({ type, stream, data, metadata }: LoggedEvent): void {
    const [deal, at] = [idOf(stream), metadata.occurredAt];
    if (type === 'ContractSigned') {
      this.contracts.push({ id: String(data['contractId']), deal, at, lines: amountsOf(data['lines']), isVoid: false });
    }
    const changed = this.contracts.filter((one) => one.id === data['contractId'] && one.deal === deal);
    if (type === 'ContractVoided') for (const one of changed) one.isVoid = true;
    // An amended contract is as if it had been signed so.
    if (type === 'ContractAmended') for (const one of changed) one.lines = amountsOf(data['lines']);
  }

  private count(what: 'contact' | 'meeting' | 'sold' | 'shared', employee: string, month: string): number {
    const known = this.counted.get(what);
    const all = known ?? (what === 'sold' || what === 'shared' ? this.amounts(what) : this.steps(what));
    if (known === undefined) this.counted.set(what, all);
    return all.get(`${employee} ${month}`) ?? 0;
  }

  /** A step of a deal counts once, at its first completion, for who did it. */
  private steps(kind: string): ReadonlyMap<string, number> {
    const first = new Map<string, (typeof this.completions)[number]>();
    for (const one of this.completions) {
      if (this.kinds.get(one.step) !== kind) continue;
      const key = `${one.deal} ${one.step}`;
      const known = first.get(key);
      if (known === undefined || one.at < known.at) first.set(key, one);
    }
    return added([...first.values()].map(({ at, by }) => [`${by} ${localDate(at).slice(0, 7)}`, 1]));
  }

  /** What was sold, by its owner of then; or by the shares of then, line by line. */
  private amounts(how: 'sold' | 'shared'): ReadonlyMap<string, number> {
    const standing = this.contracts.filter(({ isVoid }) => !isVoid);
    return added(
      standing.flatMap(({ deal, at, lines }) => {
        const month = localDate(at).slice(0, 7);
        const parts = how === 'shared' ? this.sharesAt(deal, at) : undefined;
        return lines.flatMap((amount) =>
          [...shared(amount, parts ?? new Map([[this.ownerAt(deal, at) ?? '', 10_000]]))].map(
            ([id, part]) => [`${id} ${month}`, part] as const,
          ),
        );
      }),
    );
  }

  /** Of two told of the same moment the later holds. */
  private sharesAt(deal: string, at: string): ReadonlyMap<string, number> | undefined {
    const told = (this.shares.get(deal) ?? []).filter(({ from }) => from <= at);
    const latest = told.map(({ from }) => from).reduce((one, other) => (one > other ? one : other), '');
    return told.findLast(({ from }) => from === latest)?.parts;
  }

  private ownerAt(deal: string, at: string): string | undefined {
    return this.owners.get(deal)?.findLast(({ from }) => from <= at)?.owner;
  }

  /** Level by level, day by day; null where there is no plan. */
  private target(terms: NaiveBooks, indicator: string, employee: string, month: string): Quotient | null {
    const days = [...daysOf(month)];
    const isWorkday = (day: string): boolean => this.special.get(day) ?? isOfTheWeek(day);
    const counted = days.some(isWorkday) ? days.filter(isWorkday) : days;
    const changes = terms.plans.filter(({ cell }) => cell === `${indicator} ${employee} ${month}`);
    const levels = levelsAfter(changes, days);
    const said = changes.map(({ change }) => change['proration']).filter((one) => one !== null && one !== undefined);
    const isProrated = said.at(-1) === 'workingDays';
    if (levels === null) return null;
    const there = this.hired.get(employee) ?? { from: '', to: '' };
    const isThere = (day: string): boolean =>
      day >= there.from &&
      day <= there.to &&
      !(this.away.get(employee) ?? []).some(({ from, to }) => day >= from && day <= to);
    const asked = isProrated ? counted.filter(isThere) : counted;
    const sum = asked.reduce((total, day) => total + BigInt(levels.get(day) ?? 0), 0n);
    return sum <= 0n ? null : { n: sum, d: BigInt(counted.length) };
  }
}

function amountsOf(lines: unknown): readonly number[] {
  return (lines as { amountKopecks: number }[]).map(({ amountKopecks }) => amountKopecks);
}

function added(parts: readonly (readonly [string, number])[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [key, part] of parts) sums.set(key, (sums.get(key) ?? 0) + part);
  return sums;
}

function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

/** The level of each day after all changes; null where there is no plan. */
function levelsAfter(
  changes: readonly { readonly change: Readonly<Record<string, unknown>> }[],
  days: readonly string[],
): Map<string, number> | null {
  let levels: Map<string, number> | null = null;
  for (const { change } of changes) {
    const value = Number(change['value'] ?? 0);
    const before = (day: string): number => levels?.get(day) ?? 0;
    const after: Record<string, (day: string) => number> = {
      replace: () => value,
      add: (day) => before(day) + value,
      fromDate: (day) => (day >= String(change['from']) ? value : before(day)),
    };
    const level = after[String(change['change'])];
    levels = level === undefined ? null : new Map(days.map((day) => [day, level(day)]));
  }
  return levels;
}
