import { naivePayProofs } from './support/naive-pay-proofs.js';

const SEED = Number(process.env['VORONKA_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));

// More of the story, and other changes each time; the seed in the title gives the same ones again.
describe(`pay of the demonstration company, told at length (VORONKA_TEST_SEED=${SEED})`, () => {
  naivePayProofs({ deals: 400, changes: 200, closings: 17, seed: SEED });
});
