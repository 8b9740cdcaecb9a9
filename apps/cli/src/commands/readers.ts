import { randomBytes } from 'node:crypto';
import { grantReaders, revokeReaders } from '@voronka/projections';
import { ensurePayLines, grantPayLines } from '@voronka/read-models';
import type { LoadedSettings } from '@voronka/runtime';
import type pg from 'pg';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import { withStores } from '../with-stores.js';

const NAME = /^(?!pg_)[a-z][a-z0-9_]{0,62}$/;
/** Marks the readers that were made here, and may be dropped here. */
const MARK = 'voronka reader';
const SCHEMAS = ['read', 'pay_live'] as const;
const MAY_NOT = '42501';

/**
 * Lets a role of the database read the read tables and nothing else; makes the role where there is none, and then
 * prints the address to connect by, password included, this once.
 * @throws CliError where the database's own user may make no roles
 */
export async function addReader({ settings }: LoadedSettings, _options: object, name: string): Promise<void> {
  assertName(name);
  const address = await withStores(settings, async ({ pool, databaseUrl, caughtUp }) => {
    // The tables are there once they were built for the first time.
    await caughtUp();
    return await inTransaction(pool, async (client) => {
      const password = (await exists(client, name)) ? null : await make(client, name);
      await grantReaders(client, name, ['read']);
      await ensurePayLines(client);
      await grantPayLines(client, name);
      return password === null ? null : addressFor(databaseUrl, name, password);
    });
  });
  if (address === null) return say(`${name} was there before; now it may read the schemas read and pay_live`);
  print(address);
  say(`${name} may read the schemas read and pay_live. The password is shown this once: keep it in a safe place.`);
}

export async function listReaders({ settings }: LoadedSettings, options: { readonly json?: boolean }): Promise<void> {
  const readers = await withStores(settings, ({ pool }) => readersIn(pool));
  if (options.json === true) print(json(readers));
  else {
    const rows = readers.map(({ name, mayLogIn, isOurs }) => [
      name,
      mayLogIn ? 'yes' : 'no',
      isOurs ? 'here' : 'elsewhere',
    ]);
    print(table(['Reader', 'Logs in', 'Made'], rows));
  }
}

interface Reader {
  readonly name: string;
  readonly mayLogIn: boolean;
  /** Made by `readers add`. */
  readonly isOurs: boolean;
}

/** Roles that the views were opened to, and that are nothing more. */
async function readersIn(pool: pg.Pool): Promise<readonly Reader[]> {
  const { rows } = await pool.query<Reader>(
    `select r.rolname as name, r.rolcanlogin as "mayLogIn",
       coalesce(shobj_description(r.oid, 'pg_authid') = $1, false) as "isOurs"
     from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
     where n.nspname = 'read' and a.privilege_type = 'USAGE' and a.grantee <> n.nspowner order by 1`,
    [MARK],
  );
  return rows;
}

/** Takes the rights away, and from a role that was made here the role itself: what it is connected by then ends. */
export async function revokeReader({ settings }: LoadedSettings, _options: object, name: string): Promise<void> {
  assertName(name);
  await withStores(settings, async ({ pool }) => {
    const reader = (await readersIn(pool)).find((one) => one.name === name);
    if (reader === undefined) {
      throw new CliError(EXIT.failed, `there is no reader ${name}; see \`voronka readers list\``);
    }
    if (reader.isOurs) await dismiss(pool, name);
    else await inTransaction(pool, (client) => revokeReaders(client, name, SCHEMAS));
  });
  say(`${name} reads nothing any more`);
}

async function dismiss(pool: pg.Pool, name: string): Promise<void> {
  // First nobody comes in any more, then whoever is there goes: once the role is gone, nobody knows whose he was.
  await pool.query(`alter role "${name}" nologin`);
  await pool.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [name]);
  await inTransaction(pool, async (client) => {
    await client.query(`drop owned by "${name}"`);
    await client.query(`drop role "${name}"`);
  });
}

function assertName(name: string): void {
  if (NAME.test(name)) return;
  throw new CliError(EXIT.usage, 'a reader is named by up to 63 small letters, digits and _, a letter first, not pg_');
}

async function exists(client: pg.PoolClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ reads: boolean }>(
    `select not (rolsuper or rolcreaterole or rolcreatedb or rolname = current_user)
       as reads from pg_roles where rolname = $1`,
    [name],
  );
  const [found] = rows;
  if (found?.reads === false) throw new CliError(EXIT.failed, `${name} may do more than read: name another role`);
  return found !== undefined;
}

/** @returns the password */
async function make(client: pg.PoolClient, name: string): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  try {
    // Made of letters, digits, - and _: nothing in it needs to be quoted.
    await client.query(`create role "${name}" login password '${password}' connection limit 20`);
  } catch (error) {
    if ((error as { code?: string }).code !== MAY_NOT) throw error;
    const advice = `create the role as an administrator of the database, then add it here: it gets the rights`;
    throw new CliError(EXIT.failed, `the user of DATABASE_URL may make no roles: ${advice}`);
  }
  await client.query(`comment on role "${name}" is '${MARK}'`);
  await client.query(`alter role "${name}" set default_transaction_read_only = on`);
  await client.query(`alter role "${name}" set search_path = read, pay_live`);
  return password;
}

function addressFor(databaseUrl: string, name: string, password: string): string {
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = password;
  return url.href;
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
