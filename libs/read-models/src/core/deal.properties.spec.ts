import { plainFiveDayWeek, type Recorded, type RecordedUnion } from '@voronka/kernel';
import type { Change, Row } from '@voronka/projections';
import type { DealEvent } from '@voronka/sales/events';
import fc from 'fast-check';
import { coreSet } from '../registry.js';
import { deriveDeal } from './deal.facts.js';
import { activityOf, emptyHistory, told } from './deal.history.js';
import { paymentRow } from './deal.money.rows.js';
import { returnRow } from './deal.returns.js';
import { activityRow, migrationRow, parts, writers } from './deal.rows.js';
import { dealTables } from './deal.tables.js';
import { rankOf, routeMapsFold, routeMapVersion, type RouteMapView } from './route-maps.fold.js';
import { DealLog, funnelMap } from './testing/deal-log.js';
import { Materialised, text } from './testing/materialised.js';

const STEPS = ['contact', 'questionnaire', 'analysis', 'proposal', 'contract', 'unheard-of'];

/** One thing that happens: what, when (a day of August, often the same), and one or two choices. */
interface Happening {
  readonly what: number;
  readonly day: number;
  readonly choice: number;
  readonly late: boolean;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.nat(24),
  day: fc.integer({ min: 1, max: 9 }),
  choice: fc.nat(30),
  late: fc.boolean(),
});

/** Any events in any order, also those that no command would give. */
const anyLog = fc.array(happening, { maxLength: 30 }).map((happenings) => {
  const log = new DealLog().prepared().published();
  const completions: Recorded[] = [];
  const recordings: Recorded[] = [];
  const payments: Recorded[] = [];
  const plannings: Recorded[] = [];
  happenings.forEach((each, index) => {
    const at = `2009-08-0${each.day}`;
    // The opening mostly comes first, as it does in life.
    if (index === 0 && each.choice < 25) log.opened(at);
    tell(log, each, at, { completions, recordings, payments, plannings });
  });
  return log;
});

function tell(
  log: DealLog,
  each: Happening,
  at: string,
  told: { completions: Recorded[]; recordings: Recorded[]; payments: Recorded[]; plannings: Recorded[] },
): void {
  const { completions, recordings, payments, plannings } = told;
  const planning = plannings[each.choice % Math.max(1, plannings.length)];
  const step = STEPS[each.choice % STEPS.length] ?? 'contact';
  const completion = completions[each.choice % Math.max(1, completions.length)];
  const recording = recordings[each.choice % Math.max(1, recordings.length)];
  const payment = payments[each.choice % Math.max(1, payments.length)];
  const contract = `k${each.choice % 3}`;
  const owner = ['anna', 'boris', 'vera'][each.choice % 3] ?? 'anna';
  const acts: (() => unknown)[] = [
    () => completions.push(log.done(step, at)),
    () => completions.push(log.done(step, at, { by: owner })),
    () => completions.push(log.done(step, at, { awaits: true })),
    () => completion !== undefined && log.accepted(completion, at),
    () => completion !== undefined && (each.late ? log.sentBack(completion, at) : log.voided(completion, at)),
    () => log.returned(step, at),
    () => log.lost(at),
    () => log.reopened(at),
    () => log.signed(each.choice, at, contract),
    () => log.reassigned(owner, at),
    () => recordings.push(log.activity('call', at)),
    () => log.signed(each.choice, at, contract),
    () => log.amended(each.late ? [each.choice] : [each.choice, 1], at, contract),
    () => log.contractVoided(at, ([null, 'open', 'lost'] as const)[each.day % 3] ?? null, contract),
    () => log.terminated(at, at, contract),
    () => payments.push(log.paid(each.choice, at, contract)),
    () => payment !== undefined && log.paymentReversed(payment, at),
    () => log.shared(each.late ? { [owner]: 10_000 } : { anna: 5_000, boris: 5_000 }, at, contract),
    () => log.revised(each.late ? null : each.choice, at, { products: [owner] }),
    () => log.migrated(1 + (each.choice % 3), at),
    () => plannings.push(log.planned('call', `2009-08-1${each.day}`, at)),
    () => planning !== undefined && log.rescheduled(planning, `2009-08-2${each.choice % 9}`, at),
    () => planning !== undefined && log.cancelled(planning, at),
    () => recordings.push(log.activity('call', at, planning)),
    () => (recording === undefined ? log.opened(at) : log.activityVoided(recording, at)),
  ];
  acts[each.what]?.();
}

const tableNames = dealTables.map(({ name }) => name);
const sorted = (rows: readonly Row[]): string[] => rows.map(text).toSorted();

