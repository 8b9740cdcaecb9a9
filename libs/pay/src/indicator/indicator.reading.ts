import { toPlain } from '@voronka/kernel';
import type { IndicatorBody, PlaceBody } from './indicator.body.js';
import {
  type Credit,
  CUSTOMER_EVENTS,
  DEAL_EVENTS,
  type IndicatorDocument,
  type IndicatorFilters,
} from './indicator.document.js';
import { MEASURE_FIELDS, type MeasureField, MEASURES } from './indicator.measures.js';

/** What makes a definition unusable, and where (RFC 6901 pointer into the body). */
export interface IndicatorFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
}

export type Report = (pointer: string, code: string, detail: string) => void;

const MAY_LACK: readonly MeasureField[] = ['horizonDays'];

/** Fields that the chosen form of the measure has no use for. */
function fieldsOf(body: IndicatorBody): readonly MeasureField[] {
  const fields = MEASURES[body.measure].fields;
  if (body.conversion === 'exit') return fields.filter((field) => field === 'conversion' || field === 'from');
  if (body.conversion === 'flow') return fields.filter((field) => field !== 'horizonDays');
  if (body.time === 'cycle') return fields.filter((field) => field !== 'at');
  return fields;
}

/** Reports every field that is missing, too many, or says what the measure does not know. */
export function fieldFaults(body: IndicatorBody, report: Report): void {
  const fields = fieldsOf(body);
  for (const field of MEASURE_FIELDS) {
    const given = body[field] !== undefined && body[field] !== null;
    if (given && !fields.includes(field)) {
      report(
        `/${field}`,
        'FIELD_NOT_ALLOWED',
        `leave it out: ${field} says nothing about this form of ${body.measure}`,
      );
    }
    if (!given && fields.includes(field) && !MAY_LACK.includes(field)) {
      report(`/${field}`, 'FIELD_MISSING', `say ${field}: without it ${body.measure} is no formula`);
    }
  }
  eventFaults(body, report);
  for (const field of ['from', 'to', 'at'] as const) placeFaults(body[field], `/${field}`, report);
}

function eventFaults({ measure, event }: IndicatorBody, report: Report): void {
  if (event === null || event === undefined || (measure !== 'deals' && measure !== 'customers')) return;
  const known: readonly string[] = measure === 'deals' ? DEAL_EVENTS : CUSTOMER_EVENTS;
  if (!known.includes(event)) report('/event', 'EVENT_UNKNOWN', `for ${measure} say one of ${known.join(', ')}`);
}

function placeFaults(place: PlaceBody | null | undefined, pointer: string, report: Report): void {
  if (place === null || place === undefined) return;
  const given = [place.step, place.kind, place.end].filter((one) => one !== null && one !== undefined);
  if (given.length !== 1) report(pointer, 'PLACE_UNCLEAR', 'name a step, a kind of steps or an end: one of them');
}

/** The definition that the body says, with what it leaves to custom. To be asked for once the fields are in order. */
export function definitionFrom(body: IndicatorBody): IndicatorDocument {
  const rules = MEASURES[body.measure];
  const own = fieldsOf(body).map((field) => [field, withoutNulls(body[field])]);
  const credit = creditFrom(body, rules.credits[0]);
  const document = {
    name: body.name,
    description: body.description,
    unit: body.unit ?? defaultUnit(body),
    filters: withoutNulls(body.filters ?? {}) as IndicatorFilters,
    credit,
    better: body.better,
    resultIndicator: body.resultIndicator ?? null,
    measure: body.measure,
    ...Object.fromEntries(own),
  };
  // The table of fields has just been enforced: it is what makes the members fit the measure.
  return toPlain(document) as unknown as IndicatorDocument;
}

function defaultUnit(body: IndicatorBody): IndicatorDocument['unit'] {
  if (body.measure === 'time') return body.hours === 'calendar' ? 'hours' : 'workingHours';
  return MEASURES[body.measure].units[0] ?? 'count';
}

function creditFrom({ credit }: IndicatorBody, custom: Credit['by'] | undefined): Credit | null {
  if (credit === null || credit === undefined) {
    return custom === undefined || custom === 'shares' ? null : { by: custom };
  }
  return credit.by === 'shares' ? { by: 'shares', role: credit.role ?? '' } : { by: credit.by };
}

/** A null in the request says as much as leaving the field out; the document only leaves out. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, withoutNulls(member)]));
}
