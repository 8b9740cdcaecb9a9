import type { StatementDocument } from '@voronka/pay/events';
import { compareStatements } from './statement-comparison.js';

const document = {
  ...{ period: '2009-08', employeeId: 'ivanova', version: 1, asOf: '21', place: null, regulation: 'sales@1' },
  lines: [{ rule: 'R1', period: '2009-08', amountKopecks: 450_00 }],
  adjustments: [{ origin: '2009-07', dueKopecks: -100_00, waivedKopecks: -50_00, notTakenKopecks: 0 }],
  manual: [{ adjustmentId: 'fair', amountKopecks: 200_00, settles: null }],
  totals: {
    ...{ earnedKopecks: 450_00, adjustedKopecks: -100_00, manualKopecks: 200_00 },
    ...{ broughtKopecks: 0, payableKopecks: 550_00, carriedKopecks: 0 },
  },
  ...{ engine: 'voronka-pay-4', zoneData: '2025c Europe/Samara' },
} as unknown as StatementDocument;

const hashed = (more: object, hash = 'h') => ({ document: { ...document, ...more }, hash });

describe('a statement beside itself worked out anew', () => {
  it('is the same to the last bit', () => {
    const same = { outcome: 'same', fields: [], amounts: [] };
    expect(compareStatements(hashed({}), hashed({}), 'h')).toEqual(same);
  });

  it('differs where the hash stated is not of the document stated, though every figure agrees', () => {
    expect(compareStatements(hashed({}), hashed({}), 'another')).toMatchObject({
      ...{ outcome: 'different', fields: ['hash'], amounts: [] },
    });
  });

  it('differs in lines, adjustments, waived amounts and amounts by hand, told in kopecks', () => {
    const { amounts, outcome } = compareStatements(
      hashed({ lines: [], manual: [{ adjustmentId: 'fair', amountKopecks: 300_00, settles: null }] }),
      hashed({ adjustments: [{ origin: '2009-07', dueKopecks: -100_00, waivedKopecks: 0, notTakenKopecks: -50_00 }] }),
      'h',
    );
    expect(outcome).toBe('different');
    expect(amounts).toEqual([
      { part: 'waived', of: '2009-07', statedKopecks: -50_00, recomputedKopecks: 0 },
      { part: 'notTaken', of: '2009-07', statedKopecks: 0, recomputedKopecks: -50_00 },
      { part: 'manual', of: 'fair', statedKopecks: 300_00, recomputedKopecks: 200_00 },
      { part: 'line', of: 'R1 2009-08', statedKopecks: null, recomputedKopecks: 450_00 },
    ]);
  });

  it('of an earlier engine has the same figures, whatever else it told and however it named its zone data', () => {
    const earlier = hashed({ engine: 'voronka-pay-2', place: { departmentId: 'sales', position: 'Manager' } });
    expect(compareStatements(earlier, hashed({}, 'i'), 'h')).toEqual({
      ...{ outcome: 'sameFigures', fields: ['engine', 'place'], amounts: [] },
    });
    const otherZoneData = hashed({ zoneData: '2009k Europe/Samara' });
    expect(compareStatements(otherZoneData, hashed({}, 'i'), 'h')).toMatchObject({ outcome: 'sameFigures' });
  });

  it('of an earlier engine is different where an amount is, or where it is of another moment', () => {
    const earlier = { engine: 'voronka-pay-2' };
    const moved = compareStatements(hashed({ ...earlier, asOf: '22' }), hashed({}, 'i'), 'h');
    expect(moved).toMatchObject({ outcome: 'different', fields: ['asOf', 'engine'] });
    const paid = compareStatements(hashed({ ...earlier, lines: [] }), hashed({}, 'i'), 'h');
    expect(paid).toMatchObject({ outcome: 'different', fields: ['engine', 'lines'] });
  });

  it('differs where it was never issued, and where nothing calls for it', () => {
    expect(compareStatements(null, hashed({}), null).outcome).toBe('different');
    expect(compareStatements(hashed({}), null, 'h').outcome).toBe('different');
  });
});
