import { isId, reachOf, type Role } from '@voronka/kernel';
import { employmentOf, type LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import { type OpenStores, withStores } from '../with-stores.js';

export async function addKey(
  { settings }: LoadedSettings,
  options: { readonly name: string; readonly roles: string; readonly employee?: string },
): Promise<void> {
  const roles = options.roles.split(',').map((role) => role.trim()) as Role[];
  const added = await withStores(settings, async (stores) => {
    await assertEmployee(stores, options.employee);
    try {
      return await stores.appStore.apiKeys.add({ name: options.name, roles, employeeId: options.employee ?? null });
    } catch (error) {
      if (error instanceof RangeError) throw new CliError(EXIT.usage, error.message);
      throw error;
    }
  });
  print(added.text);
  say(`Key ${added.key.id} is shown this once: keep it in a safe place.`);
  if (options.employee === undefined && reachOf(roles) !== 'company') {
    say(
      `It belongs to no employee, and ${roles.join(', ')} reach own work or departments only: every request must say for ` +
        'whom it acts (Voronka-On-Behalf-Of). For a person’s own key give --employee.',
    );
  }
}

/** A key of nobody would be of no use, and could become that of whoever is hired under the id. */
async function assertEmployee({ log }: Pick<OpenStores, 'log'>, id: string | undefined): Promise<void> {
  if (id === undefined || (isId(id) && (await employmentOf({ log }, id)) !== null)) return;
  throw new CliError(
    EXIT.usage,
    `--employee ${id}: nobody was hired under this id; hire first, or leave it out for a service`,
  );
}

export async function listKeys({ settings }: LoadedSettings, options: { readonly json?: boolean }): Promise<void> {
  const keys = await withStores(settings, ({ appStore }) => appStore.apiKeys.list());
  if (options.json === true) print(json(keys));
  else {
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.roles.join(', '),
      key.employeeId,
      key.createdAt,
      key.revokedAt,
    ]);
    print(table(['Id', 'Name', 'Roles', 'Employee', 'Made', 'Revoked'], rows));
  }
}

export async function revokeKey({ settings }: LoadedSettings, _options: object, id: string): Promise<void> {
  const revoked = await withStores(settings, ({ appStore }) => appStore.apiKeys.revoke(id));
  if (!revoked) throw new CliError(EXIT.failed, `there is no key ${id} in force; see \`voronka keys list\``);
  say(`Key ${id} is revoked: a running API refuses it within seconds.`);
}
