import { type Sender, given, idOf, lost, opened, signed, walked } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';
import { standingAmount } from './deal.money.js';

const customerId = 'volga-tools';
const head: Sender = { person: 'orlova', roles: ['head'] };
const line = (amountKopecks: number, productId = 'trade') => ({ lineId: '1', productId, amountKopecks });

const second = (): DealEvent => ({
  type: 'ContractSigned',
  data: { customerId, contractId: 'd1:2', number: '118', lines: [line(50_000)], amountKopecks: 50_000 },
});
const amended = (amountKopecks = 120_000): DealEvent => ({
  type: 'ContractAmended',
  data: {
    customerId,
    contractId: 'd1:1',
    lines: [line(amountKopecks)],
    amountKopecks,
    effectiveOn: '2009-08-20',
    reason: 'One more shop',
  },
});
const terminated = (contractId = 'd1:1'): DealEvent => ({
  type: 'ContractTerminated',
  data: { customerId, contractId, effectiveOn: '2009-09-01', reason: 'Sold out' },
});
const voided = (contractId: string, dealBecomes: 'open' | 'lost' | null = null): DealEvent => ({
  type: 'ContractVoided',
  data: {
    customerId,
    contractId,
    reason: 'Never countersigned',
    dealBecomes,
    lossReason: dealBecomes === 'lost' ? 'price' : null,
    countsAsLoss: dealBecomes === 'lost' ? true : null,
  },
});

const won = [...walked(), signed()];
const amend = {
  contractId: 'd1:1',
  lines: [{ productId: 'trade', amountKopecks: 120_000 }],
  effectiveOn: '2009-08-20',
  reason: 'One more shop',
};
const terminate = { contractId: 'd1:1', effectiveOn: '2009-09-01', reason: 'Sold out' };
const reason = 'Never countersigned';

describe('SignContract on a won deal', () => {
  it('adds a contract, and does not win the deal a second time', () => {
    const scene = given(...won);
    scene
      .when('SignContract', { number: '118', lines: [{ productId: 'trade', amountKopecks: 50_000 }] })
      .then([second()]);
    const before = scene.state;
    const after = given(...won, second()).state;
    expect(after).toMatchObject({ status: 'won', closedAt: before.status === 'won' ? before.closedAt : '' });
    expect(standingAmount(after.money)).toBe(150_000n);
  });

  it('may use the number of a voided contract again, but not its id', () => {
    const way = [...won, second(), voided('d1:1')];
    const contract = { number: '117', lines: [{ productId: 'trade', amountKopecks: 100_000 }] };
    given(...way)
      .when('SignContract', contract)
      .then([{ ...signed(), data: { ...signed().data, contractId: 'd1:3' } } as DealEvent]);
    given(...way)
      .when('SignContract', { ...contract, contractId: 'd1:1' })
      .thenRefused('CONTRACT_EXISTS', { contractId: 'd1:1' });
  });

  it('makes up an id that no contract has', () => {
    const named = { ...second(), data: { ...second().data, contractId: 'd1:3' } } as DealEvent;
    const next = given(...won, named).when('SignContract', {
      number: '119',
      lines: [{ productId: 'trade', amountKopecks: 50_000 }],
    });
    next.then([{ ...second(), data: { ...second().data, contractId: 'd1:4', number: '119' } } as DealEvent]);
  });
});

