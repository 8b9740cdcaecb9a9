import type { WorkingHours } from './naive-hours.js';
import {
  belongs,
  dealsOn,
  type Exported,
  type MapStep,
  ownerAt,
  text,
  textOrNull,
  undoneBy,
  type Versions,
  versionsOf,
} from './naive-recount.js';

// How long steps waited, and what was due when, told plainly from the exported events: every moment of a deal is worked
// out anew from everything that happened up to it. Nothing of the product is used.

/** Something that was to be done by a moment. */
export interface DueFact {
  readonly due: string;
  readonly inTime: boolean;
  /** Whose it is: who did it or was to do it, else the owner then. */
  readonly by: string | null;
}

/** A waiting that ended with the step being done. */
export interface WaitedFact {
  readonly step: string;
  readonly since: string;
  readonly until: string;
  readonly by: string | null;
}

type Happening = { readonly at: string; readonly place: number } & (
  | { readonly what: 'closed' | 'reopened' }
  | { readonly what: 'opened' | 'migrated'; readonly version: number }
  | { readonly what: 'done'; readonly step: string; readonly answer: unknown; readonly by: string | null }
  | { readonly what: 'skipped' | 'returned'; readonly step: string }
);

/** What happened to a deal, as it turned out to be true, in the order of its happening. */
function happenings(deal: readonly Exported[]): readonly Happening[] {
  const found = deal.flatMap((event, place): readonly Happening[] => {
    const { type, data, occurredAt: at } = event;
    switch (type) {
      case 'DealOpened':
        return [{ at, place, what: 'opened', version: Number(data['routeMapVersion']) }];
      case 'DealMigrated':
        return [{ at, place, what: 'migrated', version: Number(data['toVersion']) }];
      case 'StepCompleted':
        return doneOf(deal, event, place);
      case 'StepSkipped':
        return [{ at, place, what: 'skipped', step: text(data['step']) }];
      case 'DealReturned':
        return [{ at, place, what: 'returned', step: text(data['toStep']) }];
      case 'ContractSigned':
      case 'DealLost':
        return [{ at, place, what: 'closed' }];
      case 'DealReopened':
        return [{ at, place, what: 'reopened' }];
      case 'ContractVoided':
        if (data['dealBecomes'] === null) return [];
        return [{ at, place, what: data['dealBecomes'] === 'open' ? 'reopened' : 'closed' }];
      default:
        return [];
    }
  });
  return found.toSorted((a, b) => (a.at === b.at ? a.place - b.place : a.at < b.at ? -1 : 1));
}

/** A completion as it was corrected last; none, where it was voided, sent back or never accepted. */
function doneOf(deal: readonly Exported[], { id, data, occurredAt }: Exported, place: number): readonly Happening[] {
  const about = deal.filter((event) => event.data['completionId'] === id);
  if (about.some(({ type }) => type === 'StepVoided' || type === 'StepReturned')) return [];
  if (data['awaitsVerification'] === true && !about.some(({ type }) => type === 'StepVerified')) return [];
  const corrected = about.findLast(({ type }) => type === 'StepCorrected');
  const truth = corrected?.data ?? data;
  const at = corrected === undefined ? occurredAt : text(truth['completedAt']);
  const answer = (truth['answers'] as Record<string, unknown>)['f'];
  return [{ at, place, what: 'done', step: text(data['step']), answer, by: textOrNull(truth['performedBy']) }];
}

/** When each step was last settled, and what keeps it waiting, after some of what happened. */
interface Moment {
  /** Of the version followed. */
  readonly steps: readonly MapStep[];
  readonly isOpen: boolean;
  readonly notBefore: readonly string[];
  readonly settled: ReadonlyMap<string, string>;
  readonly answers: ReadonlyMap<string, unknown>;
  /** Since when the answer of a step has been what it is, or the step was skipped without one. */
  readonly answered: ReadonlyMap<string, string>;
  readonly putOff: ReadonlyMap<string, string>;
}

/** `since`: from when on the answer has been what it is. */
interface DoneNow {
  readonly at: string;
  readonly answer: unknown;
  readonly since: string;
}

function doneNow({ at, answer }: Pick<DoneNow, 'at' | 'answer'>, before: DoneNow | undefined): DoneNow {
  return { at, answer, since: before !== undefined && before.answer === answer ? before.since : at };
}

