import type { Role } from '@voronka/kernel';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { json, print, say, table } from '../output.js';
import { withStores } from '../with-stores.js';

export async function addKey(
  { settings }: LoadedSettings,
  options: { readonly name: string; readonly roles: string; readonly employee?: string },
): Promise<void> {
  const roles = options.roles.split(',').map((role) => role.trim()) as Role[];
  const added = await withStores(settings, async ({ appStore }) => {
    try {
      return await appStore.apiKeys.add({ name: options.name, roles, employeeId: options.employee ?? null });
    } catch (error) {
      if (error instanceof RangeError) throw new CliError(EXIT.usage, error.message);
      throw error;
    }
  });
  print(added.text);
  say(`Key ${added.key.id} is shown this once: keep it in a safe place.`);
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
