import { readFile } from 'node:fs/promises';
import { DomainError, validateBody } from '@voronka/kernel';
import { PublishRouteMap, routeMapFaults } from '@voronka/sales';
import { parseDocument } from 'yaml';
import { contradictionsOf } from './mapping-faults.js';
import { ImportMapping } from './mapping.classes.js';

/** A mapping that cannot be used, with every fault and where it stands. */
export class MappingError extends Error {
  override readonly name = 'MappingError';

  constructor(
    readonly file: string,
    readonly faults: readonly string[],
  ) {
    super(`mapping ${file} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Reads and checks a mapping. @throws MappingError with all faults. */
export async function loadMapping(file: string): Promise<ImportMapping> {
  return parseMapping(await readFile(file, 'utf8'), file);
}

/** The same from text; `file` is for the message only. @throws MappingError with all faults. */
export function parseMapping(text: string, file: string): ImportMapping {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    const told = document.errors.map(({ message }) => message.split('\n')[0] ?? message);
    throw new MappingError(
      file,
      told.map((line) => `not readable as YAML: ${line.replace(/:$/, '')}`),
    );
  }
  const plain: unknown = document.toJS();
  const { value, faults } = shaped(ImportMapping, plain, '');
  const found = [...faults, ...contradictionsOf(plain), ...mapFaults(plain)];
  if (value === null || found.length > 0) throw new MappingError(file, found);
  return value;
}

/** The route map's own rules: those that its publication would be refused for. */
function mapFaults(plain: unknown): readonly string[] {
  const map = typeof plain === 'object' && plain !== null && 'routeMap' in plain ? plain.routeMap : undefined;
  if (typeof map !== 'object' || map === null) return [];
  const { value, faults } = shaped(PublishRouteMap, map, '/routeMap');
  if (value === null) return faults;
  // Written out again as plain data: what is left out stays left out, as publication has it.
  const document = JSON.parse(JSON.stringify(value)) as Parameters<typeof routeMapFaults>[0];
  return routeMapFaults(document).map(({ pointer, detail }) => `/routeMap${pointer}: ${detail}`);
}

function shaped<T extends object>(shape: new () => T, plain: unknown, at: string) {
  try {
    return { value: validateBody(shape, plain), faults: [] };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = error.data['errors'] as readonly { pointer: string; detail: string }[];
    const faults = errors.map(({ pointer, detail }) => `${`${at}${pointer}` || '/'}: ${detail}`);
    return { value: null, faults };
  }
}
