import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { type BodyFault, validateBody } from './command-validation.js';
import { DomainError } from './domain-error.js';

class Line {
  @IsInt()
  amountKopecks: number;
}

class Order {
  @IsString()
  @MaxLength(5)
  title: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(2)
  @ValidateNested({ each: true })
  @Type(() => Line)
  lines?: Line[];

  @IsOptional()
  @IsObject()
  answers?: Record<string, unknown>;
}

function faultsIn(plain: unknown): readonly BodyFault[] {
  try {
    validateBody(Order, plain);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ kind: 'invalid', code: 'BODY_INVALID' });
    return error.data['errors'] as BodyFault[];
  }
  throw new Error('expected the body to be refused');
}

const spots = (plain: unknown): string[] => faultsIn(plain).map(({ pointer, code }) => `${pointer} ${code}`);

describe('validateBody', () => {
  it('gives an instance of the class, nested ones too', () => {
    const order = validateBody(Order, { title: 'one', lines: [{ amountKopecks: 100 }], answers: { budget: 5 } });
    expect(order).toBeInstanceOf(Order);
    expect(order.lines?.[0]).toBeInstanceOf(Line);
    expect(order.answers).toEqual({ budget: 5 });
  });

  it.each([[null], [undefined], ['text'], [5], [[]], [[{ title: 'one' }]]])('refuses %j as a body', (plain) => {
    expect(spots(plain)).toEqual([' NOT_AN_OBJECT']);
  });

  it('points at every fault, in lists too', () => {
    expect(spots({ lines: [{ amountKopecks: 1 }, { amountKopecks: 1.5 }] })).toEqual([
      '/title REQUIRED',
      '/lines/1/amountKopecks IS_INT',
    ]);
  });

  it('converts nothing', () => {
    expect(spots({ title: 5 })).toEqual(['/title IS_STRING']);
    expect(spots({ title: 'one', lines: [{ amountKopecks: '100' }] })).toEqual(['/lines/0/amountKopecks IS_INT']);
  });

  it('refuses unknown fields at every level', () => {
    expect(spots({ title: 'one', owner: 'x', lines: [{ amountKopecks: 1, 'a/b~c': 2 }] })).toEqual(
      expect.arrayContaining(['/owner UNKNOWN_FIELD', '/lines/0/a~1b~0c UNKNOWN_FIELD']),
    );
  });

  it('says of an unknown field which one was meant, or which there are', () => {
    expect(faultsIn({ titel: 'one', lines: [{ amount: 1 }] }).map(({ detail }) => detail)).toEqual([
      'there is no such field here: did you mean title?',
      'this field is required',
      'there is no such field here; there are amountKopecks',
      'this field is required',
    ]);
  });

  it('refuses elements of a list that are no objects', () => {
    expect(faultsIn({ title: 'one', lines: [5] })).not.toEqual([]);
    expect(faultsIn({ title: 'one', lines: 'many' })).not.toEqual([]);
    expect(faultsIn({ title: 'one', lines: [null] })).not.toEqual([]);
  });

  it('never echoes a value', () => {
    const secret = 'passport 4509 123456';
    const shown = JSON.stringify(faultsIn({ title: secret, lines: [{ amountKopecks: secret }], answers: secret }));
    expect(shown).not.toContain('4509');
  });

  it('refuses what nests without end instead of falling over it', () => {
    let deep: unknown = 'core';
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(spots({ title: 'one', answers: { deep } })).toEqual([' TOO_DEEP']);
  });

  it('says at most a hundred faults', () => {
    const plain = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    expect(faultsIn({ title: 'one', ...plain })).toHaveLength(100);
  });

  it.each(['{"constructor":true}', '{"__proto__":{"polluted":true}}'])('refuses the reserved name in %s', (text) => {
    expect(spots({ title: 'one', answers: JSON.parse(text) })).toEqual([' NAME_RESERVED']);
    expect(spots(JSON.parse(text))).toEqual([' NAME_RESERVED']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
