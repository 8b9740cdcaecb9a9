import { createHash } from 'node:crypto';
import { type Instant, instantToMs } from '@voronka/kernel';
import type { AmountFrom, FactMapping, ImportMapping, RuleMapping, ValueFrom } from './mapping.classes.js';
import type { SourceCase, SourceRecord } from './source.js';
import { amountOf, idOf, instantOf, Unplaceable, type Value, valueOf } from './values.js';

/** Plain entry of RecordHistory. */
export type PlannedEntry = Readonly<Record<string, unknown>> & {
  readonly kind: string;
  readonly ref: string;
  readonly occurredAt: Instant;
};

export interface Quarantined {
  readonly ref: string;
  /** Line of a table, number within its deal in an event log; null where one cannot tell. */
  readonly place: number | null;
  readonly reason: string;
  readonly detail: string;
}

/** Names whose things must exist before the deals: id → name as read. */
export interface Named {
  readonly performers: Map<string, string>;
  readonly customers: Map<string, string>;
  readonly products: Map<string, string>;
}

export interface PlannedDeal {
  readonly dealId: string;
  readonly entries: readonly PlannedEntry[];
}

export interface Plan {
  /** Null when the deal itself could not be placed. */
  readonly deal: PlannedDeal | null;
  readonly quarantined: readonly Quarantined[];
  /** Reason → records left out on purpose. */
  readonly ignored: ReadonlyMap<string, number>;
}

/**
 * Turns one case of the source into history: the opening, then everything by its time, equal times in the order of the
 * source. What lies after `now` has not happened and is quarantined. Pure: the same case gives the same plan.
 */
export function planHistory(mapping: ImportMapping, source: SourceCase, named: Named, now: Instant): Plan {
  const quarantined: Quarantined[] = [];
  const ignored = new Map<string, number>();
  if (source.fault !== undefined) {
    const { line, detail } = source.fault;
    const faulty = { ref: `${mapping.id}/?#${line}`, place: line, reason: 'ROW_BROKEN', detail };
    return { deal: null, quarantined: [faulty], ignored };
  }
  const first = source.records[0];
  const fields = first?.fields ?? source.attributes;
  let dealId = '';
  let place = `${mapping.id}/?#${first?.ordinal ?? 0}`;
  try {
    dealId = dealIdOf(mapping, fields);
    place = `${mapping.id}/${dealId}#0`;
    const opened = openedEntry(mapping, fields, place, named);
    assertHappened(opened.occurredAt, mapping.deal.openedAt.field, now);
    const context = { mapping, dealId, named, quarantined, now, taken: new Map<string, number>() };
    const entries = source.records.flatMap((record) => {
      const rules = matching(mapping, record, dealId, { ignored, quarantined });
      return rules.flatMap((rule) => entriesOf({ ...context, record }, rule));
    });
    return { deal: { dealId, entries: [opened, ...entries.toSorted(byTime)] }, quarantined, ignored };
  } catch (error) {
    if (!(error instanceof Unplaceable)) throw error;
    const { reason, detail } = error;
    return { deal: null, quarantined: [{ ref: place, place: first?.ordinal ?? null, reason, detail }], ignored };
  }
}

/** Stable where it is used: equal times stay as they were read. */
function byTime(a: PlannedEntry, b: PlannedEntry): number {
  if (a.occurredAt === b.occurredAt) return 0;
  return a.occurredAt < b.occurredAt ? -1 : 1;
}

function assertHappened(at: Instant, field: string, now: Instant): void {
  if (at > now) throw new Unplaceable('IN_FUTURE', `field ${field} lies after the time of the import`);
}

function dealIdOf(mapping: ImportMapping, fields: Readonly<Record<string, string>>): string {
  const value = valueOf(fields, mapping.deal.id);
  if (value === null) throw new Unplaceable('NO_DEAL_ID', `field ${mapping.deal.id.field} is empty`);
  return idOf(value.text, mapping.deal.id.pseudonym);
}

