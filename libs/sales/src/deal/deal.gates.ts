import {
  assertNotInFuture,
  type ClosedMonths,
  type DecisionContext,
  type DomainError,
  type Instant,
  isClosed,
  localDateOf,
  reachOf,
  refuse,
  workingDaysBetween,
} from '@voronka/kernel';
import { workCalendarOf } from '../calendar/calendar.decider.js';
import type { CompanyState } from '../company/company.decider.js';
import { assignmentOn, type EmployeeState, type Assignment } from '../employee/employee.state.js';
import { documentOf } from '../route-map/route-map.decider.js';
import type { RouteMapDocument, StepDefinition } from '../route-map/route-map.document.js';
import { hasAnyOf, LEADERS } from '../shared/access.js';
import { departmentOf, leads } from '../shared/within-departments.js';
import type { DealEntry } from './deal.commands.js';
import type { DealFacts } from './deal.facts.js';
import { withReturnsJudged } from './deal.standing.js';
import type { DealState, OpenedDeal } from './deal.state.js';

const NO_CLOSED_MONTHS: ClosedMonths = { closedThrough: null };

export type DealContext = DecisionContext<DealFacts>;

/** What the thing on the way is called in refusals: the engine is the same for both. */
export interface Noun {
  readonly code: 'DEAL' | 'SERVICE_CASE';
  readonly name: string;
  /** Member of a refusal's data that holds its id. */
  readonly id: 'dealId' | 'serviceCaseId';
  /** What its ends are called: reached, and not. */
  readonly ends: Readonly<Record<'won' | 'lost', string>>;
}

export const DEAL: Noun = { code: 'DEAL', name: 'deal', id: 'dealId', ends: { won: 'won', lost: 'lost' } };

/** An entry that passed the gates that every entry must pass, with what the further gates need. */
export interface Admitted {
  readonly noun: Noun;
  readonly state: OpenedDeal;
  readonly context: DealContext;
  readonly document: RouteMapDocument;
  readonly zone: string;
  /** What every event of the entry carries. */
  readonly common: { readonly customerId: string | null; readonly lateEntryReason?: string };
}

/** @throws DomainError `COMPANY_NOT_CONFIGURED`. */
export function companyOf(context: DealContext): Extract<CompanyState, { status: 'configured' }> {
  const { company } = context.facts;
  if (company === undefined || company.status === 'none') {
    throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first: its zone says what day it is');
  }
  return company;
}

/**
 * Gates of every entry on an opened deal: it exists, its route map is known, the time is possible, and a late entry
 * has its authority.
 * @throws DomainError `DEAL_NOT_FOUND`, `OCCURRED_IN_FUTURE`, `OCCURRED_BEFORE_OPENING`, `BACKDATING_NEEDS_AUTHORITY`
 * and others.
 */
export function admitted(body: DealEntry, state: DealState, context: DealContext, noun: Noun = DEAL): Admitted {
  if (state.status === 'none') {
    throw refuse.notFound(`${noun.code}_NOT_FOUND`, `open the ${noun.name} first`, { [noun.id]: context.id });
  }
  const { zone } = companyOf(context);
  assertNotInFuture(context);
  assertNotBefore(context.occurredAt, state.opening.occurredAt, 'OCCURRED_BEFORE_OPENING', {});
  assertTimely(body, context);
  const { routeMapId, routeMapVersion, customerId } = state.opening;
  const documentOn = (version: number): RouteMapDocument | null => documentOf(context.facts.routeMap, version);
  const document = documentOn(routeMapVersion);
  if (document === null)
    throw refuse.rule('ROUTE_MAP_UNKNOWN', 'publish the route map first', { routeMapId, routeMapVersion });
  const judged = withReturnsJudged(state, documentOn);
  return { noun, state: judged, context, document, zone, common: { customerId, ...lateReason(body) } };
}

/** The reason of a late entry as events carry it: left out where there is none. */
export function lateReason(body: DealEntry): { lateEntryReason?: string } {
  return typeof body.lateEntryReason === 'string' ? { lateEntryReason: body.lateEntryReason } : {};
}

/**
 * What happened longer ago than the company's limit of working days, or in a month whose payroll is closed or being
 * closed, is entered by authority and with a reason.
 * @throws DomainError `BACKDATING_NEEDS_AUTHORITY` saying what is missing: the role, the reason or both.
 */
export function assertTimely(body: DealEntry, context: DealContext): void {
  const { zone, backdatingWorkingDays } = companyOf(context);
  const calendar = workCalendarOf(context.facts.calendar);
  const [from, to] = [localDateOf(context.occurredAt, zone), localDateOf(context.now, zone)];
  const workingDays = workingDaysBetween(calendar, from, to);
  const month = from.slice(0, 'YYYY-MM'.length);
  const closed = isClosed(context.facts.payroll ?? NO_CLOSED_MONTHS, month);
  if (workingDays <= backdatingWorkingDays && !closed) return;
  const missing = [
    ...(hasAnyOf(context.roles, LEADERS) ? [] : ['role']),
    ...(typeof body.lateEntryReason === 'string' ? [] : ['lateEntryReason']),
  ];
  if (missing.length === 0) return;
  throw refuse.rule(
    'BACKDATING_NEEDS_AUTHORITY',
    'let a head, a director, an admin or a service enter it, and say why so late in lateEntryReason',
    { workingDays, limit: backdatingWorkingDays, closedPeriod: closed ? month : null, missing },
  );
}

