import { refuse } from '@voronka/kernel';
import type { DocumentFault } from '../form/form.faults.js';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import { portraitAskedFaults } from '../route-map/route-map.portrait.js';
import type { PortraitDocument } from './portrait.document.js';

/** A route map, as far as the portrait asks about it. */
export type RouteMapFact =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      readonly latest: { readonly version: number; readonly document: RouteMapDocument };
    };

/** A place of a route map that asks what a portrait does not say. */
export interface PortraitUse extends DocumentFault {
  readonly routeMapId: string;
  readonly version: number;
  readonly step: string;
}

/**
 * Conditions of the latest versions of maps in use could never be decided, or never hold, under this portrait.
 * @param ids of the maps that were found to ask the portrait
 * @param maps in the order of `ids`
 * @throws DomainError `PORTRAIT_IN_USE` with every place
 */
export function assertNotAsked(
  document: PortraitDocument,
  ids: readonly string[],
  maps: readonly (RouteMapFact | undefined)[],
): void {
  const asked = { fields: document.fields, segments: document.segments.map(({ code }) => code) };
  const uses = ids.flatMap((routeMapId, index): readonly PortraitUse[] => {
    const map = maps[index];
    if (map?.status !== 'active') return [];
    const { version, document: published } = map.latest;
    return portraitAskedFaults(published, asked).map((fault) => ({ routeMapId, version, ...fault }));
  });
  if (uses.length === 0) return;
  const advice = 'keep what `uses` asks for as it was, or first publish those route maps without asking it';
  throw refuse.rule('PORTRAIT_IN_USE', advice, { uses });
}
