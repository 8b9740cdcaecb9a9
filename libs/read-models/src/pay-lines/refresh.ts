import type { ClientBase } from 'pg';
import { DomainError, localDateOf } from '@voronka/kernel';
import { lookInto } from '@voronka/projections';
import { type QueryContext, zoneAt } from '../queries/context.js';
import { bonusesOf, type CurrentBonus } from '../queries/pay/bonuses.js';
import { nextMonth, payrollAt } from '../queries/pay/payroll.js';
import { payContext } from '../queries/pay/statements.js';
import { KeptCounts, UnsteadyError } from './counts.js';
import { type Dirty, dirtySince, withEverybody, workOf } from './dirty.js';
import { buildOf, type PayLinesState, savePayLinesState, type Standing, standingAt } from './store.js';

const ANYTHING: Dirty = {
  everything: true,
  factsFrom: null,
  regulationsFrom: null,
  employees: new Set(),
  departments: false,
  people: new Map(),
};

/**
 * Works out what changed since the last time, at K = the checkpoint of `core`, in one transaction: what it reads is of
 * one moment, and a crash leaves what was there before. How often it is called, and after how many events, does not
 * matter to what it leaves.
 * Where nothing happened that pay depends on, nothing is written, or how far it is and no oftener than every ten seconds.
 * @returns what it took; null where nothing happened since
 * @throws SetNotBuiltError, errors of the database
 */
