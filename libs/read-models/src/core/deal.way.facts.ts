import { type Deviated, DealWalk, type Told, type Wait, type WalkFacts } from '@voronka/sales/walk';
import { isEarlier } from './deal.course.js';
import { portraitsTold, type ToldPortrait } from './deal.customer.history.js';
import type { DealHistory, MigrationEntry, MoveEntry, Opening, Place, StepEntry } from './deal.history.js';
import type { TermsEntry } from './deal.money.history.js';
import type { RouteMapVersion } from './route-maps.fold.js';

/** A step that could have been done: from when, until when, and by when it should have been. */
export interface WaitFact {
  readonly key: string;
  readonly step: string;
  readonly ordinal: number;
  readonly since: string;
  readonly beganBy: string;
  readonly dueAt: string | null;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
  readonly how: string | null;
  readonly performer: string | null;
}

export interface DeviationFact {
  readonly key: string;
  readonly kind: string;
  readonly step: string;
  readonly id: string;
  readonly at: string;
  readonly rec: string;
  readonly pos: string;
  readonly silent: boolean;
  readonly performer: string | null;
  readonly dueAt: string | null;
  readonly owner: string | null;
}

/** What a deal's map, and what is known beside it, say of its events. */
export interface Reference {
  /** Null: the deal follows no published map, and nothing is said of its steps. */
  readonly version: RouteMapVersion | null;
  /** The one it was opened on: what was done before a move is judged by the map of its time. */
  readonly first: RouteMapVersion | null;
  readonly versionOf: (version: number) => RouteMapVersion | null;
  readonly facts: WalkFacts;
}

type Entry = { readonly what: 'became'; readonly of: ToldPortrait; readonly place: Told } | OwnEntry;

type OwnEntry = { readonly place: Place } & (
  | { readonly what: 'opened'; readonly of: Opening }
  | { readonly what: 'revised'; readonly of: TermsEntry }
  | { readonly what: 'step' | 'accepted'; readonly of: StepEntry }
  | { readonly what: 'migrated'; readonly of: MigrationEntry }
  | { readonly what: 'moved'; readonly of: MoveEntry; readonly stands: boolean }
);

/**
 * The walk of a deal over its map, kept from event to event: what comes last goes on where the walk stands; what comes
 * in between, or is taken back, begins it anew. A memory only, for the history says it all.
 */
export class WayMemory {
  private entries: readonly Entry[] = [];
  private walk: DealWalk<Place> | null = null;
  /** Of another opening or map nothing is remembered. */
  private version: RouteMapVersion | null = null;

  after(
    history: DealHistory,
    { version, first, versionOf, facts }: Reference,
    ownerAt: (at: string) => string | null,
  ): { readonly waits: readonly WaitFact[]; readonly deviations: readonly DeviationFact[] } {
    if (version === null) return { waits: [], deviations: [] };
    const entries = entriesOf(history);
    let { walk } = this;
    const goesOn = walk !== null && this.version === version && startsWith(entries, this.entries);
    if (walk === null || !goesOn) walk = new DealWalk((first ?? version).document, facts);
    for (const entry of entries.slice(goesOn ? this.entries.length : 0)) tell(walk, entry, versionOf);
    this.entries = entries;
    this.walk = walk;
    this.version = version;
    return {
      waits: walk.waits().map(waitFact),
      deviations: walk.deviations().map((deviation) => deviationFact(deviation, ownerAt)),
    };
  }
}

function startsWith(entries: readonly Entry[], start: readonly Entry[]): boolean {
  return start.every((entry, index) => {
    const other = entries[index];
    if (other?.what === 'became' && entry.what === 'became') return other.of.key === entry.of.key;
    if (other === undefined || other.of !== entry.of || other.what !== entry.what) return false;
    return entry.what !== 'moved' || other.what !== 'moved' || other.stands === entry.stands;
  });
}

