import { type DecisionContext, isClosed, refuse } from '@voronka/kernel';
import type { IndicatorState } from '../indicator/indicator.decider.js';
import type { CompanyFact } from '../indicator/indicator.faults.js';
import { NO_PAYROLL, type PayrollState } from '../payroll/payroll.state.js';
import type { AuthorFact } from '../shared/author.js';
import { refuseUnseen } from '../shared/two-people.js';
import type { RegulationBody } from './pay-regulation.body.js';
import type { RegulationState } from './pay-regulation.decider.js';
import type { RegulationDocument } from './pay-regulation.document.js';
import {
  indicatorsNamed,
  type RegulationFault,
  regulationFaults,
  type RegulationQuestion,
} from './pay-regulation.faults.js';
import { paysItsAuthor } from './pay-regulation.interest.js';
import { documentFrom } from './pay-regulation.reading.js';

// What a regulation is judged by, whichever command says it.

export interface RegulationFacts {
  readonly company?: CompanyFact;
  /** Left out as long as no month was closed. */
  readonly payroll?: PayrollState;
  /** In the order of `indicatorsNamed`; only where a document is sent, or one that was proposed is approved. */
  readonly indicators?: readonly (IndicatorState | undefined)[];
  /** The person who acts, or none. */
  readonly author?: readonly (AuthorFact | undefined)[];
}

export type RegulationContext = DecisionContext<RegulationFacts>;

export function soundDocument(
  body: RegulationBody,
  state: RegulationState,
  context: RegulationContext,
): RegulationDocument {
  const { regulation, effectiveFrom } = body;
  assertFirstOfMonth(effectiveFrom);
  const document = documentFrom(body);
  const payouts = body.rules.map(({ payout }) => payout);
  const faults = faultsIn({ regulation, effectiveFrom, document, payouts }, state, context);
  if (faults.length > 0) {
    const detail = 'correct the places that `faults` points at and send it again';
    throw refuse.rule('PAY_REGULATION_FAULTY', detail, { faults });
  }
  assertDisinterested({ regulation, effectiveFrom, document }, state, context);
  return document;
}

export function faultsIn(
  said: Pick<RegulationQuestion, 'regulation' | 'effectiveFrom' | 'document' | 'payouts'>,
  { versions }: RegulationState,
  { facts }: RegulationContext,
): readonly RegulationFault[] {
  const named = indicatorsNamed(said.document);
  const indicators = new Map(
    named.map((code, index) => [code, facts.indicators?.[index] ?? { status: 'none' as const }]),
  );
  return regulationFaults({ ...said, indicators, versions });
}

/** Nobody changes what pays himself. */
export function assertDisinterested(
  change: Parameters<typeof paysItsAuthor>[0],
  { versions }: RegulationState,
  { person, facts }: RegulationContext,
): void {
  const [author] = facts.author ?? [];
  if (person === null || author === undefined || !paysItsAuthor(change, { person, author, versions })) return;
  const detail = 'you are paid by this regulation: let somebody else do it';
  throw refuse.forbidden('OWN_PAY', detail, { regulation: change.regulation });
}

export function assertFirstOfMonth(date: string): void {
  if (date.endsWith('-01')) return;
  const detail = 'let the regulation hold from the first day of a month';
  throw refuse.invalid('PAY_REGULATION_WITHIN_MONTH', detail, { effectiveFrom: date });
}

export function isClosedFrom(effectiveFrom: string, { facts }: RegulationContext): boolean {
  const { closedThrough } = facts.payroll ?? NO_PAYROLL;
  return isClosed({ closedThrough }, effectiveFrom.slice(0, 'YYYY-MM'.length));
}

/** Of what touches closed months somebody has looked at a preview. */
export function assertSeen(effectiveFrom: string, previewHash: string | null, context: RegulationContext): void {
  if (previewHash === null && isClosedFrom(effectiveFrom, context)) refuseUnseen({ effectiveFrom });
}

export function assertOpen(effectiveFrom: string, context: RegulationContext): void {
  if (!isClosedFrom(effectiveFrom, context)) return;
  const { closedThrough } = context.facts.payroll ?? NO_PAYROLL;
  const detail = 'it touches closed periods: propose it, and let somebody else approve it';
  throw refuse.rule('PERIOD_CLOSED', detail, { effectiveFrom, closedThrough });
}