function openedEntry(
  mapping: ImportMapping,
  fields: Readonly<Record<string, string>>,
  ref: string,
  named: Named,
): PlannedEntry {
  const { deal } = mapping;
  const assumed: string[] = [];
  const at = required(fields, deal.openedAt, 'occurredAt', assumed);
  const customerId = thingId(fields, deal.customer, 'customerId', { assumed, named: named.customers });
  const ownerId = thingId(fields, deal.owner, 'ownerId', { assumed, named: named.performers });
  const productId = thingId(fields, deal.product, 'productId', { assumed, named: named.products });
  const amount = optional(fields, deal.amount, 'expectedAmountKopecks', assumed);
  const source = optional(fields, deal.source, 'source', assumed);
  return {
    kind: 'opened',
    ref,
    occurredAt: instantOf(at, deal.openedAt.field, mapping.company.zone),
    routeMapId: mapping.routeMapId,
    ...(customerId === null ? {} : { customerId }),
    ...(ownerId === null ? {} : { ownerId }),
    ...(source === null ? {} : { source: idOf(source.text) }),
    ...(productId === null ? {} : { lines: [{ productId }] }),
    ...(amount === null || deal.amount === undefined ? {} : { expectedAmountKopecks: amountOf(amount, deal.amount) }),
    ...(assumed.length === 0 ? {} : { assumed }),
  };
}

function required(fields: Readonly<Record<string, string>>, from: ValueFrom, name: string, assumed: string[]): Value {
  const value = valueOf(fields, from);
  if (value === null) throw new Unplaceable('MISSING_VALUE', `field ${from.field} is empty and has no default`);
  if (value.assumed) assumed.push(name);
  return value;
}

function optional(
  fields: Readonly<Record<string, string>>,
  from: ValueFrom | undefined,
  name: string,
  assumed: string[],
): Value | null {
  const value = from === undefined ? null : valueOf(fields, from);
  if (value?.assumed === true) assumed.push(name);
  return value;
}

function thingId(
  fields: Readonly<Record<string, string>>,
  from: ValueFrom | undefined,
  name: string,
  into: { readonly assumed: string[]; readonly named: Map<string, string> },
): string | null {
  const value = optional(fields, from, name, into.assumed);
  if (value === null) return null;
  const id = idOf(value.text, from?.pseudonym);
  into.named.set(id, value.text);
  return id;
}

function matching(
  mapping: ImportMapping,
  record: SourceRecord,
  dealId: string,
  { ignored, quarantined }: { readonly ignored: Map<string, number>; readonly quarantined: Quarantined[] },
): readonly RuleMapping[] {
  const found = mapping.rules.filter((rule) =>
    Object.entries(rule.when).every(([field, wanted]) => {
      const is = record.fields[field] ?? '';
      return Array.isArray(wanted) ? wanted.includes(is) : wanted === is;
    }),
  );
  const rules = mapping.match === 'all' ? found : found.slice(0, 1);
  if (rules.length === 0 && mapping.ignoreUnmatched !== true) {
    const ref = sourceRef({ mapping, dealId, record }, '');
    const detail = 'no rule of the mapping matches this record';
    quarantined.push({ ref, place: record.ordinal, reason: 'NO_RULE', detail });
  }
  for (const { ignore } of rules) if (ignore !== undefined) ignored.set(ignore, (ignored.get(ignore) ?? 0) + 1);
  return rules;
}

interface RecordContext {
  readonly mapping: ImportMapping;
  readonly record: SourceRecord;
  readonly dealId: string;
  readonly named: Named;
  readonly quarantined: Quarantined[];
  readonly now: Instant;
  /** Meaning and time → how many entries of the deal have them. */
  readonly taken: Map<string, number>;
}

function entriesOf(context: RecordContext, rule: RuleMapping): PlannedEntry[] {
  return (rule.facts ?? []).flatMap((fact) => {
    const meaning = meaningOf(fact);
    try {
      return [factEntry(context, fact, meaning)];
    } catch (error) {
      if (!(error instanceof Unplaceable)) throw error;
      const { reason, detail } = error;
      const place = context.record.ordinal;
      context.quarantined.push({ ref: sourceRef(context, meaning), place, reason, detail });
      return [];
    }
  });
}

