import 'reflect-metadata';
import { isLocalDate, normaliseInstant } from './calendar/index.js';
import { ID_PATTERN } from './ids.js';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

// Fields of commands. Every decorator here is made of standard ones, so that the documentation sees what they demand.

/** Not blank, and nothing that a database or a text encoding cannot hold. */
const TEXT = /^(?=[\s\S]*\S)[^\0\p{Cs}]+$/u;
/** Years beyond which no business is done. Zones and the day after must stay within what can be reckoned with. */
const INSTANT = /^(19|2\d)\d\d-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d(:?\d\d)?)$/;
const LOCAL_DATE = /^(19|2\d)\d\d-\d\d-\d\d$/;
const MONTH = /^(19|2\d)\d\d-(0[1-9]|1[0-2])$/;

export const SHORT_TEXT = 200;
export const LONG_TEXT = 4000;

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  // As if they stood above one another: the last first.
  return (target, property) => {
    for (const decorate of decorators.toReversed()) decorate(target, property);
  };
}

/** Id of a thing: a letter or digit, then up to 63 letters, digits, `_`, `.`, `:` or `-`. */
export function IsIdentifier(): PropertyDecorator {
  return Matches(ID_PATTERN, {
    message: 'must be an id: up to 64 letters, digits, _ . : or -, the first a letter or digit',
  });
}

/** Code from a list that people agreed on (step, outcome, source …): same form as an id. */
export function IsCode(): PropertyDecorator {
  return Matches(ID_PATTERN, {
    message: 'must be a code: up to 64 letters, digits, _ . : or -, the first a letter or digit',
  });
}

/** A list of different codes or ids. */
export function IsCodes(most: number): PropertyDecorator {
  return all(
    IsArray(),
    ArrayMaxSize(most),
    ArrayUnique(),
    Matches(ID_PATTERN, { each: true, message: 'each must be a code: up to 64 letters, digits, _ . : or -' }),
  );
}

/** Text that says something: not blank, without NUL, limited in length. */
export function IsText(longest: number = SHORT_TEXT): PropertyDecorator {
  return all(
    IsString(),
    MaxLength(longest),
    Matches(TEXT, { message: 'must not be blank, nor hold NUL or half of a surrogate pair' }),
  );
}

/** An amount in minor units. */
export function IsKopecks(): PropertyDecorator {
  return all(IsInt(), Min(0), Max(Number.MAX_SAFE_INTEGER));
}

/** Date, time and offset; becomes canonical UTC. A time that does not exist is refused like any other text. */
export function IsInstant(): PropertyDecorator {
  return all(
    Transform(({ value }: { value: unknown }) => canonicalInstant(value)),
    Matches(INSTANT, {
      message: 'must be a date and time that exists, of 1900 to 2999, with its offset: 2009-08-01T10:00:00+05:00',
    }),
  );
}

function canonicalInstant(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return normaliseInstant(value);
  } catch {
    return '';
  }
}

/** A date of the calendar, `YYYY-MM-DD`. */
export function IsLocalDate(): PropertyDecorator {
  return all(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' && !isLocalDate(value) ? '' : value)),
    Matches(LOCAL_DATE, { message: 'must be a date that exists, of 1900 to 2999: 2009-08-01' }),
  );
}

/** A month, `YYYY-MM`. */
export function IsMonth(): PropertyDecorator {
  return Matches(MONTH, { message: 'must be a month, of 1900 to 2999: 2009-08' });
}

/** Field code → answer; what each may be is checked where the field is known. */
export function IsAnswers(): PropertyDecorator {
  // The object as it came: a copy would silently lose codes that every object inherits, such as `toString`.
  return all(
    Transform(({ obj, key }: { obj: Record<string, unknown>; key: string }) => obj[key]),
    IsObject(),
  );
}

/** A list of objects, each checked by its class. */
export function IsListOf(element: () => new () => object, limits: { min?: number; max: number }): PropertyDecorator {
  return all(
    IsArray(),
    ArrayMinSize(limits.min ?? 0),
    ArrayMaxSize(limits.max),
    ValidateNested({ each: true }),
    Type(element),
  );
}

/** What every command may say about when it happened; now, unless it does. */
export class BusinessCommand {
  /** When it happened, with the offset; never in the future. */
  @IsOptional()
  @IsInstant()
  occurredAt?: string | null;
}
