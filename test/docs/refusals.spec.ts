import { refusals } from './refusals.js';

// A refusal names the rule and what to do: the only way to know what comes of 300 of them is to read them all.

const VERBS =
  'add|address|amend|answer|appoint|ask|assign|begin|cancel|check|choose|close|configure|correct|create|define|do|doubt|' +
  'find out|give|go on|have|hire|import|issue|leave|let|look|make|name|open|plan|propose|publish|read|reassign|record|' +
  'register|rename|reopen|repeat|retire|return|revise|revoke|say|see|send|sign|take|tell|transfer|use|void|wait|write';
/** Something to do, at the beginning of a clause. */
const ADVICE = new RegExp(`(^|[:;,] |\\b(and|or|first|then|otherwise) )(${VERBS})\\b`);

describe('a refusal', () => {
  const all = refusals().flatMap(({ place, code, details }) => details.map((detail) => ({ place, code, detail })));

  it('is found wherever the code refuses', () => {
    const codes = new Set(all.map(({ code }) => code));
    expect(all.length).toBeGreaterThan(250);
    for (const code of ['STALE_REVISION', 'DEAL_NOT_FOUND', 'KEY_UNKNOWN', 'READ_MODEL_BEHIND', '…_CLOSED']) {
      expect(codes).toContain(code);
    }
  });

  it('bug: many said what is wrong, and not what to do', () => {
    const silent = all.filter(({ detail }) => !ADVICE.test(detail) && !isPassedOn(detail));
    expect(silent.map(({ place, code, detail }) => `${place} ${code}: ${detail}`)).toEqual([]);
  });
});

/** What others say in their words: the period parser, or the refusal of a part. */
function isPassedOn(detail: string): boolean {
  return detail === '…' || detail.endsWith(': …');
}
