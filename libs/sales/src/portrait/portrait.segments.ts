import type { Answers } from '../shared/answers.js';
import { answerIn, type Condition, evaluate, valueFound } from '../shared/condition.js';
import { ConditionSyntaxError, parseCondition } from '../shared/condition.parser.js';
import type { PortraitDocument, SegmentDefinition } from './portrait.document.js';

const parsed = new WeakMap<SegmentDefinition, Condition | ConditionSyntaxError | null>();

/** The rule of a segment, read once; null: it has none. An error stands for a text that is no condition. */
export function ruleOf(segment: SegmentDefinition): Condition | ConditionSyntaxError | null {
  const known = parsed.get(segment);
  if (known !== undefined) return known;
  const made = segment.rule === undefined ? null : readRule(segment.rule);
  parsed.set(segment, made);
  return made;
}

function readRule(text: string): Condition | ConditionSyntaxError {
  try {
    return parseCondition(text);
  } catch (error) {
    if (error instanceof ConditionSyntaxError) return error;
    throw error;
  }
}

/** The first segment whose rule holds; null for none. What is not known decides for no segment. */
export function segmentByRule({ segments }: PortraitDocument, portrait: Answers): string | null {
  const found = segments.find((segment) => {
    const rule = ruleOf(segment);
    if (rule === null || rule instanceof ConditionSyntaxError) return false;
    const { truth } = evaluate(rule, (operand) =>
      valueFound(operand.source === 'portrait' ? answerIn(portrait, operand.field) : null),
    );
    return truth === true;
  });
  return found?.code ?? null;
}