function entriesOf(history: DealHistory): readonly Entry[] {
  const { opening, revisions, moves, contracts, migrations, customer } = history;
  const entries: Entry[] = [];
  if (opening !== null) entries.push({ what: 'opened', of: opening, place: opening });
  for (const of of revisions) entries.push({ what: 'revised', of, place: of });
  addSteps(entries, history);
  for (const of of migrations) entries.push({ what: 'migrated', of, place: of });
  for (const of of moves) {
    const stands = of.kind === 'won' && contracts.some(({ id }) => id === of.id);
    entries.push({ what: 'moved', of, place: of, stands });
  }
  if (customer === null) return entries.sort(inOrder);
  for (const of of portraitsTold(customer)) entries.push({ what: 'became', of, place: of.place });
  return entries.sort(inOrder);
}

function addSteps(entries: Entry[], { steps }: DealHistory): void {
  for (const of of steps) {
    if (of.status === 'done' || of.status === 'skipped') entries.push({ what: 'step', of, place: of });
    if (of.status === 'done' && of.accepted !== null) entries.push({ what: 'accepted', of, place: of.accepted });
  }
}

/** What the customer is from an instant on holds of all that happens at it. */
function inOrder(a: Entry, b: Entry): number {
  if (a.what !== 'became' && b.what !== 'became') return isEarlier(a.place, b.place) ? -1 : 1;
  if (a.place.at !== b.place.at) return a.place.at < b.place.at ? -1 : 1;
  return a.what === 'became' ? -1 : 1;
}

function tell(walk: DealWalk<Place>, entry: Entry, versionOf: Reference['versionOf']): void {
  switch (entry.what) {
    case 'opened': {
      const { expected, products } = entry.of;
      return walk.opened(entry.place, { amountKopecks: expected, products });
    }
    case 'revised': {
      const { amount, products } = entry.of;
      return walk.revised(entry.place, { amountKopecks: amount, products });
    }
    case 'step': {
      const { status, step, by, answers, allowedBy } = entry.of;
      if (status === 'skipped') return walk.skipped(entry.place, step, allowedBy);
      return walk.done(entry.place, { step, performedBy: by, answers });
    }
    case 'accepted': {
      const { step, by, answers, accepted } = entry.of;
      return walk.accepted(entry.place, { step, performedBy: by, answers }, accepted?.by ?? null);
    }
    case 'migrated': {
      const version = versionOf(entry.of.version);
      return version === null ? undefined : walk.migrated(entry.place, version.document);
    }
    case 'moved':
      return moved(walk, entry.of, entry.stands);
    case 'became':
      return walk.became(entry.place, entry.of.portrait);
    default:
      return entry satisfies never;
  }
}

function moved(walk: DealWalk<Place>, move: MoveEntry, stands: boolean): void {
  switch (move.kind) {
    case 'returned':
      return walk.returned(move, move.toStep);
    case 'won':
      return walk.won(move, stands);
    case 'lost':
      return walk.closed(move);
    case 'reopened':
      return walk.reopened(move);
    default:
      return move satisfies never;
  }
}

function waitFact({ step, ordinal, since, began, dueAt, ended, how, performer }: Wait<Told>): WaitFact {
  return {
    key: `${step}#${ordinal}`,
    step,
    ordinal,
    since,
    beganBy: began.id,
    dueAt,
    endedAt: ended?.at ?? null,
    endedBy: ended?.id ?? null,
    how,
    performer,
  };
}

function deviationFact(
  { kind, step, place, silent, performer, dueAt }: Deviated<Place>,
  ownerAt: (at: string) => string | null,
): DeviationFact {
  return {
    key: `${kind} ${step} ${place.id}`,
    kind,
    step,
    id: place.id,
    at: place.at,
    rec: place.rec,
    pos: place.pos,
    silent: silent === true,
    performer,
    dueAt: dueAt ?? null,
    owner: ownerAt(place.at),
  };
}
