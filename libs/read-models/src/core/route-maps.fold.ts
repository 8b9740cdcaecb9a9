import type { Recorded } from '@voronka/kernel';
import { defineFold, type FoldProjection, type Lookup } from '@voronka/projections';
import type { RouteMapDocument, RouteMapPublished } from '@voronka/sales/events';
import { askedFieldsOf, normMinutesOf } from '@voronka/sales/walk';
import { insertion } from './known-rows.js';
import { routeMaps, routeMapSteps } from './reference.tables.js';
import { thingId } from './thing-id.js';

export interface Bar {
  readonly step: string;
  readonly rank: number;
}

/** What deals ask of one version of a route map. */
export interface RouteMapVersion {
  readonly version: number;
  /** By rank, the lowest first. */
  readonly bars: readonly Bar[];
  /** Steps that are no bars, with the highest bar that lies before them (null: none does). */
  readonly between: readonly { readonly step: string; readonly bar: string | null }[];
  /** The steps without what is only read by people: their rules. */
  readonly document: RouteMapDocument;
}

export interface RouteMapView {
  readonly versions: readonly RouteMapVersion[];
}

/** Published versions; resident, since every deal asks for the ranks of its version. */
export const routeMapsFold: FoldProjection = defineFold<RouteMapView>({
  kind: 'fold',
  name: 'route_maps',
  tables: [routeMaps, routeMapSteps],
  resident: true,
  key: thingId('routeMap'),
  initialState: () => ({ versions: [] }),
  on: {
    RouteMapPublished: (state, event) => {
      const published = event as Recorded<RouteMapPublished>;
      const { version, document } = published.data;
      // A version is never published twice; a log that says so keeps the first.
      if (state.versions.some((known) => known.version === version)) return { state, changes: [] };
      return { state: { versions: [...state.versions, versionOf(version, document)] }, changes: rowsOf(published) };
    },
  },
});

/** The version of a route map that deals of it follow; undefined while it is not published. */
export function routeMapVersion(look: Lookup, id: string, version: number): RouteMapVersion | undefined {
  return look<RouteMapView>('route_maps', id)?.versions.find((known) => known.version === version);
}

const standings = new WeakMap<RouteMapVersion, ReadonlyMap<string, Bar | null>>();

/** Where somebody stands who is at a step: a bar at itself, another step at the highest bar before it. */
export function barAt(version: RouteMapVersion, step: string): Bar | null {
  let known = standings.get(version);
  if (known === undefined) {
    const bars = new Map(version.bars.map((bar) => [bar.step, bar]));
    const others = version.between.map(({ step: code, bar }): [string, Bar | null] => [
      code,
      bar === null ? null : (bars.get(bar) ?? null),
    ]);
    known = new Map<string, Bar | null>([...bars, ...others]);
    standings.set(version, known);
  }
  return known.get(step) ?? null;
}

/**
 * Where somebody stands by a version who was at a step of an earlier one: at the step itself, where the version has it,
 * else at the highest bar that did not lie above it and that the version has.
 */
export function barCarried(version: RouteMapVersion, earlier: RouteMapVersion | null, step: string): Bar | null {
  const { document, bars } = version;
  if (earlier === null || document.steps.some(({ code }) => code === step)) return barAt(version, step);
  const top = barAt(earlier, step)?.rank ?? -Infinity;
  const below = new Set(earlier.bars.filter(({ rank }) => rank <= top).map(({ step: code }) => code));
  return bars.findLast(({ step: code }) => below.has(code)) ?? null;
}

/** Funnel rank of a step; null where it is no bar. */
export function rankOf(version: RouteMapVersion | null, step: string): number | null {
  const bar = version === null ? null : barAt(version, step);
  return bar?.step === step ? bar.rank : null;
}

const asked = new WeakMap<RouteMapVersion, ReturnType<typeof askedFieldsOf>>();

/** Answers to a step that conditions of the map ask for; the others are of no concern to a deal's state. */
export function askedFields(version: RouteMapVersion, step: string): ReadonlySet<string> | undefined {
  let known = asked.get(version);
  if (known === undefined) {
    known = askedFieldsOf(version.document);
    asked.set(version, known);
  }
  return known.get(step);
}

function versionOf(version: number, document: RouteMapDocument): RouteMapVersion {
  const { steps } = document;
  const bars = steps
    .flatMap(({ code, funnelRank }) => (funnelRank === undefined ? [] : [{ step: code, rank: funnelRank }]))
    .toSorted((a, b) => a.rank - b.rank);
  const between = steps
    .filter(({ funnelRank }) => funnelRank === undefined)
    .map(({ code }) => {
      const before = everythingBefore(steps, code);
      return { step: code, bar: bars.findLast(({ step }) => before.has(step))?.step ?? null };
    });
  return { version, bars, between, document: rulesOf(document) };
}

function rulesOf({ purpose, steps }: RouteMapDocument): RouteMapDocument {
  const rules = steps.map(({ guidance: _text, guidanceBySegment: _texts, ...step }) => ({
    ...step,
    name: '',
    form: [],
  }));
  return { name: '', purpose, stages: [], lossReasons: [], steps: rules };
}

function everythingBefore(steps: RouteMapDocument['steps'], start: string): ReadonlySet<string> {
  const after = new Map(steps.map((step) => [step.code, step.after]));
  const found = new Set<string>();
  const waiting = [...(after.get(start) ?? [])];
  for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
    if (found.has(code)) continue;
    found.add(code);
    waiting.push(...(after.get(code) ?? []));
  }
  return found;
}

function rowsOf({ data, stream, eventId, position }: Recorded<RouteMapPublished>) {
  const { version, document } = data;
  const own = { route_map_id: stream.slice('routeMap-'.length), version, event_id: eventId };
  const { name, purpose, steps, lossReasons } = document;
  return [
    insertion(routeMaps, { ...own, name, purpose, loss_reasons: lossReasons }, position),
    ...steps.map((step, ordinal) =>
      insertion(
        routeMapSteps,
        {
          ...own,
          step: step.code,
          name: step.name,
          stage: step.stage,
          kind: step.kind,
          rank: step.funnelRank ?? null,
          mandatory: step.mandatory,
          norm_minutes: normMinutesOf(step),
          ordinal,
        },
        position,
      ),
    ),
  ];
}
