import { done, given, lost, NOW, opened, returned, signed, skipped, verified, walked } from '../testing/deal-scene.js';
import type { DealEvent } from './deal.events.js';

const contract = { number: '117', lines: [{ productId: 'trade', amountKopecks: 100_000 }] };
const reopened = (reason = 'Called back'): DealEvent => ({
  type: 'DealReopened',
  data: { customerId: 'volga-tools', reason },
});

describe('SignContract', () => {
  it('wins the deal once every mandatory step is done', () => {
    given(...walked())
      .when('SignContract', contract)
      .then([signed()]);
  });

  it('MANDATORY_STEPS_MISSING names every one that is missing', () => {
    given(opened(), done('first-contact'))
      .when('SignContract', contract)
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['questionnaire', 'analysis', 'proposal'] });
  });

  it('takes an authorised skip for a mandatory step, but no completion that still waits', () => {
    const way = [opened(), done('first-contact'), done('questionnaire', { answers: { office: 'small' } })];
    given(...way, skipped('analysis'), done('proposal'))
      .when('SignContract', contract)
      .then([signed()]);
    given(...way, done('analysis', { awaitsVerification: true }), skipped('proposal'))
      .when('SignContract', contract)
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['analysis'] });
  });

  it('asks for the way to be walked again after a return', () => {
    given(...walked(), returned('analysis'))
      .when('SignContract', contract)
      .thenRefused('MANDATORY_STEPS_MISSING', { missing: ['proposal'] });
    given(...walked(), returned('analysis'), done('proposal'))
      .when('SignContract', contract)
      .then([signed()]);
  });

  it('sums its lines exactly, and refuses a sum beyond 2^53 - 1', () => {
    const lines = [
      { productId: 'trade', amountKopecks: 9_007_199_254_740_990 },
      { productId: 'stock', amountKopecks: 1 },
    ];
    given(...walked())
      .when('SignContract', { number: '117', lines, contractId: 'big' })
      .then([
        {
          type: 'ContractSigned',
          data: {
            customerId: 'volga-tools',
            contractId: 'big',
            number: '117',
            lines: [
              { lineId: '1', productId: 'trade', amountKopecks: 9_007_199_254_740_990 },
              { lineId: '2', productId: 'stock', amountKopecks: 1 },
            ],
            amountKopecks: Number.MAX_SAFE_INTEGER,
          },
        },
      ]);
    given(...walked())
      .when('SignContract', { number: '117', lines: [...lines, { productId: 'stock', amountKopecks: 1 }] })
      .thenRefused('AMOUNT_TOO_LARGE');
  });

  it('PRODUCT_UNKNOWN: products exist; a retired one may still be delivered', () => {
    given(...walked())
      .when('SignContract', { number: '1', lines: [{ productId: 'dream', amountKopecks: 1 }] })
      .thenRefused('PRODUCT_UNKNOWN', { products: ['dream'] });
    given(...walked())
      .when('SignContract', { number: '1', lines: [{ productId: 'old', amountKopecks: 1 }], contractId: 'c' })
      .then([
        {
          type: 'ContractSigned',
          data: {
            customerId: 'volga-tools',
            contractId: 'c',
            number: '1',
            lines: [{ lineId: '1', productId: 'old', amountKopecks: 1 }],
            amountKopecks: 1,
          },
        },
      ]);
  });

  it('LINE_REPEATED: every line has an id of its own', () => {
    const line = { productId: 'trade', amountKopecks: 1, lineId: 'a' };
    given(...walked())
      .when('SignContract', { number: '1', lines: [line, line] })
      .thenRefused('LINE_REPEATED');
  });

  it('OCCURRED_BEFORE_PREREQUISITE: a contract is not older than a mandatory step', () => {
    given(...walked().slice(0, 5), done('proposal', { occurredAt: '2009-08-06T10:00:00.000Z' }))
      .when('SignContract', { ...contract, occurredAt: '2009-08-06T09:00:00Z' })
      .thenRefused('OCCURRED_BEFORE_PREREQUISITE', { prerequisite: 'proposal' });
  });

  it('is quiet about the same contract, and a conflict where only the number or the id is the same', () => {
    given(...walked(), signed())
      .when('SignContract', contract)
      .then([]);
    given(...walked(), signed())
      .when('SignContract', { ...contract, contractId: 'd1:1' })
      .then([]);
    given(...walked(), signed())
      .when('SignContract', { ...contract, number: '118', contractId: 'd1:1' })
      .thenRefused('CONTRACT_EXISTS', { contractId: 'd1:1', number: '117' });
    given(...walked(), signed())
      .when('SignContract', { ...contract, lines: [{ productId: 'stock', amountKopecks: 1 }] })
      .thenRefused('CONTRACT_EXISTS', { contractId: 'd1:1', number: '117' });
  });

  it('DEAL_CLOSED and NOT_YOUR_DEAL hold here too', () => {
    given(...walked(), lost())
      .when('SignContract', contract)
      .thenRefused('DEAL_CLOSED', { status: 'lost' });
    given(...walked())
      .when('SignContract', contract, { person: 'petrov' })
      .thenRefused('NOT_YOUR_DEAL');
  });

  it('numbers the contracts of a deal', () => {
    given(...walked(), signed(), lost(), reopened())
      .when('SignContract', { ...contract, number: '118' })
      .then([
        {
          type: 'ContractSigned',
          data: {
            customerId: 'volga-tools',
            contractId: 'd1:2',
            number: '118',
            lines: [{ lineId: '1', productId: 'trade', amountKopecks: 100_000 }],
            amountKopecks: 100_000,
          },
        },
      ]);
  });
});

