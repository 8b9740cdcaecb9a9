import type { Json } from './schemas.js';

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** Schema of every refusal. */
export const problemSchema: Json = {
  type: 'object',
  description: 'RFC 9457; detail says what to do, code is for programs',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    instance: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { pointer: { type: 'string' }, code: { type: 'string' }, detail: { type: 'string' } },
        required: ['pointer', 'code', 'detail'],
      },
    },
    data: { type: 'object' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
};

/** Schema of the answer to every command. */
export const commandAnswerSchema: Json = {
  type: 'object',
  properties: {
    stream: { type: 'string' },
    revision: { type: 'integer', description: 'Of the stream, from 0; also the ETag' },
    position: { type: 'string', description: 'Position of the log; queries wait for it by after' },
    events: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          eventId: { type: 'string', format: 'uuid' },
          type: { type: 'string' },
          revision: { type: 'integer' },
          occurredAt: { type: 'string', format: 'date-time' },
        },
        required: ['eventId', 'type', 'revision', 'occurredAt'],
      },
    },
    preview: {
      type: 'object',
      description: 'Where the command carried a preview: its money as of position k, and what landed since',
      properties: {
        hash: { type: 'string' },
        k: { type: 'string' },
        totals: { type: 'object' },
        landed: { type: ['object', 'null'], description: 'Null where the log did not say, once the command was done' },
        notTold: { type: 'string', description: 'Why landed is null, and how to ask' },
      },
    },
  },
  required: ['stream', 'revision', 'position', 'events'],
};

const REFUSALS: Readonly<Record<string, readonly [code: string, when: string]>> = {
  '400': ['BODY_INVALID', 'The request is malformed; errors points at each fault'],
  '401': ['KEY_REQUIRED', 'No valid API key'],
  '403': ['ROLE_MISSING', 'The key may not do this'],
  '404': ['NOT_FOUND', 'There is no such thing'],
  '409': ['DEAL_CLOSED', 'It contradicts the state of the thing'],
  '412': ['STALE_REVISION', 'If-Match names another revision than the present one'],
  '413': ['BODY_TOO_LARGE', 'The body is too large'],
  '415': ['CONTENT_TYPE_UNSUPPORTED', 'The body is not JSON'],
  '422': ['STEP_PREREQUISITE_MISSING', 'A rule forbids it, or the Idempotency-Key was used for another request'],
  '429': ['TOO_MANY_REQUESTS', 'Too many requests; Retry-After says when to come back'],
  '503': ['EVENT_STORE_UNAVAILABLE', 'A store is away, or read models are behind; Retry-After says when to come back'],
};

const FOR_ALL = ['401', '429'];
const FOR_QUERIES = ['400', '403', '404', '409', '503'];
const FOR_COMMANDS = ['400', '403', '404', '409', '412', '413', '415', '422', '503'];

function refusals(statuses: readonly string[]): Json {
  return Object.fromEntries(statuses.toSorted().map((status) => [status, refusal(status)]));
}

function refusal(status: string): Json {
  const [code, description] = REFUSALS[status] ?? ['INTERNAL_ERROR', 'Something went wrong'];
  const words = code.toLowerCase().replaceAll('_', ' ');
  const example = {
    type: `urn:voronka:problem:${words.replaceAll(' ', '-')}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status: Number(status),
    detail: description,
    code,
    instance: '/v1/deals/d1/complete-step',
  };
  const waits = status === '429' || status === '503';
  const retry = { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } };
  return {
    description,
    ...(waits ? { headers: retry } : {}),
    content: { 'application/problem+json': { schema: PROBLEM, example } },
  };
}

export const refusalsForAll: Json = refusals(FOR_ALL);
export const refusalsOfQueries: Json = refusals([...FOR_ALL, ...FOR_QUERIES]);
export const refusalsOfCommands: Json = refusals([...FOR_ALL, ...FOR_COMMANDS]);
