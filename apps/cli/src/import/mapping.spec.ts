import { readFileSync } from 'node:fs';
import path from 'node:path';
import { MappingError, parseMapping } from './mapping.js';

const example = (name: string): string => readFileSync(path.join(__dirname, '../../../../docs/examples', name), 'utf8');

function faultsOf(text: string): readonly string[] {
  try {
    parseMapping(text, 'map.yaml');
  } catch (error) {
    if (error instanceof MappingError) return error.faults;
    throw error;
  }
  return [];
}

describe('a mapping', () => {
  it.each(['bpic2012.yaml', 'maven-crm.yaml'])('%s, an example, can be used', (name) => {
    expect(faultsOf(example(name))).toEqual([]);
  });

  it('is refused with every fault at once, each with its place', () => {
    const faults = faultsOf(
      example('bpic2012.yaml')
        .replace('Europe/Amsterdam', 'Europe/Amsterdm')
        .replace('facts: [{ lost: declined }]', 'facts: [{ lost: refused }]')
        .replace('facts: [{ step: A_SUBMITTED }]', 'facts: [{ step: A_SUBMITED }]')
        .replace('ignore: work was scheduled or begun, not yet done', 'facts: [{ step: A_ACCEPTED, lost: declined }]'),
    );
    expect(faults).toHaveLength(4);
    expect(faults.join('\n')).toMatch(/\/company\/zone: .*Europe\/Amsterdm/);
    expect(faults).toContainEqual(expect.stringMatching(/^\/rules\/0\/facts\/0: names exactly one of/));
    expect(faults).toContainEqual(
      expect.stringMatching(/^\/rules\/1\/facts\/0\/lost: the route map has no loss reason refused/),
    );
    expect(faults).toContainEqual(
      expect.stringMatching(/^\/rules\/\d+\/facts\/0\/step: the route map has no A_SUBMITED/),
    );
  });

  it.each([
    ['a format that there is not', /format: xes/, 'format: xls', /^\/format/],
    ['a word that nobody knows', /format: xes/, 'format: xes\ncolour: red', /^\/colour/],
    ['no id', /^id: bpic2012$/m, '', /^\/id/],
    ['a number for a text', /name: Loan applications/, 'name: 17', /^\/company\/name/],
  ])('with %s names it', (_what, from, to, fault) => {
    expect(faultsOf(example('bpic2012.yaml').replace(from, to))).toContainEqual(expect.stringMatching(fault));
  });

  it.each([
    [
      'a currency that there is not',
      'currency: EUR',
      'currency: EUX',
      '/company/currency: there is no currency EUX; write its ISO 4217 code',
    ],
    [
      'a currency by its sign',
      'currency: EUR',
      'currency: €',
      '/company/currency: must be an ISO 4217 code of three letters: EUR',
    ],
    ['a day that there is not', "'2011-10-01'", "'2011-02-30'", '/employedSince: there is no day 2011-02-30'],
    [
      'a CSV setting for XES',
      'format: xes',
      'format: xes\ncaseColumn: deal',
      '/caseColumn: only a CSV has it; leave it out for XES',
    ],
    [
      'a number where values are texts',
      "{ when: { 'concept:name': A_FINALIZED }",
      "{ when: { 'concept:name': 17 }",
      '/rules/8/when/concept:name: must be text, or a list of texts; write numbers in quotes',
    ],
    [
      'an alias of an alias',
      "field: 'org:resource'",
      "field: 'org:resource'\n  aliases: { a: b, b: c }",
      '/performer/aliases/a: leads to b, which is an alias itself; name the end',
    ],
    [
      'an alias that is a number',
      "field: 'org:resource'",
      "field: 'org:resource'\n  aliases: { a: 1 }",
      '/performer/aliases/a: must be text; write it in quotes',
    ],
    [
      'an alias of itself',
      "field: 'org:resource'",
      "field: 'org:resource'\n  aliases: { a: a }",
      '/performer/aliases/a: is the right spelling already; leave it out',
    ],
    [
      'a step after one that there is not',
      'after: [A_PREACCEPTED]',
      'after: [A_PREACEPTED]',
      expect.stringMatching(/^\/routeMap\/steps\/3\/after.*A_PREACEPTED/),
    ],
    [
      'a step of no stage',
      'stage: decision, kind: contract',
      'stage: decisions, kind: contract',
      '/routeMap/steps/14/stage: there is no stage decisions',
    ],
    [
      'a step without a name',
      'code: O_SENT_BACK, name: Offer sent back,',
      'code: O_SENT_BACK,',
      '/routeMap/steps/8/name: this field is required',
    ],
  ])('with %s says what to do', (_what, from, to, fault) => {
    expect(faultsOf(example('bpic2012.yaml').replace(from, to))).toEqual([fault]);
  });

  it.each([
    ['format: xes', 'fromat: xes', '', 'format', 'fromat'],
    ['position: Loan officer', 'positon: Loan officer', '/performer', 'position', 'positon'],
  ])('with %s written as %s is told both what is there and what is not', (from, to, at, right, wrong) => {
    expect(faultsOf(example('bpic2012.yaml').replace(from, to))).toEqual([
      `${at}/${wrong}: there is no such field here: did you mean ${right}?`,
      `${at}/${right}: this field is required`,
    ]);
  });

  it('is told wrong shapes, wrong codes and a wrong route map in one answer, with what was meant', () => {
    const faults = faultsOf(
      example('bpic2012.yaml')
        .replace('format: xes', 'format: xls')
        .replace('stage: offer, kind: proposal', 'stage: ofer, kind: proposal')
        .replace('facts: [{ step: O_ACCEPTED }]', 'facts: [{ step: O_ACCEPTD }]')
        .replace('Europe/Amsterdam', 'Europe/Amsterdm'),
    );
    expect(faults).toEqual([
      expect.stringMatching(/^\/format: /),
      expect.stringMatching(/^\/company\/zone: .*: did you mean Europe\/Amsterdam\?$/),
      '/rules/15/facts/0/step: the route map has no O_ACCEPTD: did you mean O_ACCEPTED?',
      '/routeMap/steps/7/stage: there is no stage ofer',
    ]);
  });

  it('says where two aliases have one name', () => {
    const twice = example('bpic2012.yaml').replace(
      "field: 'org:resource'",
      "field: 'org:resource'\n  aliases:\n    a: b\n    a: c",
    );
    expect(faultsOf(twice)).toEqual([
      expect.stringMatching(/^not readable as YAML: .*unique.* at line \d+, column \d+$/),
    ]);
  });

  it('that is no YAML says so', () => {
    expect(faultsOf('a: [b')).toEqual([expect.stringMatching(/^not readable as YAML/)]);
  });
});
