import { dealsWithNorms, type Filters, type QueryContext, worklist } from '@voronka/read-models';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { WholeNumber } from './convert.js';
import { assertNoDrill } from './drill-params.js';
import { common } from './figure.queries.js';
import { NextReader } from './next.reader.js';
import { FigureParams, type Purpose } from './params.js';
import { askCore, defineQuery, type QueryDefinition, type QuerySources } from './query.definition.js';
import { DEAL_READERS } from './record.queries.js';

/** Deals with a norm running that are looked through for overdue steps; more ask for a narrower question. */
const MOST_DEALS = 2_000;
const READ_AT_ONCE = 16;

export class WorklistQuery extends FigureParams {
  /** Longest stay at a bar that is no sign of being stuck. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(3_650)
  stuckDays?: number;

  /** Longest silence of a customer. */
  @IsOptional()
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(3_650)
  silentDays?: number;
}

interface OverdueStep {
  readonly dealId: string;
  readonly ownerId: string | null;
  readonly step: string;
  readonly name: string;
  readonly since: string | null;
  readonly dueAt: string;
  /** Plain weeks were assumed for a year that the calendar does not state. */
  readonly dueAssumed: boolean;
}

/** Steps whose norm had passed at T, the longest overdue first; and whether every deal open then was looked at. */
export async function overdueSteps(
  { log }: Pick<QuerySources, 'log'>,
  context: QueryContext,
  { filters, k, purpose }: { readonly filters?: Filters; readonly k: bigint | null; readonly purpose?: Purpose },
) {
  const { ids, openDeals, lookedAt } = await dealsWithNorms(context, filters, MOST_DEALS);
  const reader = new NextReader(log, k, context.at, purpose === 'service' ? 'serviceCase' : 'deal');
  const found: OverdueStep[] = [];
  const waiting = [...ids];
  const look = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const { open, blocked, ownerId } = await reader.next(id, context.at);
      for (const { code, name, since, dueAt, overdue, dueAssumed } of [...open, ...blocked]) {
        if (overdue && dueAt !== null) found.push({ dealId: id, ownerId, step: code, name, since, dueAt, dueAssumed });
      }
    }
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, look));
  // Read side by side, they come in any order: what was due at one moment is put in an order of its own.
  const place = ({ dueAt, dealId, step }: OverdueStep): string => JSON.stringify([dueAt, dealId, step]);
  const overdue = found.toSorted((one, other) => (place(one) < place(other) ? -1 : 1));
  return { overdue, lookedAt, openDeals };
}

export const worklistQuery: QueryDefinition = defineQuery({
  name: 'Worklist',
  path: 'worklist',
  params: WorklistQuery,
  roles: DEAL_READERS,
  summary:
    'What needs attention: overdue steps and missed activities, stuck and idle deals, steps to be verified, silent customers.',
  example: {},
  answer: (sources: QuerySources, params: WorklistQuery) => {
    assertNoDrill(params);
    return askCore(sources, params, async (context) => {
      const { filters } = common(context, params, 'owner');
      const { stuckDays, silentDays, purpose } = params;
      const lists = await worklist(context, { filters, stuckDays, silentDays });
      const k = params.asOf === undefined ? null : context.k;
      return { ...lists, ...(await overdueSteps(sources, context, { filters, k, purpose })) };
    });
  },
});
