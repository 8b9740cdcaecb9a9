import { dumpSet, status, waitFor } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { type House, KEY } from './house.js';
import type { Answer, Ledger } from './ledger.js';

/** An event as auditors see it. */
interface Shown {
  readonly type: string;
  readonly data: { readonly name?: unknown; readonly activityId?: unknown };
  readonly metadata: { readonly commandId: string; readonly occurredAt: string };
  readonly eventId: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: string;
  readonly recordedAt: string;
}

const CAUGHT_UP_WITHIN_MS = 60_000;

/** The whole log, by the API's own pages. */
export async function wholeLog({ url }: House): Promise<readonly Shown[]> {
  const events: Shown[] = [];
  let page: string | null = '/v1/events?limit=1000';
  while (page !== null) {
    const response: Response = await fetch(url + page, { headers: { authorization: `Bearer ${KEY}` } });
    const answer = (await response.json()) as { readonly events: readonly Shown[]; readonly next: string | null };
    if (response.status !== 200) throw new Error(JSON.stringify(answer));
    events.push(...answer.events);
    page = answer.next;
  }
  return events;
}

/** Where the log differs from the clients' books; nothing when all is well. */
export function differences(events: readonly Shown[], ledger: Ledger): readonly string[] {
  const byCommand = new Map<string, Shown[]>();
  for (const event of events) {
    const { commandId } = event.metadata;
    byCommand.set(commandId, [...(byCommand.get(commandId) ?? []), event]);
  }
  const found = inOrder(events);
  for (const [key, answer] of ledger.acknowledged) {
    const [told, held] = [text(answer), text(answerOf(byCommand.get(key) ?? []))];
    if (told !== held) found.push(`${key} was acknowledged with ${told}, the log holds ${held}`);
  }
  for (const commandId of byCommand.keys()) {
    if (ledger.acknowledged.has(commandId) || commandId === 'first-start') continue;
    const refusal = ledger.refused.get(commandId);
    found.push(`${commandId} is in the log, but it was ${refusal === undefined ? 'never asked for' : refusal}`);
  }
  return [...found, ...personal(events, ledger)];
}

const text = (answer: Answer | null): string => JSON.stringify(answer);

/** What the command's answer must have been, by its events in the log. */
function answerOf(events: readonly Shown[]): Answer | null {
  const last = events.at(-1);
  if (last === undefined) return null;
  return {
    stream: last.stream,
    revision: last.revision,
    position: last.position,
    events: events.map(({ eventId, type, revision, metadata }) => ({
      eventId,
      type,
      revision,
      occurredAt: metadata.occurredAt,
    })),
  };
}

/** Gaps and doubles. */
function inOrder(events: readonly Shown[]): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  const revisions = new Map<string, number>();
  let position = -1n;
  for (const event of events) {
    const where = `${event.stream} ${event.revision} at ${event.position}`;
    const expected = revisions.get(event.stream) ?? 0;
    if (event.revision !== expected) found.push(`${where} comes where revision ${expected} belongs`);
    if (ids.has(event.eventId)) found.push(`${where} has the id of an earlier event`);
    if (BigInt(event.position) <= position) found.push(`${where} does not come after ${position}`);
    revisions.set(event.stream, event.revision + 1);
    ids.add(event.eventId);
    position = BigInt(event.position);
  }
  return found;
}

/** Names are encrypted: whoever lost a key along with PostgreSQL could not read them. */
function personal(events: readonly Shown[], { asked }: Ledger): string[] {
  return events.flatMap(({ type, data, metadata: { commandId } }) => {
    const command = asked.get(commandId);
    if (type !== 'CustomerRegistered' || command === undefined) return [];
    const { name } = command.body as { readonly name?: unknown };
    return data.name === name ? [] : [`${commandId} named a customer ${String(name)}, read as ${String(data.name)}`];
  });
}

/** Every set as text, and the schemas that they live in. */
export interface Dumps {
  readonly texts: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, string>>;
}

/** Waits until the projector has taken the log in, then reads every table. @throws Error when it stays behind */
export async function dumpsAt({ stores: { pool } }: House, position: string): Promise<Dumps> {
  const texts: Record<string, string> = {};
  for (const set of projectionSets) {
    if (!(await waitFor(pool, set.name, BigInt(position), CAUGHT_UP_WITHIN_MS))) {
      throw new Error(`${set.name} stays behind ${position}: ${builds(await status(pool))}`);
    }
    texts[set.name] = await dumpSet(pool, set);
  }
  const active = (await status(pool)).filter((build) => build.status === 'active');
  return { texts, schemas: Object.fromEntries(active.map(({ set, schema }) => [set, schema])) };
}

const builds = (all: readonly object[]): string =>
  JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
