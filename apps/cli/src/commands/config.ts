import { type LoadedSettings, type SettingName, SETTINGS } from '@voronka/runtime';
import { json, print, table } from '../output.js';

export async function showConfig(
  { settings, origins }: LoadedSettings,
  options: { readonly json?: boolean },
): Promise<void> {
  const rows = (Object.keys(SETTINGS) as SettingName[]).map((name) => {
    const definition = SETTINGS[name];
    const isSecret = 'secret' in definition && definition.secret;
    const value = settings[name];
    return {
      name,
      variable: definition.env,
      value: isSecret && value !== null ? '[hidden]' : value,
      origin: origins[name],
      description: definition.description,
    };
  });
  if (options.json === true) print(json(rows));
  else
    print(
      table(
        ['Variable', 'Value', 'From', 'What it is'],
        rows.map((row) => [row.variable, row.value, row.origin, row.description]),
      ),
    );
}
