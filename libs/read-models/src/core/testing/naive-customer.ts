import type { Instant, Recorded } from '@voronka/kernel';
import type { CustomerPortrait } from '@voronka/sales';
import type { Answers, AnswerValue, CustomerDescribed, SegmentAssigned } from '@voronka/sales/events';

/** Who customer `c1` was at an instant, or is in the end, told anew from all its events for each question. */
export function naiveCustomer(events: readonly Recorded[]): (at?: Instant) => CustomerPortrait {
  const told = events.filter(({ stream }) => stream === 'customer-c1');
  const instants = [...new Set(told.map(instantOf))].sort();
  const stood = (at: Instant) => ({ segment: segmentAt(told, at), portrait: answersAt(told, at) });
  return (at) => {
    let customer: CustomerPortrait = { segment: null, portrait: {} };
    for (const since of instants.filter((one) => at === undefined || one <= at)) {
      customer = { ...stood(since), since, before: customer };
    }
    return customer;
  };
}

function instantOf({ data, metadata }: Recorded): Instant {
  return (data as Partial<SegmentAssigned['data']>).effectiveFrom ?? metadata.occurredAt;
}

/** Whatever was told last of that instant or an earlier one, unless what was told since began before it. */
function segmentAt(told: readonly Recorded[], at: Instant): string | null {
  let held: SegmentAssigned['data'] | null = null;
  for (const { type, data } of told) {
    const said = data as SegmentAssigned['data'];
    if (type === 'SegmentAssigned' && said.effectiveFrom <= at) held = said;
  }
  return held?.segment ?? null;
}

function answersAt(told: readonly Recorded[], at: Instant): Answers {
  const held = new Map<string, { readonly from: Instant; readonly value: AnswerValue }>();
  for (const { type, data, metadata } of told) {
    const from = metadata.occurredAt;
    if (type !== 'CustomerDescribed' || from > at) continue;
    for (const [field, value] of Object.entries((data as CustomerDescribed['data']).portrait)) {
      if (from >= (held.get(field)?.from ?? from)) held.set(field, { from, value });
    }
  }
  return Object.fromEntries([...held].map(([field, { value }]) => [field, value]));
}
