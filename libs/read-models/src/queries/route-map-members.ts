import type { Named } from './members.js';
import { valueIn } from './slices.js';
import { all, type Statement } from './sql.js';

// What route maps have: values with a row of their own even where nothing counts. Listed is what the newest version of a
// map of the purpose asked about has, as far as the question can count it; older versions give names to what they had.

/** Maps of the purpose with the number of their newest version, as `m`. */
function newest(statement: Statement): string {
  const purpose = statement.bind(statement.context.purpose ?? 'sale', 'text');
  return `(SELECT r.route_map_id, max(r.version) AS version FROM route_maps r
      WHERE ${statement.known('r')} AND r.purpose = ${purpose} GROUP BY r.route_map_id) m`;
}

function among(statement: Statement, column: string, values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : valueIn(statement, column, values);
}

export function routeMapsSql(statement: Statement, named: Named = {}): string {
  const listed = all(['m.route_map_id IS NOT NULL', among(statement, 'r.route_map_id', named.routeMap)]);
  return `SELECT DISTINCT ON (r.route_map_id) r.route_map_id AS value, r.name AS label, false AS robot, ${listed} AS listed
    FROM route_maps r LEFT JOIN ${newest(statement)} ON m.route_map_id = r.route_map_id
    WHERE ${statement.known('r')} ORDER BY r.route_map_id, r.version DESC`;
}

/** Versions, whichever map they are of: every one of them may still be followed. */
export function versionsSql(statement: Statement, named: Named = {}): string {
  const listed = all([
    among(statement, 'r.route_map_id', named.routeMap),
    among(statement, 'r.version::text', named.routeMapVersion),
  ]);
  return `SELECT r.version::text AS value, NULL AS label, false AS robot, bool_or(${listed}) AS listed
    FROM route_maps r JOIN ${newest(statement)} ON m.route_map_id = r.route_map_id
    WHERE ${statement.known('r')} GROUP BY r.version`;
}

function countable(statement: Statement, named: Named): string {
  return all([
    's.version = m.version',
    among(statement, 's.route_map_id', named.routeMap),
    among(statement, 's.step', named.step),
    among(statement, 's.kind', named.stepKind),
  ]);
}

function steps(statement: Statement): string {
  return `FROM route_map_steps s JOIN ${newest(statement)} ON m.route_map_id = s.route_map_id
    WHERE ${statement.known('s')}`;
}

export function stepsSql(statement: Statement, named: Named = {}): string {
  return `SELECT DISTINCT ON (s.step) s.step AS value, s.name AS label, false AS robot,
      ${countable(statement, named)} AS listed
    ${steps(statement)} ORDER BY s.step, listed DESC, s.version DESC, s.route_map_id`;
}

export function stepKindsSql(statement: Statement, named: Named = {}): string {
  return `SELECT s.kind AS value, NULL AS label, false AS robot, bool_or(${countable(statement, named)}) AS listed
    ${steps(statement)} GROUP BY s.kind`;
}

export function reasonsSql(statement: Statement, named: Named = {}): string {
  const listed = all([
    'r.version = m.version',
    among(statement, 'r.route_map_id', named.routeMap),
    among(statement, "l->>'code'", named.lossReason),
  ]);
  return `SELECT DISTINCT ON (l->>'code') l->>'code' AS value, l->>'name' AS label, false AS robot, ${listed} AS listed
    FROM route_maps r JOIN ${newest(statement)} ON m.route_map_id = r.route_map_id,
      jsonb_array_elements(r.loss_reasons) l
    WHERE ${statement.known('r')} ORDER BY l->>'code', listed DESC, r.version DESC, r.route_map_id`;
}
