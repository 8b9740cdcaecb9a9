import { waitFor } from '@voronka/projections';
import type { Stores } from '@voronka/runtime';

const LONGEST_WAIT_MS = 30_000;

/** The read models are behind: it passes, so the process tries again. */
export class ReadModelsBehindError extends Error {
  override readonly name = 'ReadModelsBehindError';
  readonly code = 'EBEHIND';
}

/** Waits until the tables hold everything up to a position. @throws ReadModelsBehindError when they do not in time */
export async function readModelsAt(pool: Stores['pool'], position: bigint): Promise<void> {
  if (await waitFor(pool, 'core', position, LONGEST_WAIT_MS)) return;
  throw new ReadModelsBehindError(`the read models have not reached ${position}`);
}
