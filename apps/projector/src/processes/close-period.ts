import { DomainError, LONG_TEXT, type Recorded } from '@voronka/kernel';
import { PAYROLL_ID, type PayrollState, periodState, statementId } from '@voronka/pay';
import { ENGINE } from '@voronka/pay/calculation';
import type {
  ChecklistCode,
  ChecklistItem,
  ClosingVersions,
  PeriodClosing,
  PeriodClosingResumed,
} from '@voronka/pay/events';
import { type Asked, type Look, passes, type ProcessManager } from '@voronka/processes';
import { withSnapshot } from '@voronka/projections';
import { changedWhileClosing, checklistOf, type Draft, draftsOf, hashOfLines, zoneAt } from '@voronka/read-models';
import type { Stores } from '@voronka/runtime';
import { readModelsAt, ReadModelsBehindError } from './read-models-at.js';

/**
 * Closes a month: issues every statement as of the position at which the closing began, then ends the closing; or stops
 * it over what the checklist found and nobody accepted. What a crash interrupts is worked out again as of the same
 * position, and every command has an id derived from the closing: nothing is issued twice. What is refused or cannot be
 * worked out fails the closing, for all to see: payroll goes on with it or abandons it.
 */
export function closePeriod({ pool, appStore, log }: Pick<Stores, 'pool' | 'appStore' | 'log'>): ProcessManager {
  const carryOn = async (closing: Closing, look: Look): Promise<readonly Asked[]> => {
    if (!(await isUnderWay(closing, look))) return [];
    await readModelsAt(pool, closing.heardAt);
    const asked = await orFailing(closing, async () =>
      worksOut(closing, { pool, log, quarantined: await appStore.quarantined() }),
    );
    return 'type' in asked ? [asked] : asked;
  };
  return {
    name: 'close-period',
    summary: 'Issues the statements of a month that is being closed.',
    on: {
      PeriodClosing: async (event, look) => carryOn(begun(event as Recorded<PeriodClosing>), look),
      PeriodClosingResumed: async (event, look) => carryOn(resumed(event as Recorded<PeriodClosingResumed>), look),
    },
  };
}

/** A closing as it began, and the position of the event that it is gone on with by. */
interface Closing {
  readonly period: string;
  readonly version: number;
  readonly accepted: readonly ChecklistCode[];
  /** K₀, and the id of its event. */
  readonly position: bigint;
  readonly eventId: string;
  readonly heardAt: bigint;
  readonly recordedAt: string;
}

function begun({ data, position, eventId, recordedAt }: Recorded<PeriodClosing>): Closing {
  return { ...data, position, eventId, heardAt: position, recordedAt };
}

function resumed({ data, position, recordedAt }: Recorded<PeriodClosingResumed>): Closing {
  const { asOf, ...rest } = data;
  return { ...rest, position: BigInt(asOf.position), eventId: asOf.eventId, heardAt: position, recordedAt };
}

interface Sources extends Pick<Stores, 'pool' | 'log'> {
  readonly quarantined: readonly string[];
}

async function worksOut(closing: Closing, sources: Sources): Promise<readonly Asked[]> {
  return await withSnapshot(sources.pool, 'core', async ({ client }) => {
    const k = closing.position;
    const context = { client, k, at: closing.recordedAt, zone: await zoneAt(client, k) };
    const found = await draftsOf(context, closing.period, null);
    const checklist = await checklistOf(context, found, sources.quarantined);
    const open = checklist.filter(({ code }) => !closing.accepted.includes(code));
    if (open.length > 0) return [stopping(closing, open)];
    const unless = async () => orFailing(closing, () => overtaken(closing, sources));
    return issuing(closing, { drafts: found.drafts, checklist, zone: context.zone, unless });
  });
}

/**
 * A change of terms that was decided before the closing began, and recorded after it, is not in the statements, and nobody
 * else has approved it: then the closing stops at its end. What is recorded later still was decided by who knew of it.
 */
