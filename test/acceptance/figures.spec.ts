import { figuresProofs } from './support/figures-proofs.js';

describe('figures of random maps and random work', () => {
  figuresProofs({ plays: 16, cuts: 2, seed: 2009 });
});
