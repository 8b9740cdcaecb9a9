import { recorded } from '../../../kernel/src/testing.js';
import { ENGINE } from '../calculation/engine.js';
import { Shop } from '../testing/shop.js';

const STREAM = 'payroll-main';
const HASH = '0'.repeat(64);

function shop(now = '2009-10-10T07:00:00.000Z'): Shop {
  const made = new Shop({
    'company-main': { status: 'configured', zone: 'Europe/Samara', firstPayrollPeriod: '2009-08' },
    'employee-ivanova': { status: 'employed' },
  });
  made.now = now;
  return made;
}

function closed(on: Shop, period: string, version = 1): void {
  on.send(STREAM, 'ClosePeriod', { period });
  const outcome = { position: '7', eventId: 'e7', statements: 0, hash: HASH, checklist: [] };
  on.send(STREAM, 'CompleteClosing', { period, version, ...outcome });
}

describe('closing', () => {
  it('goes month by month, after each has ended, in the zone of the company', () => {
    const on = shop('2009-08-31T18:59:59.999Z');
    expect(on.refusal(STREAM, 'ClosePeriod', { period: '2009-08' }).code).toBe('PERIOD_RUNNING');
    on.now = '2009-08-31T19:00:00.000Z';
    expect(on.refusal(STREAM, 'ClosePeriod', { period: '2009-07' }).code).toBe('PERIOD_BEFORE_PAYROLL');
    closed(on, '2009-08');
    expect(on.refusal(STREAM, 'ClosePeriod', { period: '2009-08' }).code).toBe('PERIOD_NOT_OPEN');
    on.now = '2009-11-10T07:00:00.000Z';
    expect(on.refusal(STREAM, 'ClosePeriod', { period: '2009-10' }).code).toBe('EARLIER_PERIOD_OPEN');
    closed(on, '2009-09');
  });

  it('that stopped over the checklist begins anew with what is accepted', () => {
    const on = shop();
    on.send(STREAM, 'ClosePeriod', { period: '2009-08' });
    const items = [{ code: 'NO_PLAN', count: 1, examples: ['ivanova R1 2009-08'] }];
    on.send(STREAM, 'StopClosing', { period: '2009-08', version: 1, items });
    expect(on.send(STREAM, 'ClosePeriod', { period: '2009-08', accept: ['NO_PLAN'] })).toMatchObject([
      { data: { version: 2, accepted: ['NO_PLAN'] } },
    ]);
    const outcome = { position: '7', eventId: 'e7', statements: 0, hash: HASH, checklist: items };
    const late = { period: '2009-08', version: 1, ...outcome };
    expect(on.refusal(STREAM, 'CompleteClosing', late).code).toBe('PERIOD_NOT_CLOSING');
  });
});

describe('what a closing says that it went by', () => {
  const published = (version: number, effectiveFrom: string) => {
    const data = { regulation: 'sales', version, effectiveFrom, document: {} };
    return { type: 'PayRegulationPublished' as const, data };
  };

  it('bug: named neither engine nor the regulations in force', () => {
    const on = shop();
    const versions = [published(1, '2009-07-01'), published(2, '2009-08-01'), published(3, '2009-09-01')];
    const at = { stream: 'payRegulation-main', occurredAt: on.now };
    on.streams.set(at.stream, recorded(versions, at));
    expect(on.send(STREAM, 'ClosePeriod', { period: '2009-08' })).toMatchObject([
      { data: { engine: ENGINE, regulations: ['sales@2'] } },
    ]);
  });

  it('bug: ended with no word on the versions its statements rest on; one that was written so is still read', () => {
    const on = shop();
    closed(on, '2009-08');
    on.send(STREAM, 'ClosePeriod', { period: '2009-09' });
    const outcome = { position: '7', eventId: 'e7', statements: 0, hash: HASH, checklist: [] };
    const named = { regulations: ['sales@1'], definitions: ['meetings@2'], planEvents: 3, plansHash: HASH };
    const versions = { engine: ENGINE, zoneData: '2025c Europe/Samara', ...named };
    expect(on.send(STREAM, 'CompleteClosing', { period: '2009-09', version: 1, ...outcome, versions })).toMatchObject([
      { type: 'PeriodClosed', data: { versions } },
    ]);
  });
});

