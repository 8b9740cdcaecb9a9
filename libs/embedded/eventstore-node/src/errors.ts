import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { reasonOf } from '../../shared/src/thrown.js';
import { StoppingError } from './append-queue.js';

/** Errors as the client knows them: a status, and trailers that name the exception. */
export function serviceError(
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): ServiceError {
  const metadata = new Metadata();
  // Trailers may hold visible ASCII only; other characters would throw while the error is being built.
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, encodeURI(value));
  return Object.assign(new Error(details), { code, details, metadata });
}

export const invalid = (details: string): ServiceError => serviceError(status.INVALID_ARGUMENT, details);

export const unavailable = (details: string): ServiceError => serviceError(status.UNAVAILABLE, details);

export const cancelled = (): ServiceError => serviceError(status.CANCELLED, 'the node is stopping');

/** What an append is told when the log could not take it: nothing of it was kept, and it may be tried again. */
export const notAppended = (error: unknown): ServiceError =>
  error instanceof StoppingError ? cancelled() : unavailable(`the log could not be written: ${reasonOf(error)}`);

export const unimplemented = (method: string): ServiceError =>
  serviceError(
    status.UNIMPLEMENTED,
    `${method} is not part of this node: its log is never edited and it serves what the product uses`,
  );

/** Why an append is refused before the log is asked. */
export type Refusal =
  | { readonly kind: 'tooLarge'; readonly maximumBytes: number }
  | { readonly kind: 'missingMetadata' }
  | { readonly kind: 'invalid'; readonly reason: string };

export class RefusedAppend extends Error {
  override readonly name = 'RefusedAppend';
  constructor(readonly refusal: Refusal) {
    super(refusalText(refusal));
  }
}

export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'tooLarge':
      return `Maximum Append Size of ${refusal.maximumBytes} Exceeded.`;
    case 'missingMetadata':
      return 'Required Metadata Properties are missing: type,content-type';
    case 'invalid':
      return refusal.reason;
    default:
      return refusal satisfies never;
  }
}

export function refusalError(refusal: Refusal): ServiceError {
  const details = refusalText(refusal);
  switch (refusal.kind) {
    case 'tooLarge':
      return serviceError(status.INVALID_ARGUMENT, details, {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(refusal.maximumBytes),
      });
    case 'missingMetadata':
      return serviceError(status.INVALID_ARGUMENT, details, {
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      });
    case 'invalid':
      return invalid(details);
    default:
      return refusal satisfies never;
  }
}
