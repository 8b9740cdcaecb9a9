import { payHistoryProofs } from './support/pay-history-proofs.js';

const SEED = Number(process.env['VORONKA_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));

// Another history each time; the seed in the title gives the same one again.
describe(`pay over a long random history (VORONKA_TEST_SEED=${SEED})`, () => {
  payHistoryProofs({ months: 8, moves: 120, orders: 10, seed: SEED });
});
