import type { Recorded } from '@voronka/kernel';
import type { Asked, ProcessManager } from '@voronka/processes';
import { withSnapshot } from '@voronka/projections';
import { customerIds } from '@voronka/read-models';
import type { PortraitPublished } from '@voronka/sales/events';
import type { Stores } from '@voronka/runtime';
import { readModelsAt } from './read-models-at.js';

/**
 * Applies the rules of a newly published portrait to every customer that was registered before; those that come after it
 * are judged as they are registered. The rules in force when the command comes are applied, so that of two publications
 * in quick succession the later one holds.
 */
export function applySegmentRules({ pool }: Pick<Stores, 'pool'>): ProcessManager {
  return {
    name: 'apply-segment-rules',
    summary: 'Applies the rules of a newly published portrait to every customer.',
    on: {
      PortraitPublished: async (event) => {
        await readModelsAt(pool, event.position);
        const ids = await withSnapshot(pool, 'core', ({ client }) => customerIds(client, event.position));
        return applications(event as Recorded<PortraitPublished>, ids);
      },
    },
  };
}

/** A command for each customer, where there is a rule, or may have been one before. */
export function applications({ data }: Recorded<PortraitPublished>, ids: readonly string[]): readonly Asked[] {
  if (data.version === 1 && data.document.segments.every(({ rule }) => rule === undefined)) return [];
  return ids.map((id) => ({
    category: 'customer',
    id,
    type: 'ApplySegmentRules',
    body: {},
    key: String(data.version),
  }));
}
