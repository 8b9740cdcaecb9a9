import type { Thing } from '@voronka/kernel';
import type { QueryDefinition } from '../queries/query.definition.js';

/** The OpenAPI 3.1 document of all commands and queries. */
export function openApiDocument(_things: readonly Thing[], _queries: readonly QueryDefinition[]): object {
  return { openapi: '3.1.0', info: { title: 'Voronka', version: '0.1.0' }, paths: {} };
}
