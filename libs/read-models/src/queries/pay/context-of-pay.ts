import type { Instant } from '@voronka/kernel';
import type { QueryContext } from '../context.js';

/**
 * What pay is counted under: K, and as T the moment at which the log knew it, so that nothing depends on when one asks.
 */
export async function payContext(context: QueryContext, k: bigint = context.k): Promise<QueryContext> {
  // Both go up together: the row before K is the latest, and no other one is looked at.
  const { rows } = await context.client.query<{ at: Date }>(
    'SELECT recorded_at AS at FROM log_clock WHERE position <= $1::bigint ORDER BY position DESC LIMIT 1',
    [String(k)],
  );
  const at: Instant = rows[0]?.at?.toISOString() ?? context.at;
  return { ...context, k, at };
}