describe('AmendContract', () => {
  it('gives the contract other lines, and the same once only', () => {
    given(...won)
      .when('AmendContract', amend)
      .then([amended()]);
    given(...won, amended())
      .when('AmendContract', amend)
      .then([]);
    expect(standingAmount(given(...won, amended(), second()).state.money)).toBe(170_000n);
  });

  it.each([
    ['CONTRACT_UNKNOWN', [], { contractId: 'c9' }],
    ['CONTRACT_VOIDED', [voided('d1:1', 'open')], {}],
    ['CONTRACT_TERMINATED', [terminated()], {}],
    ['PRODUCT_UNKNOWN', [], { lines: [{ productId: 'dream', amountKopecks: 1 }] }],
    ['EFFECTIVE_BEFORE_SIGNING', [], { effectiveOn: '2009-08-02' }],
    ['OCCURRED_BEFORE_SIGNING', [], { occurredAt: '2009-08-03T07:05:00Z' }],
  ])('%s', (code, more, other) => {
    given(...won, ...more)
      .when('AmendContract', { ...amend, ...other })
      .thenRefused(code);
  });

  it('LINE_REPEATED and AMOUNT_TOO_LARGE hold as at signing', () => {
    given(...won)
      .when('AmendContract', { ...amend, lines: [line(1), line(2)] })
      .thenRefused('LINE_REPEATED');
    const lines = [Number.MAX_SAFE_INTEGER, 1].map((amountKopecks) => ({ productId: 'trade', amountKopecks }));
    given(...won)
      .when('AmendContract', { ...amend, lines })
      .thenRefused('AMOUNT_TOO_LARGE');
  });

  it('NOT_YOUR_DEAL holds here too', () => {
    given(...won)
      .when('AmendContract', amend, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
  });
});

describe('VoidContract', () => {
  it('opens a deal again that has no other contract', () => {
    const scene = given(...won);
    scene
      .when('VoidContract', { contractId: 'd1:1', reason, dealBecomes: 'open' }, head)
      .then([voided('d1:1', 'open')]);
    const after = given(...won, voided('d1:1', 'open'));
    expect(after.state).toMatchObject({ status: 'open', reopenedAt: '2009-08-03T07:07:00.000Z' });
    expect(standingAmount(after.state.money)).toBe(0n);
    after.when('ReopenDeal', { reason: 'x' }).thenRefused('DEAL_NOT_LOST', { status: 'open' });
  });

  it('or loses it, with a reason of the map', () => {
    const body = { contractId: 'd1:1', reason, dealBecomes: 'lost', lossReason: 'price' };
    given(...won)
      .when('VoidContract', body, head)
      .then([voided('d1:1', 'lost')]);
    const after = given(...won, voided('d1:1', 'lost'));
    after.when('LoseDeal', { lossReason: 'price' }).then([]);
    after
      .when('ReopenDeal', { reason: 'Called back' })
      .then([{ type: 'DealReopened', data: { customerId, reason: 'Called back' } }]);
  });

  it('leaves a deal won that has another, also a terminated one', () => {
    const way = [...won, second(), terminated('d1:2')];
    given(...way)
      .when('VoidContract', { contractId: 'd1:1', reason }, head)
      .then([voided('d1:1')]);
    expect(given(...way, voided('d1:1')).state.status).toBe('won');
  });

  it('says it once', () => {
    given(...won, second(), voided('d1:1'))
      .when('VoidContract', { contractId: 'd1:1', reason }, head)
      .then([]);
  });

  it.each([
    ['CONTRACT_UNKNOWN', [], { contractId: 'c9' }],
    ['DEAL_OUTCOME_MISSING', [], {}],
    ['DEAL_OUTCOME_STANDS', [second()], { dealBecomes: 'open' }],
    ['LOSS_REASON_MISSING', [], { dealBecomes: 'lost' }],
    ['LOSS_REASON_UNKNOWN', [], { dealBecomes: 'lost', lossReason: 'weather' }],
    ['LOSS_REASON_UNEXPECTED', [], { dealBecomes: 'open', lossReason: 'price' }],
    ['OCCURRED_BEFORE_SIGNING', [], { dealBecomes: 'open', occurredAt: '2009-08-03T07:05:00Z' }],
  ])('%s', (code, more, other) => {
    given(...won, ...more)
      .when('VoidContract', { contractId: 'd1:1', reason, ...other }, head)
      .thenRefused(code);
  });

  it('keeps the status of a deal whose history lost it under a contract', () => {
    given(...won, lost())
      .when('VoidContract', { contractId: 'd1:1', reason }, head)
      .then([voided('d1:1')]);
    expect(given(...won, lost(), voided('d1:1')).state.status).toBe('lost');
  });
});

describe('TerminateContract', () => {
  it('ends the contract; the deal stays won, its amount stays signed', () => {
    given(...won)
      .when('TerminateContract', terminate, head)
      .then([terminated()]);
    const after = given(...won, terminated()).state;
    expect(after).toMatchObject({ status: 'won', money: { contracts: [{ terminatedOn: '2009-09-01' }] } });
    expect(standingAmount(after.money)).toBe(100_000n);
  });

  it('says the same once, and refuses another end', () => {
    given(...won, terminated())
      .when('TerminateContract', terminate, head)
      .then([]);
    given(...won, terminated())
      .when('TerminateContract', { ...terminate, effectiveOn: '2009-10-01' }, head)
      .thenRefused('CONTRACT_TERMINATED', { terminatedOn: '2009-09-01' });
  });

  it('EFFECTIVE_BEFORE_SIGNING, CONTRACT_VOIDED and CONTRACT_UNKNOWN', () => {
    given(...won)
      .when('TerminateContract', { ...terminate, effectiveOn: '2009-08-02' }, head)
      .thenRefused('EFFECTIVE_BEFORE_SIGNING', { signedOn: '2009-08-03' });
    given(...won, voided('d1:1', 'open'))
      .when('TerminateContract', terminate, head)
      .thenRefused('CONTRACT_VOIDED');
    given(opened()).when('TerminateContract', terminate, head).thenRefused('CONTRACT_UNKNOWN');
  });
});

describe('VoidStep under contracts', () => {
  const proposal = { step: 'proposal', reason: 'Wrong deal' };

  it('waits until the last standing one is voided', () => {
    given(...won, second(), voided('d1:1'))
      .when('VoidStep', proposal, head)
      .thenRefused('CONTRACT_STANDS', { contractId: 'd1:2' });
    given(...won, voided('d1:1', 'open'))
      .when('VoidStep', proposal, head)
      .then([{ type: 'StepVoided', data: { customerId, ...proposal, completionId: idOf(5) } }]);
  });

  it('a terminated contract was in force: it stands', () => {
    given(...won, terminated())
      .when('VoidStep', proposal, head)
      .thenRefused('CONTRACT_STANDS', { contractId: 'd1:1' });
  });
});
