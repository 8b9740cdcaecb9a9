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
  /** Destroyed by this program: a look-up that was under way meanwhile must not bring the key back. */
  private readonly destroyed = new Set<string>();

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
      if (this.destroyed.has(subject)) found.set(subject, ERASED);
      else if (kept !== undefined && kept.untilMs > now) found.set(subject, kept.key);
      else missing.push(subject);
    }
    if (missing.length === 0) return found;
    for (const row of await this.rows.findBy({ subject: In(missing) })) {
      const key = this.opened(row);
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      this.kept.set(row.subject, { key, untilMs: now + KEPT_MS });
      found.set(row.subject, key);
    }
    return found;
  }

  private opened({ subject, wrappedKey }: SubjectKeyRow): Key {
    if (wrappedKey === null || this.destroyed.has(subject)) return ERASED;
    return unwrapSubjectKey(this.masterKey, subject, wrappedKey);
  }

  /** Makes everything encrypted for the subjects unreadable, everywhere and for good; other programs notice in time. */
  async destroy(subjects: readonly string[]): Promise<void> {
    if (subjects.length === 0) return;
    // Those without a key get an entry, too, so that none is ever made for them; one destroyed before keeps its date.
    await this.rows.query(
      `insert into app.subject_keys (subject, wrapped_key, created_at, destroyed_at)
       select distinct subject, null::bytea, now(), now() from unnest($1::text[]) as wanted (subject)
       on conflict (subject) do update set wrapped_key = null, destroyed_at = now()
       where app.subject_keys.wrapped_key is not null`,
      [[...subjects]],
    );
    for (const subject of subjects) {
      this.destroyed.add(subject);
      this.kept.delete(subject);
    }
  }
}
