import { type House, startHouse } from './kills/house.js';
import { VICTIMS } from './kills/part.js';
import { type Blow, Ordeal } from './kills/rounds.js';

// Everything in processes of its own, clients that never stop, and kill -9.

const LONG = 180_000;
const DOWN_MS = 150;
const once = (victims: readonly Blow['victim'][]): Blow[] =>
  victims.map((victim) => ({ victim, afterMs: 0, downMs: DOWN_MS }));

describe('kill -9 under a load of commands: each acknowledged one is in the log once, read models equal a rebuild', () => {
  let house: House;
  let ordeal: Ordeal;

  beforeAll(async () => {
    house = await startHouse();
    ordeal = new Ordeal(house, 20_090_801);
    await ordeal.prepare();
  }, LONG);

  afterAll(async () => {
    await house.stop();
  }, LONG);

  it.each(VICTIMS)('of %s', async (victim) => ordeal.round(victim, once([victim])), LONG);

  it('of all four at once', async () => ordeal.round('all', once(VICTIMS)), LONG);

  it('met clients at work, who had to repeat themselves', () => {
    const { ledger, interrupted } = ordeal;
    expect(interrupted).toBeGreaterThanOrEqual(VICTIMS.length * 2);
    expect(ledger.retried.size).toBeGreaterThan(0);
    expect(ledger.refused.size).toBeGreaterThan(0);
    expect(ledger.readsAnswered).toBeGreaterThan(0);
  });
});
