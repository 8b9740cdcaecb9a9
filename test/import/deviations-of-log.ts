import type { EventLog } from '@voronka/event-log';
import { plainFiveDayWeek, type RecordedUnion } from '@voronka/kernel';
import { type DealEvent, deviationsOf, type RouteMapDocument } from '@voronka/sales';

type Deal = readonly RecordedUnion<DealEvent>[];

/** The events of every deal of a log, and the first version of a route map. */
export async function dealsAndMap(
  log: EventLog,
  routeMap: string,
): Promise<{ readonly deals: readonly Deal[]; readonly map: RouteMapDocument }> {
  const deals = new Map<string, RecordedUnion<DealEvent>[]>();
  let map: RouteMapDocument | null = null;
  for await (const { events } of log.readAll({ after: null })) {
    for (const event of events) {
      if (event.stream === `routeMap-${routeMap}`) {
        map ??= (event.data as { readonly document: RouteMapDocument }).document;
      }
      if (!event.stream.startsWith('deal-')) continue;
      const known = deals.get(event.stream) ?? [];
      if (known.length === 0) deals.set(event.stream, known);
      known.push(event as RecordedUnion<DealEvent>);
    }
  }
  if (map === null) throw new Error(`the log has no route map ${routeMap}`);
  return { deals: [...deals.values()], map };
}

/** Deviations that the domain finds in deals, by kind and step. */
export function deviationsBy(deals: readonly Deal[], document: RouteMapDocument): Record<string, number> {
  const facts = {
    ...{ calendar: plainFiveDayWeek(), zone: 'Europe/Amsterdam', rolesOf: () => null },
    customerAt: () => ({ segment: null, portrait: {} }),
  };
  const counts: Record<string, number> = {};
  for (const deal of deals) {
    for (const { kind, step } of deviationsOf(deal, document, facts)) {
      counts[`${kind} ${step}`] = (counts[`${kind} ${step}`] ?? 0) + 1;
    }
  }
  return counts;
}
