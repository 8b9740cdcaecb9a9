import { msToInstant } from '@voronka/kernel';
import fc from 'fast-check';
import type { Department, Told } from './department.js';
import { anyVersions, CODES, type Versions } from './random-maps.js';

const HOUR_MS = 3_600_000;

/** What is tried, and how often beside the others. */
const ACTS = {
  ...{ complete: 36, accept: 8, sendBack: 1, skip: 2, return: 3, lose: 1, reopen: 6, sign: 12, pay: 3 },
  ...{ reassign: 1, record: 6, voidStep: 1, correctStep: 3, correctAnswers: 2, voidActivity: 1, correctActivity: 2 },
  ...{ voidContract: 4, amend: 4, terminate: 2, reversePayment: 3, revise: 2, share: 3, migrate: 2 },
  ...{ assignSegment: 1, describe: 1, transfer: 1, plan: 6, reschedule: 1, cancel: 1, carryOut: 7 },
} as const;
type Act = keyof typeof ACTS;

/** One thing that is tried: what, how long after the one before, and some choices. */
interface Move {
  readonly act: Act;
  /** Which of the three deals; the fourth is the service case. */
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
  deal: fc.nat(3),
  step: fc.constantFrom(...CODES),
  choice: fc.nat(11),
  later: fc.integer({ min: 0, max: 20 }),
  back: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 }) }),
});

/** A map in two versions, and what is tried on three deals and a service case that follow it. */
export interface Play {
  readonly versions: Versions;
  readonly moves: readonly Move[];
}

export const anyPlay: fc.Arbitrary<Play> = fc.record({
  versions: anyVersions,
  moves: fc.array(anyMove, { minLength: 100, maxLength: 200, size: 'max' }),
});

/** What came of a play. */
export interface Played {
  readonly routeMap: string;
  /** The same map of service. */
  readonly serviceMap: string;
  /** Codes of the refusals, by command type. */
  readonly refused: readonly string[];
  /** Refused commands after which the log was longer. */
  readonly grownByRefusals: readonly string[];
  readonly accepted: number;
}

let plays = 0;

/** Publishes the map under a name of its own and plays the moves; refusals are part of it. */
export async function play(department: Department, { versions, moves }: Play): Promise<Played> {
  plays += 1;
  const routeMap = `map-${plays}`;
  const serviceMap = `${routeMap}-care`;
  const { clock, stores, send } = department;
  // Weeks apart, so that each play has months of its own.
  clock.ms += 24 * 14 * HOUR_MS;
  for (const map of versions) {
    await send({ category: 'routeMap', id: routeMap, type: 'PublishRouteMap', body: { ...map } });
    const body = { ...map, purpose: 'service' };
    await send({ category: 'routeMap', id: serviceMap, type: 'PublishRouteMap', body });
  }
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
  const ids = [0, 1, 2].map((deal) => `${routeMap}-d${deal}`);
  for (const id of ids) await attempt(opening(id, routeMap));
  const done = new Map<number, number>();
  const serviceCase = `${serviceMap}-d0`;
  await attempt(caseOpening(serviceCase, serviceMap));
  for (const move of moves) {
    number += 1;
    clock.ms += move.later * HOUR_MS;
    const id = ids[move.deal];
    const scene = { id: id ?? serviceCase, number, ms: clock.ms };
    const told = toldOf(onTheWay(move, done), scene);
    await attempt(id === undefined ? aboutCase(told) : told);
  }
  return { routeMap, serviceMap, refused, grownByRefusals, accepted };
}

/** Mostly the steps are tried one after another, as people do: whatever is done at random is mostly refused. */
function onTheWay(move: Move, done: Map<number, number>): Move {
  const isWork = move.act === 'complete' || move.act === 'accept' || move.act === 'sendBack';
  if (!isWork || move.choice % 4 === 0) return move;
  const last = done.get(move.deal) ?? -1;
  const place = (move.act === 'complete' ? last + 1 : Math.max(0, last)) % CODES.length;
  done.set(move.deal, place);
  return { ...move, step: CODES[place] ?? 'a' };
}

