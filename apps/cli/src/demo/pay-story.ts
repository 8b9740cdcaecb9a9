import { type CommandPreview, previewCommand } from '@voronka/api';
import type { CommandRequest } from '@voronka/event-log';
import { type Clock, type RecordedUnion, validateBody } from '@voronka/kernel';
import type { PayrollEvent } from '@voronka/pay/events';
import { waitFor, withSnapshot } from '@voronka/projections';
import { type QueryContext, statementsList, zoneAt } from '@voronka/read-models';
import { type Stores, things } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { headsRegulation, months } from './found-pay.js';

const CHECKLIST = ['QUARANTINE', 'UNVERIFIED_STEPS', 'NO_PLAN', 'PENDING_APPROVALS', 'OPEN_DISPUTES'];
const LONGEST_CLOSING_MS = 120_000;
/** More first contacts than anybody in the story has in a month. */
const OPEN_PLAN = 40;

/** Two people who answer for pay in the story. */
const PROPOSER = 'petrova';
const APPROVER = 'sokolov';

/** Position before the changes of the past, the one whose pay they move, and what his plans became. */
export interface PaidStory {
  readonly employee: string;
  readonly closedMonth: string;
  readonly closedPlan: number;
  readonly openMonth: string;
  readonly openPlan: number;
  readonly before: string;
  /** What the proposer was shown of the change to the closed month; null where he had proposed it in an earlier run. */
  readonly preview: SeenPreview | null;
  /** Likewise of the change to the open month. Left out by stories told before it was kept. */
  readonly openPreview?: SeenPreview | null;
}

export type SeenPreview = Pick<CommandPreview, 'people' | 'totals'>;

type Tellers = Pick<Stores, 'handle' | 'pool' | 'log' | 'suppose'> & { readonly clock: Clock };

/**
 * Closes all months but the last, then changes the past: the plan of a closed month by two people, and that of the open
 * one. Every command has an id of its own, so a run that was broken off goes on where it stopped.
 */
export async function tellPayroll(stores: Tellers, onMonth: (done: number, total: number) => void): Promise<PaidStory> {
  await send(stores, { category: 'payRegulation', id: 'main', type: 'PublishPayRegulation' }, headsRegulation);
  const closable = months.slice(0, -1);
  for (const [index, period] of closable.entries()) {
    const closePeriod = { category: 'payroll', id: 'main', type: 'ClosePeriod' };
    const { position } = await send(stores, closePeriod, { period, accept: CHECKLIST });
    await untilClosed(stores, period, position);
    onMonth(index + 1, closable.length);
  }
  const [closedMonth, openMonth] = [closable.at(-1) ?? '', months.at(-1) ?? ''];
  const { employee, closedPlan } = await whoMissed(stores, closedMonth);
  const before = await positionNow(stores);
  const cell = (period: string, value: number) => ({
    indicator: 'first_contacts',
    owner: { kind: 'employee', id: employee },
    period,
    change: 'replace',
    value,
    proration: 'workingDays',
  });
  const reason = 'As the situation asks';
  const closed = { category: 'plan', id: `demo-${closedMonth}` };
  const change = { cells: [cell(closedMonth, closedPlan)], reason };
  const proposal = { ...closed, type: 'ProposePlanChange', person: PROPOSER };
  const open = { category: 'plan', id: `demo-${openMonth}`, type: 'RevisePlan', person: PROPOSER };
  const revision = { cells: [cell(openMonth, OPEN_PLAN)], reason };
  // Both are looked at before either is recorded.
  const preview = await previewCommand(stores, requestOf(proposal, change));
  const openPreview = await previewCommand(stores, requestOf(open, revision));
  if (preview !== null) await send(stores, proposal, { ...change, previewHash: preview.hash });
  await send(stores, { ...closed, type: 'ApprovePlanChange', person: APPROVER }, {});
  await send(stores, open, revision);
  await positionNow(stores);
  return {
    ...{ employee, closedMonth, closedPlan, openMonth, openPlan: OPEN_PLAN, before },
    ...{ preview: seen(preview), openPreview: seen(openPreview) },
  };
}

