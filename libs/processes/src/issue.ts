import { createHash } from 'node:crypto';
import type { CommandHandler } from '@voronka/event-log';
import { DomainError, type Thing, validateBody } from '@voronka/kernel';
import type { Asked } from './process.definition.js';

/** What a command came from. */
export interface Cause {
  readonly process: string;
  /** Id of the event, or what stands for it. */
  readonly id: string;
  readonly eventId: string | null;
  readonly correlationId: string | null;
}

/** The same on every try, so that a command is carried out once however often its cause is met. */
export function commandIdOf(
  { process, id }: Pick<Cause, 'process' | 'id'>,
  { category, id: of, type, key }: Asked,
): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([process, id, category, of, type, key]))
    .digest('hex');
  return `${process}:${digest.slice(0, 32)}`;
}

export interface Issuer {
  readonly handle: CommandHandler;
  readonly things: readonly Thing[];
  /** Told of a command that the thing's rules refuse: what was asked for is no longer called for. */
  readonly onRefused: (cause: Cause, asked: Asked, code: string) => void;
}

/**
 * Sends a command on behalf of a process, as a service for which no person acts.
 * @returns null where it was accepted, else the refusal
 * @throws LogUnavailableError, OutcomeUnknownError; TypeError for a command that no thing has
 */
export async function issue(issuer: Issuer, cause: Cause, asked: Asked): Promise<DomainError | null> {
  const thing = issuer.things.find(({ category }) => category === asked.category);
  const definition = thing?.commands.find(({ type }) => type === asked.type);
  if (definition === undefined) throw new TypeError(`${asked.category} has no command ${asked.type}`);
  const { process, eventId, correlationId } = cause;
  try {
    await issuer.handle({
      category: asked.category,
      id: asked.id,
      type: asked.type,
      body: validateBody(definition.body, asked.body),
      commandId: commandIdOf(cause, asked),
      actor: `process:${process}`,
      person: null,
      roles: ['service'],
      process,
      causationId: eventId,
      ...(correlationId === null ? {} : { correlationId }),
    });
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    issuer.onRefused(cause, asked, error.code);
    return error;
  }
}
