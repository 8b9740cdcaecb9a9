import { addDays, type LocalDate, localDateOf, type Period, periodBounds } from '@voronka/kernel';
import type { Presence } from '@voronka/pay/calculation';
import type { QueryContext } from '../context.js';
import { Statement } from '../sql.js';

interface SpellRow {
  readonly employee: string;
  readonly department: string;
  readonly position: string;
  readonly from: Date;
  /** Null: it goes on. */
  readonly to: Date | null;
}

/** A run of days in one place, half-open local dates; `to` is null while it goes on. */
interface Spell {
  readonly departmentId: string;
  readonly position: string;
  readonly from: LocalDate;
  readonly to: LocalDate | null;
}

export interface PlaceOfWork {
  readonly departmentId: string;
  readonly position: string;
}

/** Who worked where, of people, and on which days they were away; robots are not paid. */
export class Places {
  readonly #spells: ReadonlyMap<string, readonly Spell[]>;
  readonly #absences: ReadonlyMap<string, Presence>;

  constructor(spells: ReadonlyMap<string, readonly Spell[]>, absences: ReadonlyMap<string, Presence> = new Map()) {
    this.#spells = spells;
    this.#absences = absences;
  }

  /** Everybody who worked on some day of the period. */
  employees(period: Period): readonly string[] {
    return [...this.#spells.keys()].filter((id) => this.lastIn(id, period) !== null).sort();
  }

  /** Where the employee worked on his last assigned day in the period; null: not at all. */
  lastIn(employeeId: string, { from, to }: Period): PlaceOfWork | null {
    const within = (this.#spells.get(employeeId) ?? []).filter(
      (spell) => spell.from < to && (spell.to === null || spell.to > from),
    );
    const last = within.at(-1);
    return last === undefined ? null : { departmentId: last.departmentId, position: last.position };
  }

  /** Days of employment inside the period on which nobody was away, half-open. */
  presence(employeeId: string, { from, to }: Pick<Period, 'from' | 'to'>): Presence {
    const employed = (this.#spells.get(employeeId) ?? [])
      .map((spell) => ({
        from: spell.from > from ? spell.from : from,
        to: spell.to === null || spell.to > to ? to : spell.to,
      }))
      .filter((span) => span.from < span.to);
    return (this.#absences.get(employeeId) ?? []).reduce(without, employed);
  }
}

function without(spans: Presence, away: Presence[number]): Presence {
  return spans.flatMap(({ from, to }) =>
    [
      { from, to: to < away.from ? to : away.from },
      { from: from > away.to ? from : away.to, to },
    ].filter((span) => span.from < span.to),
  );
}

/** Assignments that touch a run of days, known at K; of some employees or of all. */
export async function placesAt(
  context: QueryContext,
  span: Pick<Period, 'from' | 'to'>,
  employees: readonly string[] | null,
): Promise<Places> {
  const statement = new Statement(context);
  const bounds = periodBounds(span, context.zone);
  const only = employees === null ? '' : `AND a.employee_id = ANY(${statement.bind(employees, 'text[]')})`;
  const rows = await statement.rows<SpellRow>(`SELECT a.employee_id AS employee, a.department_id AS department,
      a.position, a.valid_from AS from, nullif(a.valid_to, 'infinity') AS to
    FROM employee_assignments a JOIN employees e ON e.employee_id = a.employee_id AND ${statement.known('e')}
    WHERE ${statement.known('a')} AND NOT e.robot AND a.valid_from < ${statement.bind(bounds.to, 'timestamptz')}
      AND a.valid_to > ${statement.bind(bounds.from, 'timestamptz')} ${only}
    ORDER BY a.employee_id, a.valid_from`);
  const dateOf = (instant: Date): LocalDate => localDateOf(instant.toISOString(), context.zone);
  const spells = new Map<string, Spell[]>();
  for (const { employee, department, position, from, to } of rows) {
    const spell = { departmentId: department, position, from: dateOf(from), to: to === null ? null : dateOf(to) };
    spells.set(employee, [...(spells.get(employee) ?? []), spell]);
  }
  return new Places(spells, await absencesIn(context, span));
}

async function absencesIn(
  context: QueryContext,
  { from, to }: Pick<Period, 'from' | 'to'>,
): Promise<ReadonlyMap<string, Presence>> {
  const statement = new Statement(context);
  const rows = await statement.rows<{ employee: string; from: LocalDate; to: LocalDate }>(
    `SELECT a.employee_id AS employee, a.first_day::text AS from, (a.last_day + 1)::text AS to FROM absences a
    WHERE ${statement.known('a')} AND a.first_day < ${statement.bind(to, 'date')}
      AND a.last_day >= ${statement.bind(from, 'date')} ORDER BY a.employee_id, a.first_day`,
  );
  const absences = new Map<string, Presence>();
  for (const { employee, ...span } of rows) absences.set(employee, [...(absences.get(employee) ?? []), span]);
  return absences;
}

/** The first day after a period, for runs of several. */
export function spanOf(periods: readonly Period[]): Pick<Period, 'from' | 'to'> {
  const from = periods.map((period) => period.from).sort()[0] ?? '0001-01-01';
  const to =
    periods
      .map((period) => period.to)
      .sort()
      .at(-1) ?? addDays(from, 1);
  return { from, to };
}
