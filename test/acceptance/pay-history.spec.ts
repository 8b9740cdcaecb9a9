import { payHistoryProofs } from './support/pay-history-proofs.js';

describe('pay over a random history', () => {
  payHistoryProofs({ months: 3, moves: 28, orders: 2, seed: 13 });
});
