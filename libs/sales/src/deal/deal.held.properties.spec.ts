import { DomainError, type WrittenUnion } from '@voronka/kernel';
import fc from 'fast-check';
import { recorded } from '../../../kernel/src/testing.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { commandOn, NOW, type Sender } from '../testing/deal-scene.js';
import type { DealCommand } from './deal.commands.js';
import { dealDecider } from './deal.decider.js';
import type { DealEvent } from './deal.events.js';
import { standingOf } from './deal.standing.js';
import { type DealState, initialDeal } from './deal.state.js';

type Move = readonly [type: DealCommand['type'], body: object];
type Log = readonly WrittenUnion<DealEvent>[];

const HEAD: Sender = { person: 'orlova', roles: ['head'] };
const reason = 'because';
const visit = fc.constantFrom('v-1', 'v-2');
const done = { performedBy: 'ivanova' };
const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: visit.map((activityId): Move => ['RecordActivity', { activityId, kind: 'visit', ...done }]) },
  { weight: 4, arbitrary: visit.map((activityId): Move => ['VoidActivity', { activityId, reason }]) },
  { weight: 1, arbitrary: visit.map((activityId): Move => ['CorrectActivity', { activityId, kind: 'call', reason }]) },
  {
    weight: 4,
    arbitrary: visit.map((activityId): Move => ['CorrectActivity', { activityId, happenedAt: 'now', reason }]),
  },
  {
    weight: 6,
    arbitrary: fc.constant<Move>(['CompleteStep', { step: 'survey', answers: { surveyedOn: '2009-08-10' }, ...done }]),
  },
  { weight: 2, arbitrary: fc.constant<Move>(['VoidStep', { step: 'survey', reason }]) },
  { weight: 1, arbitrary: fc.constant<Move>(['ReturnDeal', { toStep: 'survey', reason }]) },
  {
    weight: 2,
    arbitrary: fc.constant<Move>(['SignContract', { number: '1', lines: [{ productId: 'trade', amountKopecks: 1 }] }]),
  },
  { weight: 1, arbitrary: fc.constant<Move>(['VoidContract', { contractId: 'd1:1', reason, dealBecomes: 'open' }]) },
);
/** All of the way but the survey, which asks for a visit. */
const FIRST: readonly Move[] = [
  ['OpenDeal', { customerId: 'volga-tools', routeMapId: 'automation', ownerId: 'ivanova' }],
  ['CompleteStep', { step: 'first-contact', ...done }],
  ['CompleteStep', { step: 'questionnaire', answers: { office: 'large' }, ...done }],
  ['CompleteStep', { step: 'analysis', ...done }],
  ['VerifyStep', { step: 'analysis', accepted: true }],
  ['CompleteStep', { step: 'proposal', ...done }],
];

/** Visits that stand at an instant, told from the events alone. */
function visitsBy(log: Log, instant: string): number {
  const visits = new Map<string, string>();
  for (const { type, data, eventId, metadata } of log) {
    if (type === 'ActivityRecorded') visits.set(eventId, metadata.occurredAt);
    if (type === 'ActivityCorrected' && data.kind === 'visit') visits.set(data.recordingId, data.happenedAt);
    if (type === 'ActivityVoided' || (type === 'ActivityCorrected' && data.kind !== 'visit'))
      visits.delete(data.recordingId);
  }
  return [...visits.values()].filter((at) => at <= instant).length;
}

describe('the evidence of steps, by any sequence of commands', () => {
  it('bug: contracts were signed on a mandatory step whose evidence had been taken away', () => {
    const seen = { signed: 0, refused: 0, taken: 0 };
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 40, size: 'max' }), (moves) => {
        let log: Log = [];
        let state: DealState = initialDeal();
        for (const [index, [type, body]] of [...FIRST, ...moves].entries()) {
          const now = new Date(Date.parse(NOW) + index * 60_000).toISOString();
          const said = 'happenedAt' in body ? { ...body, happenedAt: now } : body;
          const { command, context } = commandOn(type, said, state, { ...HEAD, now });
          try {
            const events = dealDecider.decide(command, state, context);
            const told = recorded(events, { stream: 'deal-d1', occurredAt: now, fromRevision: log.length });
            log = [...log, ...told];
            state = told.reduce((before, event) => dealDecider.evolve(before, event), state);
            if (type === 'VoidActivity') seen.taken += told.length;
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            if (error.code === 'EVIDENCE_NEEDED') seen.refused += 1;
            continue;
          }
          if (type !== 'SignContract') continue;
          seen.signed += 1;
          const survey = standingOf(state, exampleRouteMap, 'survey').done;
          expect(visitsBy(log, survey?.occurredAt ?? '')).toBeGreaterThan(0);
        }
      }),
      { numRuns: 200, seed: 20_090_803 },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(50);
  });
});
