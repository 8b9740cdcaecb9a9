import { askedFault } from '../form/asked.faults.js';
import { type DocumentFault, formFaults, repeated, type Report } from '../form/form.faults.js';
import { type Asking, askingsOf } from '../shared/condition.js';
import { ConditionSyntaxError } from '../shared/condition.parser.js';
import type { PortraitDocument, SegmentDefinition } from './portrait.document.js';
import { ruleOf } from './portrait.segments.js';

/** Everything wrong with a document, in its order; empty if it can be published. */
export function portraitFaults(document: PortraitDocument): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const report: Report = (pointer, code, detail, at) =>
    faults.push({ pointer, code, detail, ...(at === undefined ? {} : { at }) });
  formFaults(document.fields, '/fields', report);
  repeated(document.segments, '/segments', report);
  document.segments.forEach((segment, index) => ruleFaults(document, segment, `/segments/${index}/rule`, report));
  return faults;
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
