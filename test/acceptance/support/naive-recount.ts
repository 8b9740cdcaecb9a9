import { EventStoreDBClient } from '@eventstore/db-client';

// What the log says, told plainly from the events as the store's client returns them: nothing of the product is used.

/** An event as the store gives it. */
export interface Exported {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly occurredAt: string;
  readonly data: Record<string, unknown>;
}

/** Every event of the log, in its order. */
export async function exportedEvents(endpoint: string): Promise<readonly Exported[]> {
  const client = new EventStoreDBClient({ endpoint }, { insecure: true });
  const events: Exported[] = [];
  try {
    for await (const { event } of client.readAll()) {
      if (event === undefined || event.type.startsWith('$')) continue;
      const { occurredAt } = event.metadata as { occurredAt: string };
      const data = event.data as Record<string, unknown>;
      const type = inWordsOfDeals(event.type, data);
      events.push({ id: event.id, type, stream: event.streamId, occurredAt, data });
    }
  } finally {
    await client.dispose();
  }
  return events;
}

/** A service case goes its way as a deal does: completed, where a deal is won; abandoned, where it is lost. */
function inWordsOfDeals(type: string, data: Record<string, unknown>): string {
  if (type === 'ServiceCaseClosed') return data['outcome'] === 'completed' ? 'ContractSigned' : 'DealLost';
  return type.replace(/^ServiceCase(?=Opened|Returned|Reassigned|Reopened|Migrated)/, 'Deal');
}

interface Completion {
  readonly id: string;
  readonly step: string;
  at: string;
  answer: unknown;
  done: boolean;
  /** Undone by a return of the deal; what was reached stays reached. */
  undone: boolean;
}

export interface MapStep {
  readonly code: string;
  /** Working hours; null without a norm. */
  readonly norm: number | null;
  readonly mandatory: boolean;
  readonly rank: number | null;
  readonly after: readonly string[];
  readonly on: string | null;
  readonly wanted: boolean;
}

/** The steps of every version of a map, from the first. */
export type Versions = readonly (readonly MapStep[])[];

export function versionsOf(events: readonly Exported[], routeMap: string): Versions {
  return events
    .filter(({ type, stream }) => type === 'RouteMapPublished' && stream === `routeMap-${routeMap}`)
    .map(({ data }) => stepsOf(data['document']));
}

/** The steps of the version that a deal follows after some of its events. */
export function followed(deal: readonly Exported[], versions: Versions): readonly MapStep[] {
  let version: unknown;
  for (const { type, data } of deal) {
    if (type === 'DealOpened') version = data['routeMapVersion'];
    if (type === 'DealMigrated') version = data['toVersion'];
  }
  return versions[Number(version) - 1] ?? [];
}

function stepsOf(published: unknown): readonly MapStep[] {
  const document = published as {
    steps: {
      code: string;
      mandatory: boolean;
      after: string[];
      funnelRank?: number;
      when?: string;
      normWorkingHours?: number;
    }[];
  };
  return document.steps.map(({ code, mandatory, after, funnelRank, when, normWorkingHours: norm = null }) => {
    const [, on = null, wanted] = /^answers\.(\w+)\.f = (yes|no)$/.exec(when ?? '') ?? [];
    return { code, norm, mandatory, after, rank: funnelRank ?? null, on, wanted: wanted === 'yes' };
  });
}

/** Streams of the deals on a map, each with its events. */
export function dealsOn(events: readonly Exported[], routeMap: string): readonly (readonly Exported[])[] {
  const openings = events.filter(({ type, data }) => type === 'DealOpened' && data['routeMapId'] === routeMap);
  return openings.map(({ stream }) => events.filter((event) => event.stream === stream));
}

export const text = (value: unknown): string => String(value);
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Completions after some events of one deal, as they stand then; `skipped` are the steps whose skip stands. */
function completionsOf(deal: readonly Exported[], versions: Versions) {
  const completions: Completion[] = [];
  const skipped = new Set<string>();
  for (const [index, event] of deal.entries()) {
    const steps = followed(deal.slice(0, index + 1), versions);
    const { type, data } = event;
    if (type === 'StepCompleted') completions.push(completionOf(event));
    if (type === 'StepSkipped') skipped.add(text(data['step']));
    if (type === 'DealReturned') undo(text(data['toStep']), steps, { completions, skipped });
    const about = completions.findIndex(({ id }) => id === data['completionId']);
    const completion = completions[about];
    if (completion === undefined) continue;
    if (type === 'StepVoided') completions.splice(about, 1);
    if (type === 'StepVerified' || type === 'StepReturned') completion.done = type === 'StepVerified';
    if (type === 'StepCorrected') correct(completion, data);
  }
  return { completions, skipped };
}

function completionOf({ id, occurredAt, data }: Exported): Completion {
  const answer = (data['answers'] as Record<string, unknown>)['f'];
  return {
    id,
    step: text(data['step']),
    at: occurredAt,
    answer,
    done: data['awaitsVerification'] !== true,
    undone: false,
  };
}

function correct(completion: Completion, data: Exported['data']): void {
  completion.at = text(data['completedAt']);
  completion.answer = (data['answers'] as Record<string, unknown>)['f'];
}

/** Steps that a return undoes: what ranks above the step returned to and what waits for it, near or far. */
export function undoneBy(toStep: string, steps: readonly MapStep[]): ReadonlySet<string> {
  const rank = steps.find(({ code }) => code === toStep)?.rank ?? Infinity;
  const later = new Set(steps.filter((step) => step.rank !== null && step.rank > rank).map(({ code }) => code));
  // Every step stands behind what it waits for: one pass is enough.
  for (const { code, after } of steps) {
    if (after.some((earlier) => earlier === toStep || later.has(earlier))) later.add(code);
  }
  return later;
}

