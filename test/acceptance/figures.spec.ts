import { figuresProofs } from './support/figures-proofs.js';

describe('figures of random maps and random work', () => {
  // A seed by which few plays do everything that is tried; the long run draws its own.
  figuresProofs({ plays: 9, cuts: 2, seed: 5 });
});