describe('a closing that failed', () => {
  const began = (on: Shop) => on.send(STREAM, 'ClosePeriod', { period: '2009-08', accept: ['NO_PLAN'] });
  const failed = { period: '2009-08', version: 1, at: 'calculation', code: 'TypeError', reason: 'not counted' };

  it('is gone on with as of where it began, once it failed or was given up silently', () => {
    const on = shop();
    began(on);
    const went = { type: 'PeriodClosingResumed', data: { accepted: ['NO_PLAN'], version: 1 } };
    expect(on.send(STREAM, 'ResumeClosing', { period: '2009-08' })).toMatchObject([went]);
    on.send(STREAM, 'FailClosing', failed);
    expect(on.refusal(STREAM, 'ClosePeriod', { period: '2009-08' }).code).toBe('PERIOD_NOT_OPEN');
    const asOf = { position: '0', eventId: `${STREAM}@0` };
    expect(on.send(STREAM, 'ResumeClosing', { period: '2009-08' })).toMatchObject([{ ...went, data: { asOf } }]);
    const outcome = { position: '0', eventId: 'e', statements: 0, hash: HASH, checklist: [] };
    on.send(STREAM, 'CompleteClosing', { period: '2009-08', version: 1, ...outcome });
    expect(on.refusal(STREAM, 'ResumeClosing', { period: '2009-08' }).code).toBe('PERIOD_NOT_CLOSING');
  });

  it('is given up: the month is open, and what the closing still asks for is refused', () => {
    const on = shop();
    const why = { period: '2009-08', reason: 'The regulation is mended first' };
    expect(on.refusal(STREAM, 'AbandonClosing', why).code).toBe('PERIOD_NOT_CLOSING');
    began(on);
    on.send(STREAM, 'FailClosing', failed);
    on.send(STREAM, 'AbandonClosing', why);
    expect(on.refusal(STREAM, 'FailClosing', failed).code).toBe('PERIOD_NOT_CLOSING');
    expect(on.send(STREAM, 'ClosePeriod', { period: '2009-08' })).toMatchObject([{ data: { version: 2 } }]);
  });
});

describe('opening again', () => {
  it('takes two people, and is for the last closed month that is not paid', () => {
    const on = shop();
    closed(on, '2009-08');
    closed(on, '2009-09');
    const why = { reason: 'A regulation was missing' };
    const reopen = (period: string) => [STREAM, 'ReopenPeriod', { period, ...why }, 'sidorova'] as const;
    expect(on.refusal(...reopen('2009-08')).code).toBe('PERIOD_NOT_REOPENABLE');
    on.send(...reopen('2009-09'));
    const approve = [STREAM, 'ApproveReopening', { period: '2009-09' }] as const;
    expect(on.refusal(...approve, 'sidorova').code).toBe('SECOND_PERSON_NEEDED');
    expect(on.send(...approve, 'petrova')).toMatchObject([{ type: 'PeriodReopened' }]);
    closed(on, '2009-09', 2);
    on.send(STREAM, 'MarkPaid', { period: '2009-09', paidOn: '2009-10-10' });
    expect(on.send(STREAM, 'MarkPaid', { period: '2009-09', paidOn: '2009-10-10' })).toEqual([]);
    expect(on.refusal(...reopen('2009-09')).code).toBe('PERIOD_NOT_REOPENABLE');
  });
});

describe('bug: what was proposed could not be rejected once the month could be opened no more', () => {
  const reject = [STREAM, 'RejectReopening', { period: '2009-08', reason: 'Paid by now' }, 'petrova'] as const;
  const approve = [STREAM, 'ApproveReopening', { period: '2009-08' }, 'petrova'] as const;
  const moves: readonly (readonly [string, (on: Shop) => unknown])[] = [
    ['it is paid', (on) => on.send(STREAM, 'MarkPaid', { period: '2009-08', paidOn: '2009-09-10' })],
    ['the next is being closed', (on) => on.send(STREAM, 'ClosePeriod', { period: '2009-09' })],
  ];

  it.each(moves)('as %s', (_what, move) => {
    const on = shop();
    closed(on, '2009-08');
    on.send(STREAM, 'ReopenPeriod', { period: '2009-08', reason: 'A regulation was missing' }, 'sidorova');
    move(on);
    expect(on.refusal(...approve).code).toBe('PERIOD_NOT_REOPENABLE');
    expect(on.send(...reject)).toMatchObject([{ type: 'PeriodReopeningRejected', data: { period: '2009-08' } }]);
    expect(on.refusal(...reject).code).toBe('REOPENING_NOT_PROPOSED');
  });
});

