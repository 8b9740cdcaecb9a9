import { type Decided, DomainError, type WrittenUnion } from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import fc from 'fast-check';
import { routeMapDecider } from '../route-map/route-map.decider.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { routeMapFaults } from '../route-map/route-map.faults.js';
import { commandOn, OPENED_AT, type Sender } from '../testing/deal-scene.js';
import { published, stateOf, world } from '../testing/world.js';
import type { DealCommand } from './deal.commands.js';
import { dealDecider } from './deal.decider.js';
import type { DealEvent } from './deal.events.js';
import { initialDeal } from './deal.state.js';

type Log = readonly WrittenUnion<DealEvent>[];
/** The version that deals are opened on, and the one that they may be moved to. */
type Maps = readonly [RouteMapDocument, RouteMapDocument];
type Move = readonly [type: DealCommand['type'], body: object, sender: Sender];

const CODES = ['a', 'b', 'c', 'd', 'e'] as const;
const IVANOVA: Sender = {};
const ORLOVA: Sender = { person: 'orlova', roles: ['head'] };

/** Random maps: each step may wait for some of the steps before it, be mandatory, be a bar, ask for verification. */
const mapOf = (codes: readonly string[]): fc.Arbitrary<RouteMapDocument> =>
  fc
    .tuple(
      ...codes.map((code, index) =>
        fc.record({
          code: fc.constant(code),
          after: fc.subarray(codes.slice(0, index)),
          mandatory: fc.boolean(),
          bar: fc.boolean(),
          verified: fc.boolean(),
        }),
      ),
    )
    .map((drafts) => ({
      ...exampleRouteMap,
      steps: drafts.map(({ code, after, mandatory, bar, verified }, index): StepDefinition => ({
        code,
        name: code,
        stage: 'offer',
        kind: 'other',
        mandatory,
        after,
        roles: [],
        form: [],
        ...(bar || index === 0 ? { funnelRank: index + 1 } : {}),
        ...(verified ? { verification: { role: 'head' } } : {}),
      })),
    }));

/** Any map, and a newer version of it that may drop steps and order the others in any way. */
const anyMaps: fc.Arbitrary<Maps> = fc.tuple(
  mapOf(CODES),
  fc.shuffledSubarray([...CODES], { minLength: 1 }).chain(mapOf),
);

const step = fc.constantFrom(...CODES);
const reason = 'because';
const move = (type: DealCommand['type'], body: fc.Arbitrary<object>, sender: Sender = IVANOVA): fc.Arbitrary<Move> =>
  body.map((plain) => [type, plain, sender]);
const contract = { number: '1', lines: [{ productId: 'trade', amountKopecks: 100 }] };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 12,
    arbitrary: move(
      'CompleteStep',
      step.map((code) => ({ step: code })),
    ),
  },
  {
    weight: 6,
    arbitrary: move(
      'VerifyStep',
      step.map((code) => ({ step: code, accepted: true })),
      ORLOVA,
    ),
  },
  {
    weight: 1,
    arbitrary: move(
      'VerifyStep',
      step.map((code) => ({ step: code, accepted: false, reason })),
      ORLOVA,
    ),
  },
  {
    weight: 2,
    arbitrary: move(
      'SkipStep',
      step.map((code) => ({ step: code, reason })),
      ORLOVA,
    ),
  },
  {
    weight: 1,
    arbitrary: move(
      'ReturnDeal',
      step.map((toStep) => ({ toStep, reason })),
    ),
  },
  {
    weight: 1,
    arbitrary: move(
      'VoidStep',
      step.map((code) => ({ step: code, reason })),
      ORLOVA,
    ),
  },
  { weight: 1, arbitrary: move('LoseDeal', fc.constant({ lossReason: 'price' })) },
  { weight: 2, arbitrary: move('ReopenDeal', fc.constant({ reason })) },
  { weight: 4, arbitrary: move('SignContract', fc.constant(contract)) },
  { weight: 1, arbitrary: move('RecordActivity', fc.constant({ kind: 'call' })) },
  { weight: 1, arbitrary: move('MigrateDeal', fc.constant({ toVersion: 2, reason }), ORLOVA) },
);

const opening: Move = [
  'OpenDeal',
  { customerId: 'volga-tools', routeMapId: 'automation', routeMapVersion: 1 },
  IVANOVA,
];

/** Plays moves; what is refused leaves the log as it was. Anything but a refusal of the domain fails the test. */
function played([first, second]: Maps, moves: readonly Move[]): Log {
  const versions = [published(first), published(second, 2)];
  const states = new Map([...world, ['routeMap-automation', stateOf(routeMapDecider, versions)]]);
  let log: Log = [];
  for (const [type, body, sender] of [opening, ...moves]) {
    const state = log.reduce((before, event) => dealDecider.evolve(before, event), initialDeal());
    const { command, context } = commandOn(type, body, state, { ...sender, world: states });
    log = [
      ...log,
      ...entered(
        decidedOrRefused(() => dealDecider.decide(command, state, context)),
        log.length,
      ),
    ];
  }
  return log;
}

function entered(events: readonly Decided<DealEvent>[], fromRevision: number): Log {
  return recorded(events, { stream: 'deal-d1', occurredAt: OPENED_AT, fromRevision });
}

function decidedOrRefused(decide: () => readonly Decided<DealEvent>[]): readonly Decided<DealEvent>[] {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) return [];
    throw error;
  }
}

