import { randomFrom } from '../projections/support/random.js';
import { type House, startHouse } from './kills/house.js';
import { type Victim } from './kills/part.js';
import { recountUnderFire, WRITTEN } from './kills/pay-worker.js';
import { EMPLOYEES, foundPayroll, monthsBefore } from './kills/payroll.js';

// As the ordinary test, at random: which part, and before which of its writes.

const LONG = 300_000;
/** Named in the title, so that a run that failed can be had again. */
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['KILLS_ROUNDS'] ?? 24);

const random = randomFrom(SEED);
const victims: readonly Victim[] = ['projector', 'postgres', 'node'];
const rounds = Array.from({ length: ROUNDS }, (_, n) => ({
  round: n + 1,
  victim: victims[Math.floor(random() * victims.length)] ?? 'projector',
  at: WRITTEN[Math.floor(random() * WRITTEN.length)] ?? 'state',
}));
const [month = ''] = monthsBefore(1);

describe(`kill -9 of the pay worker at work, KILLS_SEED=${SEED}`, () => {
  let house: House;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, month);
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it.each(rounds)(
    '$round: $victim before it writes $at',
    async (blow) => {
      const found = await recountUnderFire(house, { ...blow, month });
      expect(found).toMatchObject({ hasChanged: true, wereKept: true });
      expect(found.kept).toHaveLength(EMPLOYEES);
      expect(found.kept).toEqual(found.scratch);
    },
    LONG,
  );
});
