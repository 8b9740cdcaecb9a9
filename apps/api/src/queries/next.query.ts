import { NextReader } from './next.reader.js';
import { AskedParams } from './params.js';
import { askCore, defineQuery, type QueryDefinition, type QuerySources, seesEverything } from './query.definition.js';
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
  answer: async (sources: QuerySources, params: NextQuery, id: string) => {
    if (params.at === undefined && params.asOf === undefined) {
      const found = await new NextReader(sources.log, null).next(id, sources.clock.now());
      // The log is ahead of the read models, which know who had a hand in the deal.
      if (!seesEverything(sources.caller.roles)) {
        await askCore(sources, { after: found.k }, (context) => assertMaySee(context, id));
      }
      return found;
    }
    return await askCore(sources, params, async (context) => {
      await assertMaySee(context, id);
      return await new NextReader(sources.log, params.asOf === undefined ? null : context.k).next(id, context.at);
    });
  },
});
