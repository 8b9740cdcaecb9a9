import type { Statement } from './sql.js';

/**
 * Kinds of steps by route map, version and step, as a table to be read in a FROM. A version that does not have a step
 * any more knows it as the newest one before that did: what deals did before they moved to it stays what it was.
 */
export function stepKinds(statement: Statement): string {
  const versions = `SELECT DISTINCT kv.route_map_id, kv.version FROM route_map_steps kv WHERE ${statement.known('kv')}`;
  return `(SELECT DISTINCT ON (v.route_map_id, v.version, ks.step) v.route_map_id, v.version, ks.step, ks.kind
      FROM (${versions}) v
      JOIN route_map_steps ks ON ks.route_map_id = v.route_map_id AND ks.version <= v.version AND ${statement.known('ks')}
      ORDER BY v.route_map_id, v.version, ks.step, ks.version DESC)`;
}
