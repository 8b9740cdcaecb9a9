import { parsePeriod, refuse, type Role } from '@voronka/kernel';
import {
  bonusesOf,
  currentBonusesOf,
  draftsOf,
  explanationOf,
  keptPayAt,
  type Language,
  LANGUAGES,
  payrollAt,
  payrollExportOf,
  earliestOpen,
  payrollOf,
  plansOf,
  regulationsList,
  statementsList,
  waitForPayLines,
  withDisputes,
} from '@voronka/read-models';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, Matches } from 'class-validator';
import { Several } from './convert.js';
import { payrollTable } from './payroll-table.js';
import { FIGURE_READERS } from './figure.queries.js';
import { AskedParams, PagedParams } from './params.js';
import { payrollAuditQuery } from './pay-audit.query.js';
import { heldByMonth, visible, visibleOwners } from './pay.scope.js';
import {
  askCore,
  defineQuery,
  type QueryDefinition,
  type QuerySources,
  type ScopedContext,
  SEE_EVERYTHING,
} from './query.definition.js';

const CODE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const MONTH_FORM = { message: 'must be a month: 2009-08' };
const MOST = 500;

function Ids(): PropertyDecorator {
  return (target, property) => {
    for (const decorate of [
      Matches(CODE, { each: true }),
      ArrayMaxSize(MOST),
      ArrayMinSize(1),
      IsArray(),
      Several(),
      IsOptional(),
    ]) {
      decorate(target, property);
    }
  };
}

export class PayrollQuery extends AskedParams {}
export class PayRegulationsQuery extends AskedParams {}

export class PayDraftsQuery extends AskedParams {
  /** Month; the earliest that is not closed unless it is said. */
  @IsOptional()
  @Matches(MONTH, MONTH_FORM)
  period?: string;

  @Ids()
  employee?: string[];
}

export class PayExplanationQuery extends PagedParams {
  @Matches(CODE)
  employee: string;

  @IsOptional()
  @Matches(MONTH, MONTH_FORM)
  period?: string;

  /** Code of one rule: then the events that were counted are listed too. */
  @IsOptional()
  @Matches(CODE)
  rule?: string;

  /** That of `Accept-Language` unless it is said. */
  @IsOptional()
  @IsIn(LANGUAGES)
  lang?: Language;
}

export class PayrollExportQuery extends AskedParams {
  @Matches(MONTH, MONTH_FORM)
  period: string;

  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

export class StatementsQuery extends PagedParams {
  @IsOptional()
  @Matches(MONTH, MONTH_FORM)
  period?: string;

  @Ids()
  employee?: string[];
}

export class PlansQuery extends AskedParams {
  /** `2009-08`, `2009-Q3`, `2009`, `2009-W33`, or a range of days. */
  @Matches(/^[0-9QW.-]{4,24}$/)
  period: string;

  @Ids()
  indicator?: string[];

