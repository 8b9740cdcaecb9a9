import { msToInstant } from '@voronka/kernel';
import type { FormField, RouteMapDocument, StepDefinition } from '@voronka/sales';
import fc from 'fast-check';
import { routeMapFaults } from '../../../libs/sales/src/route-map/route-map.faults.js';
import type { Department, Told } from './department.js';

const CODES = ['a', 'b', 'c', 'd', 'e'] as const;
const KINDS = ['contact', 'gathering', 'meeting', 'proposal', 'contract'] as const;
const HOUR_MS = 3_600_000;
const form: readonly FormField[] = [{ code: 'f', name: 'F', type: 'yesNo', required: true }];

/**
 * Random maps of five steps: a step may wait for earlier ones, hang on the answer of an earlier one, be optional, be
 * accepted by a head, ask for a call, have a norm. All but the first may be no bar.
 */
const anyMap: fc.Arbitrary<RouteMapDocument> = fc
  .tuple(
    ...CODES.map((code, index) =>
      fc.record({
        code: fc.constant(code),
        kind: fc.constant(KINDS[index] ?? 'other'),
        after: fc.subarray(CODES.slice(0, index)),
        mandatory: fc.boolean(),
        bar: fc.boolean(),
        verified: fc.nat(3).map((dice) => dice === 0),
        norm: fc.option(fc.integer({ min: 1, max: 120 })),
        called: fc.nat(5).map((dice) => dice === 0),
        when:
          index === 0
            ? fc.constant(null)
            : fc.option(
                fc
                  .tuple(fc.constantFrom(...CODES.slice(0, index)), fc.constantFrom('yes', 'no'))
                  .map(([on, wanted]) => `answers.${on}.f = ${wanted}`),
                { freq: 2 },
              ),
      }),
    ),
  )
  .map((drafts) => ({
    name: 'Random',
    purpose: 'sale' as const,
    stages: [{ code: 'way', name: 'Way' }],
    lossReasons: [
      { code: 'price', name: 'Too dear', countsAsLoss: true },
      { code: 'duplicate', name: 'Entered twice', countsAsLoss: false },
    ],
    steps: drafts.map(({ code, kind, after, mandatory, bar, verified, norm, called, when }, index): StepDefinition => ({
      ...{ code, name: code, stage: 'way', kind, mandatory, after, roles: [], form },
      ...(bar || index === 0 ? { funnelRank: index + 1 } : {}),
      ...(when === null ? {} : { when }),
      ...(norm === null ? {} : { normWorkingHours: norm }),
      ...(verified ? { verification: { role: 'head' } } : {}),
      ...(called ? { evidence: [{ kind: 'call', count: 1 }] } : {}),
    })),
  }))
  .filter((map) => routeMapFaults(map).length === 0);

/** What is tried, and how often beside the others. */
const ACTS = {
  ...{ complete: 26, accept: 4, sendBack: 1, skip: 2, return: 2, lose: 1, reopen: 4, sign: 9, pay: 1 },
  ...{ reassign: 1, record: 6, voidStep: 1, correctStep: 1, correctAnswers: 1, voidActivity: 1, correctActivity: 1 },
  ...{ voidContract: 1, assignSegment: 1, describe: 1, transfer: 1, plan: 6, reschedule: 1, cancel: 1, carryOut: 6 },
} as const;
type Act = keyof typeof ACTS;

/** One thing that is tried: what, how long after the one before, and some choices. */
interface Move {
  readonly act: Act;
  readonly deal: number;
  readonly step: (typeof CODES)[number];
  readonly choice: number;
  /** Hours since the move before. */
  readonly later: number;
  /** Hours by which it is entered late. */
  readonly back: number;
}

const weighted = Object.entries(ACTS).map(([act, weight]) => ({ weight, arbitrary: fc.constant(act as Act) }));

const anyMove: fc.Arbitrary<Move> = fc.record({
  act: fc.oneof(...weighted),
  deal: fc.nat(2),
  step: fc.constantFrom(...CODES),
  choice: fc.nat(11),
  later: fc.integer({ min: 0, max: 20 }),
  back: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }),
});

/** A map, and what is tried on three deals that follow it. */
export interface Play {
  readonly map: RouteMapDocument;
  readonly moves: readonly Move[];
}