async function overtaken(closing: Closing, { pool, log }: Sources): Promise<Asked | null> {
  const end = (await log.end()) ?? closing.heardAt;
  try {
    await readModelsAt(pool, end);
  } catch (error) {
    // They may never come so far: payroll has to hear of it, and goes on with the closing when they do.
    if (error instanceof ReadModelsBehindError) return failing(closing, 'terms recorded meanwhile', error);
    throw error;
  }
  return await withSnapshot(pool, 'core', async ({ client, k }) => {
    const context = { client, k: k ?? end, at: closing.recordedAt, zone: await zoneAt(client, k ?? end) };
    const items = await changedWhileClosing(context, closing);
    return items.length > 0 ? stopping(closing, items) : null;
  });
}

/** What cannot be worked out fails the closing; what passes is tried again. */
async function orFailing<T>(closing: Closing, work: () => Promise<T>): Promise<T | Asked> {
  try {
    return await work();
  } catch (error) {
    if (passes(error)) throw error;
    return failing(closing, 'calculation', error);
  }
}

/** A closing that was carried to its end before the checkpoint was kept is not begun again. */
async function isUnderWay(closing: Closing, look: Look): Promise<boolean> {
  const { status, version } = periodState(await look<PayrollState>('payroll', PAYROLL_ID), closing.period);
  return status === 'closing' && version === closing.version;
}

const PAYROLL = { category: 'payroll', id: PAYROLL_ID } as const;

function failing({ period, version }: Closing, at: string, error: unknown): Asked {
  const { code, reason } =
    error instanceof DomainError
      ? { code: error.code, reason: error.detail }
      : { code: error instanceof Error ? error.name : 'Error', reason: String(error) };
  const body = { period, version, at, code, reason: reason.slice(0, LONG_TEXT) };
  return { ...PAYROLL, type: 'FailClosing', body, key: 'fail' };
}

/** A command of the closing; refused, it fails the closing instead. */
function ownCommand(closing: Closing, asked: Asked): Asked {
  return { ...asked, orElse: (refusal) => failing(closing, `${asked.type} ${asked.id}`, refusal) };
}

function stopping(closing: Closing, items: readonly ChecklistItem[]): Asked {
  const { period, version } = closing;
  const body = { period, version, items };
  return ownCommand(closing, { ...PAYROLL, type: 'StopClosing', body, key: 'stop' });
}

interface Found {
  readonly drafts: readonly Draft[];
  readonly checklist: readonly ChecklistItem[];
  readonly zone: string;
  /** Instead of ending the closing. */
  readonly unless: () => Promise<Asked | null>;
}

function issuing(closing: Closing, { drafts, checklist, zone, unless }: Found): readonly Asked[] {
  const { period, version, position, eventId } = closing;
  const issued = drafts.map(({ document, hash }): Asked => {
    const id = statementId(period, document.employeeId);
    return { category: 'statement', id, type: 'IssueStatement', body: { document, hash }, key: id };
  });
  const hash = hashOfLines(drafts.map((draft) => draft.hash));
  const outcome = { statements: drafts.length, hash, checklist, versions: versionsOf(drafts, zone) };
  const body = { period, version, position: String(position), eventId, ...outcome };
  // Looked at before anything is issued, and once more at the end: what comes in between is rare.
  const asked = [...issued, { ...PAYROLL, type: 'CompleteClosing', body, key: 'complete' }];
  return asked.map((one, index) =>
    ownCommand(closing, index === 0 || index === asked.length - 1 ? { ...one, unless } : one),
  );
}

/** What the statements rest on, all together. */
function versionsOf(drafts: readonly Draft[], zone: string): ClosingVersions {
  const lines = drafts.flatMap(({ document }) => document.lines);
  const asked = lines.flatMap((line) => [line, ...line.gates]);
  const plans = inOrder(asked.flatMap(({ because }) => because));
  return {
    engine: ENGINE,
    zoneData: `${process.versions.tz} ${zone}`,
    regulations: inOrder(lines.map(({ regulation }) => regulation)),
    definitions: inOrder(asked.map(({ definition }) => definition)),
    planEvents: plans.length,
    plansHash: hashOfLines(plans),
  };
}

/** Each once. */
function inOrder(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
