import type { Instant } from '@voronka/kernel';
import type { PortraitVersion } from '../portrait/portrait.decider.js';
import { segmentByRule } from '../portrait/portrait.segments.js';
import type { Answers, AnswerValue } from '../shared/answers.js';
import type { SegmentAssigned } from './customer.events.js';

/** One answer, from when it held. */
export interface AnswerTurn {
  readonly field: string;
  readonly from: Instant;
  readonly value: AnswerValue;
}

export type SegmentTurn = SegmentAssigned['data'];

/** What the segment of a customer follows from, in business time; both lists in the order of their instants. */
export interface CustomerHistory {
  readonly registeredAt: Instant;
  readonly answers: readonly AnswerTurn[];
  readonly segments: readonly SegmentTurn[];
}

/** Answers given at a moment, among those from before and after it; of the same moment the later told one holds. */
export function withAnswers(turns: readonly AnswerTurn[], given: Answers, from: Instant): readonly AnswerTurn[] {
  const told = Object.entries(given).map(([field, value]) => ({ field, from, value }));
  const later = turns.findIndex((turn) => turn.from > from);
  return later === -1 ? [...turns, ...told] : [...turns.slice(0, later), ...told, ...turns.slice(later)];
}

/** The answers that held at an instant; those that hold now, where none is said. */
export function answersAt(turns: readonly AnswerTurn[], at?: Instant): Answers {
  const held = turns.filter(({ from }) => at === undefined || from <= at);
  return Object.fromEntries(held.map(({ field, value }) => [field, value]));
}

/** A segment from a moment on: whatever was said of later ones gives way. */
export function withSegment(turns: readonly SegmentTurn[], turn: SegmentTurn): readonly SegmentTurn[] {
  return [...turns.filter(({ effectiveFrom }) => effectiveFrom < turn.effectiveFrom), turn];
}

/** Before this instant nothing is said anew by hand: the last segment by hand began, or was released. */
export function settledUntil({ segments }: Pick<CustomerHistory, 'segments'>): Instant | null {
  const byHand = segments.findLastIndex(({ portraitVersion }) => portraitVersion === null);
  return byHand === -1 ? null : ((segments[byHand + 1] ?? segments[byHand])?.effectiveFrom ?? null);
}

/** From when on nobody but the rules has said the segment; null while somebody does. */
function ruledFrom({ registeredAt, answers, segments }: CustomerHistory): Instant | null {
  if (segments.at(-1)?.portraitVersion === null) return null;
  const settled = settledUntil({ segments });
  if (settled !== null) return settled;
  const [first = registeredAt] = answers.map(({ from }) => from);
  return first < registeredAt ? first : registeredAt;
}

/**
 * What the rules say from an instant on, turn by turn: at each the version then in force, about the answers that held
 * then. Empty before the first version.
 */
export function ruledTurns(
  answers: readonly AnswerTurn[],
  versions: readonly PortraitVersion[],
  from: Instant,
): readonly SegmentTurn[] {
  const changes = [from, ...answers.map((turn) => turn.from), ...versions.map((version) => version.from)];
  const turns: SegmentTurn[] = [];
  for (const effectiveFrom of inOrder(changes.filter((instant) => instant >= from))) {
    const inForce = versions.findLast((version) => version.from <= effectiveFrom);
    if (inForce === undefined) continue;
    const segment = segmentByRule(inForce.document, answersAt(answers, effectiveFrom));
    if (turns.length === 0 || turns.at(-1)?.segment !== segment) {
      turns.push({ segment, effectiveFrom, portraitVersion: inForce.version });
    }
  }
  return turns;
}

/**
 * The turns that make a customer's segments what the rules say, from the first instant at which they are something else.
 * None while the segment is one by hand. A version of the portrait says nothing of the time before it.
 */
export function segmentChanges(history: CustomerHistory, versions: readonly PortraitVersion[]): readonly SegmentTurn[] {
  const from = ruledFrom(history);
  const wanted = from === null ? [] : ruledTurns(history.answers, versions, from);
  const [begin] = wanted;
  if (begin === undefined) return [];
  const instants = inOrder([...wanted, ...history.segments].map(({ effectiveFrom }) => effectiveFrom));
  const first = instants.find(
    (at) => at >= begin.effectiveFrom && segmentAt(wanted, at) !== segmentAt(history.segments, at),
  );
  if (first === undefined) return [];
  const turn = wanted.findLast(({ effectiveFrom }) => effectiveFrom <= first) ?? begin;
  return [{ ...turn, effectiveFrom: first }, ...wanted.filter(({ effectiveFrom }) => effectiveFrom > first)];
}

function segmentAt(turns: readonly SegmentTurn[], at: Instant): string | null {
  return turns.findLast(({ effectiveFrom }) => effectiveFrom <= at)?.segment ?? null;
}

function inOrder(instants: readonly Instant[]): readonly Instant[] {
  return [...new Set(instants)].sort();
}
