import type { Instant, WrittenUnion } from '@voronka/kernel';
import type { ContractLine, CreditShare, DealEvent, DealOpened, DealRevised } from './deal.events.js';
import { type Terms, termsAfter } from './deal.rules.js';

export interface DealContract {
  readonly contractId: string;
  readonly number: string;
  /** As they are now. */
  readonly lines: readonly ContractLine[];
  readonly status: 'signed' | 'terminated' | 'voided';
  readonly signedAt: Instant;
  /** Local date from which a terminated contract is no longer in force. */
  readonly terminatedOn: string | null;
}

export interface DealPayment {
  /** Event id of its PaymentRecorded. */
  readonly recordingId: string;
  readonly paymentId: string;
  readonly contractId: string;
  readonly amountKopecks: number;
  readonly occurredAt: Instant;
  readonly reversed: boolean;
}

export interface DealCredit {
  readonly creditRole: string;
  readonly shares: readonly CreditShare[];
  readonly since: Instant;
}

/** What a revision may change of the opening. */
type FirstTerms = Pick<DealOpened['data'], 'title' | 'lines' | 'expectedAmountKopecks' | 'expectedCloseOn'>;

/** What is expected from an instant on. */
interface Turn extends Pick<FirstTerms, 'lines' | 'expectedAmountKopecks'> {
  readonly since: Instant;
}

/** Contracts, payments and credit of a deal. What is expected of it now stands in its opening. */
export interface DealMoney {
  /** In the order of signing; the voided ones, too. */
  readonly contracts: readonly DealContract[];
  readonly payments: readonly DealPayment[];
  /** As told, in the order in which they came into force; of the same instant, the one told last is in force. */
  readonly credit: readonly DealCredit[];
  /** When it was last revised, what it was opened with, and what each revision left; null: never revised. */
  readonly revised: { readonly since: Instant; readonly first: FirstTerms; readonly turns: readonly Turn[] } | null;
}

export const noMoney: DealMoney = { contracts: [], payments: [], credit: [], revised: null };

export type MoneyEvent = Extract<
  WrittenUnion<DealEvent>,
  {
    type:
      | 'ContractSigned'
      | 'ContractAmended'
      | 'ContractVoided'
      | 'ContractTerminated'
      | 'PaymentRecorded'
      | 'PaymentReversed'
      | 'CreditShared';
  }
>;

/** Folds one event; one about a contract or payment that was never told of changes nothing. */
export function moneyAfter(money: DealMoney, event: MoneyEvent): DealMoney {
  const { occurredAt } = event.metadata;
  switch (event.type) {
    case 'ContractSigned': {
      const { contractId, number, lines } = event.data;
      const contract = { contractId, number, lines, status: 'signed' as const, signedAt: occurredAt };
      return { ...money, contracts: [...money.contracts, { ...contract, terminatedOn: null }] };
    }
    case 'ContractAmended':
      return withContract(money, event.data.contractId, { lines: event.data.lines });
    case 'ContractVoided':
      return withContract(money, event.data.contractId, { status: 'voided' });
    case 'ContractTerminated': {
      const { contractId, effectiveOn } = event.data;
      return withContract(money, contractId, { status: 'terminated', terminatedOn: effectiveOn });
    }
    case 'PaymentRecorded': {
      const { paymentId, contractId, amountKopecks } = event.data;
      const payment = { recordingId: event.eventId, paymentId, contractId, amountKopecks, occurredAt, reversed: false };
      return { ...money, payments: [...money.payments, payment] };
    }
    case 'PaymentReversed':
      return withReversed(money, event.data.paymentId);
    case 'CreditShared': {
      const { creditRole, shares } = event.data;
      const credit = [...money.credit, { creditRole, shares, since: occurredAt }];
      return { ...money, credit: credit.toSorted((one, other) => byInstant(one.since, other.since)) };
    }
    default:
      event satisfies never;
      return money;
  }
}

function withContract(money: DealMoney, contractId: string, change: Partial<DealContract>): DealMoney {
  const contracts = money.contracts.map((contract) =>
    contract.contractId === contractId ? { ...contract, ...change } : contract,
  );
  return { ...money, contracts };
}

function withReversed(money: DealMoney, paymentId: string): DealMoney {
  const payments = money.payments.map((payment) =>
    payment.paymentId === paymentId ? { ...payment, reversed: true } : payment,
  );
  return { ...money, payments };
}

/** The opening with what is expected now; what it was opened with is kept for a repeated opening to be known by. */
export function revised<Opening extends FirstTerms>(
  opening: Opening,
  money: DealMoney,
  event: WrittenUnion<DealRevised>,
): { readonly opening: Opening; readonly money: DealMoney } {
  const { title, lines, expectedAmountKopecks, expectedCloseOn } = opening;
  const first = money.revised?.first ?? { title, lines, expectedAmountKopecks, expectedCloseOn };
  const since = event.metadata.occurredAt;
  const terms = event.data;
  const turn = { since, lines: terms.lines, expectedAmountKopecks: terms.expectedAmountKopecks };
  const changed = {
    title: terms.title === undefined ? title : terms.title,
    lines: terms.lines,
    expectedAmountKopecks: terms.expectedAmountKopecks,
    expectedCloseOn: terms.expectedCloseOn,
  };
  return {
    opening: { ...opening, ...changed },
    money: { ...money, revised: { since, first, turns: [...(money.revised?.turns ?? []), turn] } },
  };
}

/** What conditions look at of a deal, and what it was before each revision of it. */
export function termsOf(opening: FirstTerms & { readonly occurredAt: Instant }, { revised: known }: DealMoney): Terms {
  const { lines, expectedAmountKopecks } = known?.first ?? opening;
  const first = { since: opening.occurredAt, lines, expectedAmountKopecks };
  const told = ({ since, lines: ofDeal, expectedAmountKopecks: amountKopecks }: Turn) => {
    return { amountKopecks, products: ofDeal.map(({ productId }) => productId), since };
  };
  return (known?.turns ?? []).reduce<Terms>((before, turn) => termsAfter(before, told(turn)), {
    ...told(first),
    before: null,
  });
}

/** The shares in a role that are in force at an instant of business time; one told late counts from its own time. */
export function creditAt({ credit }: DealMoney, creditRole: string, at: Instant): DealCredit | undefined {
  return credit.findLast((candidate) => candidate.creditRole === creditRole && candidate.since <= at);
}

function byInstant(one: Instant, other: Instant): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** Those that were not voided. A terminated one was in force and keeps the deal won. */
export function standingContracts({ contracts }: DealMoney): readonly DealContract[] {
  return contracts.filter(({ status }) => status !== 'voided');
}

/** Sum of the lines of the standing contracts, in minor units. */
export function standingAmount(money: DealMoney): bigint {
  const lines = standingContracts(money).flatMap((contract) => contract.lines);
  return lines.reduce((sum, { amountKopecks }) => sum + BigInt(amountKopecks), 0n);
}