function opening(id: string, routeMapId: string): Told {
  const last = Number(id.at(-1));
  const body = {
    ...{ customerId: last === 1 ? 'c2' : 'c1', routeMapId, ownerId: ['anna', 'boris', 'vera'][last] },
    ...(last === 2 ? {} : { source: ['website', 'fair'][last], routeMapVersion: 1 }),
    lines: [{ productId: last === 0 ? 'p1' : 'p2', amountKopecks: 100_000 * (last + 1) }],
  };
  return { category: 'deal', id, type: 'OpenDeal', body, person: 'olga', role: 'head' };
}

function caseOpening(id: string, routeMapId: string): Told {
  const body = { customerId: 'c1', routeMapId, routeMapVersion: 1, ownerId: 'anna', productIds: ['p1'] };
  return { category: 'serviceCase', id, type: 'OpenServiceCase', body, person: 'olga', role: 'head' };
}

const OF_CASES: Readonly<Record<string, string>> = {
  ...{ ReturnDeal: 'ReturnServiceCase', ReassignDeal: 'ReassignServiceCase', ReopenDeal: 'ReopenServiceCase' },
  ...{ MigrateDeal: 'MigrateServiceCase' },
};
const MONEY = ['Payment', 'Contract', 'Credit', 'Revise'];

/** The same tried on a service case; it has no money, so that it is tried to be completed instead. */
function aboutCase(told: Told): Told {
  if (told.category !== 'deal') return told;
  const { occurredAt, lossReason, ...said } = told.body as Record<string, unknown>;
  const category = 'serviceCase';
  if (told.type === 'LoseDeal') {
    return { ...told, category, type: 'CloseServiceCase', body: { occurredAt, outcome: 'abandoned', lossReason } };
  }
  if (MONEY.some((word) => told.type.includes(word))) {
    return { ...told, category, type: 'CloseServiceCase', body: { occurredAt, outcome: 'completed' } };
  }
  return { ...told, category, type: OF_CASES[told.type] ?? told.type, body: { ...said, occurredAt } };
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
// Mostly the same one, so that something follows.
const contractOf = ({ choice }: Move, { id }: Scene): string => `${id}-k${choice % 5 === 4 ? 1 : 0}`;
const activityOf = ({ id, number }: Scene): string => `${id}-a${number % 8}`;
const planOf = ({ id, number }: Scene): string => `${id}-plan${number % 4}`;
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
    const paymentId = `${scene.id}-p${scene.number % 2}`;
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
  amend: (move, scene) => {
    const effectiveOn = msToInstant(scene.ms).slice(0, 10);
    const lines = ['p1', 'p2']
      .slice(move.choice % 2)
      .map((productId) => ({ productId, amountKopecks: 7 * scene.number }));
    return ['AmendContract', { contractId: contractOf(move, scene), lines, effectiveOn, reason }];
  },
  terminate: (move, scene) => {
    const effectiveOn = msToInstant(scene.ms).slice(0, 10);
    return ['TerminateContract', { contractId: contractOf(move, scene), effectiveOn, reason }];
  },
  reversePayment: ({ choice }, { id }) => ['ReversePayment', { paymentId: `${id}-p${choice % 2}`, reason }],
  revise: ({ choice }, scene) => {
    const lines = [{ productId: choice % 2 === 0 ? 'p1' : 'p2', amountKopecks: 100 * scene.number }];
    return ['ReviseDeal', choice % 3 === 0 ? { expectedAmountKopecks: 50 * scene.number } : { lines }];
  },
  share: ({ choice }) => {
    const basisPoints = [3_333, 5_000, 9_999][choice % 3] ?? 5_000;
    const shares = [
      { employeeId: seller(choice % 3), basisPoints },
      { employeeId: seller((choice + 1) % 3), basisPoints: 10_000 - basisPoints },
    ];
    return ['ShareCredit', { creditRole: 'sale', shares }];
  },
  migrate: () => ['MigrateDeal', { reason }],
  voidContract: (move, scene) => {
    const dealBecomes = ['open', 'open', 'lost', null][move.choice % 4];
    const why = dealBecomes === 'lost' ? { lossReason: 'price' } : {};
    return ['VoidContract', { contractId: contractOf(move, scene), reason, dealBecomes, ...why }];
  },
};
