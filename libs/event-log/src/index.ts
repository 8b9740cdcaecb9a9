export * from './errors.js';
export * from './event-log.port.js';
