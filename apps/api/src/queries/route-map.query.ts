import type { EventLog } from '@voronka/event-log';
import { type Recorded, type RecordedUnion, refuse, streamOf } from '@voronka/kernel';
import type { RouteMapEvent, RouteMapPublished, RouteMapRetired } from '@voronka/sales/events';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { WholeNumber } from './convert.js';
import { AskedParams } from './params.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
} from './query.definition.js';
import { FIGURE_READERS } from './figure.queries.js';

export class RouteMapQuery extends AskedParams {
  /** The latest published version unless it is said. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  version?: number;
}

/** From the log, which holds documents whole: the tables keep of a map what figures need. */
export const routeMapQuery: QueryDefinition = defineQuery({
  name: 'RouteMap',
  path: 'route-maps/:id',
  exampleId: 'automation',
  params: RouteMapQuery,
  roles: FIGURE_READERS,
  summary:
    'A version of a route map as the document that was published, to be looked at or published anew with changes.',
  example: {},
  answer: (sources: QuerySources, params: RouteMapQuery, id: string) =>
    askCore(sources, params, (context) => published(sources.log, context, { routeMap: id, version: params.version })),
});

interface Asked {
  readonly routeMap: string;
  readonly version: number | undefined;
}

/** @throws DomainError ROUTE_MAP_NOT_FOUND if no such version was known at K */
async function published(log: EventLog, context: ScopedContext, { routeMap, version }: Asked): Promise<object> {
  const versions: Recorded<RouteMapPublished>[] = [];
  let retired: Recorded<RouteMapRetired> | null = null;
  // Read to its end, few as there are: a read that is left early costs the connection a reset.
  for await (const recorded of log.readStream(streamOf('routeMap', routeMap))) {
    const event = recorded as RecordedUnion<RouteMapEvent>;
    if (event.position > context.k) continue;
    if (event.type === 'RouteMapPublished') versions.push(event);
    else retired = event;
  }
  const found = version === undefined ? versions.at(-1) : versions.find(({ data }) => data.version === version);
  if (found === undefined) {
    throw refuse.notFound('ROUTE_MAP_NOT_FOUND', 'no such version was known then: name one that /v1/route-maps lists', {
      routeMap,
      version,
    });
  }
  const told = ({ eventId, metadata, recordedAt }: Recorded): object => {
    return { eventId, occurredAt: metadata.occurredAt, recordedAt };
  };
  return {
    ...{ k: String(context.k), at: context.at, zone: context.zone },
    ...{ routeMap, version: found.data.version },
    ...told(found),
    document: found.data.document,
    versions: versions.map((event) => ({ version: event.data.version, ...told(event) })),
    retired: retired === null ? null : { ...told(retired), reason: retired.data.reason },
  };
}
