import { askedFault } from '../form/asked.faults.js';
import type { FormField } from '../form/form.document.js';
import { type DocumentFault, formFaults, repeated, type Report } from '../form/form.faults.js';
import { type Asking, askingsOf } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import type { PortraitDocument, SegmentDefinition } from './portrait.document.js';
import { ruleOf } from './portrait.segments.js';

/**
 * Everything wrong with a document, in its order; empty if it can be published.
 * @param before the versions before it: answers that were given to a field stay, so it keeps its type and its secrecy
 */
export function portraitFaults(
  document: PortraitDocument,
  before: readonly PortraitDocument[] = [],
): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const report: Report = (pointer, code, detail, at) =>
    faults.push({ pointer, code, detail, ...(at === undefined ? {} : { at }) });
  formFaults(document.fields, '/fields', report);
  document.fields.forEach((field, index) => changeFault(field, before, `/fields/${index}`, report));
  repeated(document.segments, '/segments', report);
  document.segments.forEach((segment, index) => ruleFaults(document, segment, `/segments/${index}/rule`, report));
  return faults;
}

function changeFault(field: FormField, before: readonly PortraitDocument[], pointer: string, report: Report): void {
  const known = before.flatMap(({ fields }) => fields.find(({ code }) => code === field.code) ?? []).at(-1);
  if (known === undefined) return;
  if (known.type !== field.type) {
    report(`${pointer}/type`, 'FIELD_TYPE_CHANGED', `${field.code} was a ${known.type}: choose another code`);
  }
  if ((known.personal ?? false) !== (field.personal ?? false)) {
    const detail = `what was answered to ${field.code} stays as it was kept: choose another code`;
    report(`${pointer}/personal`, 'FIELD_PERSONAL_CHANGED', detail);
  }
}

function ruleFaults(document: PortraitDocument, segment: SegmentDefinition, pointer: string, report: Report): void {
  const rule = ruleOf(segment);
  if (rule === null) return;
  if (rule instanceof ConditionSyntaxError) report(pointer, 'CONDITION_SYNTAX', rule.message, rule.at);
  else {
    const tell = (code: string, detail: string, at: number): void => report(pointer, code, detail, at);
    for (const asking of askingsOf(rule)) askingFault(asking, document, tell);
  }
}

function askingFault(
  asking: Asking,
  { fields }: PortraitDocument,
  tell: (code: string, detail: string, at: number) => void,
): void {
  const { operand } = asking;
  if (operand.source !== 'portrait') {
    tell('RULE_ASKS_ELSEWHERE', 'a segment follows from the portrait alone: ask portrait.<field>', operand.at);
    return;
  }
  const field = fields.find(({ code }) => code === operand.field);
  if (field === undefined) tell('CONDITION_FIELD_UNKNOWN', `the portrait has no field ${operand.field}`, operand.at);
  else askedFault(asking, { type: field.type, field }, tell);
}
