import { isLocalDate } from '@voronka/kernel';
import { UNKNOWN } from '../shared/answers.js';
import type { Asking, Literal } from '../shared/condition.js';
import type { FieldType, FormField } from './form.document.js';

/** What an operand of a condition is; `any` where nobody has described it. */
export interface OperandType {
  readonly type: FieldType | 'any';
  readonly field?: FormField;
}

type Tell = (code: string, detail: string, at: number) => void;

/** What is wrong with asking so about a value of this type. */
export function askedFault(asking: Asking, type: OperandType, tell: Tell): void {
  if (type.field?.personal === true) {
    const detail = 'personal answers can be erased: ask for a field that is not';
    tell('CONDITION_FIELD_PERSONAL', detail, asking.operand.at);
    return;
  }
  const fault = typeFault(asking, type.type);
  if (fault !== null) tell('CONDITION_TYPE', fault.detail, fault.at);
  else for (const literal of literalsOf(asking)) optionFault(literal, type, tell);
}

function literalsOf(asking: Asking): readonly Literal[] {
  if (asking.kind === 'known') return [];
  return asking.kind === 'in' ? asking.literals : [asking.literal];
}

function optionFault({ value, at }: Literal, { field }: OperandType, tell: Tell): void {
  if (field?.options === undefined) return;
  if (value === UNKNOWN) tell('CONDITION_ON_UNKNOWN', 'unknown is no value: write is known, or is not known', at);
  else if (!field.options.some(({ code }) => code === value)) {
    tell('CONDITION_OPTION_UNKNOWN', `${field.code} does not offer ${String(value)}`, at);
  }
}

const ORDERED: ReadonlySet<FieldType | 'any'> = new Set(['number', 'money', 'date', 'any']);

function typeFault(asking: Asking, type: FieldType | 'any'): { detail: string; at: number } | null {
  const { at } = asking.operand;
  if (asking.kind === 'known') return null;
  const list = type === 'choices';
  if (asking.kind === 'has' && !list && type !== 'any') return { detail: 'only a list has something: use =', at };
  if (asking.kind !== 'has' && list) return { detail: 'ask a list what it has: has or is known', at };
  const ordering = asking.kind === 'compare' && asking.operator !== '=' && asking.operator !== '!=';
  if (ordering && !ORDERED.has(type)) return { detail: `a ${type} is neither less nor more: use = or !=`, at };
  const misfit = literalsOf(asking).find(({ value }) => !fits(value, asking.kind === 'has' ? 'text' : type, ordering));
  return misfit === undefined ? null : { detail: `this is not what a ${type} compares with`, at: misfit.at };
}

function fits(value: Literal['value'], wanted: FieldType | 'any', ordering: boolean): boolean {
  switch (wanted) {
    case 'text':
    case 'choice':
    case 'choices':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'money':
      return Number.isSafeInteger(value);
    case 'date':
      return typeof value === 'string' && isLocalDate(value);
    case 'yesNo':
      return typeof value === 'boolean';
    case 'any':
      return !ordering || typeof value === 'number' || (typeof value === 'string' && isLocalDate(value));
    default:
      wanted satisfies never;
      return false;
  }
}
