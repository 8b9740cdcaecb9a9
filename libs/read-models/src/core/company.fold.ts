import { type CompanyConfigured } from '@voronka/sales/events';
import { defineFold, type FoldProjection, type Lookup } from '@voronka/projections';
import type { Recorded } from '@voronka/kernel';
import { type KnownRow, replaceRows } from './known-rows.js';
import { company } from './reference.tables.js';
import { thingId } from './thing-id.js';

export interface CompanyView {
  readonly zone: string | null;
  readonly rows: readonly KnownRow[];
}

/** The one company; resident, since every local date asks for its zone. */
export const companyFold: FoldProjection = defineFold<CompanyView>({
  kind: 'fold',
  name: 'company',
  tables: [company],
  resident: true,
  key: thingId('company'),
  initialState: () => ({ zone: null, rows: [] }),
  on: {
    CompanyConfigured: (state, event) => {
      const { data, stream, eventId, position } = event as Recorded<CompanyConfigured>;
      const { name, zone, currency, firstPayrollPeriod } = data;
      const key = { company_id: stream.slice('company-'.length), first_payroll_period: firstPayrollPeriod };
      const row = { ...key, name, zone, currency, event_id: eventId };
      const { rows, changes } = replaceRows(company, state.rows, [row], position);
      return { state: { zone, rows }, changes };
    },
  },
});

/** The company's zone as configured so far; UTC while there is none. */
export function zoneOf(look: Lookup): string {
  return look<CompanyView>('company', 'main')?.zone ?? 'UTC';
}
