import type { CreditEntry, ContractEntry, TermsEntry } from './deal.money.history.js';
import type { DealHistory, Opening } from './deal.history.js';
import { identical, OPEN_END, OPEN_START, type Spell, spellsOf } from './spells.js';

/** Between the ids of a set of products; no id holds it. */
export const PRODUCT_SEPARATOR = ',';

interface Keyed {
  readonly key: string;
}
/** Ids in one text, in order. */
export interface ProductFact extends Keyed, Omit<Spell<unknown>, 'value'> {
  readonly products: string;
}
export interface ContractFact extends Keyed {
  readonly entry: ContractEntry;
  readonly owner: string | null;
}
export interface LineFact extends Keyed {
  readonly lineId: string;
  readonly id: string;
  readonly at: string;
  readonly rec: string;
  readonly pos: string;
  readonly contract: string;
  readonly by: string;
  readonly on: string | null;
  readonly product: string | null;
  readonly amount: number;
  readonly owner: string | null;
}
export interface TermsFact extends Keyed, Omit<Spell<unknown>, 'value'> {
  readonly amount: number | null;
  readonly closeOn: string | null;
}
export interface CreditFact extends Keyed, Omit<Spell<unknown>, 'value'> {
  readonly role: string;
  readonly employee: string;
  readonly basisPoints: number;
}

type OwnerAt = (at: string) => string | null;

export function contractFacts({ contracts }: DealHistory, ownerAt: OwnerAt) {
  return {
    contracts: contracts.map((entry): ContractFact => ({ key: entry.id, entry, owner: ownerAt(entry.at) })),
    lines: contracts.flatMap((entry) => lineFacts(entry, ownerAt(entry.at))),
  };
}

function lineFacts(entry: ContractEntry, owner: string | null): LineFact[] {
  const taken = new Set<string>();
  const { id, at, rec, pos, contract, linesBy: by, linesOn: on } = entry;
  return entry.lines.map((line, index) => {
    // History may name two lines alike; both are counted, the later under its place.
    const lineId = taken.has(line.lineId) ? `${line.lineId}#${index + 1}` : line.lineId;
    taken.add(lineId);
    const { productId: product, amountKopecks: amount } = line;
    return { key: `${id}/${lineId}`, lineId, id, at, rec, pos, contract, by, on, product, amount, owner };
  });
}

/**
 * Spells of the products that a deal is about: of the lines expected then and of the standing contracts signed by then,
 * as amended last. What was expected first holds of all that is told of the time before. No products, no row.
 */
export function productFacts(opening: Opening, { contracts, revisions }: DealHistory): ProductFact[] {
  const first = { id: opening.id, from: OPEN_START, value: setOf(opening.products) };
  if (contracts.length === 0 && revisions.length === 0) return shown([{ ...first, to: OPEN_END }]);
  let expected = opening.products;
  const signed: string[] = [];
  const told = [
    ...revisions.map(({ id, from, products }) => ({ id, from, products, isSigned: false })),
    ...contracts.map(({ id, at, lines }) => ({ id, from: at, products: productsOf(lines), isSigned: true })),
  ].sort(byTime);
  const turns = told.map(({ id, from, products, isSigned }) => {
    if (isSigned) signed.push(...products);
    else expected = products;
    return { id, from, value: setOf([...expected, ...signed]) };
  });
  return shown(spellsOf([first, ...turns], identical));
}

function shown(spells: readonly Spell<string>[]): ProductFact[] {
  return spells
    .filter(({ value }) => value !== '')
    .map(({ id, from, to, value }) => ({ key: id, id, from, to, products: value }));
}

function productsOf(lines: ContractEntry['lines']): string[] {
  return lines.flatMap(({ productId }) => productId ?? []);
}

// As one text, so that equal sets are one value.
function setOf(products: readonly string[]): string {
  return [...new Set(products)].sort().join(PRODUCT_SEPARATOR);
}

/** What is expected last, in minor units; null: nobody knows. */
export function expectedOf(opening: Opening, { revisions }: DealHistory): number | null {
  const last = lastOf(revisions);
  return last === null ? opening.expected : last.amount;
}

/** Of two from the same moment the later told one holds. */
function lastOf(revisions: readonly TermsEntry[]): TermsEntry | null {
  let last: TermsEntry | null = null;
  for (const entry of revisions) if (last === null || entry.from >= last.from) last = entry;
  return last;
}

/** Spells of what was expected. A time in which nothing was has no row. */
export function termsFacts(opening: Opening, { revisions }: DealHistory): TermsFact[] {
  const { id, at, rec, pos, rev, expected, closeOn, products } = opening;
  const first: TermsEntry = { id, at, rec, pos, rev, from: at, amount: expected, closeOn, products };
  if (revisions.length === 0 && expected === null && closeOn === null) return [];
  const turns = revisions.length === 0 ? [first] : [first, ...revisions.toSorted(byTime)];
  const spells = spellsOf(
    turns.map((entry) => ({ id: entry.id, from: entry.from, value: entry })),
    (one, other) => one.amount === other.amount && one.closeOn === other.closeOn,
  );
  return spells
    .filter(({ value }) => value.amount !== null || value.closeOn !== null)
    .map((spell) => ({
      key: spell.id,
      id: spell.id,
      from: spell.from,
      to: spell.to,
      amount: spell.value.amount,
      closeOn: spell.value.closeOn,
    }));
}

/** Spells of the shares of each role. */
export function creditFacts({ credit }: DealHistory): CreditFact[] {
  if (credit.length === 0) return [];
  const roles = new Set(credit.map(({ role }) => role));
  return [...roles].flatMap((role) => {
    const turns = credit.filter((entry) => entry.role === role).sort(byTime);
    return spellsOf(
      turns.map((entry) => ({ id: entry.id, from: entry.from, value: entry })),
      identical,
    ).flatMap(({ id, from, to, value }) => sharesOf(value, { id, from, to }));
  });
}

function sharesOf({ role, shares }: CreditEntry, { id, from, to }: Omit<Spell<unknown>, 'value'>): CreditFact[] {
  return shares.map(({ employeeId, basisPoints }) => {
    return { key: `${id}/${employeeId}`, id, from, to, role, employee: employeeId, basisPoints };
  });
}

// Sorting is stable: of two from the same moment the later told one holds.
function byTime(a: { readonly from: string }, b: { readonly from: string }): number {
  return a.from < b.from ? -1 : Number(a.from > b.from);
}