/** As `assertTimely`, for another moment that an entry touches: when what it voids or corrects happened, say. */
export function assertTimelyAt(at: Instant, body: DealEntry, { context }: Admitted): void {
  assertTimely(body, { ...context, occurredAt: at });
}

/** @throws DomainError with the given code if the entry happened before what it relies on. */
export function assertNotBefore(
  occurredAt: Instant,
  earliest: Instant,
  code: string,
  data: Record<string, unknown>,
): void {
  if (occurredAt >= earliest) return;
  throw refuse.rule(code, 'give an occurredAt that is not before what the entry relies on', {
    ...data,
    occurredAt,
    earliest,
  });
}

/** @throws DomainError `DEAL_CLOSED` (`SERVICE_CASE_CLOSED`) unless it is open. */
export function assertOpen({ noun, state, context }: Admitted): void {
  if (state.status === 'open') return;
  const { code, name, id, ends } = noun;
  throw refuse.conflict(
    `${code}_CLOSED`,
    `the ${name} is closed: open another, or reopen it where it is ${ends.lost}`,
    {
      [id]: context.id,
      status: ends[state.status],
    },
  );
}

/** @throws DomainError `STEP_UNKNOWN` for a code that the deal's version of the map does not have. */
export function stepOf({ document, state }: Admitted, code: string): StepDefinition {
  const step = document.steps.find((candidate) => candidate.code === code);
  if (step !== undefined) return step;
  const { routeMapId, routeMapVersion } = state.opening;
  throw refuse.rule('STEP_UNKNOWN', 'name a step of the version of the route map that the deal follows', {
    step: code,
    routeMapId,
    routeMapVersion,
  });
}

/** A manager works on the deals he owns, a head on those of his departments; directors and services on all. */
export function mayActOn(ownerId: string | null, context: DealContext): boolean {
  return (context.person !== null && context.person === ownerId) || isLed(ownerId, context);
}

function isLed(ownerId: string | null, context: DealContext): boolean {
  return leads(context, context.facts, { ownerId, day: localDateOf(context.now, companyOf(context).zone) });
}

/** @throws DomainError `NOT_YOUR_DEAL` (`NOT_YOUR_SERVICE_CASE`), or `NOT_YOUR_DEPARTMENT` where a head sends it. */
export function assertOwn(entry: Admitted): void {
  const { state, context } = entry;
  assertMayAct(state.ownerId, context, notYours(entry));
}

/** As `assertOwn`, for what is decided of a deal from above: that it is one's own gives no right to it. @throws the same */
export function assertLed(entry: Admitted): void {
  const { state, context } = entry;
  if (!isLed(state.ownerId, context)) throw refused(state.ownerId, context, notYours(entry));
}

/** @throws DomainError the given one, or `NOT_YOUR_DEPARTMENT` where a head sends it. */
export function assertMayAct(ownerId: string | null, context: DealContext, otherwise: DomainError): void {
  if (!mayActOn(ownerId, context)) throw refused(ownerId, context, otherwise);
}

function notYours({ noun: { code, name, id }, context }: Admitted): DomainError {
  const advice = `ask the owner of the ${name} or the head of the department to do it`;
  return refuse.forbidden(`NOT_YOUR_${code}`, advice, { [id]: context.id });
}

function refused(ownerId: string | null, context: DealContext, otherwise: DomainError): DomainError {
  if (reachOf(context.roles) !== 'departments') return otherwise;
  const departmentId = departmentOf(context.facts.worksFor, localDateOf(context.now, companyOf(context).zone));
  return refuse.forbidden(
    'NOT_YOUR_DEPARTMENT',
    'a head acts within the departments he heads today, and those below: ask the head of this one',
    { ownerId, departmentId },
  );
}

/**
 * Where an employee worked on the local date of an instant.
 * @throws DomainError `<who>_UNKNOWN` or `<who>_NOT_EMPLOYED`.
 */
export function employedAt(
  who: 'PERFORMER' | 'OWNER' | 'VERIFIER' | 'AUTHORISER' | 'CREDITED',
  employee: { readonly id: string; readonly state: EmployeeState | undefined },
  moment: { readonly at: Instant; readonly zone: string },
): Assignment {
  const { id, state } = employee;
  if (state === undefined || state.status === 'none') {
    throw refuse.rule(`${who}_UNKNOWN`, 'hire the employee first', { employeeId: id });
  }
  const day = localDateOf(moment.at, moment.zone);
  const assignment = assignmentOn(state, day);
  if (assignment !== null) return assignment;
  throw refuse.rule(`${who}_NOT_EMPLOYED`, 'name somebody who was hired by then and had not left', {
    employeeId: id,
    day,
  });
}
