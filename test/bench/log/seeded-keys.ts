import { createHmac } from 'node:crypto';
import type { SubjectKeys } from '@voronka/event-log';

/** Keys made from the subjects' names, so that a kept log can be read again: good for invented people only. */
export class SeededKeys implements SubjectKeys {
  /** Everybody who has a key. */
  readonly subjects = new Set<string>();

  forWriting(subject: string): Promise<Uint8Array> {
    this.subjects.add(subject);
    return Promise.resolve(keyOf(subject));
  }

  forReading(subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    return Promise.resolve(new Map(subjects.map((subject) => [subject, keyOf(subject)])));
  }

  destroy(): Promise<void> {
    return Promise.reject(new Error('a key made from its subject cannot be destroyed'));
  }
}

/** 32 bytes, the same for the same subject. */
export function keyOf(subject: string): Uint8Array {
  return createHmac('sha256', 'bench').update(subject).digest();
}
