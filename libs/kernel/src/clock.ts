import type { Instant } from './event.js';

/** Where "now" comes from. Real programs read the machine's clock, the demo its simulated one. */
export interface Clock {
  now(): Instant;
}
