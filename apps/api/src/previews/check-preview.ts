import type { CommandRequest, CommandResult, EventLog } from '@voronka/event-log';
import { refuse } from '@voronka/kernel';
import { previewCommand, type CommandPreview, type PreviewSources } from './previewer.js';

/** The preview that a command was sent upon. */
export interface CarriedPreview {
  readonly hash: string;
  /** K of the preview; null: not said. */
  readonly k: string | null;
}

/** What a command that carried a preview is answered with besides. */
export interface CheckedPreview {
  readonly hash: string;
  /** Position that it was checked at. */
  readonly k: string;
  /** Money as of then: it may have moved since the preview, where only facts of open months did. */
  readonly totals: CommandPreview['totals'];
  /** What the log took in after the preview and before the command; null: it did not say, once the command was done. */
  readonly landed: Landed | null;
  /** Why there is no list, and how to ask for it; left out where there is one. */
  readonly notTold?: string;
}

interface Landed {
  readonly after: string;
  readonly events: number;
  readonly byType: Readonly<Record<string, number>>;
  /** False: there were more than are counted here. */
  readonly complete: boolean;
}

/** A position as everywhere: what no log can hold must be refused before the command is carried out, not after. */
const HEADER = /^([0-9a-f]{64})(?:@(\d{1,18}))?$/;
const MOST_LANDED = 5_000;

/** Of the header `Voronka-Preview: <hash>@<k>` or of a proposal's body. @throws DomainError PREVIEW_MALFORMED */
export function carriedPreview(header: string | string[] | undefined, body: object): CarriedPreview | null {
  if (header === undefined) {
    const hash: unknown = Reflect.get(body, 'previewHash');
    return typeof hash === 'string' ? { hash, k: null } : null;
  }
  const [, hash, k] = (typeof header === 'string' ? HEADER.exec(header) : null) ?? [];
  if (hash !== undefined) return { hash, k: k ?? null };
  throw refuse.invalid('PREVIEW_MALFORMED', 'send in Voronka-Preview the `preview` that POST /v1/previews answered');
}

/**
 * Compares the preview that a command carries with the one of now. Null: the command was carried out before and is
 * answered again, or says nothing new: then there is no change that could be another than the one looked at.
 * @throws DomainError PREVIEW_STALE where something that the hash covers has changed
 */
export async function checkPreview(
  sources: PreviewSources,
  request: CommandRequest,
  carried: CarriedPreview,
): Promise<CommandPreview | null> {
  const now = await previewCommand(sources, request);
  if (now === null || now.events.length === 0) return null;
  if (now.hash === carried.hash) return now;
  const detail = 'what the preview rests on has changed meanwhile: ask for it again, then decide';
  throw refuse.conflict('PREVIEW_STALE', detail, { carried: carried.hash, now: now.hash, k: now.k });
}

/**
 * Compares the preview of an approval that carries none with the one that the proposal was made upon: one approves what
 * the other looked at. Null: nothing was looked at, the command was carried out before, or it says nothing new.
 * @throws DomainError PROPOSAL_STALE where something that the hash covers has changed since it was proposed
 */
export async function checkApproval(sources: PreviewSources, request: CommandRequest): Promise<CommandPreview | null> {
  const now = await previewCommand(sources, request);
  if (now === null || now.events.length === 0 || now.proposedHash === null) return null;
  if (now.hash === now.proposedHash) return now;
  const detail =
    'what it was proposed upon has changed meanwhile: look at the preview of this approval, then send its hash as previewHash, or reject the proposal';
  throw refuse.conflict('PROPOSAL_STALE', detail, { proposed: now.proposedHash, now: now.hash, k: now.k });
}

/**
 * What landed between the preview and the command that was carried out upon it. Never fails: the command is in the log
 * by then, and its answer must not look like a refusal.
 */
export async function landedSince(
  log: EventLog,
  { now, carried }: { readonly now: CommandPreview; readonly carried: CarriedPreview | null },
  result: CommandResult,
): Promise<CheckedPreview> {
  const { hash, k, totals } = now;
  const after = carried?.k ?? k;
  try {
    return { hash, k, totals, landed: await landedBetween(log, after, result) };
  } catch {
    const notTold = `the command is done, but the log did not say what landed: ask GET /v1/events?after=${after}`;
    return { hash, k, totals, landed: null, notTold };
  }
}

async function landedBetween(log: EventLog, after: string, result: CommandResult): Promise<Landed> {
  const own = new Set(result.events.map(({ eventId }) => eventId));
  const byType: Record<string, number> = {};
  let [events, complete] = [0, true];
  for await (const batch of log.readAll({ after: BigInt(after) })) {
    const between = batch.events.filter(({ eventId, position }) => position <= result.position && !own.has(eventId));
    for (const { type } of between) byType[type] = (byType[type] ?? 0) + 1;
    events += between.length;
    if (batch.position >= result.position) break;
    complete = events < MOST_LANDED;
    if (!complete) break;
  }
  return { after, events, byType, complete };
}
