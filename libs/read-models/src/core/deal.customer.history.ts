import type { Recorded } from '@voronka/kernel';
import type { AnswerValue, CustomerDescribed, SegmentAssigned } from '@voronka/sales/events';
import { askedOfCustomer, type CustomerPortrait, looksAtCustomer, portraitsOf, type Told } from '@voronka/sales/walk';
import {
  type CustomerTurns,
  describedBy,
  type PortraitTurns,
  segmentedBy,
  type SegmentTurns,
} from './customer.turns.js';
import type { RouteMapVersion } from './route-maps.fold.js';
import { isUpTo, thingOf } from './thing-id.js';

// What a deal's history keeps of its customer: as much as the conditions of its map look at, and mostly that is nothing.

export type CustomerTold = Recorded<CustomerDescribed> | Recorded<SegmentAssigned>;

export interface DealCustomer {
  /** Null: no condition asks for the segment. */
  readonly segments: SegmentTurns | null;
  /** Just the fields that conditions ask for, each of them. */
  readonly portrait: PortraitTurns;
}

/** The customer as the conditions of these versions of a map look at him; null where none does. */
export function customerSeenBy(
  versions: readonly RouteMapVersion[],
  turns: CustomerTurns | undefined,
): DealCustomer | null {
  const documents = versions.map(({ document }) => document).filter(looksAtCustomer);
  if (documents.length === 0) return null;
  const asked = documents.map(askedOfCustomer);
  const fields = new Set(asked.flatMap((one) => [...one.fields]));
  return {
    segments: asked.some(({ segment }) => segment) ? (turns?.segments ?? []) : null,
    portrait: Object.fromEntries([...fields].map((field) => [field, ownOf(turns?.portrait, field) ?? []])),
  };
}

/** After an event of the customer; the very same where it says nothing that conditions ask. */
export function customerAfter(customer: DealCustomer, event: CustomerTold): DealCustomer {
  if (event.type === 'SegmentAssigned') {
    const { segments } = customer;
    return segments === null ? customer : { ...customer, segments: segmentedBy(segments, event) };
  }
  const asked = Object.entries(event.data.portrait).filter(([field]) => Object.hasOwn(customer.portrait, field));
  if (asked.length === 0) return customer;
  const data = { ...event.data, portrait: Object.fromEntries(asked) };
  return { ...customer, portrait: describedBy(customer.portrait, { ...event, data }) };
}

export function customerIdOf({ stream }: CustomerTold): string {
  return thingOf(stream).id;
}

/** What the customer was from an instant on. */
export interface ToldPortrait {
  /** The last event that tells of this instant. */
  readonly place: Told;
  /** Names all that is told of this instant: of two with one key, both say the same. */
  readonly key: string;
  readonly portrait: CustomerPortrait;
}

const known = new WeakMap<DealCustomer, readonly ToldPortrait[]>();

/** In the order of their instants. */
export function portraitsTold(customer: DealCustomer): readonly ToldPortrait[] {
  const made = known.get(customer) ?? worked(customer);
  known.set(customer, made);
  return made;
}

function worked({ segments, portrait }: DealCustomer): readonly ToldPortrait[] {
  const answers = Object.entries(portrait)
    .flatMap(([field, turns]) =>
      turns.map(({ from, id, pos, value }) => ({ field, from, id, pos, value: JSON.parse(value) as AnswerValue })),
    )
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const said = (segments ?? []).map(({ from, id, pos, value }) => ({ effectiveFrom: from, id, pos, segment: value }));
  const places = new Map<string, { place: Told; key: string }>();
  const tellOf = (at: string, what: string, { id, pos }: { readonly id: string; readonly pos: string }): void => {
    const before = places.get(at);
    const place = before !== undefined && isUpTo(pos, before.place.pos) ? before.place : { id, at, pos };
    places.set(at, { place, key: `${before?.key ?? ''} ${JSON.stringify(what)} ${id}` });
  };
  for (const turn of answers) tellOf(turn.from, turn.field, turn);
  for (const turn of said) tellOf(turn.effectiveFrom, '', turn);
  return portraitsOf(answers, said).flatMap((one) => {
    const told = places.get(one.since ?? '');
    return told === undefined ? [] : [{ ...told, portrait: one }];
  });
}

function ownOf(portrait: PortraitTurns | undefined, field: string): PortraitTurns[string] | undefined {
  return portrait !== undefined && Object.hasOwn(portrait, field) ? portrait[field] : undefined;
}
