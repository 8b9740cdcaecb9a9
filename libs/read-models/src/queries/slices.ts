import { createHash } from 'node:crypto';
import { isId, refuse } from '@voronka/kernel';
import type { Statement } from './sql.js';
import { stepKinds } from './step-kinds.js';

/**
 * What a figure can be cut by. Values are those at the fact's occurred_at, known at K. `department` is that of the
 * credited person: the performer of steps and activities, the owner of deals and their reach.
 */
export const SLICES = [
  'performer',
  'owner',
  'department',
  'product',
  'productLine',
  'segment',
  'source',
  'routeMapVersion',
] as const;
/** What indicators can be cut by besides; a fact has those of its own columns only. */
export const FURTHER_SLICES = [
  'employee',
  'routeMap',
  'step',
  'stepKind',
  'activityKind',
  'topic',
  'outcome',
  'lossReason',
  'deviationKind',
] as const;
export const ALL_SLICES = [...SLICES, ...FURTHER_SLICES] as const;

const PORTRAIT = 'portrait:';
/** An answer of the customer's portrait, such as `portrait:industry`: several choices are one value. */
export type PortraitSlice = `${typeof PORTRAIT}${string}`;
export type SliceName = (typeof ALL_SLICES)[number] | PortraitSlice;

/** Names a field of the portrait by a code, so that it may stand in SQL as it is. */
export function isPortraitSlice(name: string): name is PortraitSlice {
  return name.startsWith(PORTRAIT) && isId(name.slice(PORTRAIT.length));
}

/** The field that a portrait slice cuts by. */
export function fieldOf(slice: PortraitSlice): string {
  return slice.slice(PORTRAIT.length);
}

/** The slice of a field. @throws DomainError SLICE_UNKNOWN for what is no code */
export function portraitSlice(field: string): PortraitSlice {
  const slice = `${PORTRAIT}${field}`;
  if (isPortraitSlice(slice)) return slice;
  throw refuse.invalid('SLICE_UNKNOWN', 'name a portrait field by its code: portrait:industry', { slice });
}

/** Allowed values by slice; null is the row without a value (nobody, no product …). */
export type Filters = { readonly [Name in SliceName]?: readonly (string | null)[] };

/** The slices that these say something about, in a fixed order. */
export function slicesIn(...said: readonly ({ readonly [Name in SliceName]?: unknown } | undefined)[]): SliceName[] {
  const names = new Set(said.flatMap((one) => Object.keys(one ?? {})));
  return [...ALL_SLICES.filter((name) => names.has(name)), ...[...names].filter(isPortraitSlice).sort()];
}

/** Between the ids of a set of products; no id holds it. */
export const SET_SEPARATOR = ',';

/** Slices in which one fact stands in several rows. */
export function isMultiValued(slice: SliceName): slice is 'product' | 'productLine' {
  return slice === 'product' || slice === 'productLine';
}

/** @throws DomainError SLICE_UNKNOWN for a name that is not on the list */
export function assertSlice(name: string): SliceName {
  const found = isPortraitSlice(name) ? name : ALL_SLICES.find((slice) => slice === name);
  if (found === undefined) {
    const known = `choose one of ${ALL_SLICES.join(', ')}, or ${PORTRAIT} and the code of a portrait field`;
    throw refuse.invalid('SLICE_UNKNOWN', known, { slice: name });
  }
  return found;
}

/** Slices that are a column of some facts and unknown to others. */
export type OwnColumn = Exclude<(typeof FURTHER_SLICES)[number], 'employee' | 'routeMap' | 'stepKind'>;

/** Which columns of fact `f` the slices read. */
export interface Credit {
  /** Column of who did it; null for facts that nobody performs. */
  readonly performer: string | null;
  /** Who gets it, and whose department counts. */
  readonly credited: 'performer' | 'owner';
  /** The fact names no owner: it is the deal's at this instant of the fact. */
  readonly ownerAt?: string;
  /** The instant at which it counts. */
  readonly instant: string;
  readonly own?: Readonly<Partial<Record<OwnColumn, string>>>;
  /** The product is that of the fact itself, not those of its deal. */
  readonly product?: string;
}

interface SliceSql {
  readonly joins: readonly string[];
  readonly value: string;
}

const column = (value: string): SliceSql => ({ joins: [], value });

