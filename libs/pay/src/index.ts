export * from './events.js';
export * from './figures/index.js';
export * from './indicator/catalogue.js';
export * from './indicator/indicator.commands.js';
export * from './indicator/indicator.decider.js';
export * from './indicator/indicator.faults.js';
export * from './indicator/indicator.measures.js';
export type { IndicatorFault } from './indicator/indicator.reading.js';
export * from './registry.js';
