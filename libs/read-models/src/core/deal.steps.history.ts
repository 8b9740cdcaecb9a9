import type { Recorded } from '@voronka/kernel';
import type { Answers, DealMigrated } from '@voronka/sales/events';
import { customerSeenBy, type DealCustomer } from './deal.customer.history.js';
import type { Around, DealHistory, MigrationEntry, Opening, StepEntry, Told } from './deal.history.js';
import { placeOf } from './deal.money.history.js';
import { askedFields } from './route-maps.fold.js';

// What a deal's history keeps of its steps, and of the map that they are looked at on.

export type StepTold = Extract<Told, { type: `Step${string}` }>;

const NOT_JUDGED = { accepted: null, judgedAt: null };

/** The steps after an event of one of them; the very list where it changes nothing. */
export function stepsAfter(history: DealHistory, event: StepTold, around: Around): readonly StepEntry[] {
  const { steps } = history;
  const asked = (step: string, answers: Answers): Answers => askedOf(answers, step, { history, around });
  switch (event.type) {
    case 'StepCompleted': {
      const { step, performedBy, awaitsVerification, answers } = event.data;
      const status = awaitsVerification ? 'awaiting' : 'done';
      const said = { step, by: performedBy, answers: asked(step, answers), ...NOT_JUDGED, allowedBy: null };
      return [...steps, { ...placeOf(event), ...said, status, since: event.eventId }];
    }
    case 'StepSkipped': {
      // Somebody authorised it, nobody did it.
      const { step, authorisedBy } = event.data;
      const said = { step, by: null, answers: {}, ...NOT_JUDGED, allowedBy: authorisedBy };
      return [...steps, { ...placeOf(event), ...said, status: 'skipped', since: event.eventId }];
    }
    case 'StepVerified': {
      const accepted = { ...placeOf(event), by: event.data.verifiedBy };
      const judged = { status: 'done' as const, since: event.eventId, accepted, judgedAt: accepted.at };
      return changed(steps, event.data.completionId, judged);
    }
    case 'StepReturned': {
      const { occurredAt: judgedAt } = event.metadata;
      const judged = { status: 'returned' as const, since: event.eventId, accepted: null, judgedAt };
      return changed(steps, event.data.completionId, judged);
    }
    case 'StepCorrected': {
      const { completionId, step, completedAt, performedBy, answers } = event.data;
      return changed(steps, completionId, { at: completedAt, by: performedBy, answers: asked(step, answers) });
    }
    case 'StepVoided': {
      const { completionId } = event.data;
      return steps.filter(({ id }) => id !== completionId);
    }
    default:
      event satisfies never;
      return steps;
  }
}

/**
 * What any of the versions that the deal followed asks of a step: its way up to a move is looked at on the map of then.
 * Before the opening the map is not known: then everything is kept.
 */
function askedOf(
  answers: Answers,
  step: string,
  { history, around }: { readonly history: Pick<DealHistory, 'opening' | 'migrations'>; readonly around: Around },
): Answers {
  const { opening, migrations } = history;
  if (opening === null) return answers;
  const followed = [opening, ...migrations.map(({ from }) => from)];
  const fields = followed.map(({ mapped, version: number }) => {
    const version = mapped ? around.versionOf(opening.map, number) : undefined;
    return version === undefined ? undefined : askedFields(version, step);
  });
  return Object.fromEntries(Object.entries(answers).filter(([field]) => fields.some((asked) => asked?.has(field))));
}

/** A verdict said twice is taken once. */
function changed(steps: readonly StepEntry[], id: string, change: Partial<StepEntry>): readonly StepEntry[] {
  const index = steps.findIndex((entry) => entry.id === id);
  const entry = steps[index];
  if (entry === undefined || (change.status !== undefined && entry.status === change.status)) return steps;
  return steps.with(index, { ...entry, ...change });
}

/** A deal is counted on one version of its map: from here on all its way is looked at on the new one. */
export function migrated<History extends DealHistory>(
  history: History,
  event: Recorded<DealMigrated>,
  around: Around,
): History {
  if (history.opening === null) return history;
  const { toVersion: version, carriedAnswers } = event.data;
  const { version: before, mapped } = history.opening;
  const isMapped = around.versionOf(history.opening.map, version) !== undefined;
  const opening = { ...history.opening, version, mapped: isMapped };
  const entry = { ...placeOf(event), version, from: { version: before, mapped } };
  const migrations = [...history.migrations, entry];
  const after = { ...history, opening, migrations, customer: customerOn(opening, migrations, around) };
  const carried = new Map(carriedAnswers.map(({ completionId, answers }) => [completionId, answers]));
  const steps = history.steps.map((step) => {
    const answers = carried.get(step.id);
    return answers === undefined ? step : { ...step, answers: askedOf(answers, step.step, { history: after, around }) };
  });
  return { ...after, steps };
}

/** The customer as the versions of the map look at him that a deal follows and followed. */
export function customerOn(
  { customer, map, version, mapped }: Opening,
  migrations: readonly MigrationEntry[],
  { versionOf, customerOf }: Around,
): DealCustomer | null {
  if (customer === null) return null;
  const followed = [...migrations.map(({ from }) => from), { version, mapped }];
  const versions = followed.flatMap((one) => (one.mapped ? (versionOf(map, one.version) ?? []) : []));
  return customerSeenBy(versions, customerOf(customer));
}
