import { isErased, localDateOf, type Recorded } from '@voronka/kernel';
import { type Change, defineFold, type FoldProjection, type Lookup } from '@voronka/projections';
import { dealEvents, type DealOpened } from '@voronka/sales/events';
import { zoneOf } from './company.fold.js';
import { customerTurns, throughCustomer } from './customer.folds.js';
import { calendarAt } from './definitions.folds.js';
import { type DealFacts, deriveDeal, noFacts } from './deal.facts.js';
import {
  activityOf,
  correctedOf,
  type DealHistory,
  emptyHistory,
  type Opening,
  type Told,
  told,
} from './deal.history.js';
import { paymentRow } from './deal.money.rows.js';
import { payments } from './deal.money.tables.js';
import type { OfDeal } from './deal.row-parts.js';
import { activityRow, migrationRow, parts, writers } from './deal.rows.js';
import { returnRow } from './deal.returns.js';
import { activities, deals, dealTables } from './deal.tables.js';
import { type Reference, WayMemory } from './deal.way.facts.js';
import { insertion } from './known-rows.js';
import { routeMapVersion, type RouteMapVersion } from './route-maps.fold.js';
import { thingId, thingOf } from './thing-id.js';
import { workingRolesAt } from './working-roles.fold.js';

/**
 * The history, and for each row derived from it, in the order of deriving, since which position (decimal text) it
 * is known. The rows themselves follow from the history.
 */
export interface DealView extends DealHistory {
  readonly known: { readonly [Part in keyof DealFacts]: readonly string[] };
}

/** One deal after the other event: derives what the deal's rows are now, closes those that differ, adds the new. */
export const dealFold: FoldProjection = defineFold<DealView>({
  kind: 'fold',
  name: 'deals',
  tables: dealTables,
  key: thingId('deal'),
  through: throughCustomer('deal'),
  initialState: initialDealView,
  on: Object.fromEntries(
    [...Object.keys(dealEvents), ...throughCustomer('deal').events].map((type) => [
      type,
      (state, event, look, dealId) => onDealEvent(state, event as Told, { dealId, look }),
    ]),
  ),
});

export function initialDealView(): DealView {
  return { ...emptyHistory, known: nothingKnown };
}

const nothingKnown: DealView['known'] = {
  statuses: [],
  owners: [],
  positions: [],
  products: [],
  steps: [],
  touch: [],
  implied: [],
  stays: [],
  outcomes: [],
  contracts: [],
  lines: [],
  terms: [],
  credit: [],
  waits: [],
  deviations: [],
  plans: [],
};

// Only a memory of what deriveDeal would say again.
const derived = new WeakMap<DealView, { readonly facts: DealFacts; readonly way: WayMemory }>();

/** What an event of a deal, one told as of a deal, or one of its customer changes. */
export function onDealEvent(
  state: DealView,
  event: Told,
  { dealId, look }: { readonly dealId: string; readonly look: Lookup },
): { state: DealView; changes: readonly Change[] } {
  const versionOf = (id: string, version: number) => routeMapVersion(look, id, version);
  const { customerId: named } = event.data as { readonly customerId?: string | null };
  const customerOf = (id: string) => (id === named ? customerTurns(look, id) : undefined);
  const next = told(state, event, { zone: zoneOf(look), versionOf, customerOf });
  const { opening } = next;
  if (opening === null) return { state: next, changes: [] };
  const own = ownChanges(event, { opening, corrected: state.corrected }, look);
  // Most events are activities that change nothing but their own rows.
  if (next === state) return { state, changes: own };
  if (event.type === 'ActivityCorrected' && next.plans === state.plans) {
    const memory = derived.get(state);
    if (memory !== undefined) derived.set(next, memory);
    return { state: next, changes: own };
  }
  const reference = referenceOf(next, opening, look);
  const { facts: before, way } = derived.get(state) ?? derivedFrom(state, look);
  const after = deriveDeal(next, reference, { history: state, facts: before, way });
  const deal = { dealId, opening, zone: zoneOf(look), position: event.position };
  const changes: Change[] = state.opening === null ? openingRows(event as Recorded<DealOpened>, state, deal) : [...own];
  const moved = event.type === 'DealMigrated';
  if (moved) changes.push(migrationRow(event, deal));
  if (event.type === 'DealReturned') changes.push(returnRow(event, deal));
  const known = { ...state.known };
  const at = { ...deal, changes, moved };
  for (const part of parts) {
    if (before[part] === after[part]) continue;
    known[part] = new PartChange(part, before[part], state.known[part], at).to(after[part]);
  }
  const view = { ...next, known };
  derived.set(view, { facts: after, way });
  return { state: view, changes };
}

/**
 * Activities and payments are no part of the state: what happens to them depends on their own events alone. A payment
 * told of before the opening is left out: without a deal there is no contract that it could be for.
 */
