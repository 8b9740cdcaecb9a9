import { type House, startHouse } from './kills/house.js';
import { recomputeUnderFire } from './kills/pay-worker.js';
import { EMPLOYEES, foundPayroll, monthsBefore } from './kills/payroll.js';

// kill -9 in the middle of a recomputation: whoever comes next leaves what is worked out from scratch.

const LONG = 180_000;
// One round that met the middle here; many in the long run.
const MOST_ROUNDS = 6;
const months = monthsBefore(12);

describe('kill -9 of the pay worker', () => {
  let house: House;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, months[0] ?? '');
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it(
    'in the middle of a recomputation: it comes to what is worked out from scratch',
    async () => {
      let isMet = false;
      for (let round = 0; round < MOST_ROUNDS && !isMet; round += 1) {
        const bps = 400 + round;
        const found = await recomputeUnderFire(house, months, { bps, name: `Pay ${round}` });
        expect(found.countings).toBe(0);
        expect(found.kept).toHaveLength(EMPLOYEES * months.length);
        expect(found.kept).toEqual(found.scratch);
        const total = found.kept.reduce((sum, { totalKopecks }) => sum + totalKopecks, 0);
        expect(total).toBeGreaterThan(0);
        isMet = found.isMetInTheMiddle;
      }
      expect(isMet).toBe(true);
    },
    LONG,
  );
});
