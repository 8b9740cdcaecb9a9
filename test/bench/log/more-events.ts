import type { EventToAppend } from '@voronka/event-log';
import { things } from '@voronka/runtime';
import { benchCompany } from './company.js';
import { foundingCommands } from './founding.js';
import { dealHistory, dealsFor } from './history.js';
import { MemoryWorld } from './memory-world.js';

/** Events to be appended at once. */
export interface PendingAppend {
  readonly stream: string;
  readonly expected: number | 'noStream';
  readonly events: EventToAppend[];
}

/** Most events of one append. */
const MOST_EVENTS = 20;

/**
 * Another history of the same company, about so many events of deals that the log does not have: per stream one append
 * after the other, streams side by side.
 */
export async function moreEvents(seed: number, events: number): Promise<readonly (readonly PendingAppend[])[]> {
  const company = benchCompany(seed);
  const world = new MemoryWorld(things);
  for (const command of foundingCommands(company)) await world.carryOut(command);
  const streams = new Map<string, PendingAppend[]>();
  for (const { stories } of dealHistory({ seed, deals: dealsFor(events), company, prefix: 'more-' })) {
    for (const { commands } of stories) {
      for (const command of commands) add(streams, await world.carryOut(command));
    }
  }
  return [...streams.values()];
}

function add(
  streams: Map<string, PendingAppend[]>,
  { stream, revision, events }: { stream: string; revision: number; events: readonly EventToAppend[] },
): void {
  const appends = streams.get(stream) ?? [];
  streams.set(stream, appends);
  const last = appends.at(-1);
  if (last !== undefined && last.events.length < MOST_EVENTS) last.events.push(...events);
  else appends.push({ stream, expected: revision < 0 ? 'noStream' : revision, events: [...events] });
}