/**
 * How a slice is joined to fact `f`; the value is SQL of type text, for products the whole set (`product-sets.ts`).
 * @throws DomainError SLICE_NOT_OF_FACT for a slice that such facts do not have
 */
export function sliceSql(statement: Statement, slice: SliceName, credit: Credit): SliceSql {
  if (isPortraitSlice(slice)) return portraitSql(statement, slice, credit);
  switch (slice) {
    case 'performer':
      return credit.performer === null ? ownerSql(statement, credit) : column(credit.performer);
    case 'owner':
      return ownerSql(statement, credit);
    case 'employee':
      return creditedSql(statement, credit);
    case 'source':
      return column('f.source');
    case 'routeMap':
      return column('f.route_map_id');
    case 'routeMapVersion':
      return column('f.route_map_version::text');
    case 'department': {
      const { joins, value } = creditedSql(statement, credit);
      const on = `sd.employee_id = ${value} AND ${statement.holds('sd', credit.instant)}`;
      return { joins: [...joins, `LEFT JOIN employee_assignments sd ON ${on}`], value: 'sd.department_id' };
    }
    case 'segment': {
      const on = `ss.customer_id = f.customer_id AND ${statement.holds('ss', credit.instant)}`;
      return { joins: [`LEFT JOIN customer_segments ss ON ${on}`], value: 'ss.segment' };
    }
    case 'product':
    case 'productLine':
      if (credit.product !== undefined) return column(credit.product);
      return {
        joins: [`LEFT JOIN deal_products sp ON sp.deal_id = f.deal_id AND ${statement.holds('sp', credit.instant)}`],
        value: `array_to_string(sp.products, '${SET_SEPARATOR}')`,
      };
    case 'stepKind': {
      const on = `sk.route_map_id = f.route_map_id AND sk.version = f.route_map_version AND sk.step = ${own(slice, 'step', credit)}`;
      return { joins: [`LEFT JOIN ${stepKinds(statement)} sk ON ${on}`], value: 'sk.kind' };
    }
    case 'step':
    case 'activityKind':
    case 'topic':
    case 'outcome':
    case 'lossReason':
    case 'deviationKind':
      return column(own(slice, slice, credit));
    default:
      return slice satisfies never;
  }
}

/** Names are cut at 63 bytes: two long fields must not share one. */
function portraitAlias(slice: PortraitSlice): string {
  return `sp_${createHash('sha1').update(fieldOf(slice)).digest('hex').slice(0, 16)}`;
}

function portraitSql(statement: Statement, slice: PortraitSlice, { instant }: Credit): SliceSql {
  // The field stands in the text, not bound: the same join of a dimension and of a filter has to be the same text.
  const field = fieldOf(slice);
  const alias = portraitAlias(slice);
  const on = `${alias}.customer_id = f.customer_id AND ${alias}.field = '${field}' AND ${statement.holds(alias, instant)}`;
  return { joins: [`LEFT JOIN customer_portrait ${alias} ON ${on}`], value: `${alias}.value` };
}

function own(asked: SliceName, name: OwnColumn, { own: columns }: Credit): string {
  const found = columns?.[name];
  if (found !== undefined) return found;
  throw refuse.invalid('SLICE_NOT_OF_FACT', 'this figure cannot be cut by that: leave the slice out', { slice: asked });
}

function creditedSql(statement: Statement, credit: Credit): SliceSql {
  return credit.credited === 'owner' || credit.performer === null
    ? ownerSql(statement, credit)
    : column(credit.performer);
}

/** Owner of the deal when it happened; what happened before the deal was opened counts to its first owner. */
function ownerSql(statement: Statement, { ownerAt }: Credit): SliceSql {
  if (ownerAt === undefined) return column('f.owner_id');
  return {
    joins: [`LEFT JOIN deal_owners so ON so.deal_id = f.deal_id AND ${statement.holds('so', ownerAt)}`],
    value: `CASE WHEN so.deal_id IS NULL THEN ${firstOwner(statement, 'f')} ELSE so.owner_id END`,
  };
}

function firstOwner(statement: Statement, alias: string): string {
  return `(SELECT fo.owner_id FROM deal_owners fo WHERE fo.deal_id = ${alias}.deal_id AND ${statement.known('fo')}
    ORDER BY fo.valid_from LIMIT 1)`;
}

