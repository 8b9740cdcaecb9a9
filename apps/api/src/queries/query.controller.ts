import { Controller, Get, Inject, Req, Res, type Type } from '@nestjs/common';
import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { DomainError, isId, refuse, validateBody } from '@voronka/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { analysisQueries } from './analysis.queries.js';
import { CsvTable } from './csv.js';
import { figureQueries } from './figure.queries.js';
import type { QueryDefinition, QuerySources, QueryStores } from './query.definition.js';
import { languageOf } from './language.js';
import { indicatorQueries } from './indicator.queries.js';
import { payQueries } from './pay.queries.js';
import { planQueries } from './plan.queries.js';
import { migrationQueries, nextQuery, serviceNextQuery } from './next.query.js';
import { recordQueries } from './record.queries.js';
import { routeMapQuery } from './route-map.query.js';
import { worklistQuery } from './worklist.query.js';
import { referenceQueries } from './reference.queries.js';

export const queries: readonly QueryDefinition[] = [
  ...figureQueries,
  ...analysisQueries,

  ...indicatorQueries,
  ...payQueries,
  ...planQueries,
  ...recordQueries,
  nextQuery,
  ...migrationQueries,
  serviceNextQuery,
  worklistQuery,
  ...referenceQueries,
  routeMapQuery,
];

/** What queries are answered from. */
export const QUERY_SOURCES = Symbol('query sources');

/** Every query, as the bus carries it. */
export class AskQuery extends Query<object> {
  constructor(
    readonly definition: QueryDefinition,
    readonly params: object,
    readonly about: { readonly id: string } & Pick<QuerySources, 'caller' | 'language'>,
  ) {
    super();
  }
}

@QueryHandler(AskQuery)
export class AskQueryHandler implements IQueryHandler<AskQuery> {
  constructor(@Inject(QUERY_SOURCES) private readonly stores: QueryStores) {}

  async execute({ definition, params, about }: AskQuery): Promise<object> {
    return await definition.answer(
      { ...this.stores, caller: about.caller, language: about.language },
      params as never,
      about.id,
    );
  }
}

/** A controller with one route for each query. */
export function queryController(definitions: readonly QueryDefinition[]): Type {
  class QueryController {
    constructor(readonly bus: QueryBus) {}
  }
  Inject(QueryBus)(QueryController, undefined, 0);
  Controller('v1')(QueryController);
  for (const definition of definitions) offer(QueryController, definition);
  return QueryController;
}

function offer(controller: { readonly prototype: object }, definition: QueryDefinition): void {
  const { prototype } = controller;
  const descriptor: PropertyDescriptor = {
    configurable: true,
    writable: true,
    async value(this: { readonly bus: QueryBus }, request: FastifyRequest, reply: FastifyReply) {
      const answer = await this.bus.execute(queryOf(definition, request));
      if (!(answer instanceof CsvTable)) return answer;
      void reply.header('content-type', 'text/csv; charset=utf-8');
      return answer.text;
    },
  };
  Object.defineProperty(prototype, definition.name, descriptor);
  Get(definition.path)(prototype, definition.name, descriptor);
  Req()(prototype, definition.name, 0);
  Res({ passthrough: true })(prototype, definition.name, 1);
}

function queryOf(definition: QueryDefinition, request: FastifyRequest): AskQuery {
  const { person, ...caller } = callerOf(request);
  // Those roles alone that let the caller in: another of his roles must not widen what he sees here.
  const roles = caller.roles.filter((role) => definition.roles.includes(role));
  if (roles.length === 0) {
    throw refuse.forbidden(
      'ROLE_MISSING',
      `this query needs one of the roles ${definition.roles.join(', ')}: use a key that has it`,
      {
        anyOf: definition.roles,
      },
    );
  }
  const { id } = request.params as { readonly id?: unknown };
  if (id !== undefined && !isId(id)) {
    const detail = 'give an id that begins with a letter or digit and has up to 64 letters, digits, _ . : or -';
    throw refuse.invalid('ID_MALFORMED', detail);
  }
  const about = { id: id ?? '', caller: { roles, person }, language: languageOf(request.headers['accept-language']) };
  return new AskQuery(definition, paramsOf(definition.params, request.query), about);
}

function paramsOf(type: new () => object, raw: unknown): object {
  try {
    return validateBody(type, { ...(raw as object) });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const detail = 'correct the parameters that `errors` points at and ask again';
    throw refuse.invalid('PARAMETERS_INVALID', detail, { ...error.data });
  }
}
