import { createHash } from 'node:crypto';
import type { Recorded } from '@voronka/kernel';
import { canonicalJson } from '@voronka/kernel';
import type { Change, Digest, FoldProjection, Lookup, PersonalCells, ProjectionSet } from './definition.js';
import { isSqlName, TablePlan } from './table-plan.js';

/** One projection's handling of one type of event. */
export type Step =
  | { readonly kind: 'rows'; readonly run: (event: Recorded, look: Lookup) => readonly Change[] }
  | { readonly kind: 'fold'; readonly fold: FoldProjection; readonly run: FoldProjection['on'][string] };

/** A set worked out once: its tables, its folds, and who handles which event, in the set's order. */
export interface SetPlan {
  readonly set: ProjectionSet;
  readonly tables: ReadonlyMap<string, TablePlan>;
  readonly folds: readonly FoldProjection[];
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  /** Whom an event erases, by its name; empty for a set that holds nothing personal. */
  readonly erasures: ReadonlyMap<string, (event: Recorded) => string>;
  /** Hash of tables and folds: tells a definition that was changed without a new version. */
  readonly shape: string;
}

/**
 * @param digest makes what keyed columns keep; without it they stay empty
 * @throws Error that names the set and the part for a definition that cannot work
 */
export function planSet(set: ProjectionSet, digest: Digest | null = null): SetPlan {
  const wrong = (what: string): Error => new Error(`projection set ${set.name}: ${what}`);
  if (!isSqlName(set.name) || set.name.startsWith('_')) throw wrong('a name is snake_case and begins with a letter');
  if (!Number.isSafeInteger(set.version) || set.version < 1) throw wrong('the version is a whole number from 1 on');
  const tables = new Map<string, TablePlan>();
  const names = new Set<string>();
  for (const projection of set.projections) {
    if (!isSqlName(projection.name) || names.has(projection.name)) {
      throw wrong(`the projection name "${projection.name}" is taken or not snake_case`);
    }
    names.add(projection.name);
    for (const table of projection.tables) {
      if (tables.has(table.name)) throw wrong(`two tables are named ${table.name}`);
      tables.set(table.name, new TablePlan(table, digest));
    }
  }
  const folds = set.projections.filter((projection) => projection.kind === 'fold');
  const erasures = erasuresOf(set, tables);
  assertVariants(set, tables);
  assertThrough(set);
  return { set, tables, folds, steps: stepsOf(set), erasures, shape: shapeOf(set) };
}

/** @throws Error for a fold that is to find its states through one that could not know them */
function assertThrough({ name: set, projections }: ProjectionSet): void {
  for (const [index, projection] of projections.entries()) {
    if (projection.kind !== 'fold' || projection.through === undefined) continue;
    const { fold, events } = projection.through;
    const other = projections.slice(0, index).find(({ kind, name }) => kind === 'fold' && name === fold);
    if (other !== undefined && events.every((type) => Object.hasOwn(other.on, type))) continue;
    throw new Error(
      `projection set ${set}: ${projection.name} goes through ${fold}, no fold before it that handles all of its events`,
    );
  }
}

/** @throws Error for a variant that names a table the set does not have */
function assertVariants({ name: set, variants = {} }: ProjectionSet, tables: SetPlan['tables']): void {
  for (const [variant, names] of Object.entries(variants)) {
    const unknown = Object.values(names).find((table) => !tables.has(table));
    if (isSqlName(variant) && unknown === undefined) continue;
    throw new Error(
      `projection set ${set}: variant "${variant}" is not snake_case, or stands upon no table ${unknown}`,
    );
  }
}

function erasuresOf(set: ProjectionSet, tables: SetPlan['tables']): SetPlan['erasures'] {
  const erasures = new Map(Object.entries(set.erasures ?? {}));
  const [personal] = Object.keys(personalCells({ tables }));
  if (personal === undefined || erasures.size > 0) return erasures;
  throw new Error(
    `projection set ${set.name}: table ${personal} has personal cells, and no event of the set erases anybody`,
  );
}

/** Which cells of the set's tables are personal, by table. */
export function personalCells({ tables }: Pick<SetPlan, 'tables'>): Record<string, PersonalCells> {
  const cells: Record<string, PersonalCells> = {};
  for (const { name, definition } of tables.values()) {
    if (definition.personal !== undefined) cells[name] = definition.personal;
  }
  return cells;
}

function stepsOf(set: ProjectionSet): ReadonlyMap<string, readonly Step[]> {
  const steps = new Map<string, Step[]>();
  const add = (type: string, step: Step): void => {
    const known = steps.get(type);
    if (known === undefined) steps.set(type, [step]);
    else known.push(step);
  };
  for (const projection of set.projections) {
    if (projection.kind === 'rows') {
      for (const [type, run] of Object.entries(projection.on)) add(type, { kind: 'rows', run });
    } else {
      for (const [type, run] of Object.entries(projection.on)) add(type, { kind: 'fold', fold: projection, run });
    }
  }
  return steps;
}

function shapeOf(set: ProjectionSet): string {
  const shape = set.projections.map(({ kind, name, tables }) => ({
    kind,
    name,
    // The order of columns is part of the table, and canonical JSON does not keep it.
    tables: tables.map((table) => ({ ...table, columns: Object.entries(table.columns) })),
  }));
  const erasures = set.erasures === undefined ? [] : [Object.keys(set.erasures)];
  const variants = set.variants === undefined ? [] : [set.variants];
  return createHash('sha256')
    .update(canonicalJson([...shape, ...erasures, ...variants]))
    .digest('hex')
    .slice(0, 16);
}
