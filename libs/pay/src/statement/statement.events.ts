import type { EventDefinitions, EventOf } from '@voronka/kernel';
import type { StatementDocument } from '../payroll/payroll.document.js';

/** Never changed: a month that is opened again issues the next version beside it. `hash` is SHA-256 of the document. */
export type StatementIssued = EventOf<
  'StatementIssued',
  { readonly document: StatementDocument; readonly hash: string }
>;

export type StatementEvent = StatementIssued;

export const statementEvents: EventDefinitions<StatementEvent> = { StatementIssued: {} };
