import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { filterOf } from './filters.js';
import { encodeRecord } from './record.js';

type By = 'stream' | 'type';

const stored = (stream: string, type: string): Buffer =>
  encodeRecord(
    {
      id: '7d1ab4b0-7c24-4a2d-8b35-000000000001',
      type,
      json: true,
      data: new Uint8Array(0),
      metadata: new Uint8Array(0),
    },
    { stream, revision: 0, position: 1, createdMs: 0 },
  );

function options(by: By, regex: string, prefixes: readonly string[] = []) {
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  expression.setRegex(regex);
  expression.setPrefixList([...prefixes]);
  const filter = new streams.ReadReq.Options.FilterOptions();
  if (by === 'stream') filter.setStreamIdentifier(expression);
  else filter.setEventType(expression);
  filter.setCheckpointintervalmultiplier(1);
  return filter;
}

describe('a filter', () => {
  it.each([
    ['stream', '', ['deal-'], true],
    ['stream', '', ['person-', 'deal-'], true],
    ['stream', '', ['eal-'], false],
    ['stream', '', ['Deal'], false],
    ['stream', '', [], false],
    ['type', '', ['Deal'], true],
    ['type', '', ['deal-'], false],
    ['stream', '^deal-', [], true],
    ['stream', 'al-1', [], true],
    ['stream', '^[^\\$].*', [], true],
    ['type', 'Opened$', [], true],
    ['type', '^Opened', [], false],
  ] as const)('by %s with the expression %p and the prefixes %p', (by, regex, prefixes, matches) => {
    expect(filterOf(options(by, regex, prefixes)).matches(stored('deal-1', 'DealOpened'))).toBe(matches);
  });

  it('goes by the expression when there are prefixes too', () => {
    const both = filterOf(options('stream', '^person-', ['deal-']));
    expect(both.matches(stored('deal-1', 'T'))).toBe(false);
    expect(both.matches(stored('person-1', 'T'))).toBe(true);
  });

  it('sees whole characters, beyond ASCII and beyond sixteen bits', () => {
    expect(filterOf(options('stream', '^сделка-.$')).matches(stored('сделка-🙂', 'T'))).toBe(true);
    expect(filterOf(options('type', '', ['Сделка'])).matches(stored('s', 'СделкаОткрыта'))).toBe(true);
  });

  it('takes escapes that Unicode expressions do not know', () => {
    expect(filterOf(options('stream', '^deal\\-1$')).matches(stored('deal-1', 'T'))).toBe(true);
  });

  it('tells where it stands after so many events as the window says, 32 unless it says', () => {
    const filter = options('stream', 'x');
    filter.setCount(new shared.Empty());
    filter.setCheckpointintervalmultiplier(3);
    expect(filterOf(filter).checkpointEvery).toBe(96);
    filter.setMax(10);
    expect(filterOf(filter).checkpointEvery).toBe(30);
  });

  it('refuses what cannot be read', () => {
    const neither = new streams.ReadReq.Options.FilterOptions();
    neither.setCheckpointintervalmultiplier(1);
    const never = options('stream', 'x');
    never.setCheckpointintervalmultiplier(0);
    for (const filter of [neither, never, options('stream', '(')]) {
      expect(() => filterOf(filter)).toThrow(expect.objectContaining({ code: 3 }));
    }
  });
});
