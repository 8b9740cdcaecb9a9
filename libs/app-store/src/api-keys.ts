import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isId, type Role, ROLES } from '@voronka/kernel';
import { And, In, IsNull, Like, Not, type Repository } from 'typeorm';
import type { ApiKeyRow } from './entities.js';

/** How long a verified key is trusted without asking the database; a revoked one lives on that long elsewhere. */
const TRUSTED_MS = 5_000;
const MOST_TRUSTED = 10_000;
/** `vk_<id>_<secret>`: 12 and 43 letters. */
const KEY = /^vk_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Null for a service. */
  readonly employeeId: string | null;
}

export interface ListedApiKey extends ApiKey {
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface NewApiKey {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly employeeId?: string | null;
}

/** Keys are random and long, so a plain hash of each suffices: there is nothing to guess. */
export class ApiKeys {
  private readonly trusted = new Map<string, { key: ApiKey; untilMs: number }>();

  constructor(private readonly rows: Repository<ApiKeyRow>) {}

  /** Makes a key and tells it this once. @throws RangeError naming the wrong part. */
  async add(wish: NewApiKey): Promise<{ key: ApiKey; text: string }> {
    const id = randomBytes(16)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 12)
      .padEnd(12, '0');
    const text = `vk_${id}_${randomBytes(32).toString('base64url')}`;
    return { key: await this.store(id, text, wish), text };
  }

  /**
   * Makes the key that the settings name valid, and the one that they named before under that name invalid: who
   * changes the setting because the key got out must be rid of it. @throws RangeError
   */
  async ensure(text: string, wish: NewApiKey): Promise<ApiKey> {
    const id = givenIdOf(text);
    await this.rows.update(
      { id: And(Like(`${GIVEN}%`), Not(id)), name: wish.name, revokedAt: IsNull() },
      { revokedAt: new Date() },
    );
    this.trusted.clear();
    const found = await this.rows.findOneBy({ id });
    if (found !== null && found.revokedAt === null && found.hash === hashOf(text) && sameRoles(found, wish))
      return keyOf(found);
    return this.store(id, text, wish);
  }

  async list(): Promise<readonly ListedApiKey[]> {
    const rows = await this.rows.find({ order: { createdAt: 'ASC', id: 'ASC' } });
    return rows.map((row) => ({
      ...keyOf(row),
      createdAt: row.createdAt.toISOString(),
      revokedAt: row.revokedAt?.toISOString() ?? null,
    }));
  }

  /** Whether there was such a key to revoke. */
  async revoke(id: string): Promise<boolean> {
    const done = await this.rows.update({ id, revokedAt: IsNull() }, { revokedAt: new Date() });
    this.trusted.clear();
    return (done.affected ?? 0) > 0;
  }

  /** The key that this text is, or null. Takes the same time for a wrong secret as for a right one. */
  async verify(text: string): Promise<ApiKey | null> {
    const hash = hashOf(text);
    const known = this.trusted.get(hash);
    if (known !== undefined && known.untilMs > Date.now()) return known.key;
    // Whoever names a key of the made form in the settings is understood too.
    const ids = [KEY.exec(text)?.[1], givenIdOf(text)].filter((id) => id !== undefined);
    const rows = await this.rows.findBy({ id: In(ids), revokedAt: IsNull() });
    const row = rows.find((one) => timingSafeEqual(Buffer.from(one.hash), Buffer.from(hash)));
    if (row === undefined) return null;
    if (this.trusted.size >= MOST_TRUSTED) this.trusted.clear();
    this.trusted.set(hash, { key: keyOf(row), untilMs: Date.now() + TRUSTED_MS });
    return keyOf(row);
  }

  private async store(id: string, text: string, wish: NewApiKey): Promise<ApiKey> {
    const row = {
      id,
      name: checkName(wish.name),
      hash: hashOf(text),
      roles: [...checkRoles(wish.roles)],
      employeeId: checkEmployee(wish.employeeId ?? null),
      createdAt: new Date(),
      revokedAt: null,
    };
    await this.rows.upsert(row, ['id']);
    return keyOf(row);
  }
}

function keyOf(row: Pick<ApiKeyRow, 'id' | 'name' | 'roles' | 'employeeId'>): ApiKey {
  return { id: row.id, name: row.name, roles: row.roles as Role[], employeeId: row.employeeId };
}

/** Ids of keys that the settings name begin so; those of made keys have no dash. */
const GIVEN = 'given-';

function givenIdOf(text: string): string {
  return GIVEN + createHash('sha256').update(`id:${text}`).digest('hex').slice(0, 12);
}

function sameRoles(row: Pick<ApiKeyRow, 'roles'>, { roles }: NewApiKey): boolean {
  return row.roles.length === roles.length && roles.every((role) => row.roles.includes(role));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function checkName(name: string): string {
  if (name.trim() === '' || name.length > 200) throw new RangeError('a key needs a name of 1 to 200 characters');
  return name;
}

function checkRoles(roles: readonly string[]): readonly Role[] {
  const unknown = roles.filter((role) => !ROLES.includes(role as Role));
  if (unknown.length > 0) throw new RangeError(`unknown role ${unknown[0]}; the roles are ${ROLES.join(', ')}`);
  if (roles.length === 0) throw new RangeError(`a key needs at least one role of ${ROLES.join(', ')}`);
  return roles as readonly Role[];
}

function checkEmployee(employeeId: string | null): string | null {
  if (employeeId !== null && !isId(employeeId)) throw new RangeError('the employee is named by an id');
  return employeeId;
}
