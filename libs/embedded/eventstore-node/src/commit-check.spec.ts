import type { Expected, ProposedEvent } from './append-request.js';
import { checkCommit, type StreamView } from './commit-check.js';

const event = (id: string): ProposedEvent => ({
  id,
  type: 'T',
  json: true,
  data: new Uint8Array(0),
  metadata: new Uint8Array(0),
});

/** A log of streams, each a list of event ids; an id is found where it stands last. */
function viewOf(stream: string, log: Readonly<Record<string, readonly string[]>>): StreamView {
  const own = log[stream] ?? [];
  const places = new Map(
    Object.entries(log).flatMap(([name, ids]) => ids.map((id, revision) => [id, { stream: name, revision }] as const)),
  );
  return { current: own.length - 1, idAt: (revision) => own[revision], placeOf: (id) => places.get(id) };
}

const log = { deal: ['a', 'b', 'c'], other: ['x'] };
const check = (expected: Expected, ids: readonly string[], stream = 'deal') =>
  checkCommit({ stream, expected, events: ids.map(event) }, viewOf(stream, log));

const any: Expected = { kind: 'any' };
const exists: Expected = { kind: 'streamExists' };
const none: Expected = { kind: 'noStream' };
const at = (revision: bigint): Expected => ({ kind: 'revision', revision });

const append = { kind: 'append' };
const wrong = { kind: 'wrong' };
const repeat = (revision: number) => ({ kind: 'repeat', revision });

describe('the commit check', () => {
  it.each([
    ['a new id', any, ['d'], append],
    ['no events', any, [], append],
    ['all ids known', any, ['b', 'c'], repeat(2)],
    ['an old part known', any, ['a'], repeat(0)],
    ['a known id, then a new one', any, ['a', 'd'], wrong],
    ['a new id, then a known one', any, ['d', 'a'], append],
    ['an id of another stream', any, ['x'], append],
    ['a known id, then one of another stream', any, ['a', 'x'], wrong],
    ['a new id', exists, ['d'], append],
    ['all ids known', exists, ['c'], repeat(2)],
  ] as const)('at any revision: %s (%o)', (_case, expected, ids, verdict) => {
    expect(check(expected, ids)).toEqual(verdict);
  });

  it.each([
    ['the current revision', at(2n), ['d'], append],
    ['the current revision, and an id that stands there already', at(2n), ['a'], append],
    ['a revision to come', at(3n), ['d'], wrong],
    ['the largest revision there can be', at(2n ** 64n - 1n), ['d'], wrong],
    ['an old revision, and other events behind it', at(0n), ['d'], wrong],
    ['an old revision, and these very events behind it', at(0n), ['b', 'c'], repeat(2)],
    ['an old revision, and this event first behind it', at(0n), ['b'], repeat(1)],
    ['an old revision, and more events than stand behind it', at(0n), ['b', 'c', 'd'], wrong],
    ['an old revision, and the events in another order', at(0n), ['c', 'b'], wrong],
    ['an old revision, and no events', at(0n), [], wrong],
    ['no stream, when there is one', none, ['d'], wrong],
    ['no stream, when it began so', none, ['a', 'b'], repeat(1)],
  ] as const)('at %s', (_case, expected, ids, verdict) => {
    expect(check(expected, ids)).toEqual(verdict);
  });

  it('knows what a stream that is not there allows', () => {
    expect(check(none, ['d'], 'new')).toEqual(append);
    expect(check(any, ['d'], 'new')).toEqual(append);
    expect(check(at(0n), ['d'], 'new')).toEqual(wrong);
    expect(check(exists, ['d'], 'new')).toEqual(wrong);
  });
});
