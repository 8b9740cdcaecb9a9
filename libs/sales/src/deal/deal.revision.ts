import { refuse, saysTheSame } from '@voronka/kernel';
import type { DealEvent, DealLine } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOpen, assertOwn } from './deal.gates.js';
import type { ReviseDeal } from './deal.money.commands.js';
import { assertProducts, linesOf, sumOfLines } from './deal.opening.js';
import type { Opening } from './deal.state.js';

/**
 * Says anew what is expected of an open deal. Conditions of the route map that look at its amount and products see
 * the new values at once. Saying what holds already changes nothing.
 */
export function reviseDeal(body: ReviseDeal, entry: Admitted): readonly DealEvent[] {
  const { state, context, common } = entry;
  assertOwn(entry);
  assertOpen(entry);
  const { title, lines, expectedAmountKopecks, expectedCloseOn } = body;
  if ([title, lines, expectedAmountKopecks, expectedCloseOn].every((member) => member === undefined)) {
    throw refuse.invalid('NOTHING_REVISED', 'give a title, lines, an expected amount or an expected date of closing');
  }
  const { opening } = state;
  const before = expectedOf(opening);
  const after = revisedTerms(body, opening);
  const titled = title === undefined || title === opening.title ? {} : { title };
  if (Object.keys(titled).length === 0 && saysTheSame(before, after)) return [];
  const { revised } = state.money;
  if (revised !== null) assertNotBefore(context.occurredAt, revised.since, 'OCCURRED_BEFORE_REVISION', {});
  if (lines !== undefined && lines !== null) {
    assertProducts(lines, context, { open: opening.lines.map(({ productId }) => productId) });
  }
  return [{ type: 'DealRevised', data: { ...common, ...titled, ...after } }];
}

interface Expected {
  readonly lines: readonly DealLine[];
  readonly expectedAmountKopecks: number | null;
  readonly expectedCloseOn: string | null;
}

function expectedOf({ lines, expectedAmountKopecks, expectedCloseOn }: Opening): Expected {
  return { lines, expectedAmountKopecks, expectedCloseOn };
}

function revisedTerms(body: ReviseDeal, opening: Opening): Expected {
  const lines = body.lines === undefined ? opening.lines : linesOf(body.lines ?? []);
  const sum = body.lines === undefined ? null : sumOfLines(lines);
  const { expectedAmountKopecks: amount, expectedCloseOn: closeOn } = body;
  return {
    lines,
    expectedAmountKopecks: amount === undefined ? (sum ?? opening.expectedAmountKopecks) : amount,
    expectedCloseOn: closeOn === undefined ? opening.expectedCloseOn : closeOn,
  };
}
