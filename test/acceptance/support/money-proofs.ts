import { indicatorCatalogue } from '@voronka/pay';
import { indicatorFigures } from '@voronka/read-models';
import type { Told } from './department.js';
import type { Exported } from './naive-recount.js';
import type { Played } from './times-proofs.js';

/** Indicators by shared credit. */
export const sharedIndicators: readonly Told[] = [
  ['won_shared', 'deals_won'],
  ['amount_shared', 'contracts_amount'],
].map(([id = '', code]) => {
  const like = indicatorCatalogue.find((entry) => entry.code === code)?.definition;
  const body = { ...like, credit: { by: 'shares', role: 'sale' } };
  return { category: 'indicator', id, type: 'DefineIndicator', body };
});

/** Money against a recount of the exported events. */
export function moneyProofs(played: () => Pick<Played, 'events' | 'asking' | 'at'>): void {
  it('contracts, payments and returns come to what the exported events say, however they are shared', async () => {
    const { events, asking, at } = played();
    const { signed, received } = moneyOf(events);
    expect([signed > 0, received > 0]).toEqual([true, true]);
    const indicators = ['contracts_amount', 'amount_shared', 'payments_received', 'deals_returned'];
    const told = [signed, signed, received, returnsOf(events)];
    // However long what was played took.
    const period = `2009..${Number(at.slice(0, 4)) + 1}`;
    const ask = { indicators, results: false, period, groupBy: ['employee'] } as const;
    const { total, rows } = await asking((context) => indicatorFigures(context, ask));
    expect(indicators.map((code) => total.figures[code]?.value)).toEqual(told);
    const sums = indicators.map((code) => rows.reduce((sum, { figures }) => sum + Number(figures[code]?.value), 0));
    expect(sums).toEqual(told);
  });
}

/** Returns of deals, whatever stay they ended, if any. */
const returnsOf = (events: readonly Exported[]): number =>
  events.filter(({ type, stream }) => type === 'DealReturned' && stream.startsWith('deal-')).length;

/** Amounts of the contracts that were not voided, as they were amended last, and of the payments not reversed. */
function moneyOf(events: readonly Exported[]): { readonly signed: number; readonly received: number } {
  let [signed, received] = [0, 0];
  for (const { id, type, stream, data } of events) {
    const about = events.filter((event) => event.stream === stream && event.data['contractId'] === data['contractId']);
    if (type === 'ContractSigned' && stream.startsWith('deal-')) {
      if (about.some((event) => event.type === 'ContractVoided')) continue;
      const last = about.findLast((event) => event.type === 'ContractAmended')?.data ?? data;
      signed += (last['lines'] as { amountKopecks: number }[]).reduce((sum, line) => sum + line.amountKopecks, 0);
    }
    if (type === 'PaymentRecorded' && !about.some((event) => event.data['recordingId'] === id)) {
      received += Number(data['amountKopecks']);
    }
  }
  return { signed, received };
}