function undo(
  toStep: string,
  steps: readonly MapStep[],
  { completions, skipped }: { completions: readonly Completion[]; skipped: Set<string> },
): void {
  const later = undoneBy(toStep, steps);
  for (const code of later) skipped.delete(code);
  for (const completion of completions) if (later.has(completion.step)) completion.undone = true;
}

/** Mandatory steps that may belong to the way of a deal and were neither done nor skipped when a contract was signed. */
export function missingWhenSigned(events: readonly Exported[], routeMap: string) {
  const versions = versionsOf(events, routeMap);
  let signed = 0;
  let branches = 0;
  let moved = 0;
  const missing: string[] = [];
  for (const deal of dealsOn(events, routeMap)) {
    deal.forEach(({ type }, index) => {
      if (type !== 'ContractSigned') return;
      signed += 1;
      const before = deal.slice(0, index);
      const steps = followed(before, versions);
      if (before.some((event) => event.type === 'DealMigrated')) moved += 1;
      const { completions, skipped } = completionsOf(before, versions);
      const standing = completions.filter(({ done, undone }) => done && !undone);
      const answers = new Map(standing.map(({ step, answer }) => [step, answer]));
      for (const { code, mandatory } of steps) {
        if (!mandatory || answers.has(code) || skipped.has(code)) continue;
        if (belongs(code, steps, answers) === false) branches += 1;
        else missing.push(`${deal[0]?.stream} ${code}`);
      }
    });
  }
  return { signed, branches, moved, missing };
}

/** Yes, no, or null where nobody can tell; what hangs on a question that is not asked is not asked. */
export function belongs(
  code: string,
  steps: readonly MapStep[],
  answers: ReadonlyMap<string, unknown>,
): boolean | null {
  const step = steps.find((candidate) => candidate.code === code);
  if (step === undefined || step.on === null) return true;
  if (!answers.has(step.on)) return belongs(step.on, steps, answers) === false ? false : null;
  const answer = answers.get(step.on);
  return typeof answer === 'boolean' ? answer === step.wanted : null;
}

export type Reach = 'touch' | 'implied';

/** Whose deals: all, or those of one owner at their entry. */
export interface Cohort {
  readonly reach: Reach;
  /** Deals that entered in [from, to). */
  readonly from: string;
  readonly to: string;
  /** Nothing that happened later counts. */
  readonly at: string;
  readonly owner?: string;
  /** Only deals that follow it. */
  readonly version?: number;
}

/** How many deals of a cohort came to each bar of the versions shown, from the lowest. */
export function cohortCounts(events: readonly Exported[], routeMap: string, cohort: Cohort): readonly number[] {
  const versions = versionsOf(events, routeMap);
  const shown = cohort.version === undefined ? versions.flat() : (versions[cohort.version - 1] ?? []);
  const ranks = [...new Set(shown.flatMap(({ rank }) => (rank === null ? [] : [rank])))].toSorted((a, b) => a - b);
  const counts = ranks.map(() => 0);
  for (const deal of dealsOn(events, routeMap)) {
    const steps = followed(deal, versions);
    if (cohort.version !== undefined && steps !== versions[cohort.version - 1]) continue;
    const { completions } = completionsOf(deal, versions);
    const firsts = ranks.map((rank) => firstReach(completions, { steps, rank, cohort }));
    const entry = firsts[0];
    if (entry === undefined || entry < cohort.from || entry >= cohort.to) continue;
    if (cohort.owner !== undefined && ownerAt(deal, entry) !== cohort.owner) continue;
    firsts.forEach((first, index) => {
      if (first !== undefined) counts[index] = (counts[index] ?? 0) + 1;
    });
  }
  return counts;
}

function firstReach(
  completions: readonly Completion[],
  { steps, rank, cohort }: { steps: readonly MapStep[]; rank: number; cohort: Cohort },
): string | undefined {
  // A bar that the deal's version does not have, it does not reach.
  if (!steps.some((step) => step.rank === rank)) return undefined;
  return completions
    .filter(({ step, done, at }) => {
      const own = steps.find(({ code }) => code === step)?.rank ?? 0;
      return done && at <= cohort.at && (cohort.reach === 'touch' ? own === rank : own >= rank);
    })
    .map(({ at }) => at)
    .toSorted()[0];
}

export function ownerAt(deal: readonly Exported[], instant: string): string | null {
  let owner: string | null = null;
  for (const { type, data } of deal) {
    if (type === 'DealOpened') owner = textOrNull(data['ownerId']);
    if (type === 'DealReassigned' && text(data['effectiveFrom']) <= instant) owner = textOrNull(data['toOwnerId']);
  }
  return owner;
}

/** Done activities of the deals on a map by performer. */
export function activitiesBy(
  events: readonly Exported[],
  routeMap: string,
  { from, to }: { readonly from: string; readonly to: string },
): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const deal of dealsOn(events, routeMap)) {
    for (const { id, type, data, occurredAt } of deal) {
      if (type !== 'ActivityRecorded') continue;
      const about = deal.filter((event) => event.data['recordingId'] === id);
      if (about.some((event) => event.type === 'ActivityVoided')) continue;
      const truth = about.findLast((event) => event.type === 'ActivityCorrected');
      const at = truth === undefined ? occurredAt : text(truth.data['happenedAt']);
      if (at < from || at >= to) continue;
      const by = textOrNull((truth?.data ?? data)['performedBy']);
      counts.set(by, (counts.get(by) ?? 0) + 1);
    }
  }
  return counts;
}