function momentAfter(happened: readonly Happening[], versions: Versions): Moment {
  let [isOpen, openedAt, reopenedAt] = [false, '', ''];
  let steps: readonly MapStep[] = [];
  const settled = new Map<string, string>();
  const done = new Map<string, DoneNow>();
  const putOff = new Map<string, string>();
  for (const one of happened) {
    if ('version' in one) {
      const followed = versions[one.version - 1] ?? [];
      if (one.what === 'opened') [isOpen, openedAt] = [true, one.at];
      else putOffAdded(followed, { before: steps, at: one.at, putOff });
      steps = followed;
    }
    if (one.what === 'closed') isOpen = false;
    if (one.what === 'reopened') [isOpen, reopenedAt] = [true, one.at];
    if (one.what === 'done') done.set(one.step, doneNow(one, done.get(one.step)));
    if (one.what === 'skipped') settled.set(one.step, one.at);
    for (const code of undoneOf(one, steps)) {
      for (const known of [settled, done]) known.delete(code);
      putOff.set(code, one.at);
    }
  }
  const answered = new Map([...settled, ...[...done].map(([step, { since }]) => [step, since] as const)]);
  for (const [step, { at }] of done) settled.set(step, at);
  const answers = new Map([...done].map(([step, { answer }]) => [step, answer]));
  return { steps, isOpen, notBefore: [openedAt, reopenedAt], settled, answers, answered, putOff };
}

function undoneOf(one: Happening, steps: readonly MapStep[]): Iterable<string> {
  return one.what === 'returned' ? undoneBy(one.step, steps) : [];
}

/** What only the new version has, nobody could have done before. */
function putOffAdded(
  steps: readonly MapStep[],
  { before, at, putOff }: { before: readonly MapStep[]; at: string; putOff: Map<string, string> },
): void {
  const known = new Set(before.map(({ code }) => code));
  for (const { code } of steps) if (!known.has(code)) putOff.set(code, at);
}

/** Since when a step waits to be done; null where it does not. */
function waitsSince(code: string, moment: Moment): string | null {
  const { steps, isOpen, notBefore, settled, answers, answered, putOff } = moment;
  const step = steps.find((candidate) => candidate.code === code);
  if (step === undefined) return null;
  if (!isOpen || settled.has(step.code) || belongs(step.code, steps, answers) !== true) return null;
  const before = settledBefore(step, moment);
  if (before === null) return null;
  const asked = step.on === null ? [] : [answered.get(step.on) ?? ''];
  return [...notBefore, ...before, ...asked, putOff.get(step.code) ?? ''].toSorted().at(-1) ?? null;
}

/** When what a step waits for was settled; null where some of it is not. What does not belong stands aside. */
function settledBefore(step: MapStep, moment: Moment): readonly string[] | null {
  const found: string[] = [];
  for (const code of step.after) {
    const at = moment.settled.get(code);
    const earlier = moment.steps.find((candidate) => candidate.code === code);
    if (at !== undefined) found.push(at);
    else if (earlier === undefined || belongs(code, moment.steps, moment.answers) !== false) return null;
    else {
      const further = settledBefore(earlier, moment);
      if (further === null) return null;
      found.push(...further, ...answersThatDecided(earlier, moment));
    }
  }
  return found;
}

/** When the answers came by which a step does not belong; of those that were not asked, theirs. */
function answersThatDecided(step: MapStep, moment: Moment): readonly string[] {
  if (step.on === null) return [];
  const asked = moment.steps.find(({ code }) => code === step.on);
  return [moment.answered.get(step.on) ?? '', ...(asked === undefined ? [] : answersThatDecided(asked, moment))];
}

interface Waiting {
  readonly step: MapStep;
  readonly since: string;
  readonly until: string | null;
  /** Null: it ended otherwise, or goes on. */
  readonly done: { readonly by: string | null } | null;
}

