import { ERASED, type Erased } from '@voronka/kernel';
import type { SubjectKeys } from './event-log.port.js';
import { generateSubjectKey } from './key-wrapping.js';

/** Subject keys for tests: kept in memory, lost with the process. `readings` counts the look-ups. */
export class InMemorySubjectKeys implements SubjectKeys {
  readonly #keys = new Map<string, Uint8Array | Erased>();
  readings = 0;

  forWriting(subject: string): Promise<Uint8Array | Erased> {
    const key = this.#keys.get(subject) ?? generateSubjectKey();
    this.#keys.set(subject, key);
    return Promise.resolve(key);
  }

  forReading(subjects: readonly string[]): Promise<ReadonlyMap<string, Uint8Array | Erased>> {
    this.readings += 1;
    return Promise.resolve(new Map([...this.#keys].filter(([subject]) => subjects.includes(subject))));
  }

  destroy(subjects: readonly string[]): Promise<void> {
    for (const subject of subjects) this.erase(subject);
    return Promise.resolve();
  }

  /** Destroys a subject's key for good. */
  erase(subject: string): void {
    this.#keys.set(subject, ERASED);
  }
}
