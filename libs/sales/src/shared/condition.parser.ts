import { isId } from '@voronka/kernel';
import { COMPARISONS, type Condition, type Literal, type Operand } from './condition.js';

/** A text that is no condition: what is wrong, and at which character from 0. */
export class ConditionSyntaxError extends Error {
  override readonly name = 'ConditionSyntaxError';

  constructor(
    readonly at: number,
    readonly detail: string,
  ) {
    super(`${detail} (at character ${at + 1})`);
  }
}

/** Longest text of a condition, in characters. */
export const LONGEST_CONDITION = 2000;
const DEEPEST = 50;

const SPACE = /\s*/y;
const WORD = /[A-Za-z]+/y;
const CODE = /[A-Za-z0-9][A-Za-z0-9_-]*/y;
const QUOTED_CODE = /"([^"]*)"/y;
const TEXT = /'((?:[^']|'')*)'/y;
// Six places are read back as they are written, with no exponent.
const NUMBER = /-?\d+(?:_\d+)*(?:\.\d{1,6})?(?![\w.])/y;
const SIGN = /<=|>=|!=|=|<|>/y;
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'known', 'has', 'yes', 'no']);

/**
 * Reads a condition; the form is described at `Condition`. The same text always gives the same condition.
 * @throws ConditionSyntaxError for any other text, and nothing else for any text.
 */
export function parseCondition(text: string): Condition {
  if (text.length > LONGEST_CONDITION) {
    throw new ConditionSyntaxError(LONGEST_CONDITION, `a condition has at most ${LONGEST_CONDITION} characters`);
  }
  const reader = new Reader(text);
  const condition = readOr(reader, 0);
  reader.expectEnd();
  return condition;
}

class Reader {
  private position = 0;

  constructor(private readonly text: string) {}

  /** Where the next sign stands. */
  get at(): number {
    SPACE.lastIndex = this.position;
    SPACE.exec(this.text);
    this.position = SPACE.lastIndex;
    return this.position;
  }

  /** The match right where the next sign stands, taken; null leaves everything as it is. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match !== null) this.position = pattern.lastIndex;
    return match;
  }

  takeWord<Word extends string>(...wanted: readonly Word[]): Word | null {
    const start = this.at;
    const word = this.take(WORD)?.[0] ?? '';
    const found = wanted.find((candidate) => candidate === word);
    if (found !== undefined) return found;
    this.position = start;
    return null;
  }

  takeSign(sign: string): boolean {
    if (!this.text.startsWith(sign, this.at)) return false;
    this.position += sign.length;
    return true;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) this.fail(`${sign} is missing`);
  }

  expectEnd(): void {
    if (this.at < this.text.length) this.fail('and, or, or the end is expected');
  }

  fail(detail: string, at = this.at): never {
    throw new ConditionSyntaxError(at, detail);
  }
}

function readOr(reader: Reader, depth: number): Condition {
  return readJoined(reader, 'or', () => readJoined(reader, 'and', () => readNot(reader, depth)));
}

function readJoined(reader: Reader, kind: 'and' | 'or', readPart: () => Condition): Condition {
  const first = readPart();
  const parts = [first];
  while (reader.takeWord(kind) !== null) parts.push(readPart());
  return parts.length === 1 ? first : { kind, parts };
}

function readNot(reader: Reader, depth: number): Condition {
  if (depth > DEEPEST) reader.fail(`not and parentheses go at most ${DEEPEST} deep`);
  if (reader.takeWord('not') !== null) return { kind: 'not', part: readNot(reader, depth + 1) };
  if (!reader.takeSign('(')) return readAsking(reader);
  const condition = readOr(reader, depth + 1);
  reader.expectSign(')');
  return condition;
}

function readAsking(reader: Reader): Condition {
  const operand = readOperand(reader);
  if (reader.takeWord('is') !== null) return readKnown(reader, operand);
  if (reader.takeWord('has') !== null) return { kind: 'has', operand, literal: readLiteral(reader) };
  if (reader.takeWord('in') !== null) return { kind: 'in', operand, literals: readList(reader) };
  if (reader.takeWord('not') !== null) {
    if (reader.takeWord('in') === null) reader.fail('in is expected after not');
    return { kind: 'not', part: { kind: 'in', operand, literals: readList(reader) } };
  }
  const sign = reader.take(SIGN)?.[0];
  const operator = COMPARISONS.find((candidate) => candidate === sign);
  if (operator === undefined) return reader.fail(`one of ${COMPARISONS.join(' ')} in, has, is known is expected`);
  return { kind: 'compare', operand, operator, literal: readLiteral(reader) };
}

function readKnown(reader: Reader, operand: Operand): Condition {
  const known: Condition = { kind: 'known', operand };
  const negated = reader.takeWord('not') !== null;
  if (reader.takeWord('known') === null) return reader.fail('known is expected: is known, or is not known');
  return negated ? { kind: 'not', part: known } : known;
}

function readOperand(reader: Reader): Operand {
  const { at } = reader;
  const source = reader.takeWord('answers', 'portrait', 'segment', 'amount', 'products');
  switch (source) {
    case 'answers': {
      const step = readCode(reader);
      return { source, step, field: readCode(reader), at };
    }
    case 'portrait':
      return { source, field: readCode(reader), at };
    case 'segment':
    case 'amount':
    case 'products':
      return { source, at };
    case null:
      return reader.fail('answers.<step>.<field>, portrait.<field>, segment, amount or products is expected', at);
    default:
      return source satisfies never;
  }
}

function readCode(reader: Reader): string {
  reader.expectSign('.');
  const { at } = reader;
  const quoted = reader.take(QUOTED_CODE)?.[1];
  if (quoted !== undefined) return isId(quoted) ? quoted : reader.fail('this is no code', at);
  const bare = reader.take(CODE)?.[0] ?? '';
  return isId(bare) ? bare : reader.fail('a code of up to 64 signs is expected', at);
}

function readList(reader: Reader): readonly Literal[] {
  reader.expectSign('(');
  const literals = [readLiteral(reader)];
  while (reader.takeSign(',')) literals.push(readLiteral(reader));
  reader.expectSign(')');
  return literals;
}

function readLiteral(reader: Reader): Literal {
  const { at } = reader;
  const text = reader.take(TEXT)?.[1];
  if (text !== undefined) return { value: text.replaceAll("''", "'"), at };
  const digits = reader.take(NUMBER)?.[0];
  if (digits !== undefined) return { value: numberFrom(digits, reader, at), at };
  const word = reader.takeWord('yes', 'no');
  if (word !== null) return { value: word === 'yes', at };
  const other = reader.take(WORD)?.[0] ?? '';
  if (other === 'unknown') return reader.fail('unknown is no value: write is known, or is not known', at);
  if (other !== '' && !WORDS.has(other)) return reader.fail(`write texts and codes in single quotes: '${other}'`, at);
  return reader.fail('a text in single quotes, a number, yes or no is expected', at);
}

function numberFrom(digits: string, reader: Reader, at: number): number {
  const value = Number(digits.replaceAll('_', ''));
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return reader.fail('the number is too large', at);
  return value === 0 ? 0 : value;
}
