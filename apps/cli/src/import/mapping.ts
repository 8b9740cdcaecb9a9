import { readFile } from 'node:fs/promises';
import { assertZone, DomainError, validateBody } from '@voronka/kernel';
import { parse } from 'yaml';
import { type FactMapping, ImportMapping } from './mapping.classes.js';

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

export function parseMapping(text: string, file: string): ImportMapping {
  let plain: unknown;
  try {
    plain = parse(text);
  } catch (error) {
    throw new MappingError(file, [`not readable as YAML: ${(error as Error).message.split('\n')[0]}`]);
  }
  let mapping: ImportMapping;
  try {
    mapping = validateBody(ImportMapping, plain);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const errors = error.data['errors'] as readonly { pointer: string; detail: string }[];
    throw new MappingError(
      file,
      errors.map((fault) => `${fault.pointer === '' ? '/' : fault.pointer}: ${fault.detail}`),
    );
  }
  const faults = faultsOf(mapping);
  if (faults.length > 0) throw new MappingError(file, faults);
  return mapping;
}

function faultsOf(mapping: ImportMapping): string[] {
  const faults: string[] = [];
  try {
    assertZone(mapping.company.zone);
  } catch (error) {
    faults.push(`/company/zone: ${(error as Error).message}`);
  }
  const steps = codesOf(mapping.routeMap['steps']);
  const reasons = codesOf(mapping.routeMap['lossReasons']);
  mapping.rules.forEach((rule, index) => {
    const at = `/rules/${index}`;
    if ((rule.facts === undefined) === (rule.ignore === undefined)) {
      faults.push(`${at}: a rule has either facts or ignore`);
    }
    (rule.facts ?? []).forEach((fact, place) =>
      faults.push(...factFaults(fact, `${at}/facts/${place}`, steps, reasons)),
    );
  });
  return faults;
}

function factFaults(fact: FactMapping, at: string, steps: Set<string>, reasons: Set<string>): string[] {
  const meanings = [fact.step, fact.activity, fact.contract, fact.lost].filter((meaning) => meaning !== undefined);
  const faults = meanings.length === 1 ? [] : [`${at}: names exactly one of step, activity, contract, lost`];
  if (fact.step !== undefined && !steps.has(fact.step)) faults.push(`${at}/step: the route map has no ${fact.step}`);
  if (fact.lost !== undefined && !reasons.has(fact.lost)) {
    faults.push(`${at}/lost: the route map has no loss reason ${fact.lost}`);
  }
  return faults;
}

function codesOf(list: unknown): Set<string> {
  if (!Array.isArray(list)) return new Set();
  return new Set(list.map((item) => String((item as { code?: unknown }).code)));
}
