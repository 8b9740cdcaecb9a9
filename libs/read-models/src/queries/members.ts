import { DEVIATION_KINDS } from '@voronka/sales/walk';
import type { InstantPeriod, QueryContext } from './context.js';
import { reasonsSql, routeMapsSql, stepKindsSql, stepsSql, versionsSql } from './route-map-members.js';
import { fieldOf, type Filters, isPortraitSlice, type SliceName } from './slices.js';
import { Statement } from './sql.js';

/** A value of a slice as it is shown. */
export interface SliceValue {
  readonly by: SliceName;
  /** Null: the row of what has no value in this slice (no performer, no product …). */
  readonly value: string | null;
  /** Name, where the value is an id and the name is known and not erased. */
  readonly label: string | null;
  readonly kind: 'person' | 'robot' | 'value' | 'none';
}

/** A value that exists, with or without facts. */
export interface Member {
  readonly value: string;
  readonly label: string | null;
  readonly robot: boolean;
  /** Has a row even without a single fact. */
  readonly listed: boolean;
}

export type Members = ReadonlyMap<string, Member>;

/** Values that alone can count, by slice: what the question is about says so. */
export type Named = { readonly [Name in SliceName]?: readonly string[] };

/** What of a cut decides who is a member. */
export interface MembersCut {
  readonly period?: InstantPeriod | undefined;
  readonly filters?: Filters | undefined;
  readonly named?: Named | undefined;
}

/**
 * The values of a slice known at K, by value. Sources, topics, outcomes and kinds of activities have no list of their
 * own: they are those that the question names, if it does.
 */
export async function membersOf(context: QueryContext, slice: SliceName, cut: MembersCut): Promise<Members> {
  const allowed = cut.filters?.[slice];
  const isAllowed = (value: string): boolean => allowed?.includes(value) ?? true;
  const statement = new Statement(context);
  const text = memberSql(statement, slice, cut);
  const rows = text === undefined ? namedOnes(slice, cut) : await statement.rows<Member>(text);
  return new Map(rows.map((row) => [row.value, { ...row, listed: row.listed && isAllowed(row.value) }]));
}

function namedOnes(slice: SliceName, { named, filters }: MembersCut): Member[] {
  const values = named?.[slice] ?? filters?.[slice]?.filter((value) => value !== null) ?? [];
  return values.map((value) => ({ value, label: null, robot: false, listed: true }));
}

function memberSql(statement: Statement, slice: SliceName, cut: MembersCut): string | undefined {
  if (isPortraitSlice(slice)) return answersSql(statement, fieldOf(slice));
  switch (slice) {
    case 'performer':
    case 'owner':
    case 'employee':
      return `SELECT e.employee_id AS value, e.name AS label, e.robot, NOT e.robot AND EXISTS (
          SELECT FROM employee_assignments a WHERE a.employee_id = e.employee_id AND ${statement.known('a')}
            ${assignedSql(statement, cut)}) AS listed
        FROM employees e WHERE ${statement.known('e')}`;
    case 'department':
      return `SELECT d.department_id AS value, d.name AS label, false AS robot, true AS listed
        FROM departments d WHERE ${statement.known('d')}`;
    case 'product':
      return `SELECT p.product_id AS value, p.name AS label, false AS robot, NOT p.retired AS listed
        FROM products p WHERE ${statement.known('p')}`;
    case 'productLine':
      return `SELECT p.line AS value, NULL AS label, false AS robot, bool_or(NOT p.retired) AS listed
        FROM products p WHERE ${statement.known('p')} GROUP BY p.line`;
    case 'segment':
      return `SELECT s->>'code' AS value, s->>'name' AS label, false AS robot, true AS listed
        FROM portraits p, jsonb_array_elements(p.document->'segments') s WHERE ${statement.known('p')}`;
    case 'routeMap':
      return routeMapsSql(statement, cut.named);
    case 'routeMapVersion':
      return versionsSql(statement, cut.named);
    case 'step':
      return stepsSql(statement, cut.named);
    case 'stepKind':
      return stepKindsSql(statement, cut.named);
    case 'lossReason':
      return reasonsSql(statement, cut.named);
    case 'deviationKind':
      return kindsSql(statement, cut.named?.deviationKind ?? DEVIATION_KINDS);
    case 'source':
    case 'activityKind':
    case 'topic':
    case 'outcome':
      return undefined;
    default:
      return slice satisfies never;
  }
}

function kindsSql(statement: Statement, kinds: readonly string[]): string {
  return `SELECT k.value, NULL AS label, false AS robot, true AS listed
    FROM unnest(${statement.bind(kinds, 'text[]')}) k (value)`;
}

/** What a closed list of the portrait offers, yes and no too; of other fields, and of several choices, only the answers tell. */
function answersSql(statement: Statement, field: string): string {
  const code = statement.bind(field, 'text');
  return `SELECT o->>'code' AS value, o->>'name' AS label, false AS robot, true AS listed
    FROM portraits p, jsonb_array_elements(p.document->'fields') f, jsonb_array_elements(f->'options') o
    WHERE ${statement.known('p')} AND f->>'code' = ${code} AND f->>'type' = 'choice'
    UNION ALL SELECT v.value, NULL AS label, false AS robot, true AS listed
    FROM portraits p, jsonb_array_elements(p.document->'fields') f, (VALUES ('true'), ('false'), ('unknown')) v (value)
    WHERE ${statement.known('p')} AND f->>'code' = ${code} AND f->>'type' = 'yesNo'`;
}

/** Somebody is listed who was employed in the period, in one of the departments asked for. */
export function assignedSql(statement: Statement, cut: MembersCut): string {
  const conditions: string[] = [];
  if (cut.period !== undefined) {
    conditions.push(`AND a.valid_from < ${statement.bind(cut.period.to, 'timestamptz')}`);
    conditions.push(`AND a.valid_to > ${statement.bind(cut.period.from, 'timestamptz')}`);
  }
  const departments = cut.filters?.department?.filter((one) => one !== null);
  if (departments !== undefined) conditions.push(`AND a.department_id = ANY(${statement.bind(departments, 'text[]')})`);
  return conditions.join('\n            ');
}

/** How a value is shown. */
export function sliceValue(by: SliceName, value: string | null, members: Members): SliceValue {
  if (value === null) return { by, value, label: null, kind: 'none' };
  const member = members.get(value);
  const isPerson = by === 'performer' || by === 'owner' || by === 'employee';
  const kind = !isPerson ? 'value' : member?.robot === true ? 'robot' : 'person';
  return { by, value, label: member?.label ?? null, kind };
}