describe('adjustments by hand', () => {
  const body = { adjustmentId: 'a', employeeId: 'ivanova', period: '2009-09', amountKopecks: -500, reason: 'Advance' };

  it('take two people, neither of whom is paid by them', () => {
    const on = shop();
    const post = (person: string | null) => [STREAM, 'PostManualAdjustment', body, person] as const;
    expect(on.refusal(...post(null)).code).toBe('PERSON_NEEDED');
    expect(on.refusal(...post('ivanova')).code).toBe('OWN_PAY');
    on.send(...post('sidorova'));
    const approve = (person: string) => [STREAM, 'ApproveManualAdjustment', { adjustmentId: 'a' }, person] as const;
    expect(on.refusal(...approve('sidorova')).code).toBe('SECOND_PERSON_NEEDED');
    expect(on.refusal(...approve('ivanova')).code).toBe('OWN_PAY');
    expect(on.send(...approve('petrova'))).toEqual([{ type: 'ManualAdjustmentPosted', data: { adjustmentId: 'a' } }]);
    expect(on.refusal(...approve('petrova')).code).toBe('ADJUSTMENT_SETTLED');
  });

  it('go into open months, and settle closed ones', () => {
    const on = shop();
    closed(on, '2009-08');
    const post = (more: object) => [STREAM, 'PostManualAdjustment', { ...body, ...more }, 'sidorova'] as const;
    expect(on.refusal(...post({ period: '2009-08' })).code).toBe('PERIOD_CLOSED');
    expect(on.refusal(...post({ settles: '2009-09' })).code).toBe('SETTLES_OPEN_PERIOD');
    expect(on.send(...post({ settles: '2009-08' }))).toMatchObject([{ data: { settles: '2009-08' } }]);
  });

  it('bug: settled a month whose closing was under way, had failed, or was undone since', () => {
    const on = shop('2009-11-10T07:00:00.000Z');
    const settling = { ...body, period: '2009-10', settles: '2009-08' };
    const post = [STREAM, 'PostManualAdjustment', settling, 'sidorova'] as const;
    const approve = [STREAM, 'ApproveManualAdjustment', { adjustmentId: 'a' }, 'petrova'] as const;
    on.send(STREAM, 'ClosePeriod', { period: '2009-08' });
    expect(on.refusal(...post).code).toBe('SETTLES_OPEN_PERIOD');
    const failed = { version: 1, at: 'calculation', code: 'TypeError', reason: 'not counted' };
    on.send(STREAM, 'FailClosing', { period: '2009-08', ...failed });
    expect(on.refusal(...post).code).toBe('SETTLES_OPEN_PERIOD');
    on.send(STREAM, 'AbandonClosing', { period: '2009-08', reason: 'The regulation is mended first' });
    closed(on, '2009-08', 2);
    on.send(...post);
    on.send(STREAM, 'ReopenPeriod', { period: '2009-08', reason: 'A regulation was missing' }, 'sidorova');
    on.send(STREAM, 'ApproveReopening', { period: '2009-08' }, 'petrova');
    expect(on.refusal(...approve).code).toBe('SETTLES_OPEN_PERIOD');
    closed(on, '2009-08', 3);
    on.send(STREAM, 'MarkPaid', { period: '2009-08', paidOn: '2009-09-10' });
    expect(on.send(...approve)).toMatchObject([{ type: 'ManualAdjustmentPosted' }]);
  });
});

describe('bug: adjustments by hand that no statement could ever carry, or for nobody, were accepted', () => {
  const body = { adjustmentId: 'a', employeeId: 'ivanova', period: '2009-09', amountKopecks: 500, reason: 'The fair' };

  it.each([
    ['a month before payroll', { period: '2009-07' }, 'PERIOD_BEFORE_PAYROLL'],
    ['the difference of a month before payroll', { settles: '2009-07' }, 'PERIOD_BEFORE_PAYROLL'],
    ['an employee whom nobody hired', { employeeId: 'ivanowa' }, 'EMPLOYEE_NOT_FOUND'],
  ])('%s', (_what, more, code) => {
    const on = shop();
    expect(on.refusal(STREAM, 'PostManualAdjustment', { ...body, ...more }, 'sidorova').code).toBe(code);
    closed(on, '2009-08');
    expect(on.refusal(STREAM, 'PostManualAdjustment', { ...body, ...more }, 'sidorova').code).toBe(code);
  });
});

describe('disputes', () => {
  it('are opened once and answered once', () => {
    const on = shop();
    const open = { disputeId: 'd', employeeId: 'ivanova', period: '2009-08', reason: 'Two meetings are missing' };
    on.send(STREAM, 'OpenDispute', open, 'ivanova');
    expect(on.refusal(STREAM, 'OpenDispute', open, 'ivanova').code).toBe('DISPUTE_EXISTS');
    const answer = { disputeId: 'd', outcome: 'upheld', reason: 'They were held' };
    on.send(STREAM, 'ResolveDispute', answer);
    expect(on.refusal(STREAM, 'ResolveDispute', answer).code).toBe('DISPUTE_RESOLVED');
  });

  it('bug: one could be opened for nobody', () => {
    const open = { disputeId: 'd', employeeId: 'nobody', period: '2009-08', reason: 'Two meetings are missing' };
    expect(shop().refusal(STREAM, 'OpenDispute', open, 'sidorova').code).toBe('EMPLOYEE_NOT_FOUND');
  });
});