function seen(preview: CommandPreview | null): SeenPreview | null {
  return preview === null ? null : { people: preview.people, totals: preview.totals };
}

interface Addressed {
  readonly category: string;
  readonly id: string;
  readonly type: string;
  readonly person?: string;
}

async function send({ handle }: Tellers, addressed: Addressed, body: object) {
  return await handle(requestOf(addressed, body));
}

function requestOf({ category, id, type, person }: Addressed, body: object): CommandRequest {
  const definition = things.find((thing) => thing.category === category)?.commands.find((one) => one.type === type);
  if (definition === undefined) throw new TypeError(`no command ${type}`);
  const about = 'period' in body ? String(body.period) : id;
  return {
    ...{ category, id, type, person: person ?? null, actor: 'demo', roles: ['admin'] as const },
    body: validateBody(definition.body, body),
    commandId: `demo:pay:${type}:${about}`,
  };
}

/** Asks the read models once they hold what the log holds. */
async function look<T>({ pool, log }: Tellers, ask: (context: QueryContext) => Promise<T>): Promise<T> {
  const end = await log.end();
  if (end !== null && !(await waitFor(pool, 'core', end, LONGEST_CLOSING_MS))) {
    throw new CliError(EXIT.failed, 'the read models do not come forward: see `voronka projections status`');
  }
  return withSnapshot(pool, 'core', async ({ client, k }) => {
    const position = k ?? 0n;
    return ask({ client, k: position, at: new Date(0).toISOString(), zone: await zoneAt(client, position) });
  });
}

async function positionNow(stores: Tellers): Promise<string> {
  return look(stores, ({ k }) => Promise.resolve(String(k)));
}

/**
 * Waits for what comes of a closing, as the log tells it: asking the read models again and again would keep them behind.
 * @throws CliError where the month is not closed
 */
async function untilClosed({ log }: Tellers, month: string, after: bigint): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_CLOSING_MS);
  for await (const { events } of log.follow({ after, types: OF_CLOSING, signal })) {
    // A run that was broken off may have failed, and gone on since: the last word counts.
    const end = (events as readonly RecordedUnion<PayrollEvent>[]).findLast(
      ({ type, data }) => OF_CLOSING.includes(type) && 'period' in data && data.period === month,
    );
    if (end?.type === 'PeriodClosed') return;
    if (end?.type === 'PeriodClosingFailed') throw notClosed(month, `${end.data.at}: ${end.data.reason}`);
    if (end?.type === 'PeriodClosingStopped') throw notClosed(month, end.data.items.map(({ code }) => code).join(', '));
  }
  throw notClosed(month, 'see the log of the program');
}

const OF_CLOSING: readonly string[] = [
  'PeriodClosed',
  'PeriodClosingFailed',
  'PeriodClosingResumed',
  'PeriodClosingStopped',
];

function notClosed(month: string, why: string): CliError {
  return new CliError(EXIT.failed, `${month} was not closed: ${why}`);
}

/**
 * Who lost most in a month by missing the plan of first contacts, and the plan that he met; of equal ones the first by
 * id. Where nobody missed it, somebody who would have with a plan of 40.
 */
async function whoMissed(stores: Tellers, month: string): Promise<{ employee: string; closedPlan: number }> {
  // What was stated, not what would be now: a run that goes on after the change must choose the same one.
  const { items } = await look(stores, (context) => statementsList(context, { period: month }, {}));
  const first = items.map(({ document: { employeeId, lines } }) => {
    const line = lines.find(({ rule }) => rule === 'R1');
    return { employee: employeeId, done: Number(line?.actual ?? 0), missed: line?.status === 'GATE_FAILED' };
  });
  const [most] = first
    .filter(({ done, missed }) => missed && done > 0)
    .toSorted((a, b) => b.done - a.done || (a.employee < b.employee ? -1 : 1));
  if (most !== undefined) return { employee: most.employee, closedPlan: most.done };
  const paid = first.find(({ done, missed }) => done > 0 && !missed) ?? first[0];
  return { employee: paid?.employee ?? '', closedPlan: OPEN_PLAN };
}