describe('LoseDeal', () => {
  it('says from the map whether the reason counts as a loss', () => {
    given(opened()).when('LoseDeal', { lossReason: 'price' }).then([lost()]);
    given(opened())
      .when('LoseDeal', { lossReason: 'duplicate', note: 'See d0' })
      .then([
        {
          type: 'DealLost',
          data: { customerId: 'volga-tools', lossReason: 'duplicate', countsAsLoss: false, note: 'See d0' },
        },
      ]);
  });

  it('LOSS_REASON_UNKNOWN: the reason is of the map', () => {
    given(opened()).when('LoseDeal', { lossReason: 'weather' }).thenRefused('LOSS_REASON_UNKNOWN');
  });

  it('is quiet about the same reason again, and a conflict with another', () => {
    given(opened(), lost()).when('LoseDeal', { lossReason: 'price' }).then([]);
    given(opened(), lost())
      .when('LoseDeal', { lossReason: 'duplicate' })
      .thenRefused('DEAL_CLOSED', { status: 'lost' });
    given(...walked(), signed())
      .when('LoseDeal', { lossReason: 'price' })
      .thenRefused('DEAL_CLOSED', { status: 'won' });
  });
});

describe('ReopenDeal', () => {
  it('takes a lost deal up again, which can then be lost again', () => {
    given(opened(), lost()).when('ReopenDeal', { reason: 'Called back' }).then([reopened()]);
    given(opened(), lost(), reopened()).when('LoseDeal', { lossReason: 'price' }).then([lost()]);
  });

  it('OCCURRED_BEFORE_REOPENING: what closes the deal again comes after it', () => {
    const occurredAt = '2009-08-03T07:06:30Z';
    given(...walked(), lost(), reopened())
      .when('SignContract', { ...contract, occurredAt })
      .thenRefused('OCCURRED_BEFORE_REOPENING');
    given(...walked(), lost(), reopened())
      .when('LoseDeal', { lossReason: 'price', occurredAt })
      .thenRefused('OCCURRED_BEFORE_REOPENING');
  });

  it('keeps what the deal has done', () => {
    given(opened(), done('first-contact'), lost(), reopened())
      .when('CompleteStep', { step: 'meeting' })
      .then([done('meeting')]);
  });

  it('DEAL_NOT_LOST: neither a won deal nor one that was never closed', () => {
    given(...walked(), signed())
      .when('ReopenDeal', { reason: 'x' })
      .thenRefused('DEAL_NOT_LOST', { status: 'won' });
    given(opened()).when('ReopenDeal', { reason: 'x' }).thenRefused('DEAL_NOT_LOST', { status: 'open' });
  });

  it('is quiet about a deal that was reopened before', () => {
    given(opened(), lost(), reopened()).when('ReopenDeal', { reason: 'again' }).then([]);
  });

  it('OCCURRED_BEFORE_CLOSING: it comes after the loss', () => {
    given(opened(), { ...lost(), occurredAt: '2009-08-06T10:00:00.000Z' })
      .when('ReopenDeal', { reason: 'x', occurredAt: '2009-08-06T09:00:00Z' })
      .thenRefused('OCCURRED_BEFORE_CLOSING');
  });

  it('does not reopen the way of a deal: an accepted step stays accepted', () => {
    const way = [
      opened(),
      done('first-contact'),
      done('questionnaire'),
      done('analysis', { awaitsVerification: true }),
    ];
    given(...way, verified('analysis', 3), lost(), reopened())
      .when('CompleteStep', { step: 'proposal', occurredAt: NOW })
      .then([done('proposal')]);
  });
});
