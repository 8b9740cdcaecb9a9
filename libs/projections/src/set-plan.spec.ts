import type { FoldProjection, ProjectionSet, RowsProjection, TableDefinition } from './definition.js';
import { planSet } from './set-plan.js';
import { STILL_KNOWN_TEXT, TablePlan } from './table-plan.js';

const table: TableDefinition = {
  name: 'things',
  comment: 'One row per thing',
  columns: {
    id: { type: 'text', comment: 'Thing' },
    note: { type: 'text', nullable: true, comment: 'Note' },
    known_to: { type: 'bigint', comment: 'Until when' },
  },
  primaryKey: ['id'],
};
const things: RowsProjection = { kind: 'rows', name: 'things', tables: [table], on: {} };
const lost: FoldProjection = {
  ...{ kind: 'fold', name: 'lost', tables: [], key: () => null, initialState: () => ({}) },
  ...{ on: {}, through: { fold: 'found', events: ['Told'], keys: () => [] } },
};
const { through: _none, ...plain } = lost;
const deaf: FoldProjection = { ...plain, name: 'found' };
const setOf = (change: Partial<ProjectionSet>): ProjectionSet => {
  return { name: 'some', version: 1, projections: [things], ...change };
};

describe('planSet', () => {
  it.each<[string, Partial<ProjectionSet>, RegExp]>([
    ['a name that SQL would fold', { name: 'Some' }, /snake_case/],
    ['a version that is none', { version: 0 }, /version/],
    ['a projection twice', { projections: [things, things] }, /projection name "things"/],
    ['a table twice', { projections: [things, { ...things, name: 'others' }] }, /two tables are named things/],
    ['a fold that goes through none', { projections: [lost] }, /lost goes through found/],
    ['a fold that goes through one after it', { projections: [lost, deaf] }, /lost goes through found/],
    ['a fold that goes through one that hears nothing of it', { projections: [deaf, lost] }, /through found/],
  ])('refuses %s', (_, change, message) => {
    expect(() => planSet(setOf(change))).toThrow(message);
  });

  it('tells a changed table by its shape, the order of columns included', () => {
    const reordered = { ...table, columns: Object.fromEntries(Object.entries(table.columns).reverse()) };
    const shapes = [table, reordered, { ...table, indexes: [{ columns: ['note'] }] }].map((one) => {
      return planSet(setOf({ projections: [{ ...things, tables: [one] }] })).shape;
    });
    expect(new Set(shapes).size).toBe(3);
    expect(planSet(setOf({})).shape).toBe(shapes[0]);
  });
});

describe('a table', () => {
  const plan = new TablePlan(table);

  it('gives cells in the order of columns; a row is known until it is closed', () => {
    const row = { note: 'x\ty', id: 'a' };
    expect([plan.encode(row), plan.keyOf(row), plan.knownToOf(row)]).toEqual(['a\tx\\ty', 'a', STILL_KNOWN_TEXT]);
    expect(plan.encode({ id: 'a', known_to: 5n })).toBe('a\t\\N');
    expect(plan.knownToOf({ id: 'a', known_to: 5n })).toBe('5');
    expect(plan.copied).toEqual(['id', 'note', 'known_to']);
  });

  it.each([
    [{ note: 'x' }, /column id is missing/],
    [{ id: null }, /column id is missing/],
    [{ id: 'a', nota: 'x' }, /has no column nota/],
    [{ id: 5 }, /things, column id: .*number does not fit a text column/],
  ])('refuses the row %j', (row, message) => {
    expect(() => plan.encode(row)).toThrow(message);
  });

  it('names a row by its whole key and nothing else', () => {
    expect(plan.encodeKey({ id: 'a' })).toEqual(['a']);
    expect(() => plan.encodeKey({ id: 'a', note: 'x' })).toThrow(/named by its primary key/);
    expect(() => plan.encodeKey({})).toThrow(/column id is missing/);
  });

  it.each([[['nothing']], [['known_to']], [['note']], [[]]])('refuses the key %j', (primaryKey) => {
    expect(() => new TablePlan({ ...table, primaryKey })).toThrow(/table things/);
  });
});
