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
 * accepted by a head, ask for a call. All but the first may be no bar.
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
    steps: drafts.map(({ code, kind, after, mandatory, bar, verified, called, when }, index): StepDefinition => ({
      ...{ code, name: code, stage: 'way', kind, mandatory, after, roles: [], form },
      ...(bar || index === 0 ? { funnelRank: index + 1 } : {}),
      ...(when === null ? {} : { when }),
      ...(verified ? { verification: { role: 'head' } } : {}),
      ...(called ? { evidence: [{ kind: 'call', count: 1 }] } : {}),
    })),
  }))
  .filter((map) => routeMapFaults(map).length === 0);

/** One thing that is tried: what, how long after the one before, and some choices. */
interface Move {
  readonly what: number;
  readonly deal: number;
  readonly step: (typeof CODES)[number];
  readonly choice: number;
  /** Hours since the move before. */
  readonly later: number;
  /** Hours by which it is entered late. */
  readonly back: number;
}

const anyMove: fc.Arbitrary<Move> = fc.record({
  what: fc.nat(39),
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
  const attempt = async (told: Told): Promise<void> => {
    const before = await stores.log.end();
    const refusal = await send(told);
    if (refusal === null) accepted += 1;
    else refused.push(`${told.type} ${refusal}`);
    if (refusal !== null && (await stores.log.end()) !== before) grownByRefusals.push(`${told.type} ${refusal}`);
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
  const { what, choice, back } = move;
  if (what === 38) {
    const body = { segment: choice % 2 === 0 ? 'small' : 'large' };
    return { category: 'customer', id: `c${1 + (choice % 2)}`, type: 'AssignSegment', body };
  }
  if (what === 39) {
    const body = { departmentId: choice % 2 === 0 ? 'north' : 'south', effectiveOn: dayOf(scene.ms) };
    return { category: 'employee', id: 'boris', type: 'TransferEmployee', body: { ...body, position: 'Seller' } };
  }
  const [type, said] = what < 20 ? workOf(move) : what < 30 ? dealingOf(move, scene) : correctionOf(move, scene);
  const occurredAt = msToInstant(scene.ms - back * HOUR_MS);
  const sender =
    choice === 0 && type !== 'VerifyStep'
      ? ({ person: 'anna', role: 'manager' } as const)
      : ({ person: 'olga', role: 'head' } as const);
  return { category: 'deal', id: scene.id, type, body: { ...said, occurredAt }, ...sender };
}

function dayOf(ms: number): string {
  return msToInstant(ms).slice(0, 10);
}

type Said = readonly [type: string, body: object];
const sellers = ['anna', 'boris', 'vera', 'robot'] as const;
const seller = (choice: number): string => sellers[choice % sellers.length] ?? 'anna';

/** Steps: most often done, then accepted. */
function workOf({ what, step, choice }: Move): Said {
  const f = choice % 6 === 5 ? 'unknown' : choice % 3 !== 0;
  if (what < 15) return ['CompleteStep', { step, answers: { f }, performedBy: seller(choice) }];
  if (what < 18) return ['VerifyStep', { step, accepted: true }];
  if (what < 19) return ['VerifyStep', { step, accepted: false, reason }];
  return ['SkipStep', { step, reason }];
}

function dealingOf({ what, step, choice }: Move, { id, number }: Scene): Said {
  const contractId = `${id}-k${choice % 2}`;
  switch (what) {
    case 20:
      return ['ReturnDeal', { toStep: step, reason }];
    case 21:
      return ['LoseDeal', { lossReason: choice % 4 === 0 ? 'duplicate' : 'price' }];
    case 22:
      return ['ReopenDeal', { reason }];
    case 23:
    case 24:
    case 25: {
      const productId = choice % 3 === 0 ? 'p1' : 'p2';
      return [
        'SignContract',
        { contractId, number: contractId, lines: [{ productId, amountKopecks: 1_001 * number }] },
      ];
    }
    case 26:
      return ['ReassignDeal', { toOwnerId: seller(choice % 3), reason }];
    case 27:
      return ['RecordPayment', { paymentId: `${id}-p${number}`, contractId, amountKopecks: 100 + number }];
    default:
      return ['RecordActivity', { activityId: `${id}-a${number % 8}`, kind: 'call', performedBy: seller(choice) }];
  }
}

function correctionOf({ what, step, choice }: Move, { id, number, ms }: Scene): Said {
  const contractId = `${id}-k${choice % 2}`;
  const activityId = `${id}-a${number % 8}`;
  const truth = msToInstant(ms - choice * 4 * HOUR_MS);
  switch (what) {
    case 30:
      return ['VoidStep', { step, reason }];
    case 31:
      return ['CorrectStep', { step, reason, completedAt: truth, performedBy: seller(choice) }];
    case 32:
      return ['CorrectStep', { step, reason, answers: { f: choice % 2 === 0 } }];
    case 33:
      return ['VoidActivity', { activityId, reason }];
    case 34:
      return ['CorrectActivity', { activityId, reason, happenedAt: truth, performedBy: seller(choice) }];
    case 35: {
      const dealBecomes = ['open', 'lost', null][choice % 3];
      return [
        'VoidContract',
        { contractId, reason, dealBecomes, ...(choice % 3 === 1 ? { lossReason: 'price' } : {}) },
      ];
    }
    default:
      return [
        'RecordActivity',
        { activityId, kind: choice % 2 === 0 ? 'call' : 'meeting', performedBy: seller(choice) },
      ];
  }
}
