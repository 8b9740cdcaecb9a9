import { type Decided, DomainError, type RecordedUnion } from '@voronka/kernel';
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

type Log = readonly RecordedUnion<DealEvent>[];
type Move = readonly [type: DealCommand['type'], body: object, sender: Sender];

const CODES = ['a', 'b', 'c', 'd', 'e'] as const;
const IVANOVA: Sender = {};
const ORLOVA: Sender = { person: 'orlova', roles: ['head'] };

/** Random maps: each step may wait for some of the steps before it, be mandatory, be a bar, ask for verification. */
const anyMap: fc.Arbitrary<RouteMapDocument> = fc
  .tuple(
    ...CODES.map((code, index) =>
      fc.record({
        code: fc.constant(code),
        after: fc.subarray(CODES.slice(0, index)),
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
);

const opening: Move = ['OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation' }, IVANOVA];

/** Plays moves; what is refused leaves the log as it was. Anything but a refusal of the domain fails the test. */
function played(map: RouteMapDocument, moves: readonly Move[]): Log {
  const states = new Map([...world, ['routeMap-automation', stateOf(routeMapDecider, [published(map)])]]);
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

/** Was the step done (and accepted) or skipped in this log, and not undone by a void or a return since? */
function satisfied(map: RouteMapDocument, log: Log, code: string): boolean {
  return log.some((event, index) => {
    const since = log.slice(index + 1);
    const back = since.some(({ type, data }) => type === 'DealReturned' && laterSteps(map, data.toStep).has(code));
    if (back) return false;
    if (event.type === 'StepSkipped') return event.data.step === code;
    if (event.type !== 'StepCompleted' || event.data.step !== code) return false;
    const about = since.filter(({ data }) => 'completionId' in data && data.completionId === event.eventId);
    const accepted = !event.data.awaitsVerification || about.some(({ type }) => type === 'StepVerified');
    return accepted && !about.some(({ type }) => type === 'StepVoided' || type === 'StepReturned');
  });
}

describe('whatever is tried on whatever map', () => {
  const play = fc.tuple(anyMap, fc.array(anyMove, { maxLength: 80, size: 'max' }));

  it('the random maps are maps', () => {
    fc.assert(fc.property(anyMap, (map) => expect(routeMapFaults(map)).toEqual([])));
  });

  it('no deal is signed while a mandatory step is missing', () => {
    let signed = 0;
    fc.assert(
      fc.property(play, ([map, moves]) => {
        const log = played(map, moves);
        log.forEach((event, index) => {
          if (event.type !== 'ContractSigned') return;
          signed += 1;
          const mandatory = map.steps.filter((candidate) => candidate.mandatory).map(({ code }) => code);
          expect(mandatory.filter((code) => !satisfied(map, log.slice(0, index), code))).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
    expect(signed).toBeGreaterThan(30);
  });

  it('no step is done while one that it waits for is missing', () => {
    let waited = 0;
    fc.assert(
      fc.property(play, ([map, moves]) => {
        const log = played(map, moves);
        log.forEach((event, index) => {
          if (event.type !== 'StepCompleted') return;
          const after = map.steps.find(({ code }) => code === event.data.step)?.after ?? [];
          waited += after.length;
          expect(after.filter((code) => !satisfied(map, log.slice(0, index), code))).toEqual([]);
        });
      }),
      { numRuns: 300 },
    );
    expect(waited).toBeGreaterThan(100);
  });

  it('nobody accepts his own work, and nothing follows a contract but what may', () => {
    fc.assert(
      fc.property(play, ([map, moves]) => {
        const log = played(map, moves);
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
      { numRuns: 200 },
    );
  });

  it('the log folds in any order, whole or in part, without an error', () => {
    fc.assert(
      fc.property(
        play.chain(([map, moves]) => fc.shuffledSubarray([...played(map, moves)])),
        (events) => {
          expect(() => events.reduce((state, event) => dealDecider.evolve(state, event), initialDeal())).not.toThrow();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is decided again in the same way from the same log', () => {
    fc.assert(
      fc.property(play, ([map, moves]) => expect(played(map, moves)).toEqual(played(map, moves))),
      { numRuns: 50 },
    );
  });
});
