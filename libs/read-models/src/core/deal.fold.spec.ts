import type { Row } from '@voronka/projections';
import { coreSet } from '../registry.js';
import { DealLog } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';

const pick = (rows: readonly Row[], ...columns: string[]): unknown[][] =>
  rows.map((row) => columns.map((column) => row[column]));

const day = (value: unknown): string => String(value).slice(0, 10);
const days = (rows: readonly Row[], code: string, at: string): Record<string, string> =>
  Object.fromEntries(rows.map((row) => [String(row[code]), day(row[at])]));

/** Days of each bar by touch or implied. */
const reach = (read: Materialised, kind: 'touch' | 'implied', asOf?: bigint): Record<string, string> =>
  days(read.asOf(`reach_${kind}`, asOf), 'step', 'occurred_at');

const stays = (read: Materialised, asOf?: bigint): unknown[][] =>
  read
    .asOf('stays', asOf)
    .map((row) => [
      row['step'],
      day(row['began_at']),
      row['ended_at'] === null ? null : day(row['ended_at']),
      row['ended_how'],
    ]);

describe('A deal in the read tables', () => {
  let log: DealLog;
  const read = (): Materialised => new Materialised(coreSet).project(log.events);

  beforeEach(() => {
    log = new DealLog().prepared();
    log.opened('2009-08-01');
  });

  test('skipped stage: no touch, but implied by the higher bar and dated by it', () => {
    log.done('contact', '2009-08-02');
    log.skipped('questionnaire', '2009-08-03');
    log.done('proposal', '2009-08-05');
    const tables = read();
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-08-02', proposal: '2009-08-05' });
    expect(reach(tables, 'implied')).toEqual({
      contact: '2009-08-02',
      questionnaire: '2009-08-05',
      proposal: '2009-08-05',
    });
    expect(pick(tables.asOf('steps'), 'step', 'status', 'performer_id')).toContainEqual([
      'questionnaire',
      'skipped',
      null,
    ]);
  });

  test('a lower bar done after a higher one does not date the higher, and implied keeps the earliest', () => {
    log.done('proposal', '2009-08-03');
    log.done('contact', '2009-08-04');
    expect(reach(read(), 'touch')).toEqual({ proposal: '2009-08-03', contact: '2009-08-04' });
    expect(reach(read(), 'implied')).toEqual({
      contact: '2009-08-03',
      questionnaire: '2009-08-03',
      proposal: '2009-08-03',
    });
  });

  test('going back is counted once: two stays, 3 days back and 8 forward, one bar', () => {
    log.done('contact', '2009-08-02');
    log.done('questionnaire', '2009-08-03');
    log.done('proposal', '2009-08-05');
    log.returned('questionnaire', '2009-08-08');
    log.done('proposal', '2009-08-12');
    log.done('contract', '2009-08-20');
    const tables = read();
    expect(stays(tables).filter(([step]) => step === 'proposal')).toEqual([
      ['proposal', '2009-08-05', '2009-08-08', 'back'],
      ['proposal', '2009-08-12', '2009-08-20', 'forward'],
    ]);
    expect(reach(tables, 'touch')['proposal']).toBe('2009-08-05');
    expect(tables.asOf('reach_touch').filter(({ step }) => step === 'proposal')).toHaveLength(1);
    const positions = tables
      .asOf('deal_positions')
      .map((row) => [day(row['valid_from']), row['step'], row['next_rank_at'] && day(row['next_rank_at'])])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
    expect(positions).toEqual([
      ['2009-08-01', null, '2009-08-02'],
      ['2009-08-02', 'contact', '2009-08-03'],
      ['2009-08-03', 'questionnaire', '2009-08-05'],
      ['2009-08-05', 'proposal', '2009-08-20'],
      ['2009-08-08', 'questionnaire', '2009-08-12'],
      ['2009-08-12', 'proposal', '2009-08-20'],
      ['2009-08-20', 'contract', null],
    ]);
  });

  test('a return to a step between bars leaves the deal at the bar before it', () => {
    log.done('contact', '2009-08-02');
    log.done('questionnaire', '2009-08-03');
    log.done('proposal', '2009-08-05');
    log.returned('analysis', '2009-08-08');
    expect(read().asOf('deal_positions').at(-1)).toMatchObject({
      step: 'questionnaire',
      rank: 2,
      valid_to: 'infinity',
    });
  });

  test('a return to the bar itself, or its repetition, does not end the stay', () => {
    log.done('contact', '2009-08-02');
    log.done('contact', '2009-08-04');
    log.returned('contact', '2009-08-05');
    log.done('contact', '2009-08-06');
    expect(stays(read())).toEqual([['contact', '2009-08-02', null, null]]);
  });

  test('a lost deal keeps the bars it reached and leaves its stay as lost', () => {
    log.done('contact', '2009-08-02');
    log.done('questionnaire', '2009-08-03');
    log.lost('2009-08-09');
    const tables = read();
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-08-02', questionnaire: '2009-08-03' });
    expect(stays(tables)).toEqual([
      ['contact', '2009-08-02', '2009-08-03', 'forward'],
      ['questionnaire', '2009-08-03', '2009-08-09', 'lost'],
    ]);
    expect(pick(tables.asOf('outcomes'), 'outcome', 'loss_reason', 'counts', 'amount_kopecks')).toEqual([
      ['lost', 'price', true, 900n],
    ]);
  });

  test('reopen: the loss is undone from then on, the bar is the same, the stay is new and the gap is in none', () => {
    log.done('contact', '2009-08-02');
    const loss = log.lost('2009-08-09');
    log.reopened('2009-09-01');
    log.signed(700, '2009-10-05');
    const tables = read();
    expect(pick(tables.asOf('outcomes', loss.position), 'outcome')).toEqual([['lost']]);
    expect(tables.asOf('outcomes', loss.position + 10n)).toEqual([]);
    expect(pick(tables.asOf('outcomes'), 'outcome', 'amount_kopecks', 'counts')).toEqual([['won', 700n, true]]);
    expect(stays(tables)).toEqual([
      ['contact', '2009-08-02', '2009-08-09', 'lost'],
      ['contact', '2009-09-01', '2009-10-05', 'won'],
    ]);
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-08-02' });
    expect(
      tables.asOf('deal_states').map((row) => [row['status'], day(row['valid_from']), day(row['valid_to'])]),
    ).toEqual([
      ['open', '2009-08-01', '2009-08-09'],
      ['lost', '2009-08-09', '2009-09-01'],
      ['open', '2009-09-01', '2009-10-05'],
      ['won', '2009-10-05', 'infinity'],
    ]);
  });

  test('a second contract on a won deal adds its amount, and the deal was won by the first', () => {
    log.signed(700, '2009-08-05', 'k1');
    log.signed(55, '2009-08-20', 'k2');
    const tables = read();
    expect(tables.asOf('outcomes').map((row) => [row['amount_kopecks'], day(row['occurred_at'])])).toEqual([
      [755n, '2009-08-05'],
    ]);
    expect(pick(tables.asOf('contracts'), 'contract_id', 'amount_kopecks')).toEqual([
      ['k1', 700],
      ['k2', 55],
    ]);
    expect(pick(tables.asOf('contract_lines'), 'contract_id', 'line_id', 'product_id')).toEqual([
      ['k1', '1', 'p2'],
      ['k2', '1', 'p2'],
    ]);
    expect(pick(tables.asOf('deal_products'), 'products')).toEqual([[['p1']], [['p1', 'p2']]]);
  });

  test('two lines of a contract that are named alike are both counted', () => {
    const line = { lineId: '1', productId: 'p2', amountKopecks: 5 };
    const data = { contractId: 'k1', number: '1', lines: [line, { ...line, amountKopecks: 7 }], amountKopecks: 12 };
    log.deal({ type: 'ContractSigned', data }, '2009-08-05');
    expect(pick(read().asOf('contract_lines'), 'line_id', 'amount_kopecks')).toEqual([
      ['1', 5],
      ['1#2', 7],
    ]);
  });

  test('a reassignment does not move the past: facts keep the owner of their time', () => {
    log.done('contact', '2009-08-02');
    const before = log.reassigned('boris', '2009-08-10');
    log.done('questionnaire', '2009-08-11');
    const tables = read();
    expect(pick(tables.asOf('reach_touch'), 'step', 'owner_id')).toEqual([
      ['contact', 'anna'],
      ['questionnaire', 'boris'],
    ]);
    expect(tables.all('steps').every(({ known_from: from }) => from !== before.position)).toBe(true);
  });

  test('a reassignment from a past date moves what happened since, as known from its entry on', () => {
    log.done('contact', '2009-08-02');
    log.done('questionnaire', '2009-08-07');
    const late = log.reassigned('boris', '2009-08-05', '2009-08-20');
    const tables = read();
    for (const [table, column] of [
      ['reach_touch', 'step'],
      ['steps', 'step'],
      ['stays', 'step'],
    ] as const) {
      const ownersBefore = new Map(
        pick(tables.asOf(table, late.position - 1n), column, 'owner_id') as [string, string][],
      );
      const ownersNow = new Map(pick(tables.asOf(table), column, 'owner_id') as [string, string][]);
      expect([...ownersBefore.values()]).toEqual(['anna', 'anna']);
      expect(ownersNow.get('contact')).toBe('anna');
      expect(ownersNow.get('questionnaire')).toBe('boris');
    }
    expect(
      tables.asOf('deal_owners').map((row) => [row['owner_id'], day(row['valid_from']), day(row['valid_to'])]),
    ).toEqual([
      ['anna', '2009-08-01', '2009-08-05'],
      ['boris', '2009-08-05', 'infinity'],
    ]);
  });

  test('backdated entry: the first reach moves to it, as known from its recording on', () => {
    log.done('contact', '2009-08-10');
    const late = log.done('contact', '2009-08-03', { recordedOn: '2009-08-12', by: 'boris' });
    const tables = read();
    expect(reach(tables, 'touch', late.position - 1n)).toEqual({ contact: '2009-08-10' });
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-08-03' });
    expect(pick(tables.asOf('reach_touch'), 'performer_id')).toEqual([['boris']]);
    expect(stays(tables)).toEqual([['contact', '2009-08-03', null, null]]);
  });

  test('a late entry from before the loss falls into the way as it was', () => {
    log.done('contact', '2009-08-02');
    log.lost('2009-08-09');
    log.done('questionnaire', '2009-08-05', { recordedOn: '2009-08-15' });
    expect(stays(read())).toEqual([
      ['contact', '2009-08-02', '2009-08-05', 'forward'],
      ['questionnaire', '2009-08-05', '2009-08-09', 'lost'],
    ]);
  });

  test('equal timestamps: the order of recording decides', () => {
    log.done('contact', '2009-08-02', { by: 'boris' });
    log.done('contact', '2009-08-02', { by: 'vera' });
    log.done('questionnaire', '2009-08-02');
    log.lost('2009-08-02');
    const tables = read();
    expect(pick(tables.asOf('reach_touch'), 'step', 'performer_id')).toEqual([
      ['contact', 'boris'],
      ['questionnaire', 'anna'],
    ]);
    expect(stays(tables)).toEqual([
      ['contact', '2009-08-02', '2009-08-02', 'forward'],
      ['questionnaire', '2009-08-02', '2009-08-02', 'lost'],
    ]);
    expect(pick(tables.asOf('deal_positions').slice(-1), 'step')).toEqual([['questionnaire']]);
  });

  test('done 10 Aug, sent back 12, done 15, accepted 2 Sep: nothing as known 31 Aug, 1 dated 15 Aug as known 3 Sep', () => {
    const first = log.done('questionnaire', '2009-08-10', { awaits: true });
    const rejection = log.sentBack(first, '2009-08-12');
    const second = log.done('questionnaire', '2009-08-15', { awaits: true });
    const acceptance = log.accepted(second, '2009-09-02');
    const tables = read();
    expect(reach(tables, 'touch', acceptance.position - 1n)).toEqual({});
    expect(stays(tables, acceptance.position - 1n)).toEqual([]);
    expect(reach(tables, 'touch')).toEqual({ questionnaire: '2009-08-15' });
    expect(stays(tables)).toEqual([['questionnaire', '2009-08-15', null, null]]);
    expect(pick(tables.asOf('steps'), 'event_id', 'status', 'known_by_event_id')).toEqual([
      [first.eventId, 'returned', rejection.eventId],
      [second.eventId, 'done', acceptance.eventId],
    ]);
    expect(pick(tables.asOf('steps', acceptance.position - 1n), 'status')).toEqual([['returned'], ['awaiting']]);
  });

  test('a void: the completion never counted, and the next one dates the bar', () => {
    const mistake = log.done('contact', '2009-08-02');
    log.done('contact', '2009-08-06');
    const end = log.voided(mistake, '2009-08-08');
    const tables = read();
    expect(reach(tables, 'touch', end.position - 1n)).toEqual({ contact: '2009-08-02' });
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-08-06' });
    expect(tables.asOf('steps')).toHaveLength(1);
    expect(tables.all('steps')).toHaveLength(2);
    expect(stays(tables)).toEqual([['contact', '2009-08-06', null, null]]);
  });

  test('a voided activity closes its row', () => {
    const call = log.activity('call', '2009-08-02');
    log.activity('meeting', '2009-08-03');
    const end = log.activityVoided(call, '2009-08-04');
    expect(pick(read().asOf('activities', end.position - 1n), 'kind')).toEqual([['call'], ['meeting']]);
    expect(pick(read().asOf('activities'), 'kind')).toEqual([['meeting']]);
  });

  test('a corrected step counts when and by whom it was done in truth, and as it was told before that', () => {
    const contact = log.done('contact', '2009-08-06');
    const end = log.corrected(contact, { on: '2009-07-30', by: 'vera' }, '2009-08-08');
    const tables = read();
    expect(reach(tables, 'touch', end.position - 1n)).toEqual({ contact: '2009-08-06' });
    expect(reach(tables, 'touch')).toEqual({ contact: '2009-07-30' });
    expect(pick(tables.asOf('steps'), 'local_date', 'performer_id')).toEqual([['2009-07-30', 'vera']]);
  });

  test('a corrected activity counts as the last correction says; its void ends it', () => {
    const call = log.activity('call', '2009-08-02');
    const first = log.activityCorrected(call, { kind: 'visit', on: '2009-08-01' }, '2009-08-04');
    const second = log.activityCorrected(call, { kind: 'demo', on: '2009-08-01' }, '2009-08-05');
    const end = log.activityVoided(call, '2009-08-06');
    const kinds = (k: bigint) => pick(read().asOf('activities', k), 'kind', 'local_date', 'event_id');
    expect(kinds(first.position - 1n)).toEqual([['call', '2009-08-02', call.eventId]]);
    expect(kinds(first.position)).toEqual([['visit', '2009-08-01', first.eventId]]);
    expect(kinds(second.position)).toEqual([['demo', '2009-08-01', second.eventId]]);
    expect(kinds(end.position)).toEqual([]);
  });

  test('local dates are those of the company zone: 19:00Z on 31 July is 1 August in Samara', () => {
    log.done('contact', '2009-07-31T19:00:00.000Z');
    expect(pick(read().asOf('steps'), 'local_date')).toEqual([['2009-08-01']]);
  });

  test('a loss for a reason that does not count is marked so', () => {
    log.lost('2009-08-02', 'duplicate', false);
    expect(pick(read().asOf('outcomes'), 'outcome', 'counts')).toEqual([['lost', false]]);
  });

  test('a step done on a closed deal is reached, but nobody stays in it until the deal is reopened', () => {
    log.lost('2009-08-02');
    log.done('contact', '2009-08-04');
    expect(stays(read())).toEqual([]);
    log.reopened('2009-08-06');
    expect(stays(read())).toEqual([['contact', '2009-08-06', null, null]]);
    expect(reach(read(), 'touch')).toEqual({ contact: '2009-08-04' });
  });

  test('the common case closes only what has to be closed', () => {
    log.done('contact', '2009-08-02');
    const second = log.done('questionnaire', '2009-08-03');
    const tables = read();
    const closed = [...tables.tables.keys()].flatMap((name) =>
      tables.all(name).flatMap((row) => (row['known_to'] === second.position ? [name] : [])),
    );
    expect(closed.toSorted()).toEqual(['deal_positions', 'stays', 'waiting']);
  });
});
