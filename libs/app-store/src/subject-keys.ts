import { generateSubjectKey, type SubjectKeys, unwrapSubjectKey, wrapSubjectKey } from '@voronka/event-log';
import { ERASED, type Erased } from '@voronka/kernel';
import { In, type Repository } from 'typeorm';
import type { SubjectKeyRow } from './entities.js';

type Key = Uint8Array | Erased;

/** How long a key is kept in memory: as long as an erasure may take to reach every program. */
const KEPT_MS = 10_000;
const MOST_KEPT = 50_000;

/** Keys of personal data in schema `app`, each wrapped by the master key; looked up in batches, kept shortly. */
export class PostgresSubjectKeys implements SubjectKeys {
  private readonly kept = new Map<string, { key: Key; untilMs: number }>();

  constructor(
    private readonly rows: Repository<SubjectKeyRow>,
    private readonly masterKey: Uint8Array,
  ) {}

  async forWriting(subject: string): Promise<Key> {
    const known = (await this.forReading([subject])).get(subject);
    if (known !== undefined) return known;
    const wrapped = Buffer.from(wrapSubjectKey(this.masterKey, subject, generateSubjectKey()));
    // Another program may have made one meanwhile: whichever is there counts.
    await this.rows
      .createQueryBuilder()
      .insert()
      .values({ subject, wrappedKey: wrapped, createdAt: new Date(), destroyedAt: null })
      .orIgnore()
      .execute();
    const made = (await this.forReading([subject])).get(subject);
    if (made === undefined) throw new Error(`the data key of ${subject} was not stored`);
    return made;
  }

  async forReading(subjects: readonly string[]): Promise<ReadonlyMap<string, Key>> {
    const found = new Map<string, Key>();
    const missing: string[] = [];
    const now = Date.now();
    for (const subject of subjects) {
      const kept = this.kept.get(subject);
      if (kept !== undefined && kept.untilMs > now) found.set(subject, kept.key);
      else missing.push(subject);
    }
    if (missing.length === 0) return found;
    for (const row of await this.rows.findBy({ subject: In(missing) })) {
      const key = row.wrappedKey === null ? ERASED : unwrapSubjectKey(this.masterKey, row.subject, row.wrappedKey);
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(row.subject, { key, untilMs: now + KEPT_MS });
      found.set(row.subject, key);
    }
    return found;
  }

  /** Makes everything encrypted for the subject unreadable, everywhere and for good. */
  async destroy(subject: string): Promise<void> {
    await this.rows.upsert({ subject, wrappedKey: null, createdAt: new Date(), destroyedAt: new Date() }, ['subject']);
    this.kept.delete(subject);
  }
}