function waitingsOf(deal: readonly Exported[], versions: Versions): readonly Waiting[] {
  const happened = happenings(deal);
  const moments = happened.map((_one, index) => momentAfter(happened.slice(0, index + 1), versions));
  const steps = new Map(versions.flat().map((step) => [step.code, step]));
  return [...steps.values()].flatMap((step) => {
    const waitings: Waiting[] = [];
    let since: string | null = null;
    happened.forEach((one, index) => {
      const moment = moments[index];
      const now = moment === undefined ? null : waitsSince(step.code, moment);
      const isDone = one.what === 'done' && one.step === step.code;
      // A return puts the step off: what is waited for from then on is another waiting.
      const isBack = one.what === 'returned' && undoneBy(one.step, moment?.steps ?? []).has(step.code);
      if (since !== null && (isDone || isBack || now === null)) {
        waitings.push({ step, since, until: one.at, done: isDone ? { by: one.by } : null });
      }
      since = now;
    });
    return since === null ? waitings : [...waitings, { step, since, until: null, done: null }];
  });
}

/** Every waiting for a step that ended with its being done by T, over the deals on some maps. */
export function waited(events: readonly Exported[], routeMaps: readonly string[], at: string): readonly WaitedFact[] {
  return routeMaps.flatMap((routeMap) => {
    const versions = versionsOf(events, routeMap);
    return dealsOn(events, routeMap).flatMap((deal) =>
      waitingsOf(deal, versions).flatMap(({ step, since, until, done }) =>
        until === null || until > at || done === null ? [] : [{ step: step.code, since, until, by: done.by }],
      ),
    );
  });
}

/** Every step with a norm that was due by T: what needed no doing any more by then was never due. */
export function stepsDue(
  events: readonly Exported[],
  routeMaps: readonly string[],
  { at, hours }: { readonly at: string; readonly hours: WorkingHours },
): readonly DueFact[] {
  return routeMaps.flatMap((routeMap) => {
    const versions = versionsOf(events, routeMap);
    return dealsOn(events, routeMap).flatMap((deal) =>
      waitingsOf(deal, versions).flatMap(({ step, since, until, done }): readonly DueFact[] => {
        if (step.norm === null) return [];
        const due = hours.after(since, step.norm);
        if (due > at || (until !== null && until <= due && done === null)) return [];
        const inTime = done !== null && until !== null && until <= due;
        return [{ due, inTime, by: done?.by ?? ownerAt(deal, due) }];
      }),
    );
  });
}

/** Every planned activity that was due by T, as it was last put; what was called off before was never due. */
export function activitiesDue(
  events: readonly Exported[],
  routeMaps: readonly string[],
  at: string,
): readonly DueFact[] {
  return routeMaps.flatMap((routeMap) =>
    dealsOn(events, routeMap).flatMap((deal) =>
      deal.flatMap((planned): readonly DueFact[] => {
        if (planned.type !== 'ActivityPlanned') return [];
        const { activityId, performer } = planned.data;
        const about = deal.filter(({ data }) => data['planningId'] === planned.id);
        const put = about.findLast(({ type }) => type === 'ActivityRescheduled') ?? planned;
        const due = text(put.data['dueAt']);
        const calledOff = about.find(({ type }) => type === 'ActivityCancelled')?.occurredAt;
        const done = recordedAt(deal, activityId);
        const inTime = done !== null && done <= due;
        if (due > at || (calledOff !== undefined && calledOff <= due && !inTime)) return [];
        return [{ due, inTime, by: textOrNull(performer) ?? ownerAt(deal, due) }];
      }),
    ),
  );
}

/** When a planned activity was done, by its last recording that stands; null where none does. */
function recordedAt(deal: readonly Exported[], activityId: unknown): string | null {
  const recorded = deal.filter(
    ({ type, data }) => type === 'ActivityRecorded' && data['plannedActivityId'] === activityId,
  );
  const found = recorded.flatMap(({ id, occurredAt }) => {
    const about = deal.filter(({ data }) => data['recordingId'] === id);
    if (about.some(({ type }) => type === 'ActivityVoided')) return [];
    const corrected = about.findLast(({ type }) => type === 'ActivityCorrected');
    return [corrected === undefined ? occurredAt : text(corrected.data['happenedAt'])];
  });
  return found.at(-1) ?? null;
}

/** The value below which a share of the values lies, between neighbours by straight line; of hours, to one tenth. */
export function percentileOf(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const place = Math.round((sorted.length - 1) * share * 10) / 10;
  const [low = 0, high = 0] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return Math.round((low + (high - low) * (place - Math.floor(place))) * 10) / 10;
}