export async function refreshPayLines(client: ClientBase): Promise<PayLinesState | null> {
  await client.query('begin isolation level repeatable read');
  try {
    const { k } = await lookInto(client, 'core');
    const done = k === null ? null : await refreshed(client, k);
    await client.query('commit');
    return done;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

async function refreshed(client: ClientBase, k: bigint): Promise<PayLinesState | null> {
  const standing = await usableAt(client, k);
  if (standing !== null && !isCalledFor(standing, k)) return null;
  const zone = await zoneIfAny(client, k);
  if (zone === null) return null;
  const context = await payContext({ client, k, at: new Date(0).toISOString(), zone });
  const months = await monthsOf(context);
  const lastMonth = months.at(-1) ?? '';
  const before = standing?.state ?? null;
  const dirty = before === null ? ANYTHING : await dirtySince(context, before.k);
  const forgotten = await forget(client, dirty);
  const work = workOf(withEverybody(dirty, forgotten), months, before?.lastMonth ?? '');
  if (before !== null && work.size === 0) {
    await savePayLinesState(client, { ...before, k });
    return null;
  }
  const took = await workOut(context, work);
  const state = { build: await buildOf(client), k, lastMonth, ...took };
  await savePayLinesState(client, state);
  return state;
}

/** What was kept before, if it can be gone on with: another build may hold something else. */
async function usableAt(client: ClientBase, k: bigint): Promise<Standing | null> {
  const standing = await standingAt(client, k);
  return standing?.isOfBuild === true && standing.state.k <= k ? standing : null;
}

/** Without a cause there may be a month that has begun meanwhile: looked for now and then. */
function isCalledFor({ state, isBehind, isStale }: Standing, k: bigint): boolean {
  return state.k !== k && (isBehind || isStale);
}

async function zoneIfAny(client: ClientBase, k: bigint): Promise<string | null> {
  try {
    return await zoneAt(client, k);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** From the first month of payroll to that in which the log's latest event was recorded. */
async function monthsOf(context: QueryContext): Promise<readonly string[]> {
  const { first } = await payrollAt(context);
  const last = localDateOf(context.at, context.zone).slice(0, 7);
  const months: string[] = [];
  for (let month = first; month <= last; month = nextMonth(month)) months.push(month);
  return months;
}

/**
 * Drops the counts that hold no more. Answers the months in which a department's were among them only because somebody
 * was moved: everybody there may be paid by it. An owner of facts is credited where he was when they count, which may be
 * after the month that they are about, so they go for every month.
 */
async function forget(client: ClientBase, { everything, factsFrom, departments }: Dirty): Promise<readonly string[]> {
  if (everything) {
    await client.query('delete from pay_live.actuals; delete from pay_live.months; delete from pay_live.bonuses');
    return [];
  }
  if (factsFrom !== null) await client.query('delete from pay_live.actuals where ends > $1::date', [`${factsFrom}-01`]);
  if (!departments) return [];
  const { rows } = await client.query<{ month: string }>(
    `with gone as (delete from pay_live.actuals where split_part(counting, '|', 2) = 'department' returning ends)
     select distinct to_char(ends - 1, 'YYYY-MM') as month from gone`,
  );
  return rows.map(({ month }) => month);
}

type Took = Pick<PayLinesState, 'affectedCells' | 'rulesEvaluated' | 'eventsRead'>;

async function workOut(context: QueryContext, work: ReadonlyMap<string, ReadonlySet<string> | null>): Promise<Took> {
  const counts = new KeptCounts(context.client);
  const doubtful = await doubtfulAmong(context, [...work.keys()]);
  const whole = [...work].filter(([month, people]) => people === null || doubtful.has(month)).map(([month]) => month);
  const took = { affectedCells: 0, rulesEvaluated: 0 };
  const add = (bonuses: readonly CurrentBonus[]): void => {
    took.affectedCells += bonuses.length;
    took.rulesEvaluated += bonuses.reduce((sum, { lines }) => sum + lines.length, 0);
  };
  const attempt = async (asked: readonly string[], employees: readonly string[] | null): Promise<boolean> => {
    // Of months that move with time alone nothing would ever be used.
    const months = asked.filter((month) => !counts.unsteady.has(month));
    if (months.length === 0) return true;
    try {
      const question = { facts: context, terms: context, months, employees, count: counts.count };
      const { bonuses } = await bonusesOf(question);
      await replace(context, { months, employees, bonuses });
      add(bonuses);
      return true;
    } catch (error) {
      // By now it is known which of them do: there are fewer left.
      if (error instanceof UnsteadyError) {
        return months.some((month) => counts.unsteady.has(month)) && (await attempt(months, employees));
      }
      // Terms that cannot be counted are told to whoever asks; other months do not wait for them.
      if (!(error instanceof DomainError)) throw error;
      return false;
    }
  };
  const failed = new Set<string>();
  if (whole.length > 0 && !(await attempt(whole, null))) {
    for (const month of whole) if (!(await attempt([month], null))) failed.add(month);
  }
  for (const [month, people] of work) {
    if (people === null || doubtful.has(month)) continue;
    if (!(await attempt([month], [...people]))) failed.add(month);
  }
  const isAnswerable = (month: string): boolean => !failed.has(month) && !counts.unsteady.has(month);
  await mark(context, new Map([...work.keys()].map((month) => [month, isAnswerable(month)])));
  return { ...took, eventsRead: counts.eventsRead };
}

/** Months that were not answerable: one employee's figures do not make them so. */
async function doubtfulAmong({ client }: QueryContext, months: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ month: string }>(
    'select month from pay_live.months where month = any($1::text[]) and not answerable',
    [months],
  );
  return new Set(rows.map(({ month }) => month));
}

interface Replacement {
  readonly months: readonly string[];
  readonly employees: readonly string[] | null;
  readonly bonuses: readonly (CurrentBonus & { readonly covered?: unknown })[];
}

async function replace({ client }: QueryContext, { months, employees, bonuses }: Replacement): Promise<void> {
  await client.query(
    'delete from pay_live.bonuses where month = any($1::text[]) and ($2::text[] is null or employee_id = any($2::text[]))',
    [months, employees],
  );
  const rows = bonuses.map(({ covered: _covered, ...bonus }) => ({
    month: bonus.month,
    employee_id: bonus.employeeId,
    bonus,
  }));
  await client.query(
    `insert into pay_live.bonuses (month, employee_id, bonus)
     select r.month, r.employee_id, r.bonus
     from json_to_recordset($1::json) as r(month text, employee_id text, bonus json)`,
    [JSON.stringify(rows)],
  );
}

async function mark({ client }: QueryContext, months: ReadonlyMap<string, boolean>): Promise<void> {
  // What the others held is not gone on with: they are worked out as a whole before they are answerable again.
  const unanswerable = [...months].filter(([, isAnswerable]) => !isAnswerable).map(([month]) => month);
  await client.query('delete from pay_live.bonuses where month = any($1::text[])', [unanswerable]);
  await client.query(
    `insert into pay_live.months (month, answerable) select * from unnest($1::text[], $2::boolean[])
     on conflict (month) do update set answerable = excluded.answerable`,
    [[...months.keys()], [...months.values()]],
  );
}
