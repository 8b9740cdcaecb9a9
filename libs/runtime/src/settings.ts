import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../../kernel/src/nearest.js';
import { parse } from 'yaml';
import { type Definition, SETTINGS } from './settings-table.js';

/** A setting that cannot be used: which one, where it was set, and what it should be. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

export type Origin = 'default' | 'flag' | 'environment' | 'file';

export type SettingName = keyof typeof SETTINGS;
export type Settings = {
  readonly [Name in SettingName]: (typeof SETTINGS)[Name]['fallback'] extends infer T ? Widen<T> : never;
};
type Widen<T> = T extends number ? number : T extends string ? string : T;

export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: Readonly<Record<SettingName, Origin>>;
}

/** Variables of ours that are not settings. */
const OTHER_VARIABLES = new Set(['VORONKA_CONFIG', 'VORONKA_TEST_DATA']);

/** Read where a program starts, if it is there and no other file is named. */
const USUAL_FILE = 'voronka.config.json';

/** A value as it was given, and where. */
interface Given {
  readonly origin: Origin;
  readonly text: string;
  readonly where: string;
}

/**
 * Flags win over the environment, the environment over the file, the file over defaults.
 * @throws SettingsError naming every faulty setting, and variables beginning with VORONKA_ that mean nothing.
 */
export function loadSettings(sources: {
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of a JSON or YAML file; VORONKA_CONFIG names one too, else `voronka.config.json` of `directory` is read. */
  readonly file?: string | undefined;
  /** Where the program was started. */
  readonly directory?: string;
}): LoadedSettings {
  const faults: string[] = strayVariables(sources.env);
  const directory = sources.directory ?? process.cwd();
  const file = fileOf(directory, sources.file ?? emptyAsUnset(sources.env['VORONKA_CONFIG']));
  const fromFile = file === null ? new Map<string, Given>() : readFile(file, faults);
  const settings: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [name, definition] of Object.entries(SETTINGS) as [SettingName, Definition<unknown>][]) {
    const given = givenFor(name, definition, sources) ?? fromFile.get(name);
    origins[name] = given?.origin ?? 'default';
    settings[name] =
      given === undefined ? definition.fallback : (valueOf(definition, given, faults) ?? definition.fallback);
  }
  if (faults.length > 0) throw new SettingsError(faults);
  settings['dataDir'] = path.resolve(directory, String(settings['dataDir']));
  return { settings: settings as unknown as Settings, origins: origins as Record<SettingName, Origin> };
}

/** The file that is named, or the usual one if it is there. */
function fileOf(directory: string, named: string | undefined): string | null {
  if (named !== undefined) return path.resolve(directory, named);
  const usual = path.join(directory, USUAL_FILE);
  return existsSync(usual) ? usual : null;
}

function givenFor(
  name: SettingName,
  { env, flag }: Definition<unknown>,
  sources: Pick<Parameters<typeof loadSettings>[0], 'flags' | 'env'>,
): Given | undefined {
  const byFlag = sources.flags?.[name];
  if (byFlag !== undefined) return { origin: 'flag', text: byFlag, where: `--${flag}` };
  const byEnvironment = emptyAsUnset(sources.env[env]);
  if (byEnvironment !== undefined) return { origin: 'environment', text: byEnvironment, where: env };
  return undefined;
}

function valueOf({ read, secret }: Definition<unknown>, { text, where }: Given, faults: string[]): unknown {
  try {
    return read(text);
  } catch (error) {
    const shown = secret === true ? '' : ` is ${JSON.stringify(text)}`;
    faults.push(`${where}${shown}: ${(error as Error).message}`);
    return undefined;
  }
}

/** An unset variable often arrives as an empty one, from compose files and shells. */
function emptyAsUnset(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function strayVariables(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = Object.values(SETTINGS).map((definition) => definition.env);
  return Object.keys(env)
    .filter((name) => name.startsWith('VORONKA_') && !known.includes(name) && !OTHER_VARIABLES.has(name))
    .map((name) => `${name} is not a setting${adviceFor(name, known)}`);
}

function adviceFor(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === null ? `; there are ${known.join(', ')}` : `; did you mean ${meant}?`;
}

function readFile(file: string, faults: string[]): ReadonlyMap<string, Given> {
  const found = new Map<string, Given>();
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    faults.push(`the configuration file ${file} cannot be read: ${(error as Error).message.split('\n')[0]}`);
    return found;
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    faults.push(`the configuration file ${file} must hold names and values`);
    return found;
  }
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(SETTINGS, name))
      faults.push(`${name} in ${file} is not a setting${adviceFor(name, Object.keys(SETTINGS))}`);
    else if (typeof value === 'string' || typeof value === 'number')
      found.set(name, { origin: 'file', text: String(value), where: `${name} in ${file}` });
    else faults.push(`${name} in ${file} must be a text or a number`);
  }
  return found;
}
