import { type CommandDefinition, ID_PATTERN, type Thing } from '@voronka/kernel';
import type { QueryDefinition } from '../queries/query.definition.js';
import { figureAnswers } from './figure-answers.js';
import { analysisAnswers } from './analysis-answers.js';
import { indicatorAnswers } from './indicator-answers.js';
import { payAnswers } from './pay-answers.js';
import { payAuditAnswer } from './pay-audit-answer.js';
import { payHistoryAnswers } from './pay-history-answers.js';
import { nextAnswer } from './next-answer.js';
import { recordAnswers } from './record-answers.js';
import { previewOperation } from './preview-operation.js';
import { serviceAnswers } from './service-answers.js';
import { workAnswers } from './work-answers.js';
import { referenceAnswers } from './reference-answers.js';
import {
  commandAnswerSchema,
  problemSchema,
  refusalsForAll,
  refusalsOfCommands,
  refusalsOfQueries,
} from './responses.js';
import { commandAnswerOf, exampleIdOf } from './command-examples.js';
import { PreviewRequest } from '../previews/preview.controller.js';
import { HISTORY_ENTRY_CLASSES } from '@voronka/sales';
import { type Json, parametersOf, refTo, schemasOf } from './schemas.js';

/** An answer of every query, by its name. */
export const answerExamples: Readonly<Record<string, Json>> = {
  ...figureAnswers,
  ...recordAnswers,
  ...nextAnswer,
  ...analysisAnswers,
  ...indicatorAnswers,
  ...payAnswers,
  ...payHistoryAnswers,
  ...payAuditAnswer,
  ...referenceAnswers,
  ...workAnswers,
  ...serviceAnswers,
};

const idParameter = (example = 'd1'): Json => ({
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', pattern: ID_PATTERN.source },
  example,
});

const COMMAND_HEADERS: readonly Json[] = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Id of the command: repeated with the same body it is answered again and carried out once',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  {
    name: 'If-Match',
    in: 'header',
    description: 'ETag of an earlier answer: carried out only at that revision',
    schema: { type: 'string', pattern: '^"\\d{1,15}"$' },
  },
  {
    name: 'X-Request-Id',
    in: 'header',
    description: 'Name of the request, given back in the answer; becomes the correlation of its events',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  {
    name: 'Voronka-Preview',
    in: 'header',
    description: '`preview` of POST /v1/previews: refused with 409 PREVIEW_STALE if what its hash covers has changed',
    schema: { type: 'string', pattern: '^[0-9a-f]{64}(@\\d{1,19})?$' },
  },
  {
    name: 'Voronka-On-Behalf-Of',
    in: 'header',
    description:
      'Employee for whom a key of nobody acts, or none: no person acts. Such a key must say it; a personal one need not',
    schema: { type: 'string', pattern: ID_PATTERN.source },
    example: 'none',
  },
];

/** The OpenAPI 3.1 document of all commands and queries; schemas come from the classes that validate. */
export function openApiDocument(things: readonly Thing[], queries: readonly QueryDefinition[]): Json {
  const bodies = things.flatMap(({ commands }) => commands.map(({ body }) => body));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Voronka',
      version: '0.1.0',
      description: 'Sales processes as events: commands in, figures out. Errors are RFC 9457 problem documents.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }],
    tags: [
      ...things.map(({ collection, summary }) => ({ name: collection, description: summary })),
      { name: 'queries', description: 'What the read models say, as of any position and instant.' },
      { name: 'operations', description: 'Health, metrics and this document.' },
    ],
    paths: {
      ...commandPaths(things),
      ...queryPaths(queries),
      '/v1/previews': { post: previewOperation },
      ...operationPaths(),
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
        basic: { type: 'http', scheme: 'basic', description: 'Any user name, the API key as password' },
      },
      schemas: {
        ...schemasOf([...bodies, ...Object.values(HISTORY_ENTRY_CLASSES), PreviewRequest]),
        Problem: problemSchema,
        CommandAnswer: commandAnswerSchema,
      },
    },
  };
}

