// Pay counted over again from the events of the log, without any of the product's own code: plainly, employee by
// employee, with whole numbers only. It knows the rules of the demonstration's regulation and nothing else.

export interface LoggedEvent {
  readonly type: string;
  readonly stream: string;
  readonly eventId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly occurredAt: string };
}

/** Kopecks by rule. */
export type NaivePay = Readonly<Record<'R1' | 'R2' | 'R3', number>>;

interface Quotient {
  readonly n: bigint;
  readonly d: bigint;
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
  private readonly contracts: { id: string; deal: string; at: string; amount: number; isVoid: boolean }[] = [];
  private readonly owners = new Map<string, { from: string; owner: string }[]>();
  private readonly plans: { cell: string; change: Readonly<Record<string, unknown>> }[] = [];

  constructor(events: readonly LoggedEvent[]) {
    events.forEach((event, order) => this.take(event, order));
  }

  get employees(): readonly string[] {
    return [...this.hired.keys()].sort();
  }

  /** Contracts that stand, with their deals: what can be declared void. */
  get standing(): readonly { readonly contractId: string; readonly deal: string }[] {
    return this.contracts.filter(({ isVoid }) => !isVoid).map(({ id, deal }) => ({ contractId: id, deal }));
  }

  get deals(): readonly string[] {
    return [...this.owners.keys()];
  }

  pay(employee: string, month: string): NaivePay {
    const contacts = this.stepsOf('contact', employee, month);
    const meetings = this.stepsOf('meeting', employee, month);
    const contactPlan = this.target('first_contacts', employee, month);
    const meetingPlan = this.target('meetings', employee, month);
    const isNear = contactPlan !== null && BigInt(contacts) * contactPlan.d >= contactPlan.n;
    return {
      R1: isNear ? contacts * 150_00 : 0,
      R2: meetingPlan === null ? 0 : meetings * rateOf(meetings, meetingPlan),
      R3: commission(this.soldBy(employee, month)),
    };
  }

  private take(event: LoggedEvent, order: number): void {
    this.takeStaff(event);
    this.takeRules(event);
    this.takeDeal(event, order);
    if (!['PlanAssigned', 'PlanRevised', 'PlanChangeApproved'].includes(event.type)) return;
    for (const change of event.data['cells'] as Record<string, unknown>[]) {
      const { id: owner } = change['owner'] as { id: string };
      const cell = `${String(change['indicator'])} ${owner} ${String(change['period'])}`;
      this.plans.push({ cell, change });
    }
  }

  private takeStaff({ type, stream, data }: LoggedEvent): void {
    const id = idOf(stream);
    if (type === 'EmployeeHired') this.hired.set(id, { from: String(data['hiredOn']), to: '9999-12-31' });
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
    if (type === 'StepCompleted') {
      const by = String(data['performedBy']);
      this.completions.push({ id: eventId, deal, step: String(data['step']), at, by, order });
    }
    if (type === 'StepVoided') this.completions = this.completions.filter((one) => one.id !== data['completionId']);
    if (type === 'ContractSigned') {
      this.contracts.push({ id: String(data['contractId']), deal, at, amount: amountOf(data['lines']), isVoid: false });
    }
    const changed = this.contracts.filter((one) => one.id === data['contractId'] && one.deal === deal);
    if (type === 'ContractVoided') for (const one of changed) one.isVoid = true;
    // An amended contract is as if it had been signed so.
    if (type === 'ContractAmended') for (const one of changed) one.amount = amountOf(data['lines']);
  }

  /** A step of a deal counts once, at its first completion, for who did it. */
  private stepsOf(kind: string, employee: string, month: string): number {
    const first = new Map<string, (typeof this.completions)[number]>();
    for (const one of this.completions) {
      if (this.kinds.get(one.step) !== kind) continue;
      const key = `${one.deal} ${one.step}`;
      const known = first.get(key);
      if (known === undefined || one.at < known.at) first.set(key, one);
    }
    return [...first.values()].filter(({ at, by }) => by === employee && localDate(at).startsWith(month)).length;
  }

  private soldBy(employee: string, month: string): number {
    return this.contracts
      .filter(
        ({ at, isVoid, deal }) => !isVoid && localDate(at).startsWith(month) && this.ownerAt(deal, at) === employee,
      )
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  private ownerAt(deal: string, at: string): string | undefined {
    return this.owners.get(deal)?.findLast(({ from }) => from <= at)?.owner;
  }

  /** Level by level, day by day; null where there is no plan. */
  private target(indicator: string, employee: string, month: string): Quotient | null {
    const days = [...daysOf(month)];
    const isWorkday = (day: string): boolean => this.special.get(day) ?? isOfTheWeek(day);
    const counted = days.some(isWorkday) ? days.filter(isWorkday) : days;
    const changes = this.plans.filter(({ cell }) => cell === `${indicator} ${employee} ${month}`);
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

function amountOf(lines: unknown): number {
  return (lines as { amountKopecks: number }[]).reduce((sum, line) => sum + line.amountKopecks, 0);
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

function rateOf(meetings: number, { n, d }: Quotient): number {
  const hundredths = (percent: bigint): boolean => BigInt(meetings) * d * 100n >= percent * n;
  if (hundredths(120n)) return 650_00;
  if (hundredths(100n)) return 500_00;
  return hundredths(80n) ? 400_00 : 0;
}

/** 3 % to 300,000.00, 5 % to 500,000.00, 7 % above; rounded once, half up; not more than 60,000.00. */
function commission(sold: number): number {
  const part = (low: number, high: number): bigint => BigInt(Math.max(0, Math.min(sold, high) - low));
  const tenThousandths =
    part(0, 300_000_00) * 300n + part(300_000_00, 500_000_00) * 500n + part(500_000_00, Number.MAX_SAFE_INTEGER) * 700n;
  return Math.min(60_000_00, Number((tenThousandths + 5_000n) / 10_000n));
}
