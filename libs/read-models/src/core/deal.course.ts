import type { DealHistory, MoveEntry, Opening, Place, StepEntry } from './deal.history.js';
import { type Bar, barCarried, rankOf, type RouteMapVersion } from './route-maps.fold.js';
import { identical, type Spell, spellsOf, type Turn } from './spells.js';

export type DealStatus = 'open' | 'won' | 'lost';

export interface Stay {
  readonly bar: Bar;
  readonly began: Place;
  readonly ended: Place | null;
  readonly how: 'forward' | 'back' | 'lost' | 'won' | null;
}

/** Where a deal stands, and the log position of the event that brought it there. */
export interface Standing {
  readonly bar: Bar | null;
  readonly pos: string;
}

/** The way of a deal in the order things happened. */
export interface Course {
  readonly statuses: readonly Spell<DealStatus>[];
  /** Those that lasted no time among them: what happened at one instant happened in an order. */
  readonly positions: readonly Spell<Standing>[];
  /** In the order they began. */
  readonly stays: readonly Stay[];
  /** The last closing that no reopening undid; null while the deal is open. */
  readonly closing: Extract<MoveEntry, { kind: 'won' | 'lost' }> | null;
}

type Event = { readonly step: StepEntry; readonly rank: number } | { readonly move: MoveEntry };

/** The version that a deal follows, and those that it followed before. */
export interface Followed {
  readonly version: RouteMapVersion | null;
  readonly versionOf: (version: number) => RouteMapVersion | null;
}

/**
 * Walks a deal through what happened to it, by `occurredAt`, then by the order of recording. The opening comes first
 * whatever its time.
 */
export function courseOf(history: DealHistory, opening: Opening, { version, versionOf }: Followed): Course {
  const walk = new Walk(opening, (move) => {
    // A return is to a step of the map of its time, which the version followed since may not have.
    const next = history.migrations.find((migration) => isEarlier(move, migration));
    const then = next === undefined ? version : next.from.mapped ? versionOf(next.from.version) : null;
    return version === null ? null : barCarried(version, then, move.toStep);
  });
  for (const event of inOrder(history, version)) {
    if ('step' in event) walk.done(event.step, { step: event.step.step, rank: event.rank });
    else walk.moved(event.move);
  }
  return walk.course();
}

/** Later than another: by what happened, then by what was recorded. */
export function isEarlier(a: Place, b: Place): boolean {
  return a.at < b.at || (a.at === b.at && a.rev < b.rev);
}

function inOrder({ steps, moves }: DealHistory, version: RouteMapVersion | null): Event[] {
  const events: Event[] = [];
  for (const step of steps) {
    const rank = step.status === 'done' ? rankOf(version, step.step) : null;
    if (rank !== null) events.push({ step, rank });
  }
  for (const move of moves) events.push({ move });
  return events.sort((a, b) => (isEarlier(placeOf(a), placeOf(b)) ? -1 : 1));
}

function placeOf(event: Event): Place {
  return 'step' in event ? event.step : event.move;
}

class Walk {
  private readonly statusTurns: Turn<DealStatus>[];
  private readonly positionTurns: Turn<Standing>[];
  private readonly stays: Stay[] = [];
  /** Indexes of the stays that go on. */
  private going: number[] = [];
  private status: DealStatus = 'open';
  private position: Bar | null = null;
  private closing: Course['closing'] = null;

  constructor(
    { id, at, pos }: Opening,
    private readonly returnedTo: (move: Extract<MoveEntry, { kind: 'returned' }>) => Bar | null,
  ) {
    this.statusTurns = [{ id, from: at, value: 'open' }];
    this.positionTurns = [{ id, from: at, value: { bar: null, pos } }];
  }

  course(): Course {
    const { statusTurns, positionTurns, stays, closing } = this;
    return {
      statuses: spellsOf(statusTurns, identical),
      positions: spellsOf(positionTurns, (a, b) => a.bar?.step === b.bar?.step, true),
      stays,
      closing,
    };
  }

  done(step: StepEntry, bar: Bar): void {
    this.stand(step, bar);
    // On a closed deal nothing waits: the bar is reached, but nobody stays in it.
    if (this.status !== 'open') return;
    this.end(step, 'forward', ({ rank }) => rank < bar.rank);
    if (!this.going.some((index) => this.stays[index]?.bar.step === bar.step)) this.begin(step, bar);
  }

  moved(move: MoveEntry): void {
    switch (move.kind) {
      case 'returned': {
        const to = this.returnedTo(move);
        this.end(move, 'back', ({ rank }) => to === null || rank > to.rank);
        return this.stand(move, to);
      }
      case 'won':
      case 'lost':
        // Closed again the same way (a second contract), it was closed the first time.
        if (this.status === move.kind) return;
        this.end(move, move.kind, () => true);
        this.closing = move;
        return this.turn(move, move.kind);
      case 'reopened':
        if (this.status === 'open') return;
        this.closing = null;
        this.turn(move, 'open');
        if (this.position !== null) this.begin(move, this.position);
        return;
      default:
        move satisfies never;
    }
  }

  private turn({ id, at }: Place, status: DealStatus): void {
    this.status = status;
    this.statusTurns.push({ id, from: at, value: status });
  }

  private stand({ id, at, pos }: Place, bar: Bar | null): void {
    this.position = bar;
    this.positionTurns.push({ id, from: at, value: { bar, pos } });
  }

  private begin(began: Place, bar: Bar): void {
    this.going.push(this.stays.length);
    this.stays.push({ bar, began, ended: null, how: null });
  }

  private end(ended: Place, how: NonNullable<Stay['how']>, which: (bar: Bar) => boolean): void {
    this.going = this.going.filter((index) => {
      const stay = this.stays[index];
      if (stay === undefined || !which(stay.bar)) return true;
      this.stays[index] = { ...stay, ended, how };
      return false;
    });
  }
}
