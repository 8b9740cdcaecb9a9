import { managersOn, timedOn } from '@voronka/projector';
import { type FoldProjection, type Projection, type RowsProjection } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { type Stores, things } from '@voronka/runtime';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

export interface EventMapRow {
  readonly event: string;
  readonly thing: string;
  /** Files of the thing that make such an event. */
  readonly appendedIn: readonly string[];
  /** Files of the thing in which its state takes the event in. */
  readonly foldedIn: readonly string[];
  /** Projections that make something of just this event; those that note every event are left out. */
  readonly readBy: readonly string[];
  /** Process managers that answer it with commands. */
  readonly answeredBy: readonly string[];
}

/** Only asked for what they answer to: they touch no store before an event comes. */
const NO_STORES = {} as Stores;

/** Files that hold a text, of every thing that has the event: things that share events share how they are decided. */
function having(event: string, text: string): string[] {
  return things
    .filter(({ events }) => Object.hasOwn(events, event))
    .flatMap(({ category }) => sourcesOf(category))
    .filter((file) => file.text.includes(text))
    .map(({ name }) => name);
}

/** Which events there are, where they are decided, and which projections and process managers read them. */
export function eventMap(): readonly EventMapRow[] {
  const all = things.flatMap((thing) => Object.keys(thing.events));
  return things.flatMap((thing) => {
    return Object.keys(thing.events).map((event) => ({
      event,
      thing: thing.category,
      appendedIn: having(event, `type: '${event}'`),
      foldedIn: having(event, `case '${event}'`),
      readBy: projectionSets.flatMap((set) =>
        set.projections
          .filter((projection) => reads(projection, event) && !all.every((other) => reads(projection, other)))
          .map(({ name }) => `${set.name}.${name}`),
      ),
      answeredBy: managersOn(NO_STORES)
        .filter(({ on }) => Object.hasOwn(on, event))
        .map(({ name }) => name),
    }));
  });
}

export function eventMapDocument(): string {
  const rows = eventMap().map(
    (row) =>
      `| ${row.event} | ${row.thing} | ${row.appendedIn.join(', ')} | ${row.foldedIn.join(', ')} | ${row.readBy.join(', ')} | ${row.answeredBy.join(', ')} |`,
  );
  return [
    '# Event map',
    '',
    'Generated from the code by `UPDATE_DOCS=1 npx jest test/docs`; the test run fails when it is stale.',
    '',
    'Besides, `core.log_clock` and `audit.audit_events` note every event, and the pay worker follows `core.pay_causes`.',
    `The passing of time is answered by ${timedOn(NO_STORES)
      .map(({ name }) => `\`${name}\``)
      .join(', ')}.`,
    '',
    '| event | thing | decided in | state of the thing | projections | process managers |',
    '|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function reads(projection: Projection, event: string): boolean {
  return Object.hasOwn((projection as RowsProjection | FoldProjection).on, event);
}

function sourcesOf(category: string): readonly { name: string; text: string }[] {
  const name = category.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const folder = ['libs/sales/src', 'libs/pay/src'].map((room) => path.join(root, room, name)).find(existsSync);
  if (folder === undefined) throw new Error(`no room has a folder ${name}`);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !/\.(spec|events|commands|document)\.ts$/.test(file))
    .sort()
    .map((file) => ({ name: file, text: readFileSync(path.join(folder, file), 'utf8') }));
}