/** Everything that must be done again after a return, told from the map once more and in another way. */
function laterSteps(map: RouteMapDocument, target: string): ReadonlySet<string> {
  const rank = map.steps.find(({ code }) => code === target)?.funnelRank ?? Infinity;
  const later = new Set(map.steps.filter(({ funnelRank = -1 }) => funnelRank > rank).map(({ code }) => code));
  for (const { code, after } of map.steps) {
    // Steps stand in an order in which everything comes behind what it waits for: one pass is enough.
    if (after.some((earlier) => earlier === target || later.has(earlier))) later.add(code);
  }
  return later;
}

/** The version of the map that a deal follows after a log. */
function mapAfter([first, second]: Maps, log: Log): RouteMapDocument {
  return log.some(({ type }) => type === 'DealMigrated') ? second : first;
}

/** Was the step done (and accepted) or skipped in this log, and not undone by a void or a return since? */
function satisfied(maps: Maps, log: Log, code: string): boolean {
  return log.some((event, index) => {
    const since = log.slice(index + 1);
    const back = since.some(({ type, data }, more) => {
      const then = mapAfter(maps, log.slice(0, index + 1 + more));
      return type === 'DealReturned' && laterSteps(then, data.toStep).has(code);
    });
    if (back) return false;
    if (event.type === 'StepSkipped') return event.data.step === code;
    if (event.type !== 'StepCompleted' || event.data.step !== code) return false;
    const about = since.filter(({ data }) => 'completionId' in data && data.completionId === event.eventId);
    const accepted = !event.data.awaitsVerification || about.some(({ type }) => type === 'StepVerified');
    return accepted && !about.some(({ type }) => type === 'StepVoided' || type === 'StepReturned');
  });
}

describe('whatever is tried on whatever map', () => {
  const play = fc.tuple(anyMaps, fc.array(anyMove, { maxLength: 80, size: 'max' }));

  it('the random maps are maps', () => {
    fc.assert(fc.property(anyMaps, (maps) => expect(maps.map((map) => routeMapFaults(map))).toEqual([[], []])));
  });

  it('no deal is signed while a mandatory step is missing', () => {
    let [signed, moved] = [0, 0];
    fc.assert(
      fc.property(play, ([maps, moves]) => {
        const log = played(maps, moves);
        log.forEach((event, index) => {
          if (event.type !== 'ContractSigned') return;
          const before = log.slice(0, index);
          const map = mapAfter(maps, before);
          signed += 1;
          if (map === maps[1]) moved += 1;
          const mandatory = map.steps.filter((candidate) => candidate.mandatory).map(({ code }) => code);
          expect(mandatory.filter((code) => !satisfied(maps, before, code))).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
    expect(signed).toBeGreaterThan(30);
    expect(moved).toBeGreaterThan(10);
  });

  it('nothing that a return undid is brought back by a move to a map that drops or reorders steps', () => {
    const walk: readonly Move[] = CODES.flatMap((code): Move[] => [
      ['CompleteStep', { step: code }, IVANOVA],
      ['VerifyStep', { step: code, accepted: true }, ORLOVA],
    ]);
    const back = step.map((toStep): Move => ['ReturnDeal', { toStep, reason }, IVANOVA]);
    const on: readonly Move[] = [
      ['MigrateDeal', { toVersion: 2, reason }, ORLOVA],
      ['SignContract', contract, IVANOVA],
    ];
    const [seen, undone] = [new Set<boolean>(), { count: 0 }];
    fc.assert(
      fc.property(anyMaps, back, (maps, goBack) => {
        const log = played(maps, [...walk, goBack, ...on]);
        const before = log.filter(({ type }) => type !== 'ContractSigned');
        const missing = maps[1].steps.filter(({ mandatory, code }) => mandatory && !satisfied(maps, before, code));
        undone.count += missing.length;
        seen.add(before.length < log.length);
        expect(before.length < log.length).toBe(missing.length === 0);
      }),
      { numRuns: 400 },
    );
    expect([seen.size, undone.count > 30]).toEqual([2, true]);
  });

  it('no step is done while one that it waits for is missing', () => {
    let waited = 0;
    fc.assert(
      fc.property(play, ([maps, moves]) => {
        const log = played(maps, moves);
        log.forEach((event, index) => {
          if (event.type !== 'StepCompleted') return;
          const before = log.slice(0, index);
          const after = mapAfter(maps, before).steps.find(({ code }) => code === event.data.step)?.after ?? [];
          waited += after.length;
          expect(after.filter((code) => !satisfied(maps, before, code))).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
    expect(waited).toBeGreaterThan(60);
  });

  it('nobody accepts his own work, and nothing follows a contract but what may', () => {
    fc.assert(
      fc.property(play, ([maps, moves]) => {
        const log = played(maps, moves);
        const closing = log.findIndex(({ type }) => type === 'ContractSigned');
        const after = closing < 0 ? [] : log.slice(closing + 1).map(({ type }) => type);
        expect(after.filter((type) => !['ActivityRecorded', 'StepVerified', 'StepReturned'].includes(type))).toEqual(
          [],
        );
        for (const event of log) {
          if (event.type !== 'StepVerified') continue;
          const done = log.find(({ eventId }) => eventId === event.data.completionId);
          expect(done?.type === 'StepCompleted' && done.data.performedBy).not.toBe(event.data.verifiedBy);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('the log folds in any order, whole or in part, without an error', () => {
    fc.assert(
      fc.property(
        play.chain(([maps, moves]) => fc.shuffledSubarray([...played(maps, moves)])),
        (events) => {
          expect(() => events.reduce((state, event) => dealDecider.evolve(state, event), initialDeal())).not.toThrow();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is decided again in the same way from the same log', () => {
    fc.assert(
      fc.property(play, ([maps, moves]) => expect(played(maps, moves)).toEqual(played(maps, moves))),
      { numRuns: 50 },
    );
  });
});