  @Ids()
  employee?: string[];
}

/** The key of a period. @throws DomainError PERIOD_INVALID */
export function checkedPeriod(period: string): string {
  try {
    return parsePeriod(period).key;
  } catch (error) {
    throw refuse.invalid(
      'PERIOD_INVALID',
      error instanceof Error ? error.message : 'write a period as 2009-08, 2009-Q3, 2009-W33 or 2009',
      { period },
    );
  }
}

async function monthOf(context: ScopedContext, period: string | undefined): Promise<string> {
  return period ?? earliestOpen(await payrollAt(context));
}

async function drafts(context: ScopedContext, params: PayDraftsQuery): Promise<object> {
  const period = await monthOf(context, params.period);
  const employees = await visible(context, params.employee, period);
  // As of a moment, figures are worked out; current ones are kept by the worker.
  const isCurrent = params.asOf === undefined;
  const source = isCurrent ? currentBonusesOf : bonusesOf;
  const { settlements: _settlements, ...found } = await draftsOf(context, period, employees, source);
  const { k, at, zone } = context;
  return {
    k: String(k),
    at,
    zone,
    params: { period, employee: params.employee },
    additive: true,
    ...found,
    worker: isCurrent ? await keptPayAt(context) : null,
    drafts: await withDisputes(context, found.drafts),
  };
}

async function explanation(
  context: ScopedContext,
  params: PayExplanationQuery,
  { language }: QuerySources,
): Promise<object> {
  const { employee, rule, lang = language } = params;
  const period = await monthOf(context, params.period);
  await visible(context, [employee], period);
  return await explanationOf(context, { employee, rule, lang, period }, params);
}

async function statements(context: ScopedContext, params: StatementsQuery): Promise<object> {
  const { period } = params;
  const employees = await visible(context, params.employee, period);
  const held = period === undefined ? await heldByMonth(context) : null;
  return await statementsList(context, { period, ...(employees === null ? {} : { employees }) }, params, held);
}

async function payrollExport(context: ScopedContext, { period, format }: PayrollExportQuery): Promise<object> {
  const answer = await payrollExportOf(context, period);
  return format === 'csv' ? payrollTable(answer) : answer;
}

async function plans(context: ScopedContext, params: PlansQuery): Promise<object> {
  const period = checkedPeriod(params.period);
  const owners = await visibleOwners(context, params.employee, period);
  return await plansOf(context, { period, indicators: params.indicator, ...owners });
}

/** What the worker does not have by then is worked out by the question itself. */
const LONGEST_WAIT_FOR_WORKER_MS = 500;

interface Entry<Params> {
  readonly name: string;
  readonly path: string;
  readonly params: new () => Params;
  readonly summary: string;
  readonly roles?: readonly Role[];
  readonly example: Readonly<Record<string, string>>;
  readonly needsHistory?: string;
  /** Kept figures are waited for, a little, where `after` is said. */
  readonly waitsForWorker?: boolean;
  readonly ask: (context: ScopedContext, params: Params, sources: QuerySources) => Promise<object>;
}

function entry<Params extends AskedParams>({ ask, waitsForWorker = false, ...rest }: Entry<Params>): QueryDefinition {
  return defineQuery<Params>({
    roles: FIGURE_READERS,
    ...rest,
    answer: async (sources: QuerySources, params: Params) => {
      if (waitsForWorker && params.after !== undefined && params.asOf === undefined) {
        await waitForPayLines(sources.pool, BigInt(params.after), LONGEST_WAIT_FOR_WORKER_MS);
      }
      return await askCore(sources, params, (context) => ask(context, params, sources));
    },
  });
}

export const payQueries: readonly QueryDefinition[] = [
  entry({
    name: 'Payroll',
    path: 'payroll',
    params: PayrollQuery,
    roles: SEE_EVERYTHING,
    summary: 'Months of payroll, what waits for a second person, and open disputes.',
    example: {},
    ask: payrollOf,
  }),
  entry({
    name: 'PayDrafts',
    path: 'payroll/drafts',
    params: PayDraftsQuery,
    summary: 'Statements of a month as they would be issued: lines, what closed months owe or are owed, totals.',
    example: { period: '2009-08' },
    waitsForWorker: true,
    ask: drafts,
  }),
  entry({
    name: 'PayExplanation',
    path: 'payroll/explanation',
    params: PayExplanationQuery,
    summary:
      'A month’s pay in words and numbers, down to the events counted; a closed month’s as its statement was issued.',
    example: { employee: 'nobody', period: '2009-08' },
    needsHistory: 'NOTHING_PAID',
    ask: explanation,
  }),
  entry({
    name: 'PayrollExport',
    path: 'payroll/export',
    params: PayrollExportQuery,
    roles: SEE_EVERYTHING,
    summary: 'Statements of a closed month for a payroll program, amount by amount, as JSON or CSV.',
    example: { period: '2009-08' },
    needsHistory: 'PERIOD_NOT_CLOSED',
    ask: payrollExport,
  }),
  payrollAuditQuery,
  entry({
    name: 'Statements',
    path: 'statements',
    params: StatementsQuery,
    summary: 'Issued statements, every version, with their hashes.',
    example: { period: '2009-08' },
    ask: statements,
  }),
  entry({
    name: 'Plans',
    path: 'plans',
    params: PlansQuery,
    summary: 'Plans of a period with the changes behind them, what was done, and the pace.',
    example: { period: '2009-08' },
    ask: plans,
  }),
  entry({
    name: 'PayRegulations',
    path: 'pay-regulations',
    params: PayRegulationsQuery,
    summary: 'Pay regulations, every version.',
    example: {},
    ask: regulationsList,
  }),
];
