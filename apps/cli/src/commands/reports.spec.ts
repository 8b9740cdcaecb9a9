import type { FunnelRow } from '@voronka/read-models';
import { activityTable, barTable } from './reports.js';

const small = { small: true, lower: '0.00', upper: '48.99' };
const large = { small: false, lower: '40.38', upper: '59.62' };

describe('bug: tables did not mark what rests on small samples', () => {
  it('bars of a funnel do', () => {
    const bar = { name: 'Proposal', step: 'proposal', rank: 2, deals: 0, percentOfFirst: '0.00' };
    const first = { ...bar, name: 'Contact', percentOfFirst: '100.00', percentOfPrevious: null };
    const total: FunnelRow = {
      ...{ slices: [], bucket: null },
      bars: [
        { ...first, sampleOfFirst: { small: false, lower: '96.30', upper: '100.00' }, sampleOfPrevious: null },
        { ...bar, percentOfPrevious: '0.00', sampleOfFirst: large, sampleOfPrevious: small },
      ],
    };
    const [, , , contact, proposal] = barTable(total).split('\n');
    expect(contact).toMatch(/Contact .* 96\.30–100\.00 .* – /);
    expect(proposal).toMatch(/40\.38–59\.62 .* 0\.00–48\.99 small/);
  });

  it('work that was followed does', () => {
    const row = { slices: [], bucket: null, done: 5, won: 0, activitiesPerWin: null, doneOnWon: 0 };
    const next = { followed: 0, matured: 4, pending: 1, percent: '0.00', ...small };
    expect(activityTable([{ ...row, activitiesOnWon: null, next }], 'performer')).toContain('0.00–48.99 small');
  });
});
