export * from './core/deal.tables.js';
export * from './core/reference.tables.js';
export * from './registry.js';
export * from './queries/index.js';
export * from './pay-lines/index.js';
