import { figuresProofs } from './support/figures-proofs.js';

const SEED = Number(process.env['VORONKA_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));

// Another history each time; the seed in the title gives the same one again.
describe(`figures of many random maps and much random work (VORONKA_TEST_SEED=${SEED})`, () => {
  figuresProofs({ plays: 80, cuts: 25, seed: SEED });
});