/** The same as a value, for facts that join nothing: owner of `alias`'s deal at an instant given as SQL. */
export function ownerAtSql(statement: Statement, alias: string, instant: string): string {
  return `coalesce((SELECT ao.owner_id FROM deal_owners ao WHERE ao.deal_id = ${alias}.deal_id
    AND ${statement.holds('ao', instant)}), ${firstOwner(statement, alias)})`;
}

/** A filter on a slice that is joined already, or needs no join of its own. */
export function valueIn(statement: Statement, value: string, allowed: readonly (string | null)[]): string {
  const named = allowed.filter((one) => one !== null);
  const among = `${value} = ANY(${statement.bind(named, 'text[]')})`;
  return allowed.includes(null) ? `(${among} OR ${value} IS NULL)` : among;
}

/** A filter on a portrait slice that is joined already: one of the answers, or among several choices one of them. */
export function answerAmong(statement: Statement, slice: PortraitSlice, allowed: readonly (string | null)[]): string {
  const choices = `${portraitAlias(slice)}.choices`;
  const named = allowed.filter((one) => one !== null);
  const among = `${choices} && ${statement.bind(named, 'text[]')}`;
  return allowed.includes(null) ? `(${among} OR ${choices} IS NULL)` : among;
}

type MultiValued = 'product' | 'productLine';

/** A filter on a multi-valued slice: fact `f` passes once, however many values of its deal fit at its instant. */
export function factValueIn(
  statement: Statement,
  slice: MultiValued,
  allowed: readonly (string | null)[],
  { instant }: Credit,
): string {
  return productsIn(statement, slice, allowed, `v.deal_id = f.deal_id AND ${statement.holds('v', instant)}`);
}

/** The same of deal `alias` itself, as it is at T. */
export function dealValueIn(
  statement: Statement,
  slice: MultiValued,
  allowed: readonly (string | null)[],
  alias: string,
): string {
  const holds = `v.deal_id = ${alias}.deal_id AND ${statement.holds('v', statement.now)}`;
  return productsIn(statement, slice, allowed, holds);
}

/** `holds` finds the spell `v` of the deal's products. */
function productsIn(
  statement: Statement,
  slice: MultiValued,
  allowed: readonly (string | null)[],
  holds: string,
): string {
  const named = statement.bind(
    allowed.filter((one) => one !== null),
    'text[]',
  );
  // Asked once of the few products there are, not of every deal.
  const ofLines = (which: string): string =>
    `(SELECT array_agg(q.product_id) FROM products q WHERE ${statement.known('q')} AND ${which})`;
  const byProduct = slice === 'product';
  const has = `EXISTS (SELECT FROM deal_products v WHERE ${holds}
    AND v.products && ${byProduct ? named : ofLines(`q.line = ANY(${named})`)})`;
  if (!allowed.includes(null)) return has;
  const any = byProduct ? '' : ` AND v.products && ${ofLines('q.line IS NOT NULL')}`;
  return `(${has} OR NOT EXISTS (SELECT FROM deal_products v WHERE ${holds}${any}))`;
}

/** What is known of a customer. */
export type CustomerSlice = 'segment' | PortraitSlice;

/**
 * A filter on the customer of `alias`, for what joins nothing: his segment, or one of the answers (among several choices
 * one of them), as of an instant given as SQL.
 */
export function customerIn(
  statement: Statement,
  slice: CustomerSlice,
  allowed: readonly (string | null)[],
  { alias, instant }: { readonly alias: string; readonly instant: string },
): string {
  const [table, value] = isPortraitSlice(slice)
    ? ['customer_portrait', 'ca.choices']
    : ['customer_segments', 'ca.segment'];
  const named = statement.bind(
    allowed.filter((one) => one !== null),
    'text[]',
  );
  const field = isPortraitSlice(slice) ? [`ca.field = ${statement.bind(fieldOf(slice), 'text')}`] : [];
  const exists = (condition: string): string =>
    `EXISTS (SELECT FROM ${table} ca WHERE ${[`ca.customer_id = ${alias}.customer_id`, ...field].join(' AND ')}
      AND ${statement.holds('ca', instant)} AND ${condition})`;
  const among = exists(isPortraitSlice(slice) ? `${value} && ${named}` : `${value} = ANY(${named})`);
  return allowed.includes(null) ? `(${among} OR NOT ${exists(`${value} IS NOT NULL`)})` : among;
}
