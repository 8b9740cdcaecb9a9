import { CorruptEventError } from '@voronka/event-log';
import type { Recorded } from '@voronka/kernel';

/** Where a set stopped: an event that its projections cannot take in. */
export interface Poison {
  readonly position: bigint;
  readonly eventType: string;
  readonly eventId: string;
  readonly message: string;
}

/** A projection cannot take in an event: its set stops there, and everything before the event is kept. */
export class PoisonEventError extends Error {
  override readonly name = 'PoisonEventError';
  readonly poison: Poison;

  constructor(event: Pick<Recorded, 'position' | 'type' | 'eventId'>, cause: unknown) {
    const { position, type, eventId } = event;
    const message = reasonOf(cause);
    super(`event ${eventId} (${type}) at position ${position}: ${message}`, { cause });
    this.poison = { position, eventType: type, eventId, message };
  }
}

/** The build was moved on, retired or removed by another writer: what was prepared must not be written. */
export class CheckpointMovedError extends Error {
  override readonly name = 'CheckpointMovedError';
}

/** The log does not hold what the checkpoint says was handled: another log, or an older copy of it. */
export class ForeignLogError extends Error {
  override readonly name = 'ForeignLogError';
}

/** The build was made by a newer definition than this program has. */
export class NewerBuildError extends Error {
  override readonly name = 'NewerBuildError';
}

/** A rebuild was not begun; the message says what to ask for instead. */
export class RebuildRefusedError extends Error {
  override readonly name = 'RebuildRefusedError';
}

/** The set has no build that may be read yet. */
export class SetNotBuiltError extends Error {
  override readonly name = 'SetNotBuiltError';
  constructor(readonly setName: string) {
    super(`The read models "${setName}" are not built yet: start the projector and let it catch up`);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The poison event of an error: one of ours that could not be projected, or one that the log could not read. */
export function poisonOf(error: unknown): Poison | null {
  if (error instanceof PoisonEventError) return error.poison;
  if (error instanceof CorruptEventError) {
    const { position, eventType, eventId, message } = error;
    return { position, eventType, eventId, message };
  }
  return null;
}

/** SQLSTATE of a PostgreSQL error, or the code of a system error (`ECONNRESET` …). */
export function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' ? code : null;
}

/** Errors that the data is to blame for: a value out of range, a broken constraint. Trying again cannot help. */
export function isDataError(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && /^(22|23)[0-9A-Z]{3}$/.test(code);
}

/** Errors that mend themselves when tried again later: the connection, the server's state, locks, resources. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null) {
    const text = reasonOf(error);
    return /connection terminated|connection ended|client was closed|timeout expired|not queryable/i.test(text);
  }
  return /^(08(?!P01)|40|53|55P03|57P|58)/.test(code) || /^E[A-Z]+$/.test(code);
}