function commandPaths(things: readonly Thing[]): Json {
  return Object.fromEntries(
    things.flatMap((thing) =>
      thing.commands.map((definition) => [
        `/v1/${thing.collection}/{id}/${definition.route}`,
        { post: commandOperation(thing, definition) },
      ]),
    ),
  );
}

function commandOperation(thing: Thing, definition: CommandDefinition<unknown>): Json {
  const { type, body, roles, summary, example, creates } = definition;
  const headers = { ETag: { description: 'Revision of the stream', schema: { type: 'string' } } };
  const answer = { schema: refTo('CommandAnswer'), example: commandAnswerOf(thing, definition) };
  return {
    operationId: operationIdOf(thing, type),
    tags: [thing.collection],
    summary,
    description: `Roles: ${roles.join(', ')}.`,
    parameters: [idParameter(exampleIdOf(thing)), ...COMMAND_HEADERS],
    requestBody: { required: true, content: { 'application/json': { schema: refTo(body.name), example } } },
    responses: {
      [creates === true ? '201' : '200']: { description: 'Done', headers, content: { 'application/json': answer } },
      ...refusalsOfCommands,
    },
  };
}

/** Unique: a service case takes commands of a deal, which keep their plain name there. */
function operationIdOf({ category }: Thing, type: string): string {
  const shared = category === 'serviceCase' && !type.includes('ServiceCase');
  return shared ? `${type}OnServiceCase` : type;
}

function queryPaths(queries: readonly QueryDefinition[]): Json {
  return Object.fromEntries(
    queries.map((query) => [`/v1/${query.path.replace(':id', '{id}')}`, { get: queryOperation(query) }]),
  );
}

function queryOperation({ name, path, params, roles, summary, example, exampleId }: QueryDefinition): Json {
  const { properties, required } = parametersOf(params);
  const named = Object.entries(properties).map(([field, schema]) => ({
    name: field,
    in: 'query',
    required: required.includes(field),
    schema,
    ...(example[field] === undefined ? {} : { example: example[field] }),
  }));
  return {
    operationId: name,
    tags: ['queries'],
    summary,
    description: `Roles: ${roles.join(', ')}.`,
    parameters: [...(path.includes(':id') ? [idParameter(exampleId)] : []), ...named],
    responses: {
      '200': {
        description: 'The answer',
        content: { 'application/json': { schema: { type: 'object' }, example: answerExamples[name] } },
      },
      ...refusalsOfQueries,
    },
  };
}

function operationPaths(): Json {
  const get = (operationId: string, summary: string, type: string, example: unknown): Json => {
    const open = operationId.startsWith('Health');
    return {
      get: {
        operationId,
        tags: ['operations'],
        summary,
        ...(open ? { security: [] } : {}),
        responses: {
          '200': { description: 'The answer', content: { [type]: { example } } },
          ...(operationId === 'HealthReady'
            ? { '503': { description: 'A store is missing, or a set not built' } }
            : {}),
          ...(open ? {} : refusalsForAll),
        },
      },
    };
  };
  const json = 'application/json';
  const stores = { eventStore: 'up', postgres: 'up' };
  const sets = [{ set: 'core', built: true, checkpoint: '5120', lag: '0', status: 'running' }];
  return {
    '/health/live': get('HealthLive', 'Does the program run?', json, { live: true }),
    '/health/ready': get('HealthReady', 'Which store is missing, how far are the read models?', json, {
      ready: true,
      stores,
      sets,
    }),
    '/metrics': get('Metrics', 'Measurements for Prometheus.', 'text/plain', 'voronka_store_up{store="postgres"} 1'),
    '/openapi.json': get('OpenApi', 'This document.', json, { openapi: '3.1.0' }),
  };
}