/** Two meanings of one record are two places. */
function meaningOf(fact: FactMapping): string {
  if (fact.step !== undefined) return `.step-${fact.step}`;
  if (fact.activity !== undefined) {
    const { kind, topic } = fact.activity;
    const hash = topic === undefined ? '' : `-${createHash('sha256').update(topic).digest('hex').slice(0, 6)}`;
    return `.activity-${kind}${hash}`;
  }
  return fact.contract === undefined ? `.lost-${fact.lost ?? ''}` : '.contract';
}

/** Where somebody finds the record in the file: for what could not be placed. */
function sourceRef(
  { mapping, dealId, record }: Pick<RecordContext, 'mapping' | 'dealId' | 'record'>,
  meaning: string,
): string {
  return `${mapping.id}/${dealId}#${isWholeDeal(mapping) ? 'row' : record.ordinal}${meaning}`;
}

/**
 * What tells an entry from the deal's others however the file grows: its meaning, in an event log its time too (places
 * move when events are put in before), and its number among those alike.
 */
function placeOf({ mapping, dealId, taken }: RecordContext, meaning: string, occurredAt: Instant) {
  const place = `${isWholeDeal(mapping) ? 'row' : occurredAt}${meaning}`;
  const number = (taken.get(place) ?? 0) + 1;
  taken.set(place, number);
  return { ref: `${mapping.id}/${dealId}#${place}${number === 1 ? '' : `~${number}`}`, number };
}

function isWholeDeal(mapping: ImportMapping): boolean {
  return mapping.format === 'csv' && mapping.caseColumn === undefined;
}

function factEntry(context: RecordContext, fact: FactMapping, meaning: string): PlannedEntry {
  const { mapping, record, named } = context;
  const assumed: string[] = [];
  const from = fact.at ?? mapping.time;
  const at = required(record.fields, from, 'occurredAt', assumed);
  const occurredAt = instantOf(at, from.field, mapping.company.zone);
  assertHappened(occurredAt, from.field, context.now);
  const performedBy = thingId(record.fields, mapping.performer, 'performedBy', { assumed, named: named.performers });
  const by = performedBy === null ? {} : { performedBy };
  const what = meaningEntry(context, fact, by, assumed);
  const { ref, number } = placeOf(context, meaning, occurredAt);
  const contract = fact.contract === undefined ? {} : contractNames(context, occurredAt, number);
  return { ref, occurredAt, ...what, ...contract, ...(assumed.length === 0 ? {} : { assumed }) };
}

function meaningEntry(
  context: RecordContext,
  fact: FactMapping,
  by: { readonly performedBy?: string },
  assumed: string[],
): { readonly kind: string } & Record<string, unknown> {
  if (fact.step !== undefined) return { kind: 'stepCompleted', step: fact.step, ...by };
  if (fact.activity !== undefined) {
    const { kind, topic } = fact.activity;
    return { kind: 'activity', activityKind: kind, ...(topic === undefined ? {} : { topic }), ...by };
  }
  if (fact.contract !== undefined) return contractEntry(context, fact.contract, assumed);
  return { kind: 'lost', lossReason: fact.lost ?? '' };
}

function contractEntry({ mapping, record, named }: RecordContext, from: AmountFrom, assumed: string[]) {
  const amount = required(record.fields, from, 'amountKopecks', assumed);
  const productId = thingId(record.fields, mapping.deal.product, 'productId', { assumed, named: named.products });
  const line = { amountKopecks: amountOf(amount, from), ...(productId === null ? {} : { productId }) };
  return { kind: 'contract', lines: [line] };
}

/** A row that is a whole deal names its contract after itself; in an event log a deal may sign at several times. */
function contractNames({ mapping, dealId }: RecordContext, occurredAt: Instant, number: number) {
  const base = isWholeDeal(mapping) ? dealId : `${dealId}:${instantToMs(occurredAt)}`;
  return { contractId: number === 1 ? base : `${base}:${number}`, number: dealId };
}
