import type { CommandRequest, CommandSupposer, EventLog, SupposedCommand } from '@voronka/event-log';
import { type Clock, parsePeriod, type Recorded, toPlain } from '@voronka/kernel';
import { planSet, waitFor, withSupposition } from '@voronka/projections';
import { coreSet, type PayPreview, peopleByPeriod, previewOf, proposedHashOf, zoneAt } from '@voronka/read-models';
import type { Pool } from 'pg';
import { unavailable } from '../errors/http.error.js';
import { scopeOf } from '../queries/query.definition.js';
import { monthsIn, seenPeople } from './seen-people.js';

export interface PreviewSources {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly suppose: CommandSupposer;
}

/** What a command would do to pay, as of K. */
export interface CommandPreview extends PayPreview {
  /** Position that the read models were asked at: everything in the log when the preview was asked for is in it. */
  readonly k: string;
  readonly zone: string;
  /** What would be appended. */
  readonly events: readonly string[];
  /** The sum over `people`, in kopecks. */
  readonly totals: { readonly beforeKopecks: number; readonly afterKopecks: number };
  /** How many people it touches in months in which the asker may not see their pay. */
  readonly others: number;
  /** Hash that the proposal which is approved here was made with; null where there is none. */
  readonly proposedHash: string | null;
}

const LONGEST_WAIT_MS = 5_000;
const CORE = planSet(coreSet);

/**
 * Decides the command on the streams of the log, waits until the read models hold the log to its end, and asks them what
 * its events would do. Nothing is recorded. Null: the command was carried out before.
 * @throws DomainError for the refusal that the command would meet, HttpError 503 READ_MODEL_BEHIND
 */
export async function previewCommand(
  { log, pool, clock, suppose }: PreviewSources,
  request: CommandRequest,
): Promise<CommandPreview | null> {
  const supposed = await suppose(withHash(request));
  if (supposed.isDone) return null;
  const end = await log.end();
  if (end !== null && !(await waitFor(pool, 'core', end, LONGEST_WAIT_MS))) {
    throw unavailable('READ_MODEL_BEHIND', `the read models have not reached ${end} yet: ask again later`, 1);
  }
  return await withSupposition(pool, CORE, async ({ client, k: checkpoint }, show) => {
    const k = checkpoint ?? 0n;
    const context = { client, k, at: clock.now(), zone: await zoneAt(client, k) };
    const proposedHash = await proposedHashOf(context, request);
    const events = recordedFrom(supposed, k);
    const preview = await previewOf(context, show, { change: changeOf(request), events });
    const scope = await scopeOf(request, context);
    const held = await peopleByPeriod(context, scope, monthsIn(preview.people).map(parsePeriod));
    const { people, others } = seenPeople(preview.people, held);
    const types = events.map(({ type }) => type);
    return {
      ...preview,
      ...{ people, others, totals: totalsOf(people), k: String(k), zone: context.zone, events: types, proposedHash },
    };
  });
}

/** What carries the hash of its preview: it is not there yet when the preview is asked for. */
const CARRIERS: readonly string[] = [
  'ProposePlanChange',
  'ApprovePlanChange',
  'ProposePayRegulation',
  'ApprovePayRegulation',
  'ProposePayRegulationRetirement',
];

function withHash(request: CommandRequest): CommandRequest {
  if (!CARRIERS.includes(request.type)) return request;
  return { ...request, body: { ...request.body, previewHash: '0'.repeat(64) } };
}

/** As they would stand in the log if they were appended now. */
function recordedFrom({ stream, revision, now, events }: SupposedCommand, k: bigint): readonly Recorded[] {
  return events.map(({ eventId, type, data, metadata }, index) => ({
    ...{ eventId, type, metadata, stream, recordedAt: now, data: toPlain(data) },
    revision: revision + 1 + index,
    position: k + 1n + BigInt(index),
  }));
}

/** The hash that a command carries is no part of what it covers. */
function changeOf({ category, id, type, body }: CommandRequest): object {
  const { previewHash: _, ...said } = toPlain(body) as { readonly previewHash?: unknown };
  return { category, id, type, body: said };
}

function totalsOf(people: PayPreview['people']): CommandPreview['totals'] {
  const months = people.flatMap((person) => person.months);
  return {
    beforeKopecks: months.reduce((sum, month) => sum + month.beforeKopecks, 0),
    afterKopecks: months.reduce((sum, month) => sum + month.afterKopecks, 0),
  };
}
