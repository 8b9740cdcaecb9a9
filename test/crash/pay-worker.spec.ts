import { type House, startHouse } from './kills/house.js';
import { recountUnderFire } from './kills/pay-worker.js';
import { EMPLOYEES, foundPayroll, monthsBefore } from './kills/payroll.js';

// kill -9 in the middle of a recomputation by the pay worker: what it keeps in the end is what comes out from scratch.

const LONG = 180_000;
const [month = ''] = monthsBefore(1);

describe('kill -9 of the pay worker', () => {
  let house: House;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, month);
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it(
    'when everything but its own K is written: the next one comes to the same as from scratch',
    async () => {
      const found = await recountUnderFire(house, { victim: 'projector', at: 'state', round: 1, month });
      expect(found.hasChanged).toBe(true);
      expect(found.wereKept).toBe(true);
      expect(found.kept).toHaveLength(EMPLOYEES);
      expect(found.kept).toEqual(found.scratch);
    },
    LONG,
  );
});
