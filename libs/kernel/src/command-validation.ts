import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { refuse } from './domain-error.js';
import { nearest } from './nearest.js';

/** One thing wrong with a body: where (RFC 6901), what in one word, what in words. Never the value itself. */
export interface BodyFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

const MOST_FAULTS = 100;
const DEEPEST = 32;
const LONGEST_NAME = 64;
const MOST_NAMES = 30;

/**
 * Turns a parsed JSON value into a validated instance of a command class. Nothing is converted: text where a number
 * is asked for is a fault, and so is every field that the class does not know.
 * @throws DomainError `BODY_INVALID` with `data.errors`, at most 100 of them.
 */
export function validateBody<T extends object>(body: new () => T, plain: unknown): T {
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    throw invalid([{ pointer: '', code: 'NOT_AN_OBJECT', detail: 'the body must be a JSON object' }]);
  }
  const odd = oddityIn(plain, DEEPEST);
  if (odd !== null) throw invalid([odd]);
  const instance = plainToInstance(body, plain, { enableImplicitConversion: false });
  const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  const faults = errors.flatMap((error) => faultsOf(error, ''));
  if (faults.length > 0) throw invalid(faults);
  return instance;
}

function invalid(faults: readonly BodyFault[]) {
  return refuse.invalid('BODY_INVALID', 'correct the fields that `errors` points at and send the body again', {
    errors: faults.slice(0, MOST_FAULTS),
  });
}

/** What would make the transformation itself stumble: endless nesting, and names that it takes for its own. */
function oddityIn(value: unknown, levels: number): BodyFault | null {
  if (typeof value !== 'object' || value === null) return null;
  if (levels === 0) {
    return { pointer: '', code: 'TOO_DEEP', detail: `the body must not nest deeper than ${DEEPEST} levels` };
  }
  for (const name of ['constructor', '__proto__']) {
    if (Object.hasOwn(value, name)) return { pointer: '', code: 'NAME_RESERVED', detail: `no field is named ${name}` };
  }
  for (const member of Object.values(value)) {
    const odd = oddityIn(member, levels - 1);
    if (odd !== null) return odd;
  }
  return null;
}

function faultsOf(error: ValidationError, parent: string): BodyFault[] {
  const pointer = `${parent}/${escaped(error.property)}`;
  const own = error.constraints === undefined ? [] : [faultOf(error, error.constraints, pointer)];
  return [...own, ...(error.children ?? []).flatMap((child) => faultsOf(child, pointer))];
}

function faultOf(error: ValidationError, constraints: Readonly<Record<string, string>>, pointer: string): BodyFault {
  if ('whitelistValidation' in constraints) {
    return { pointer, code: 'UNKNOWN_FIELD', detail: `there is no such field here${adviceFor(error)}` };
  }
  if (error.value === undefined) return { pointer, code: 'REQUIRED', detail: 'this field is required' };
  const entries = Object.entries(constraints);
  // A value of the wrong type breaks the other constraints too; only the type is worth saying.
  const [name, detail] = entries.find(([key]) => key.startsWith('is')) ?? entries[0] ?? ['invalid', 'is invalid'];
  return { pointer, code: name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase(), detail };
}

function adviceFor({ property, target }: ValidationError): string {
  const shape = target?.constructor;
  if (shape === undefined) return '';
  const known = getMetadataStorage().getTargetValidationMetadatas(shape, '', false, false);
  const names = [...new Set(known.map(({ propertyName }) => propertyName))];
  const meant = nearest(property, names);
  if (meant !== null) return `: did you mean ${meant}?`;
  return names.length > 0 && names.length <= MOST_NAMES ? `; there are ${names.join(', ')}` : '';
}

function escaped(name: string | undefined): string {
  const shown = (name ?? '').slice(0, LONGEST_NAME);
  return shown.replaceAll('~', '~0').replaceAll('/', '~1');
}
