import type { RouteMapDocument, StepDefinition } from '@voronka/sales/events';
import { coreSet } from '../registry.js';
import { DealLog, funnelMap, secondMap } from './testing/deal-log.js';
import { Materialised } from './testing/materialised.js';

const step = (code: string, after: string[], more: Partial<StepDefinition> = {}): StepDefinition => ({
  ...{ code, name: code, stage: 'all', kind: 'other', mandatory: true, after, roles: [], form: [] },
  ...more,
});
const mapOf = (...steps: StepDefinition[]): RouteMapDocument => ({ ...funnelMap, steps });

/** A deal opened on the first version of a map that has two. */
function onFirst(first: RouteMapDocument, second: RouteMapDocument): DealLog {
  const log = new DealLog().prepared('Europe/Samara', first).published(2, second);
  log.opened('2009-08-03');
  return log;
}

const bars = (tables: Materialised, table: string, k?: bigint): unknown[] =>
  tables
    .asOf(table, k)
    .map((row) => [row['step'], row['rank'], row['route_map_version']])
    .toSorted((a, b) => Number(a[1]) - Number(b[1]));

describe('A deal that moved to another version of its map', () => {
  it('is counted on the bars of the new one from then on, all its way; as of before, on those of the old one', () => {
    const log = onFirst(funnelMap, secondMap);
    for (const [day, code] of ['contact', 'questionnaire', 'analysis'].entries()) log.done(code, `2009-08-0${day + 4}`);
    const before = log.events.at(-1)?.position;
    log.migrated(2, '2009-08-10');
    const tables = new Materialised(coreSet).project(log.events);
    for (const table of ['reach_touch', 'reach_implied']) {
      expect(bars(tables, table, before)).toEqual([
        ['contact', 1, 1],
        ['questionnaire', 2, 1],
      ]);
      expect(bars(tables, table)).toEqual([
        ['contact', 1, 2],
        ['analysis', 2, 2],
      ]);
    }
    expect(tables.asOf('deal_positions').at(-1)).toMatchObject({ step: 'analysis', rank: 2 });
    expect(tables.asOf('deal_migrations')).toMatchObject([{ from_version: 1, to_version: 2 }]);
    expect(tables.asOf('deal_migrations', before)).toEqual([]);
    // How it was opened is not changed by where it went.
    expect(tables.asOf('deals')).toMatchObject([{ route_map_version: 1 }]);
  });

  it('stands, returned to a step that the new version does not have, at the bar below it, and stays there', () => {
    const bar = (code: string, funnelRank: number, after: string[]) => step(code, after, { funnelRank });
    const proposal = bar('proposal', 30, ['contact']);
    const first = mapOf(bar('contact', 10, []), bar('demo', 20, ['contact']), proposal);
    const log = onFirst(first, mapOf(bar('contact', 10, []), proposal));
    for (const [day, code] of ['contact', 'demo', 'proposal'].entries()) log.done(code, `2009-08-0${day + 4}`);
    log.returned('demo', '2009-08-08');
    log.migrated(2, '2009-08-10');
    const tables = new Materialised(coreSet).project(log.events);
    expect(tables.asOf('deal_positions').at(-1)).toMatchObject({ step: 'contact', rank: 10 });
    const stays = tables.asOf('stays').map((row) => [row['step'], row['ended_how']]);
    expect(stays).toEqual([
      ['contact', 'forward'],
      ['proposal', 'back'],
    ]);
    log.returned('contact', '2009-08-12');
    const later = new Materialised(coreSet).project(log.events).asOf('deal_positions');
    expect(later.at(-1)).toMatchObject({ step: 'contact', valid_to: 'infinity' });
  });

  it('left the map where it left that of its time', () => {
    const first = mapOf(step('contact', []), step('proposal', ['contact']));
    const second = mapOf(step('contact', []), step('money', ['contact']), step('proposal', ['money']));
    const kinds = (log: DealLog): unknown[] =>
      new Materialised(coreSet)
        .project(log.events)
        .asOf('deviations')
        .map((row) => [row['kind'], row['step']]);
    const earlier = onFirst(first, second);
    earlier.done('contact', '2009-08-04');
    earlier.done('proposal', '2009-08-05');
    earlier.migrated(2, '2009-08-10');
    expect(kinds(earlier)).toEqual([]);
    const later = onFirst(first, second);
    later.done('contact', '2009-08-04');
    later.migrated(2, '2009-08-05');
    later.done('proposal', '2009-08-10');
    expect(kinds(later)).toEqual([
      ['wrongOrder', 'proposal'],
      ['skipped', 'money'],
    ]);
  });

  it('waits for a step that the new version brings since the move, and no more for one that it does not have', () => {
    const norm = { normWorkingHours: 8 };
    const first = mapOf(step('contact', []), step('survey', ['contact'], norm));
    const second = mapOf(step('contact', []), step('money', ['contact'], norm));
    const log = onFirst(first, second);
    log.done('contact', '2009-08-04');
    log.migrated(2, '2009-08-20');
    const waits = new Materialised(coreSet).project(log.events).asOf('waiting');
    const shown = waits.map((row) => [row['step'], row['began_at'], row['ended_at'], row['ended_how']]);
    expect(new Set(shown)).toEqual(
      new Set([
        ['contact', '2009-08-03T12:00:00.000Z', '2009-08-04T12:00:00.000Z', 'done'],
        ['survey', '2009-08-04T12:00:00.000Z', '2009-08-20T12:00:00.000Z', 'notApplicable'],
        ['money', '2009-08-20T12:00:00.000Z', null, null],
      ]),
    );
  });

  it('bug: a step that hung on an answer which the new version does not ask had never waited, nor been skipped', () => {
    const first = mapOf(
      step('contact', []),
      step('survey', ['contact'], { when: 'answers.contact.size = 2' }),
      step('proposal', ['contact']),
    );
    const log = onFirst(first, mapOf(step('contact', []), step('proposal', ['contact'])));
    const contact = log.done('contact', '2009-08-04', { answers: { size: 2 } });
    log.done('survey', '2009-08-06');
    log.returned('contact', '2009-08-07');
    const shown = (): unknown[] =>
      new Materialised(coreSet)
        .project(log.events)
        .asOf('waiting')
        .filter((row) => row['step'] === 'survey')
        .toSorted((a, b) => Number(a['ordinal']) - Number(b['ordinal']))
        .map((row) => [row['began_at'], row['ended_at'], row['ended_how']]);
    const done = ['2009-08-04T12:00:00.000Z', '2009-08-06T12:00:00.000Z', 'done'];
    expect(shown()).toEqual([done, ['2009-08-07T12:00:00.000Z', null, null]]);
    log.migrated(2, '2009-08-20', { [contact.eventId]: { size: 2 } });
    expect(shown()).toEqual([done, ['2009-08-07T12:00:00.000Z', '2009-08-20T12:00:00.000Z', 'notApplicable']]);
    log.corrected(contact, { on: '2009-08-05', by: 'anna', answers: { size: 2 } }, '2009-08-21');
    expect(shown()).toMatchObject([['2009-08-05T12:00:00.000Z', done[1], 'done'], {}]);
  });

  it('has the answers that the conditions of the new version ask for', () => {
    const first = mapOf(step('contact', []), step('survey', ['contact']));
    const second = mapOf(step('contact', []), step('survey', ['contact'], { when: 'answers.contact.size = 2' }));
    const log = onFirst(first, second);
    const contact = log.done('contact', '2009-08-04', { answers: { size: 2 } });
    log.migrated(2, '2009-08-20', { [contact.eventId]: { size: 2 } });
    const waits = new Materialised(coreSet).project(log.events).asOf('waiting');
    expect(waits.filter((row) => row['ended_at'] === null).map((row) => row['step'])).toEqual(['survey']);
  });
});
