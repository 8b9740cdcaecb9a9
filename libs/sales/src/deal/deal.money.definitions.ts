import type { CommandDefinition, FactRefs } from '@voronka/kernel';
import { LEADERS, SELLERS } from '../shared/access.js';
import { entryRefs, productRefs } from './deal.facts.js';
import {
  AmendContract,
  type DealMoneyCommand,
  RecordPayment,
  ReversePayment,
  ReviseDeal,
  ShareCredit,
  TerminateContract,
  VoidContract,
} from './deal.money.commands.js';
import type { DealState } from './deal.state.js';

type Definition = CommandDefinition<DealState> & { readonly type: DealMoneyCommand['type'] };

const onDeal = (_body: never, state: DealState): FactRefs => entryRefs(state);

/** Commands about the money of a deal and the credit for it. */
export const dealMoneyCommands: readonly Definition[] = [
  {
    type: 'ReviseDeal',
    body: ReviseDeal,
    route: 'revise-deal',
    summary: 'Says anew what is expected of an open deal: title, lines, amount, date of closing.',
    roles: SELLERS,
    example: { lines: [{ productId: 'trade', amountKopecks: 30_000_000 }], expectedCloseOn: '2009-11-01' },
    facts: (body: ReviseDeal, state): FactRefs => ({ ...entryRefs(state), ...productRefs(body.lines ?? []) }),
  },
  {
    type: 'ShareCredit',
    body: ShareCredit,
    route: 'share-credit',
    summary: 'Shares the credit in one role among employees; takes the place of what was shared in it before.',
    roles: SELLERS,
    example: {
      creditRole: 'sale',
      shares: [
        { employeeId: 'ivanova', basisPoints: 7_000 },
        { employeeId: 'petrov', basisPoints: 3_000 },
      ],
    },
    facts: (body: ShareCredit, state): FactRefs => ({
      ...entryRefs(state),
      credited: body.shares.map(({ employeeId }) => ({ category: 'employee', id: employeeId })),
    }),
  },
  {
    type: 'AmendContract',
    body: AmendContract,
    route: 'amend-contract',
    summary: 'Gives a contract in force other lines.',
    roles: SELLERS,
    example: {
      contractId: 'c-117',
      lines: [{ productId: 'trade', amountKopecks: 27_000_000 }],
      effectiveOn: '2009-09-15',
      reason: 'Two more workplaces',
    },
    facts: (body: AmendContract, state): FactRefs => ({ ...entryRefs(state), ...productRefs(body.lines) }),
  },
  {
    type: 'VoidContract',
    body: VoidContract,
    route: 'void-contract',
    summary: 'Declares a contract void; without its last contract the deal is open again or lost.',
    roles: LEADERS,
    example: { contractId: 'c-117', reason: 'Never countersigned', dealBecomes: 'lost', lossReason: 'price' },
    facts: onDeal,
  },
  {
    type: 'TerminateContract',
    body: TerminateContract,
    route: 'terminate-contract',
    summary: 'Ends a contract before its time; the deal stays won.',
    roles: LEADERS,
    example: { contractId: 'c-117', effectiveOn: '2009-12-01', reason: 'The shops are sold' },
    facts: onDeal,
  },
  {
    type: 'RecordPayment',
    body: RecordPayment,
    route: 'record-payment',
    summary: 'Records money that came under a contract; occurredAt says when.',
    roles: SELLERS,
    example: { paymentId: 'p-1', contractId: 'c-117', amountKopecks: 12_000_000 },
    facts: onDeal,
  },
  {
    type: 'ReversePayment',
    body: ReversePayment,
    route: 'reverse-payment',
    summary: 'Takes a recorded payment back whole.',
    roles: SELLERS,
    example: { paymentId: 'p-1', reason: 'Booked to the wrong contract' },
    facts: onDeal,
  },
];
