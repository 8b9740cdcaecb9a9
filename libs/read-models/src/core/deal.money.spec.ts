import type { Row } from '@voronka/projections';
import { coreSet } from '../registry.js';
import { DealLog } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';

const day = (value: unknown): string => String(value).slice(0, 10);
const pick = (rows: readonly Row[], ...columns: string[]): unknown[][] =>
  rows.map((row) =>
    columns.map((column) => (column.endsWith('_at') || column.startsWith('valid') ? day(row[column]) : row[column])),
  );

describe('The money of a deal in the read tables', () => {
  let log: DealLog;
  const read = (): Materialised => new Materialised(coreSet).project(log.events);
  const statuses = (tables: Materialised, asOf?: bigint): unknown[][] =>
    pick(tables.asOf('deal_states', asOf), 'status', 'valid_from').toSorted((a, b) =>
      String(a[1]) < String(b[1]) ? -1 : 1,
    );
  const outcome = (tables: Materialised, asOf?: bigint): unknown[][] =>
    pick(tables.asOf('outcomes', asOf), 'outcome', 'amount_kopecks', 'occurred_at');

  beforeEach(() => {
    log = new DealLog().prepared();
    log.opened('2009-08-01');
  });

  test('an amended contract has its new lines, and had the old ones until then', () => {
    const signed = log.signed(100, '2009-08-05');
    log.amended([70, 50], '2009-08-20');
    const tables = read();
    const lines = (asOf?: bigint) =>
      pick(tables.asOf('contract_lines', asOf), 'line_id', 'amount_kopecks', 'effective_on');
    expect(lines(signed.position)).toEqual([['1', 100, null]]);
    expect(lines()).toEqual([
      ['1', 70, '2009-08-20'],
      ['2', 50, '2009-08-20'],
    ]);
    expect(pick(tables.asOf('contracts'), 'amount_kopecks', 'occurred_at')).toEqual([[120, '2009-08-05']]);
    expect(outcome(tables, signed.position)).toEqual([['won', 100n, '2009-08-05']]);
    expect(outcome(tables)).toEqual([['won', 120n, '2009-08-05']]);
    expect(pick(tables.asOf('deal_products'), 'products', 'valid_from')).toEqual([
      [['p1'], '-infinity'],
      [['p1', 'p2', 'p3'], '2009-08-05'],
    ]);
  });

  test('voiding the only contract opens the deal again; what was believed before stays answerable', () => {
    log.done('contact', '2009-08-02');
    const signed = log.signed(100, '2009-08-05');
    log.contractVoided('2009-09-10', 'open');
    const tables = read();
    expect(statuses(tables)).toEqual([
      ['open', '2009-08-01'],
      ['won', '2009-08-05'],
      ['open', '2009-09-10'],
    ]);
    expect(outcome(tables)).toEqual([]);
    expect(tables.asOf('contracts')).toEqual([]);
    expect(tables.asOf('contract_lines')).toEqual([]);
    expect(outcome(tables, signed.position)).toEqual([['won', 100n, '2009-08-05']]);
    expect(tables.asOf('contract_lines', signed.position)).toHaveLength(1);
    expect(pick(tables.asOf('stays'), 'step', 'began_at', 'ended_how')).toEqual([
      ['contact', '2009-08-02', 'won'],
      ['contact', '2009-09-10', null],
    ]);
  });

  test('or loses it, at the moment of voiding', () => {
    log.signed(100, '2009-08-05');
    log.contractVoided('2009-09-10', 'lost');
    expect(pick(read().asOf('outcomes'), 'outcome', 'loss_reason', 'amount_kopecks', 'occurred_at')).toEqual([
      ['lost', 'price', 900n, '2009-09-10'],
    ]);
  });

  test('several contracts add up; one that is voided never won the deal, as long as another did', () => {
    log.signed(100, '2009-08-05', 'k1');
    log.signed(30, '2009-08-07', 'k2');
    expect(outcome(read())).toEqual([['won', 130n, '2009-08-05']]);
    log.contractVoided('2009-09-10', null, 'k1');
    expect(outcome(read())).toEqual([['won', 30n, '2009-08-07']]);
    expect(statuses(read())).toEqual([
      ['open', '2009-08-01'],
      ['won', '2009-08-07'],
    ]);
  });

  test('a terminated contract counts as signed and says when it ended; its lines stay the same rows', () => {
    log.signed(100, '2009-08-05');
    const { position } = log.terminated('2009-10-01', '2009-09-20');
    const tables = read();
    expect(pick(tables.asOf('contracts'), 'status', 'terminated_on')).toEqual([['terminated', '2009-10-01']]);
    expect(outcome(tables)).toEqual([['won', 100n, '2009-08-05']]);
    expect(tables.all('contract_lines')).toHaveLength(1);
    expect(pick(tables.asOf('contracts', position - 1n), 'status', 'terminated_on')).toEqual([['signed', null]]);
  });

  test('a payment is a row until it is reversed', () => {
    log.signed(100, '2009-08-05');
    const first = log.paid(40, '2009-08-10');
    const second = log.paid(60, '2009-08-12');
    log.paymentReversed(first, '2009-08-15');
    const tables = read();
    expect(pick(tables.asOf('payments'), 'amount_kopecks', 'occurred_at')).toEqual([[60, '2009-08-12']]);
    expect(tables.asOf('payments', second.position)).toHaveLength(2);
  });

  test('credit is shared from a moment on, by role; what is shared later takes its place from then', () => {
    log.shared({ anna: 6_000, boris: 4_000 }, '2009-08-03');
    log.shared({ vera: 10_000 }, '2009-08-04', 'lead');
    const { position } = log.shared({ boris: 10_000 }, '2009-08-20');
    const rows = (asOf?: bigint) =>
      pick(read().asOf('credit_shares', asOf), 'credit_role', 'employee_id', 'basis_points', 'valid_from', 'valid_to');
    expect(rows()).toEqual([
      ['lead', 'vera', 10_000, '2009-08-04', 'infinity'],
      ['sale', 'anna', 6_000, '2009-08-03', '2009-08-20'],
      ['sale', 'boris', 4_000, '2009-08-03', '2009-08-20'],
      ['sale', 'boris', 10_000, '2009-08-20', 'infinity'],
    ]);
    expect(rows(position - 1n)).toContainEqual(['sale', 'boris', 4_000, '2009-08-03', 'infinity']);
  });

  test('revised terms are spells; lines that are expected no more leave the products from then on', () => {
    log.revised(1_200, '2009-08-10', { products: ['p9'], closeOn: '2009-10-01' });
    const { position } = log.revised(null, '2009-08-20', { products: ['p1', 'p9'] });
    const tables = read();
    const rows = (asOf?: bigint) =>
      pick(tables.asOf('deal_terms', asOf), 'expected_amount_kopecks', 'expected_close_on', 'valid_from', 'valid_to');
    expect(rows(position - 1n)).toEqual([
      [900, null, '2009-08-01', '2009-08-10'],
      [1_200, '2009-10-01', '2009-08-10', 'infinity'],
    ]);
    expect(rows()).toEqual([
      [900, null, '2009-08-01', '2009-08-10'],
      [1_200, '2009-10-01', '2009-08-10', '2009-08-20'],
    ]);
    const products = (asOf?: bigint) => pick(tables.asOf('deal_products', asOf), 'products', 'valid_from', 'valid_to');
    expect(products(position - 1n)).toEqual([
      [['p1'], '-infinity', '2009-08-10'],
      [['p9'], '2009-08-10', 'infinity'],
    ]);
    expect(products()).toEqual([
      [['p1'], '-infinity', '2009-08-10'],
      [['p9'], '2009-08-10', '2009-08-20'],
      [['p1', 'p9'], '2009-08-20', 'infinity'],
    ]);
  });

  test('a lost deal is worth what was expected last', () => {
    log.revised(1_200, '2009-08-10');
    log.lost('2009-08-12');
    expect(outcome(read())).toEqual([['lost', 1_200n, '2009-08-12']]);
  });
});