function ownChanges(
  event: Told,
  { opening, corrected }: Pick<DealView, 'corrected'> & { readonly opening: Opening },
  look: Lookup,
): readonly Change[] {
  const { position } = event;
  const closed = (table: string, recordingId: string): readonly Change[] => [
    { op: 'close', table, key: { event_id: recordingId }, knownTo: position, ifOpen: true },
  ];
  const standing = (recordingId: string): string => corrected[recordingId] ?? recordingId;
  if (event.type === 'ActivityVoided') return closed(activities.name, standing(event.data.recordingId));
  if (event.type === 'PaymentReversed') return closed(payments.name, event.data.recordingId);
  if (event.type !== 'ActivityRecorded' && event.type !== 'ActivityCorrected' && event.type !== 'PaymentRecorded') {
    return [];
  }
  const deal = { dealId: thingOf(event.stream).id, opening, zone: zoneOf(look), position };
  if (event.type === 'ActivityCorrected') {
    const row = activityRow(correctedOf(event), deal);
    return [
      ...closed(activities.name, standing(event.data.recordingId)),
      { op: 'insert', table: activities.name, row },
    ];
  }
  return event.type === 'ActivityRecorded'
    ? [{ op: 'insert', table: activities.name, row: activityRow(activityOf(event), deal) }]
    : [{ op: 'insert', table: payments.name, row: paymentRow(event, deal) }];
}

function derivedFrom(history: DealHistory, look: Lookup): { facts: DealFacts; way: WayMemory } {
  const way = new WayMemory();
  const { opening } = history;
  if (opening === null) return { facts: noFacts, way };
  return { facts: deriveDeal(history, referenceOf(history, opening, look), undefined, way), way };
}

/** The map that the deal follows, and what was known beside it when things were told. */
function referenceOf({ migrations }: DealHistory, { mapped, map, version, zone }: Opening, look: Lookup): Reference {
  const versionOf = (number: number): RouteMapVersion | null => routeMapVersion(look, map, number) ?? null;
  const current = mapped ? versionOf(version) : null;
  const first = migrations[0]?.from;
  return {
    version: current,
    first: first === undefined ? current : first.mapped ? versionOf(first.version) : null,
    versionOf,
    facts: {
      zone,
      calendarAt: (position) => calendarAt(look, position),
      rolesOf: (employee, at, position) => workingRolesAt(look, { employee, at, zone, position }),
    },
  };
}

/** The rows of one part that are known, and where the changes to them go. */
class PartChange<Part extends keyof DealFacts> {
  constructor(
    private readonly part: Part,
    private readonly before: DealFacts[Part],
    private readonly known: readonly string[],
    private readonly deal: OfDeal & { readonly changes: Change[]; readonly moved: boolean },
  ) {
    // On another version of the map every row that names the version says something else.
    this.isAnew = deal.moved && 'route_map_version' in writers[part].table.columns;
  }

  private readonly isAnew: boolean;

  /** Closes the facts that are no longer so and adds the new; returns since when each fact is known. */
  to(after: DealFacts[Part]): readonly string[] {
    const { before, known } = this;
    let same = 0;
    while (!this.isAnew && same < before.length && isSame(before[same], after[same])) same += 1;
    const since = known.slice(0, same);
    const rest = new Map<string, number>();
    for (let index = same; index < before.length; index += 1) rest.set(before[index]?.key ?? '', index);
    for (const fact of after.slice(same)) {
      const index = rest.get(fact.key);
      since.push(this.kept(index, fact) ?? this.replaced(index, fact));
      rest.delete(fact.key);
    }
    for (const index of rest.values()) this.close(index);
    return since;
  }

  private kept(index: number | undefined, fact: DealFacts[Part][number]): string | undefined {
    return index !== undefined && !this.isAnew && isSame(this.before[index], fact) ? this.known[index] : undefined;
  }

  private replaced(index: number | undefined, fact: DealFacts[Part][number]): string {
    if (index !== undefined) this.close(index);
    const { deal } = this;
    const { table, row } = writers[this.part];
    deal.changes.push({ op: 'insert', table: table.name, row: row(fact, deal) });
    return String(deal.position);
  }

  private close(index: number): void {
    const fact = this.before[index];
    const since = this.known[index];
    if (fact === undefined || since === undefined) return;
    const { table, key } = writers[this.part];
    const closed = { ...key(fact, this.deal.dealId), known_from: BigInt(since) };
    this.deal.changes.push({ op: 'close', table: table.name, key: closed, knownTo: this.deal.position });
  }
}

function isSame(a: object | undefined, b: object | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const one = a as Record<string, unknown>;
  const other = b as Record<string, unknown>;
  for (const member in one) if (one[member] !== other[member]) return false;
  return true;
}

function openingRows(event: Recorded<DealOpened>, { early }: DealHistory, deal: OfDeal): Change[] {
  const rows = early.map((entry) => activityRow(entry, deal));
  return [openingRow(event, deal), ...rows.map((row) => ({ op: 'insert' as const, table: activities.name, row }))];
}

function openingRow({ data, metadata, eventId, position, recordedAt }: Recorded<DealOpened>, deal: OfDeal): Change {
  const { opening } = deal;
  return insertion(
    deals,
    {
      deal_id: deal.dealId,
      customer_id: opening.customer,
      route_map_id: opening.map,
      route_map_version: opening.version,
      source: opening.source,
      title: isErased(data.title) ? null : data.title,
      expected_amount_kopecks: opening.expected,
      imported: metadata.imported,
      event_id: eventId,
      position,
      occurred_at: metadata.occurredAt,
      recorded_at: recordedAt,
      local_date: localDateOf(opening.at, deal.zone),
    },
    position,
  );
}
