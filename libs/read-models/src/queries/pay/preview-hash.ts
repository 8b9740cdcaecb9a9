import { createHash } from 'node:crypto';
import { canonicalJson } from '@voronka/kernel';
import type { BonusLine, Settlement } from '@voronka/pay/calculation';
import type { EmployeeBonus } from './bonuses.js';

/** A rule's line before and after; null where the rule did not cover him, or covers him no more. */
export interface MovedLine {
  readonly before: BonusLine | null;
  readonly after: BonusLine | null;
}

/** A person's month that a change touches, with the lines that come out otherwise or rest on something else. */
export interface Moved {
  readonly employeeId: string;
  readonly month: string;
  readonly closed: boolean;
  readonly before: EmployeeBonus | null;
  readonly after: EmployeeBonus | null;
  readonly lines: readonly MovedLine[];
}

/** What differs between two calculations. By employee and month. */
export function movedOf(
  was: readonly EmployeeBonus[],
  is: readonly EmployeeBonus[],
  closed: readonly string[],
): readonly Moved[] {
  return pairs(was, is, ({ employeeId, month }) => `${employeeId} ${month}`).flatMap(({ before, after }): Moved[] => {
    const named = before ?? after;
    if (named === null) return [];
    const lines = linesMoved(before?.lines ?? [], after?.lines ?? []);
    if (lines.length === 0) return [];
    const { employeeId, month } = named;
    return [{ employeeId, month, closed: closed.includes(month), before, after, lines }];
  });
}

function linesMoved(was: readonly BonusLine[], is: readonly BonusLine[]): readonly MovedLine[] {
  return pairs(was, is, ({ rule, period }) => `${rule}|${period}`).filter(
    ({ before, after }) => canonicalJson(before) !== canonicalJson(after),
  );
}

/** What has one key on either side, in the order of the keys. */
function pairs<T>(
  was: readonly T[],
  is: readonly T[],
  keyOf: (one: T) => string,
): readonly { readonly before: T | null; readonly after: T | null }[] {
  const before = new Map(was.map((one) => [keyOf(one), one]));
  const after = new Map(is.map((one) => [keyOf(one), one]));
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.map((key) => ({ before: before.get(key) ?? null, after: after.get(key) ?? null }));
}

/** How a closed month of somebody is settled on either side of a change; null: no statement settles it. */
export type SettledAs = (moved: Pick<Moved, 'employeeId' | 'month'>) => {
  readonly before: Settlement | null;
  readonly after: Settlement | null;
};

/**
 * SHA-256 over the change, whom it touches, the versions that their lines rest on and the money of closed months: what
 * their lines pay, and what was posted, is due, waived and not taken. Facts of open months move all day, so nothing
 * counted there is in it. What the change itself adds has no place in it either: its
 * events get other ids every time it is asked about.
 */
export function hashOfPreview(change: object, moved: readonly Moved[], settledAs: SettledAs): string {
  const people = moved.map(({ employeeId, month, closed, lines }) => ({
    employeeId,
    month,
    closed,
    ...(closed ? { settled: settledMoney(settledAs({ employeeId, month })) } : {}),
    lines: lines.map(({ before, after }) => ({
      before: before === null ? null : { ...versionsOf(before), plans: plansOf(before), ...moneyOf(before, closed) },
      after: after === null ? null : { ...versionsOf(after), ...moneyOf(after, closed) },
    })),
  }));
  return createHash('sha256').update(canonicalJson({ change, people })).digest('hex');
}

function settledMoney({ before, after }: ReturnType<SettledAs>): object {
  const money = (one: Settlement | null): object | null => {
    if (one === null) return null;
    const { postedKopecks, dueKopecks, waivedKopecks, notTakenKopecks } = one;
    return { postedKopecks, dueKopecks, waivedKopecks, notTakenKopecks };
  };
  return { before: money(before), after: money(after) };
}

function versionsOf({ rule, period, regulation, definition, gates }: BonusLine): object {
  return { rule, period, regulation, definitions: [definition, ...gates.map((gate) => gate.definition)] };
}

function plansOf({ because, gates }: BonusLine): readonly (readonly string[])[] {
  return [because, ...gates.map((gate) => gate.because)];
}

function moneyOf({ amountKopecks }: BonusLine, closed: boolean): object {
  return closed ? { amountKopecks } : {};
}