export const anyPlay: fc.Arbitrary<Play> = fc.record({
  map: anyMap,
  moves: fc.array(anyMove, { minLength: 60, maxLength: 160, size: 'max' }),
});

/** What came of a play. */
export interface Played {
  readonly routeMap: string;
  /** Codes of the refusals, by command type. */
  readonly refused: readonly string[];
  /** Refused commands after which the log was longer. */
  readonly grownByRefusals: readonly string[];
  readonly accepted: number;
}

let plays = 0;

/** Publishes the map under a name of its own and plays the moves; refusals are part of it. */
export async function play(department: Department, { map, moves }: Play): Promise<Played> {
  plays += 1;
  const routeMap = `map-${plays}`;
  const { clock, stores, send } = department;
  // Weeks apart, so that each play has months of its own.
  clock.ms += 24 * 14 * HOUR_MS;
  await send({ category: 'routeMap', id: routeMap, type: 'PublishRouteMap', body: { ...map } });
  const refused: string[] = [];
  const grownByRefusals: string[] = [];
  let accepted = 0;
  let number = 0;
  let end = await stores.log.end();
  const attempt = async (told: Told): Promise<void> => {
    const refusal = await send(told);
    const before = end;
    end = await stores.log.end();
    if (refusal === null) accepted += 1;
    else refused.push(`${told.type} ${refusal}`);
    if (refusal !== null && end !== before) grownByRefusals.push(`${told.type} ${refusal}`);
  };
  for (const id of [0, 1, 2].map((deal) => `${routeMap}-d${deal}`)) await attempt(opening(id, routeMap));
  for (const move of moves) {
    number += 1;
    clock.ms += move.later * HOUR_MS;
    await attempt(toldOf(move, { id: `${routeMap}-d${move.deal}`, number, ms: clock.ms }));
  }
  return { routeMap, refused, grownByRefusals, accepted };
}

function opening(id: string, routeMapId: string): Told {
  const last = Number(id.at(-1));
  const body = {
    ...{ customerId: last === 1 ? 'c2' : 'c1', routeMapId, ownerId: ['anna', 'boris', 'vera'][last] },
    ...(last === 2 ? {} : { source: ['website', 'fair'][last] }),
    lines: [{ productId: last === 0 ? 'p1' : 'p2', amountKopecks: 100_000 * (last + 1) }],
  };
  return { category: 'deal', id, type: 'OpenDeal', body, person: 'olga', role: 'head' };
}

interface Scene {
  readonly id: string;
  /** Of the move in the play, from 1. */
  readonly number: number;
  readonly ms: number;
}

const reason = 'because';

function toldOf(move: Move, scene: Scene): Told {
  const { act, choice, back } = move;
  if (act === 'assignSegment') {
    const body = { segment: choice % 2 === 0 ? 'small' : 'large' };
    return { category: 'customer', id: `c${1 + (choice % 2)}`, type: 'AssignSegment', body };
  }
  if (act === 'describe') {
    const body = { portrait: { size: choice % 3 === 0 ? 'big' : 'tiny' }, occurredAt: msToInstant(scene.ms) };
    return { category: 'customer', id: `c${1 + (choice % 2)}`, type: 'DescribeCustomer', body };
  }
  if (act === 'transfer') {
    const body = {
      departmentId: choice % 2 === 0 ? 'north' : 'south',
      effectiveOn: msToInstant(scene.ms).slice(0, 10),
    };
    return { category: 'employee', id: 'boris', type: 'TransferEmployee', body: { ...body, position: 'Seller' } };
  }
  const [type, said] = WORDS[act](move, scene);
  const body = { ...said, occurredAt: msToInstant(scene.ms - back * HOUR_MS) };
  const byManager = choice === 0 && type !== 'VerifyStep';
  const sender = byManager
    ? ({ person: 'anna', role: 'manager' } as const)
    : ({ person: 'olga', role: 'head' } as const);
  return { category: 'deal', id: scene.id, type, body, ...sender };
}

