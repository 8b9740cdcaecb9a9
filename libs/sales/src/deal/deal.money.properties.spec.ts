import { DomainError, type WrittenUnion } from '@voronka/kernel';
import fc from 'fast-check';
import { recorded } from '../../../kernel/src/testing.js';
import { commandOn, idOf, NOW, OPENED_AT, type Sender, walked } from '../testing/deal-scene.js';
import type { DealCommand } from './deal.commands.js';
import { dealDecider } from './deal.decider.js';
import type { DealEvent } from './deal.events.js';
import { standingAmount, standingContracts } from './deal.money.js';
import type { DealState } from './deal.state.js';

type Log = readonly WrittenUnion<DealEvent>[];
type Move = readonly [type: DealCommand['type'], body: object];

const HEAD: Sender = { person: 'orlova', roles: ['head'] };
const contractId = fc.constantFrom('c1', 'c2', 'c3');
const paymentId = fc.constantFrom('p1', 'p2');
const amountKopecks = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const lines = fc.array(fc.record({ productId: fc.constantFrom('trade', 'stock'), amountKopecks }), {
  minLength: 1,
  maxLength: 2,
});
const reason = fc.constant('because');
const effectiveOn = fc.constantFrom('2009-08-09', '2009-08-20');

function move(type: DealCommand['type'], body: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Move> {
  return fc.record(body).map((plain) => [type, plain]);
}

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: move('SignContract', { contractId, number: fc.constantFrom('1', '2', '3'), lines }) },
  { weight: 2, arbitrary: move('AmendContract', { contractId, lines, effectiveOn, reason }) },
  move('TerminateContract', { contractId, effectiveOn, reason }),
  move('VoidContract', { contractId, reason }),
  move('VoidContract', { contractId, reason, dealBecomes: fc.constant('open') }),
  move('VoidContract', { contractId, reason, dealBecomes: fc.constant('lost'), lossReason: fc.constant('price') }),
  move('RecordPayment', { paymentId, contractId, amountKopecks }),
  move('ReversePayment', { paymentId, reason }),
  move('LoseDeal', { lossReason: fc.constant('price') }),
  move('ReopenDeal', { reason }),
  move('VoidStep', { step: fc.constant('proposal'), reason }),
);

const told = (events: Log): Log => events.map((event) => ({ ...event, eventId: idOf(event.revision) }));
const foldOf = (log: Log): DealState => log.reduce(dealDecider.evolve, dealDecider.initialState());

/** The log after a command; a refused one leaves it as it was. */
function after(log: Log, [type, body]: Move): Log {
  const state = foldOf(log);
  const { command, context } = commandOn(type, body, state, HEAD);
  try {
    const events = dealDecider.decide(command, state, context);
    return [...log, ...told(recorded(events, { stream: 'deal-d1', occurredAt: NOW, fromRevision: log.length }))];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    expect(foldOf(log)).toEqual(state);
    return log;
  }
}

/** Sum of what stands, told from the events alone. */
function naiveAmount(log: Log): bigint {
  const amounts = new Map<string, bigint>();
  for (const { type, data } of log) {
    if (type === 'ContractSigned' || type === 'ContractAmended') {
      amounts.set(
        data.contractId,
        data.lines.reduce((sum, line) => sum + BigInt(line.amountKopecks), 0n),
      );
    }
    if (type === 'ContractVoided') amounts.delete(data.contractId);
  }
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0n);
}

describe('the money of a deal, by any sequence of commands', () => {
  it('stands as its lines do; the deal is won as long as a contract stands; a payment comes and goes once', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 20 }), (moves) => {
        let log = told(recorded(walked(), { stream: 'deal-d1', occurredAt: OPENED_AT }));
        for (const next of moves) {
          log = after(log, next);
          const { money, status } = foldOf(log);
          expect(standingAmount(money)).toBe(naiveAmount(log));
          expect(status === 'won').toBe(standingContracts(money).length > 0);
        }
        for (const id of ['p1', 'p2']) {
          const entries = log.flatMap(({ type, data }) =>
            (type === 'PaymentRecorded' || type === 'PaymentReversed') && data.paymentId === id ? [type] : [],
          );
          expect(['PaymentRecorded', 'PaymentReversed'].slice(0, entries.length)).toEqual(entries);
        }
        for (const { type } of log) seen.add(type);
      }),
      { numRuns: 200, seed: 20_090_801 },
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'ContractAmended',
        'ContractVoided',
        'ContractTerminated',
        'PaymentReversed',
        'DealLost',
      ]),
    );
  });
});
