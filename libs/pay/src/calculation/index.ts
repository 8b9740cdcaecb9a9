export * from './bonus.js';
export * from './engine.js';
export * from './explain.js';
export * from './payout.js';
export * from './quantity.js';
export * from './settlement.js';
export * from './target.js';
