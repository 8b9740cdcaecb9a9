import type { CellValue, ColumnType } from './definition.js';

/** A value as PostgreSQL reads it from text; null is SQL's null. */
export type CellText = string | null;

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteText(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

/**
 * The text of a value of a column type. Characters that PostgreSQL cannot hold (NUL, halves of surrogate pairs) are
 * replaced, so that no text typed somewhere can stop a projection.
 * @throws TypeError for a value that does not fit the type
 */
export function cellText(value: CellValue | undefined, type: ColumnType): CellText {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'text':
      return typeof value === 'string' ? holdable(value) : misfit(value, type);
    case 'integer':
    case 'smallint':
    case 'bigint':
      return wholeNumber(value, type);
    case 'boolean':
      return typeof value === 'boolean' ? (value ? 't' : 'f') : misfit(value, type);
    case 'uuid':
      return typeof value === 'string' ? value.toLowerCase() : misfit(value, type);
    case 'date':
    case 'timestamptz':
      return typeof value === 'string' ? value : misfit(value, type);
    case 'jsonb':
      return jsonText(value);
    case 'text[]':
      return Array.isArray(value) ? arrayText(value.map((item) => textItem(item))) : misfit(value, type);
    default:
      return misfit(value, type satisfies never);
  }
}

let last = { value: 0n, text: '0' };

function wholeNumber(value: CellValue, type: ColumnType): string {
  if (typeof value === 'bigint') {
    // The rows that one event gives share its position.
    if (last.value !== value) last = { value, text: value.toString() };
    return last.text;
  }
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value.toString();
  // Positions are kept as text in the JSON states of folds.
  if (typeof value === 'string' && /^-?(0|[1-9]\d*)$/.test(value)) return value;
  return misfit(value, type);
}

function textItem(item: unknown): string {
  return typeof item === 'string' ? holdable(item) : misfit(item, 'text[]');
}

function misfit(value: unknown, type: string): never {
  throw new TypeError(`a value of type ${Array.isArray(value) ? 'array' : typeof value} does not fit a ${type} column`);
}

const ODD_CHARACTER = /[\0\ud800-\udfff]/;

function holdable(text: string): string {
  if (!ODD_CHARACTER.test(text)) return text;
  return Buffer.from(text.replaceAll('\0', '\ufffd'), 'utf8').toString('utf8');
}

function jsonText(value: CellValue): string {
  const text = typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
  return /\\u(0000|d[89a-f])/i.test(text) ? JSON.stringify(holdableJson(JSON.parse(text))) : text;
}

function holdableJson(value: unknown): unknown {
  if (typeof value === 'string') return holdable(value);
  if (Array.isArray(value)) return value.map(holdableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [holdable(key), holdableJson(member)]));
}

/** A PostgreSQL array literal of texts. */
export function arrayText(items: readonly CellText[]): string {
  let text = '{';
  for (const [index, item] of items.entries()) {
    if (index > 0) text += ',';
    text += item === null ? 'NULL' : `"${/["\\]/.test(item) ? item.replace(/["\\]/g, '\\$&') : item}"`;
  }
  return `${text}}`;
}

const COPY_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** SQL's null in COPY's text format. */
export const NULL_TEXT = '\\N';

/** A value inside a line of COPY's text format. */
export function copyText(cell: CellText): string {
  if (cell === null) return NULL_TEXT;
  return /[\\\n\r\t]/.test(cell) ? cell.replace(/[\\\n\r\t]/g, (found) => COPY_ESCAPES[found] ?? found) : cell;
}
