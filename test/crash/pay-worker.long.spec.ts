import { type House, startHouse } from './kills/house.js';
import { recomputeUnderFire } from './kills/pay-worker.js';
import { EMPLOYEES, foundPayroll, monthsBefore } from './kills/payroll.js';

// As the ordinary test, round after round.

const LONG = 300_000;
const ROUNDS = Number(process.env['KILLS_ROUNDS'] ?? 24);
const months = monthsBefore(12);

describe('kill -9 of the pay worker, again and again', () => {
  let house: House;
  let metInTheMiddle = 0;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, months[0] ?? '');
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it.each(Array.from({ length: ROUNDS }, (_, n) => n))(
    'round %i comes to what is worked out from scratch',
    async (round) => {
      const found = await recomputeUnderFire(house, months, { bps: 400 + round, name: `Pay ${round}` });
      if (found.isMetInTheMiddle) metInTheMiddle += 1;
      expect(found.countings).toBe(0);
      expect(found.kept).toHaveLength(EMPLOYEES * months.length);
      expect(found.kept).toEqual(found.scratch);
    },
    LONG,
  );

  it('met recomputations in their middle', () => expect(metInTheMiddle).toBeGreaterThan(0));
});
