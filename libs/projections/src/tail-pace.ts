/** From one transaction of the tail to the next, in times of what it took: a quarter of the time goes into them. */
const PACE = 4;

/**
 * How long the tail waits after a transaction, in milliseconds. Under load, what comes meanwhile goes into one
 * transaction: each costs about the same, whatever it holds. A quick one is soon followed by the next, so that a single
 * command is seen at once; from the beginning of one to that of the next it is never made longer than `mostMs`.
 */
export function pauseAfter(takenMs: number, mostMs: number): number {
  return Math.max(0, Math.min(mostMs, takenMs * PACE) - takenMs);
}
