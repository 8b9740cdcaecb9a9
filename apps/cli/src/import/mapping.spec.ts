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

  it('that is no YAML says so', () => {
    expect(faultsOf('a: [b')).toEqual([expect.stringMatching(/^not readable as YAML/)]);
  });
});
