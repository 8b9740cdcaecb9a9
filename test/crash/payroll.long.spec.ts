import { randomFrom } from '../projections/support/random.js';
import { type House, startHouse } from './kills/house.js';
import { type Victim, VICTIMS } from './kills/part.js';
import { closeUnderFire, EMPLOYEES, foundPayroll, monthsBefore, planUnderFire, workedOut } from './kills/payroll.js';

// As the ordinary test, at random: which part, after how many statements.

const LONG = 300_000;
/** Named in the title, so that a run that failed can be had again. */
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['KILLS_ROUNDS'] ?? 24);

const random = randomFrom(SEED);
const rounds = monthsBefore(ROUNDS).map((month) => ({
  month,
  victim: VICTIMS[Math.floor(random() * VICTIMS.length)] ?? 'projector',
  statements: Math.floor(random() * EMPLOYEES),
}));

describe(`kill -9 of payroll at work, KILLS_SEED=${SEED}`, () => {
  let house: House;

  beforeAll(async () => {
    house = await startHouse();
    await foundPayroll(house, rounds[0]?.month ?? '');
  }, LONG);
  afterAll(async () => {
    await house.stop();
  }, LONG);

  it.each(rounds)(
    '$month: $victim after $statements statements',
    async ({ month, victim, statements }) => {
      const found = await closeUnderFire(house, month, { victim, statements });
      const { hashes, hash } = await workedOut(house, month, found);
      const issued = [...found.issued].sort((a, b) => (a.stream < b.stream ? -1 : 1));
      expect(issued.map(({ data }) => data.hash)).toEqual(hashes);
      expect(found.closed.data).toMatchObject({ statements: EMPLOYEES, hash });
    },
    LONG,
  );

  it.each(Array.from({ length: ROUNDS }, (_, n) => [n, VICTIMS[n % VICTIMS.length] as Victim] as const))(
    'bulk plan %i, %s',
    async (n, victim) => {
      const { cells, events, position, answer, rows } = await planUnderFire(house, `bulk-${n}`, victim);
      expect({ events, position, rows }).toEqual({ events: 1, position: answer, rows: [{ count: String(cells) }] });
    },
    LONG,
  );
});