type Said = readonly [type: string, body: object];
const sellers = ['anna', 'boris', 'vera', 'robot'] as const;
const seller = (choice: number): string => sellers[choice % sellers.length] ?? 'anna';
const contractOf = ({ choice }: Move, { id }: Scene): string => `${id}-k${choice % 2}`;
const activityOf = ({ id, number }: Scene): string => `${id}-a${number % 8}`;
const planOf = ({ id, number }: Scene): string => `${id}-plan${number % 6}`;
const aheadOf = (choice: number, { ms }: Scene): string => msToInstant(ms + (1 + choice * 20) * HOUR_MS);
const truthOf = ({ choice }: Move, { ms }: Scene): string => msToInstant(ms - choice * 4 * HOUR_MS);

const WORDS: Readonly<
  Record<Exclude<Act, 'assignSegment' | 'describe' | 'transfer'>, (move: Move, scene: Scene) => Said>
> = {
  complete: ({ step, choice }) => {
    const f = choice === 11 ? 'unknown' : choice % 2 === 0;
    return ['CompleteStep', { step, answers: { f }, performedBy: seller(choice) }];
  },
  accept: ({ step }) => ['VerifyStep', { step, accepted: true }],
  sendBack: ({ step }) => ['VerifyStep', { step, accepted: false, reason }],
  skip: ({ step }) => ['SkipStep', { step, reason }],
  return: ({ step }) => ['ReturnDeal', { toStep: step, reason }],
  lose: ({ choice }) => ['LoseDeal', { lossReason: choice % 4 === 0 ? 'duplicate' : 'price' }],
  reopen: () => ['ReopenDeal', { reason }],
  sign: (move, scene) => {
    const contractId = contractOf(move, scene);
    const line = { productId: move.choice % 3 === 0 ? 'p1' : 'p2', amountKopecks: 1_001 * scene.number };
    return ['SignContract', { contractId, number: contractId, lines: [line] }];
  },
  pay: (move, scene) => {
    const paymentId = `${scene.id}-p${scene.number}`;
    return ['RecordPayment', { paymentId, contractId: contractOf(move, scene), amountKopecks: 100 + scene.number }];
  },
  reassign: ({ choice }) => ['ReassignDeal', { toOwnerId: seller(choice % 3), reason }],
  record: ({ choice }, scene) => {
    const kind = choice % 4 === 3 ? 'meeting' : 'call';
    return ['RecordActivity', { activityId: activityOf(scene), kind, performedBy: seller(choice) }];
  },
  plan: ({ choice }, scene) => {
    const performer = choice % 5 === 4 ? null : seller(choice);
    return ['PlanActivity', { activityId: planOf(scene), kind: 'call', performer, dueAt: aheadOf(choice, scene) }];
  },
  reschedule: ({ choice }, scene) => [
    'RescheduleActivity',
    { activityId: planOf(scene), reason, dueAt: aheadOf(choice, scene) },
  ],
  cancel: (_move, scene) => ['CancelActivity', { activityId: planOf(scene), reason }],
  carryOut: ({ choice }, scene) => {
    const plan = planOf(scene);
    return ['RecordActivity', { activityId: plan, plannedActivityId: plan, kind: 'call', performedBy: seller(choice) }];
  },
  voidStep: ({ step }) => ['VoidStep', { step, reason }],
  correctStep: (move, scene) => {
    const { step, choice } = move;
    return ['CorrectStep', { step, reason, completedAt: truthOf(move, scene), performedBy: seller(choice) }];
  },
  correctAnswers: ({ step, choice }) => ['CorrectStep', { step, reason, answers: { f: choice % 2 === 0 } }],
  voidActivity: ({ choice }, scene) => {
    const activityId = choice % 2 === 0 ? activityOf(scene) : planOf(scene);
    return ['VoidActivity', { activityId, reason }];
  },
  correctActivity: (move, scene) => {
    const corrected = { happenedAt: truthOf(move, scene), performedBy: seller(move.choice) };
    const activityId = move.choice % 2 === 0 ? activityOf(scene) : planOf(scene);
    return ['CorrectActivity', { activityId, reason, ...corrected }];
  },
  voidContract: (move, scene) => {
    const dealBecomes = ['open', 'lost', null][move.choice % 3];
    const why = dealBecomes === 'lost' ? { lossReason: 'price' } : {};
    return ['VoidContract', { contractId: contractOf(move, scene), reason, dealBecomes, ...why }];
  },
};
