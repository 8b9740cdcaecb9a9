import { done, given, idOf, NOW, opened, signed, walked } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';
import { creditAt } from './deal.money.js';

const customerId = 'volga-tools';
const won = [...walked(), signed()];

describe('RecordPayment and ReversePayment', () => {
  const payment = { paymentId: 'p1', contractId: 'd1:1', amountKopecks: 40_000 };
  const paid = (): DealEvent => ({ type: 'PaymentRecorded', data: { customerId, ...payment } });
  const reversed = (): DealEvent => ({
    type: 'PaymentReversed',
    data: { customerId, paymentId: 'p1', contractId: 'd1:1', recordingId: idOf(7), reason: 'Booked twice' },
  });
  const voided: DealEvent = {
    type: 'ContractVoided',
    data: {
      customerId,
      contractId: 'd1:1',
      reason: 'x',
      dealBecomes: 'open',
      lossReason: null,
      countsAsLoss: null,
    },
  };
  const reverse = { paymentId: 'p1', reason: 'Booked twice' };

  it('records money, also such as came before the signing', () => {
    given(...won)
      .when('RecordPayment', payment)
      .then([paid()]);
    given(...won)
      .when('RecordPayment', { ...payment, occurredAt: '2009-08-03T07:01:00Z' })
      .then([paid()]);
  });

  it('PAYMENT_EXISTS, also after its reversal; CONTRACT_UNKNOWN; CONTRACT_VOIDED', () => {
    given(...won, paid())
      .when('RecordPayment', payment)
      .thenRefused('PAYMENT_EXISTS', { paymentId: 'p1' });
    given(...won, paid(), reversed())
      .when('RecordPayment', payment)
      .thenRefused('PAYMENT_EXISTS');
    given(opened()).when('RecordPayment', payment).thenRefused('CONTRACT_UNKNOWN');
    given(...won, voided)
      .when('RecordPayment', payment)
      .thenRefused('CONTRACT_VOIDED');
  });

  it('takes a payment back once, also under a contract voided since', () => {
    given(...won, paid())
      .when('ReversePayment', reverse)
      .then([reversed()]);
    given(...won, paid(), voided)
      .when('ReversePayment', reverse)
      .then([reversed()]);
    given(...won, paid(), reversed())
      .when('ReversePayment', reverse)
      .thenRefused('PAYMENT_REVERSED');
    given(...won)
      .when('ReversePayment', reverse)
      .thenRefused('PAYMENT_UNKNOWN', { paymentId: 'p1' });
    given(...won, paid())
      .when('ReversePayment', { ...reverse, occurredAt: '2009-08-03T07:06:00Z' })
      .thenRefused('OCCURRED_BEFORE_PAYMENT');
  });

  it('is of somebody’s own deal', () => {
    given(...won)
      .when('RecordPayment', payment, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
    given(...won, paid())
      .when('ReversePayment', reverse, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
  });
});

describe('ShareCredit', () => {
  const share = (employeeId: string, basisPoints: number) => ({ employeeId, basisPoints });
  const shares = [share('petrov', 4_000), share('ivanova', 6_000)];
  const shared = (list = [share('ivanova', 6_000), share('petrov', 4_000)], creditRole = 'sale'): DealEvent => ({
    type: 'CreditShared',
    data: { customerId, creditRole, shares: list },
  });

  it('shares the whole among employees, in the order of their ids', () => {
    given(opened()).when('ShareCredit', { creditRole: 'sale', shares }).then([shared()]);
  });

  it('a later one takes the place of that in the same role, and of no other', () => {
    const all = [share('petrov', 10_000)];
    given(opened(), shared())
      .when('ShareCredit', { creditRole: 'sale', shares: all })
      .then([shared(all)]);
    const { money } = given(opened(), shared(), shared(all, 'lead'), shared(all)).state;
    expect(creditAt(money, 'lead', NOW)).toMatchObject({ shares: all });
    expect(creditAt(money, 'sale', NOW)).toMatchObject({ shares: all });
  });

  it('after one told late, what is in force at its time decides whether it changes anything', () => {
    const [half, all] = [[share('ivanova', 5_000), share('petrov', 5_000)], [share('ivanova', 10_000)]];
    const on = (day: string, list: typeof all) => ({ ...shared(list), occurredAt: `2009-08-${day}T07:00:00.000Z` });
    const scene = given(opened(), on('07', half), on('05', all));
    const sharing = (list: typeof all, day: string) =>
      scene.when('ShareCredit', { creditRole: 'sale', shares: list, occurredAt: `2009-08-${day}T07:00:00Z` });
    sharing(all, '08').then([shared(all)]);
    sharing(half, '08').then([]);
    sharing(all, '06').then([]);
    sharing(half, '06').then([shared(half)]);
  });

  it('says the same once, but may say that it was so earlier', () => {
    given(opened(), shared()).when('ShareCredit', { creditRole: 'sale', shares }).then([]);
    given(opened(), done('first-contact'), shared())
      .when('ShareCredit', { creditRole: 'sale', shares, occurredAt: '2009-08-03T07:01:00Z' })
      .then([shared()]);
  });

  it.each([
    ['SHARES_NOT_WHOLE', [share('ivanova', 6_000), share('petrov', 3_999)]],
    ['SHARE_REPEATED', [share('ivanova', 6_000), share('ivanova', 4_000)]],
    ['CREDITED_UNKNOWN', [share('ivanova', 6_000), share('nobody', 4_000)]],
    ['CREDITED_NOT_EMPLOYED', [share('ivanova', 6_000), share('lebedev', 4_000)]],
  ])('%s', (code, list) => {
    given(opened()).when('ShareCredit', { creditRole: 'sale', shares: list }).thenRefused(code);
  });
});

describe('ReviseDeal', () => {
  const trade = { productId: 'trade', amountKopecks: 30_000 };
  const expecting = opened({ lines: [trade], expectedAmountKopecks: 30_000, expectedCloseOn: '2009-10-01' });
  const before = { lines: [trade], expectedAmountKopecks: 30_000, expectedCloseOn: '2009-10-01' };
  const revised = (more: object): DealEvent => ({ type: 'DealRevised', data: { customerId, ...before, ...more } });
  const stock = { productId: 'stock', amountKopecks: 5_000 };

  it('says what is expected now; what is left out stays, null empties', () => {
    given(expecting)
      .when('ReviseDeal', { expectedAmountKopecks: 1 })
      .then([revised({ expectedAmountKopecks: 1 })]);
    given(expecting)
      .when('ReviseDeal', { expectedCloseOn: null, title: 'Two shops' })
      .then([revised({ expectedCloseOn: null, title: 'Two shops' })]);
    given(expecting)
      .when('ReviseDeal', { lines: null })
      .then([revised({ lines: [] })]);
  });

  it('adds new lines up where they all have amounts and no other amount is said', () => {
    given(expecting)
      .when('ReviseDeal', { lines: [trade, stock] })
      .then([revised({ lines: [trade, stock], expectedAmountKopecks: 35_000 })]);
    given(expecting)
      .when('ReviseDeal', { lines: [trade, { productId: 'stock' }] })
      .then([revised({ lines: [trade, { productId: 'stock', amountKopecks: null }] })]);
  });

  it('a deal opened again in the same words is still the same deal', () => {
    const lines = [{ productId: 'trade', amountKopecks: 30_000 }];
    given(expecting, revised({ expectedAmountKopecks: 1 }), revised({ expectedAmountKopecks: 2 }))
      .when('OpenDeal', { customerId, routeMapId: 'automation', lines, expectedCloseOn: '2009-10-01' })
      .then([]);
  });

  it('is quiet where nothing changes', () => {
    given(expecting, revised({ expectedAmountKopecks: 1 }))
      .when('ReviseDeal', { expectedAmountKopecks: 1, title: null })
      .then([]);
  });

  it.each([
    ['NOTHING_REVISED', {}],
    ['PRODUCT_REPEATED', { lines: [trade, trade] }],
    ['PRODUCT_UNKNOWN', { lines: [{ productId: 'dream' }] }],
    ['PRODUCT_RETIRED', { lines: [{ productId: 'old' }] }],
    ['OCCURRED_BEFORE_REVISION', { expectedAmountKopecks: 2, occurredAt: '2009-08-03T07:00:30Z' }],
  ])('%s', (code, body) => {
    given(expecting, revised({ expectedAmountKopecks: 1 }))
      .when('ReviseDeal', body)
      .thenRefused(code);
  });

  it('a product that was retired since may stay', () => {
    given(opened({ lines: [{ productId: 'old', amountKopecks: null }] }))
      .when('ReviseDeal', { lines: [{ productId: 'old', amountKopecks: 7 }] })
      .then([
        {
          type: 'DealRevised',
          data: {
            customerId,
            lines: [{ productId: 'old', amountKopecks: 7 }],
            expectedAmountKopecks: 7,
            expectedCloseOn: null,
          },
        },
      ]);
  });

  it('DEAL_CLOSED: a won deal has contracts to amend instead', () => {
    given(...won)
      .when('ReviseDeal', { expectedAmountKopecks: 1, occurredAt: NOW })
      .thenRefused('DEAL_CLOSED');
  });
});
