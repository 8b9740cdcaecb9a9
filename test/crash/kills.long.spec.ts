import { randomFrom } from '../projections/support/random.js';
import { type House, startHouse } from './kills/house.js';
import { type Victim, VICTIMS } from './kills/part.js';
import { type Blow, Ordeal } from './kills/rounds.js';

// As the ordinary test, at random: which, how many, how soon after one another, and how long they stay down.

const LONG = 300_000;
/** Named in the title, so that a run that failed can be had again. */
const SEED = Number(process.env['KILLS_SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = Number(process.env['KILLS_ROUNDS'] ?? 24);

const MOST_BLOWS = 6;
const LONGEST_BETWEEN_MS = 1_500;
const LONGEST_DOWN_MS = 1_000;

/** One to six blows; some hit a part that is only just starting again. */
function blowsOf(chance: () => number): Blow[] {
  const isAtOnce = chance() < 0.3;
  return Array.from({ length: 1 + Math.floor(chance() * MOST_BLOWS) }, () => ({
    victim: VICTIMS[Math.floor(chance() * VICTIMS.length)] ?? 'api',
    afterMs: isAtOnce ? 0 : Math.floor(chance() * LONGEST_BETWEEN_MS),
    downMs: Math.floor(chance() * LONGEST_DOWN_MS),
  }));
}

const chance = randomFrom(SEED);
const rounds = Array.from({ length: ROUNDS }, (_, n) => ({ n, blows: blowsOf(chance) }));
const told = (blows: readonly Blow[]): string => blows.map(({ victim, afterMs }) => `${victim}+${afterMs}`).join(' ');

describe(`kill -9 under a load of commands, KILLS_SEED=${SEED}`, () => {
  let house: House;
  let ordeal: Ordeal;

  beforeAll(async () => {
    house = await startHouse();
    ordeal = new Ordeal(house, SEED);
    await ordeal.prepare();
  }, LONG);

  afterAll(async () => {
    const { asked, acknowledged, retried, refused, readsAnswered } = ordeal.ledger;
    console.log(
      `${asked.size} commands: ${acknowledged.size} acknowledged, ${refused.size} refused, ${retried.size} repeated; ` +
        `${readsAnswered} queries; ${ordeal.interrupted} requests met a kill; ` +
        `${ordeal.landedUnheard} commands had landed unheard`,
    );
    await house.stop();
  }, LONG);

  it.each(rounds.map(({ n, blows }) => [`${n}: ${told(blows)}`, n, blows] as const))(
    'round %s',
    async (_, n, blows) => ordeal.round(`round-${n}`, blows),
    LONG,
  );

  it('has killed each of them, and clients had to repeat themselves', () => {
    const killed = new Set<Victim>(rounds.flatMap(({ blows }) => blows.map(({ victim }) => victim)));
    expect([...killed].sort()).toEqual([...VICTIMS].sort());
    expect(ordeal.ledger.retried.size).toBeGreaterThan(ROUNDS);
    expect(ordeal.interrupted).toBeGreaterThan(ROUNDS);
    expect(ordeal.landedUnheard).toBeGreaterThan(0);
  });
});