describe('The rows of a deal, whatever is told of it', () => {
  test('rows known at K equal the rows of the log cut at K, and those derived from the whole history at once', () => {
    fc.assert(
      fc.property(anyLog, fc.nat(1000), (log, where) => {
        const cut = 2 + (where % (log.events.length - 1));
        const upTo = log.events.slice(0, cut);
        const last = upTo.at(-1)?.position ?? 0n;
        const whole = new Materialised(coreSet).project(log.events);
        const part = new Materialised(coreSet).project(upTo);
        const atOnce = derivedAtOnce(upTo);
        for (const name of tableNames) {
          expect(sorted(whole.asOf(name, last))).toEqual(sorted(part.asOf(name)));
          if (name !== 'deals') expect(sorted(part.asOf(name))).toEqual(sorted(atOnce.get(name) ?? []));
        }
      }),
    );
  });

  test('no natural key is known twice at once, and no row is known for no time', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const tables = new Materialised(coreSet).project(log.events);
        for (const { name, primaryKey } of dealTables) {
          const ends = new Map<string, bigint>();
          for (const row of tables.all(name)) {
            const key = text(
              primaryKey.filter((column) => column !== 'known_from').map((column) => row[column] ?? null),
            );
            const [from, to] = [BigInt(String(row['known_from'])), BigInt(String(row['known_to']))];
            expect(from).toBeLessThan(to);
            // Rows come in the order of inserting, so the spells of one key follow one another.
            expect(from).toBeGreaterThanOrEqual(ends.get(key) ?? 0n);
            ends.set(key, to);
          }
        }
      }),
    );
  });

  test('it makes no difference whether states are stored between events', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const stored = new Materialised(coreSet).project(log.events);
        const kept = new Materialised(coreSet, false).project(log.events);
        for (const name of tableNames) expect(sorted(stored.all(name))).toEqual(sorted(kept.all(name)));
      }),
    );
  });

  test('first reach is the earliest done completion; implied holds every touch and never grows along the bars', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const tables = new Materialised(coreSet).project(log.events);
        const done = tables.asOf('steps').filter(({ status, rank }) => status === 'done' && rank !== null);
        const touch = new Map(tables.asOf('reach_touch').map((row) => [row['rank'], String(row['occurred_at'])]));
        const implied = new Map(tables.asOf('reach_implied').map((row) => [row['rank'], String(row['occurred_at'])]));
        for (const rank of [1, 2, 3, 4]) {
          const own = done.filter((row) => row['rank'] === rank).map((row) => String(row['occurred_at']));
          const above = done.filter((row) => Number(row['rank']) >= rank).map((row) => String(row['occurred_at']));
          expect(touch.get(rank)).toBe(own.toSorted()[0]);
          expect(implied.get(rank)).toBe(above.toSorted()[0]);
        }
      }),
    );
  });

  test('spells tile: from its opening on, a deal has one status, one owner and one position at any time', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const tables = new Materialised(coreSet).project(log.events);
        for (const name of ['deal_states', 'deal_owners', 'deal_positions']) {
          // Of positions those that lasted no time stand, too: they come before what lasted.
          const order = (row: Row): string => `${String(row['valid_from'])} ${String(row['valid_to'])}`;
          const spells = tables.asOf(name).toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
          spells.forEach((spell, index) => {
            const next = spells[index + 1]?.['valid_from'] ?? 'infinity';
            expect(spell['valid_to']).toBe(next);
          });
        }
      }),
    );
  });

  test('what a won deal is worth is the sum of the lines of its standing contracts, and so is each contract', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const tables = new Materialised(coreSet).project(log.events);
        const sum = (rows: readonly Row[]): bigint =>
          rows.reduce((total, row) => total + BigInt(String(row['amount_kopecks'])), 0n);
        const lines = tables.asOf('contract_lines');
        for (const row of tables.asOf('outcomes')) {
          if (row['outcome'] === 'won') expect(sum([row])).toBe(sum(lines));
        }
        for (const row of tables.asOf('contracts')) {
          expect(sum([row])).toBe(sum(lines.filter((line) => line['event_id'] === row['event_id'])));
        }
      }),
    );
  });

  test('a deal stands in no bar twice at once', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const going = new Materialised(coreSet)
          .project(log.events)
          .asOf('stays')
          .filter((row) => row['ended_at'] === null)
          .map((row) => row['step']);
        expect(new Set(going).size).toBe(going.length);
      }),
    );
  });
});

