import { type FoldProjection, type Projection, type RowsProjection } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { salesThings } from '@voronka/sales';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface EventMapRow {
  readonly event: string;
  readonly thing: string;
  /** Files of the thing in whose decisions the event's name stands. */
  readonly appendedIn: readonly string[];
  readonly readBy: readonly string[];
}

/** Which events there are, where they are decided, and which projections read them. */
export function eventMap(): readonly EventMapRow[] {
  return salesThings.flatMap((thing) => {
    const files = decisionsOf(thing.category);
    return Object.keys(thing.events).map((event) => ({
      event,
      thing: thing.category,
      appendedIn: files.filter(({ text }) => text.includes(`'${event}'`)).map(({ name }) => name),
      readBy: projectionSets.flatMap((set) =>
        set.projections.filter((projection) => reads(projection, event)).map(({ name }) => `${set.name}.${name}`),
      ),
    }));
  });
}

export function eventMapDocument(): string {
  const rows = eventMap().map(
    (row) => `| ${row.event} | ${row.thing} | ${row.appendedIn.join(', ')} | ${row.readBy.join(', ')} |`,
  );
  return [
    '# Event map',
    '',
    'Generated from the code by `UPDATE_DOCS=1 npx jest test/docs`; the test run fails when it is stale.',
    '',
    '| event | thing | decided in | read by |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function reads(projection: Projection, event: string): boolean {
  return Object.hasOwn((projection as RowsProjection | FoldProjection).on, event);
}

function decisionsOf(category: string): readonly { name: string; text: string }[] {
  const folder = path.join(
    root,
    'libs/sales/src',
    category.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/\.(spec|events|state|commands|document|standing)\.ts$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));
}
