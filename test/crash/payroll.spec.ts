import { type House, startHouse } from './kills/house.js';
import { recountUnderFire } from './kills/pay-worker.js';
import { closeUnderFire, EMPLOYEES, foundPayroll, monthsBefore, planUnderFire, workedOut } from './kills/payroll.js';
import { type Victim } from './kills/part.js';

// kill -9 in the middle of a recomputation, of closing a month and of a bulk plan: everything resumes to the same result.

const LONG = 180_000;
// One round of each here; many of every part in the long run.
const BLOWS: readonly (readonly [Victim, number])[] = [['projector', 20]];
const months = monthsBefore(BLOWS.length);

describe('kill -9', () => {
  let house: House;
  let metInTheMiddle = 0;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, months[0] ?? '');
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it(
    'of the pay worker when everything but its own K is written: the next one comes to the same as from scratch',
    async () => {
      const blow = { victim: 'projector', at: 'state', round: 1, month: months[0] ?? '' } as const;
      const found = await recountUnderFire(house, blow);
      expect(found.hasChanged).toBe(true);
      expect(found.wereKept).toBe(true);
      expect(found.kept).toHaveLength(EMPLOYEES);
      expect(found.kept).toEqual(found.scratch);
    },
    LONG,
  );

  it.each(BLOWS.map(([victim, statements], n) => [victim, statements, months[n] ?? ''] as const))(
    'of %s after %i statements of a closing: each is issued once, and all as of the same K₀',
    async (victim, statements, month) => {
      const found = await closeUnderFire(house, month, { victim, statements });
      expect(found.before).toBeGreaterThanOrEqual(statements);
      if (found.before < EMPLOYEES) metInTheMiddle += 1;
      const { hashes, hash } = await workedOut(house, month, found);
      expect(hashes).toHaveLength(EMPLOYEES);
      const issued = [...found.issued].sort((a, b) => (a.stream < b.stream ? -1 : 1));
      expect(issued.map(({ data }) => data.hash)).toEqual(hashes);
      const k0 = String(found.closing.position);
      expect(new Set(issued.map(({ data }) => data.document.asOf))).toEqual(new Set([k0]));
      expect(found.closed.data).toMatchObject({ statements: EMPLOYEES, hash, asOf: { position: k0 } });
    },
    LONG,
  );

  it('met closings in their middle', () => expect(metInTheMiddle).toBeGreaterThan(0));

  it.each(['node'] as const)(
    'of %s in the middle of a bulk plan: it is recorded once, whole, and every cell is in the read models',
    async (victim) => {
      const { cells, events, position, answer, rows } = await planUnderFire(house, `bulk-${victim}`, victim);
      expect({ events, position, rows }).toEqual({ events: 1, position: answer, rows: [{ count: String(cells) }] });
    },
    LONG,
  );
});
