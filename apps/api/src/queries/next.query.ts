import type { Instant } from '@voronka/kernel';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { WholeNumber } from './convert.js';
import { NextReader } from './next.reader.js';
import { AskedParams } from './params.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
  seesEverything,
} from './query.definition.js';
import { assertMaySee, DEAL_READERS } from './record.queries.js';

export class NextQuery extends AskedParams {}

export const nextQuery: QueryDefinition = defineQuery({
  name: 'DealNext',
  path: 'deals/:id/next',
  params: NextQuery,
  roles: DEAL_READERS,
  summary:
    'What is to be done next on a deal: open steps with form, guidance and due time, and what blocks the others.',
  example: {},
  answer: (sources: QuerySources, params: NextQuery, id: string) =>
    fromTheLog(sources, params, { id, tell: (reader, at) => reader.next(id, at) }),
});

export const serviceNextQuery: QueryDefinition = defineQuery({
  name: 'ServiceCaseNext',
  path: 'service-cases/:id/next',
  params: NextQuery,
  roles: DEAL_READERS,
  summary: 'What is to be done next on a service case, as on a deal; its id is in dealId.',
  example: {},
  answer: (sources: QuerySources, params: NextQuery, id: string) =>
    fromTheLog(sources, params, { id, tell: (reader, at) => reader.next(id, at), category: 'serviceCase' }),
});

export class MigrationQuery extends AskedParams {
  /** The latest published version unless it is said. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  toVersion?: number;
}

const migrationOfA = (category: 'deal' | 'serviceCase', name: string, path: string): QueryDefinition =>
  defineQuery({
    name,
    path,
    params: MigrationQuery,
    roles: DEAL_READERS,
    summary: 'What a move to another version of its route map would change: what would become missing.',
    example: {},
    answer: (sources: QuerySources, params: MigrationQuery, id: string) =>
      fromTheLog(sources, params, { id, category, tell: (reader, at) => reader.migration(id, at, params.toVersion) }),
  });

export const migrationQueries = [
  migrationOfA('deal', 'DealMigration', 'deals/:id/migration'),
  migrationOfA('serviceCase', 'ServiceCaseMigration', 'service-cases/:id/migration'),
];

interface Telling<Answer> {
  readonly id: string;
  readonly tell: (reader: NextReader, at: Instant) => Promise<Answer>;
  readonly category?: 'deal' | 'serviceCase';
}

/** Straight from the log, which is ahead of the read models; they know who had a hand in the deal. */
async function fromTheLog<Answer extends { readonly k: string }>(
  sources: QuerySources,
  params: AskedParams,
  { id, tell, category = 'deal' }: Telling<Answer>,
): Promise<Answer> {
  const purpose = category === 'deal' ? 'sale' : 'service';
  if (params.at === undefined && params.asOf === undefined) {
    const found = await tell(new NextReader(sources.log, null, null, category), sources.clock.now());
    if (!seesEverything(sources.caller.roles)) {
      await askCore(sources, { after: found.k }, (context) => assertMaySee(context, id), purpose);
    }
    return found;
  }
  const ask = async (context: ScopedContext): Promise<Answer> => {
    await assertMaySee(context, id);
    const [k, until] = [params.asOf === undefined ? null : context.k, params.at === undefined ? null : context.at];
    return await tell(new NextReader(sources.log, k, until, category), context.at);
  };
  return await askCore(sources, params, ask, purpose);
}