/** Rows by table, derived in one go from the whole history: nothing compared, nothing taken over. */
function derivedAtOnce(events: readonly Recorded[]): Map<string, Row[]> {
  const map: RouteMapView = publishedMap(events);
  const look = <State>(): State => map as State;
  const versionOf = (number: number) => routeMapVersion(look, 'sale', number) ?? null;
  expect(rankOf(versionOf(1), 'contract')).toBe(funnelMap.steps.at(-1)?.funnelRank);
  const deal = events.filter(({ stream }) => stream === 'deal-d1') as RecordedUnion<DealEvent>[];
  const around = {
    zone: 'Europe/Samara',
    versionOf: (_id: string, number: number) => versionOf(number) ?? undefined,
    customerOf: () => undefined,
  };
  const history = deal.reduce((before, event) => told(before, event, around), emptyHistory);
  const before = history.migrations[0]?.from;
  const version = versionOf(history.opening?.version ?? 1);
  const facts = deriveDeal(history, {
    version,
    first: before === undefined ? version : versionOf(before.version),
    versionOf,
    facts: { zone: 'Europe/Samara', calendarAt: () => plainFiveDayWeek(), rolesOf: () => null },
  });
  const { opening } = history;
  const rows = new Map<string, Row[]>();
  if (opening === null) return rows;
  const context = { dealId: 'd1', opening, zone: 'Europe/Samara', position: 0n };
  for (const part of parts) {
    const { table, row } = writers[part] as (typeof writers)['steps'];
    const made = (facts[part] as typeof facts.steps).map((fact) => {
      const { known_from: _from, known_to: _to, ...cells } = row(fact, context);
      return cells;
    });
    rows.set(table.name, [...(rows.get(table.name) ?? []), ...made]);
  }
  rows.set(
    'deal_migrations',
    ofEvents(deal, 'DealMigrated', (event) => migrationRow(event, context)),
  );
  rows.set(
    'deal_returns',
    ofEvents(deal, 'DealReturned', (event) => returnRow(event, context)),
  );
  // What rests on its own event alone keeps the version of its time.
  const onVersionOf = ({ position }: Recorded) => {
    const until = history.migrations.findLast(({ pos }) => BigInt(pos) < position);
    const number = until?.version ?? before?.version ?? opening.version;
    return { ...context, opening: { ...opening, version: number } };
  };
  rows.set(
    'activities',
    ofOwnEvents(deal, 'ActivityRecorded', (event) => activityRow(activityOf(event), onVersionOf(event))),
  );
  rows.set(
    'payments',
    ofOwnEvents(sinceOpening(deal), 'PaymentRecorded', (event) => paymentRow(event, onVersionOf(event))),
  );
  return rows;
}

/** Rows that nothing takes back, one of each event of a type. */
function ofEvents<Type extends 'DealMigrated' | 'DealReturned'>(
  deal: readonly RecordedUnion<DealEvent>[],
  type: Type,
  changeOf: (event: Recorded<Extract<DealEvent, { type: Type }>>) => Change,
): Row[] {
  return sinceOpening(deal).flatMap((event) => {
    if (event.type !== type) return [];
    const change = changeOf(event as unknown as Recorded<Extract<DealEvent, { type: Type }>>);
    if (change.op !== 'insert') throw new Error('it closes nothing');
    const { known_from: _from, known_to: _to, ...cells } = change.row;
    return [{ ...cells, position: event.position }];
  });
}

/** A payment told of before the opening is for no contract. */
function sinceOpening(deal: readonly RecordedUnion<DealEvent>[]): readonly RecordedUnion<DealEvent>[] {
  return deal.slice(deal.findIndex(({ type }) => type === 'DealOpened'));
}

/** Rows of the events of one type that nothing took back. */
function ofOwnEvents<Type extends 'ActivityRecorded' | 'PaymentRecorded'>(
  deal: readonly RecordedUnion<DealEvent>[],
  type: Type,
  rowOf: (event: Recorded<Extract<DealEvent, { type: Type }>>) => Row,
): Row[] {
  const back = new Set(deal.flatMap(({ data }) => ('recordingId' in data ? [data.recordingId] : [])));
  return deal
    .filter((event) => event.type === type && !back.has(event.eventId))
    .map((event) => {
      const {
        known_from: _from,
        known_to: _to,
        ...cells
      } = rowOf(event as unknown as Recorded<Extract<DealEvent, { type: Type }>>);
      return cells;
    });
}

function publishedMap(events: readonly Recorded[]): RouteMapView {
  const publish = routeMapsFold.on['RouteMapPublished'];
  const none: RouteMapView = { versions: [] };
  return events
    .filter(({ type }) => type === 'RouteMapPublished')
    .reduce((view, event) => publish?.(view, event, () => undefined, 'sale').state as RouteMapView, none);
}
