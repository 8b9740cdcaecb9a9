import { DomainError } from '@voronka/kernel';
import fc from 'fast-check';
import type { FormField } from './form.document.js';
import { type AnswerFault, sortedAnswers } from './form-answers.js';

function faultsOf(field: Partial<FormField>, answers: object): readonly AnswerFault[] {
  const form = [{ code: 'f', name: 'Field', type: 'text' as const, required: false, ...field }];
  try {
    sortedAnswers('step', form, answers);
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(error).toMatchObject({ kind: 'rule', code: 'FORM_INVALID' });
    return error.data['faults'] as AnswerFault[];
  }
}

const fault = (field: Partial<FormField>, value: unknown): string | null =>
  faultsOf(field, { f: value })[0]?.code ?? null;
const options = ['small', 'large', 'unknown'].map((code) => ({ code, name: code }));

describe('answers to a form', () => {
  it.each<[Partial<FormField>, unknown, string | null]>([
    [{ type: 'text' }, 'any words', null],
    [{ type: 'text' }, 5, 'ANSWER_TYPE'],
    [{ type: 'text' }, 'a\u0000b', 'ANSWER_TYPE'],
    [{ type: 'text' }, '\ud800', 'ANSWER_TYPE'],
    [{ type: 'text', maximum: 3 }, 'four', 'ANSWER_LIMIT'],
    [{ type: 'text' }, 'x'.repeat(4001), 'ANSWER_LIMIT'],
    [{ type: 'text', required: true }, '  ', 'ANSWER_MISSING'],
    [{ type: 'number' }, 1.5, null],
    [{ type: 'number' }, '1.5', 'ANSWER_TYPE'],
    [{ type: 'number', minimum: 1 }, 0.99, 'ANSWER_LIMIT'],
    [{ type: 'number', maximum: 5 }, 5, null],
    [{ type: 'number', maximum: 5 }, 6, 'ANSWER_LIMIT'],
    [{ type: 'money' }, 100, null],
    [{ type: 'money' }, 100.5, 'ANSWER_TYPE'],
    [{ type: 'money' }, 2 ** 53, 'ANSWER_TYPE'],
    [{ type: 'money' }, -1, 'ANSWER_LIMIT'],
    [{ type: 'date' }, '2009-08-01', null],
    [{ type: 'date' }, '2009-02-29', 'ANSWER_TYPE'],
    [{ type: 'yesNo' }, false, null],
    [{ type: 'yesNo' }, 'unknown', null],
    [{ type: 'yesNo' }, 'no', 'ANSWER_TYPE'],
    [{ type: 'choice', options }, 'small', null],
    [{ type: 'choice', options }, 'unknown', null],
    [{ type: 'choice', options }, 'huge', 'OPTION_UNKNOWN'],
    [{ type: 'choice', options }, ['small'], 'ANSWER_TYPE'],
    [{ type: 'choices', options }, ['small', 'large'], null],
    [{ type: 'choices', options }, ['unknown'], null],
    [{ type: 'choices', options }, ['small', 'unknown'], 'UNKNOWN_WITH_OTHERS'],
    [{ type: 'choices', options }, ['small', 'small'], 'ANSWER_TYPE'],
    [{ type: 'choices', options }, ['small', 'huge'], 'OPTION_UNKNOWN'],
    [{ type: 'choices', options }, 'small', 'ANSWER_TYPE'],
    [{ type: 'choices', options, required: true }, [], 'ANSWER_MISSING'],
  ])('%j answered with %j: %s', (field, value, expected) => expect(fault(field, value)).toBe(expected));

  it.each<[Partial<FormField>, unknown, string]>([
    [{ type: 'text', maximum: 3 }, 'four', 'a text of at most 3 characters'],
    [{ type: 'number', minimum: 1, maximum: 5 }, 'many', 'a number from 1 to 5'],
    [{ type: 'money' }, 1.5, 'whole kopecks from 0'],
    [{ type: 'date' }, 'today', 'a date such as 2009-08-31'],
    [{ type: 'yesNo' }, 'no', 'true, false or "unknown"'],
    [{ type: 'choice', options }, 'huge', 'one of small, large, unknown'],
    [{ type: 'choices', options }, 'small', 'a list of some of small, large, unknown, each once, "unknown" alone'],
  ])('to %j: whoever answers %j is told what may be answered', (field, value, detail) => {
    expect(faultsOf(field, { f: value })).toMatchObject([{ detail }]);
    expect(faultsOf(field, { F: value })).toMatchObject([{ detail: 'there is no such field here: did you mean f?' }]);
  });

  it('may stay out unless required; null stays out too', () => {
    expect(faultsOf({ required: false }, {})).toEqual([]);
    expect(faultsOf({ required: true }, {})).toMatchObject([{ field: 'f', code: 'ANSWER_MISSING' }]);
    expect(faultsOf({ required: true }, { f: null })).toMatchObject([{ field: 'f', code: 'ANSWER_MISSING' }]);
  });

  it('are of this form: every unknown field is named, and none is echoed that is no code', () => {
    expect(faultsOf({}, { g: 1, 'Пётр Иванов': 'x', toString: 'x' })).toMatchObject([
      { field: 'g', code: 'FIELD_UNKNOWN' },
      { field: '', code: 'FIELD_UNKNOWN' },
      { field: 'toString', code: 'FIELD_UNKNOWN' },
    ]);
  });

  it('are parted into plain and personal ones', () => {
    const form: FormField[] = [
      { code: 'a', name: 'A', type: 'number', required: true },
      { code: 'b', name: 'B', type: 'text', required: false, personal: true },
    ];
    expect(sortedAnswers('s', form, { a: 1, b: 'Sidorov' })).toEqual({
      answers: { a: 1 },
      personalAnswers: { b: 'Sidorov' },
    });
    expect(sortedAnswers('s', form, { a: 1 })).toEqual({ answers: { a: 1 }, personalAnswers: null });
  });

  it('never come back in a refusal, whatever they are', () => {
    fc.assert(
      fc.property(fc.constantFrom('number', 'money', 'date', 'yesNo', 'choice', 'choices'), (type) => {
        const faults = faultsOf({ type, options }, { f: 'passport 4509' });
        expect(faults).toHaveLength(1);
        expect(JSON.stringify(faults)).not.toContain('4509');
      }),
    );
  });
});
