import { naivePayProofs } from './support/naive-pay-proofs.js';

describe('pay of the demonstration company', () => {
  naivePayProofs({ deals: 60, changes: 20, closings: 12, seed: 20_090_817 });
});
