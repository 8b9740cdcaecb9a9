import { type CommandDefinition, type CommandOf, type Decider, refuse } from '@voronka/kernel';
import { IsObject, Matches } from 'class-validator';
import type { StatementDocument } from '../payroll/payroll.document.js';
import type { StatementEvent } from './statement.events.js';

/** What a closing issues; no key may send it. */
export class IssueStatement {
  /** Worked out by the closing; a test of the whole house holds it to what explains it. */
  @IsObject()
  document: StatementDocument;

  @Matches(/^[0-9a-f]{64}$/)
  hash: string;
}

export type StatementCommand = CommandOf<'IssueStatement', IssueStatement>;

/** Hashes by version. */
export interface StatementState {
  readonly hashes: Readonly<Record<number, string>>;
}

/** The stream of an employee's statements of a month. */
export function statementId(period: string, employeeId: string): string {
  return `${period}.${employeeId}`;
}

export const statementDecider: Decider<StatementState, StatementCommand, StatementEvent> = {
  initialState: () => ({ hashes: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'StatementIssued': {
        const { document, hash } = event.data;
        return { hashes: { ...state.hashes, [document.version]: hash } };
      }
      default:
        event.type satisfies never;
        return state;
    }
  },
  decide({ body: { document, hash } }, state, { id }) {
    const { version, period, employeeId } = document;
    if (id !== statementId(period, employeeId)) {
      throw refuse.invalid('STATEMENT_ID_WRONG', 'address a statement by its month and employee: 2009-08.ivanova', {
        id,
      });
    }
    const known = state.hashes[version];
    if (known === hash) return [];
    if (known !== undefined) {
      throw refuse.conflict(
        'STATEMENT_ISSUED',
        'this version was issued with other figures: issue them as another version',
        { id, version },
      );
    }
    return [{ type: 'StatementIssued', data: { document, hash } }];
  },
};

export const statementCommands: readonly (CommandDefinition<StatementState> & { type: 'IssueStatement' })[] = [
  {
    type: 'IssueStatement',
    body: IssueStatement,
    route: 'issue-statement',
    summary: 'Issues an employee’s statement of a month; only the closing of a period does.',
    roles: [],
    example: { document: { period: '2009-08', employeeId: 'x', version: 1 }, hash: '0'.repeat(64) },
    creates: true,
  },
];
