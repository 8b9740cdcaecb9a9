// Formulas of figures: exact, and without any knowledge of where the counts come from.
export * from './bottleneck.js';
export * from './cohorts.js';
export * from './comparison.js';
export * from './decomposition.js';
export * from './forecast.js';
export * from './percentile.js';
export * from './potential.js';
export * from './ratio.js';
export * from './sales.js';
export * from './sample.js';
export * from './shares.js';
