import { refuse } from '@voronka/kernel';
import { documentOf, type RouteMapState } from '../route-map/route-map.decider.js';
import type { RouteMapDocument } from '../route-map/route-map.document.js';
import type { MigrateDeal } from './deal.commands.js';
import type { DealEvent } from './deal.events.js';
import { type Admitted, assertNotBefore, assertOpen, assertLed } from './deal.gates.js';
import { type NextFacts, nextOf } from './deal.next.js';
import { isSatisfied, standingOf, withReturnsJudged } from './deal.standing.js';
import type { DealState, OpenedDeal } from './deal.state.js';
import { type UndecidedStep, Way } from './deal.way.js';

/** A step by its code, with its name on the version that has it. */
export interface StepName {
  readonly code: string;
  readonly name: string;
}

/** What a move to another version of the map would change for a deal. Lists are in the order of the map. */
export interface Migration {
  /** Mandatory steps of the new version that would have to be done and were not asked for, or were done, before. */
  readonly becomesMissing: readonly StepName[];
  /** Mandatory steps that were missing before and would not be asked for any more. */
  readonly noLongerMissing: readonly StepName[];
  /** Steps that were done or skipped and that the new version does not have: they stay told, and are no bars. */
  readonly leavesTheMap: readonly StepName[];
  /** Steps that were done or skipped and that do not belong to the way on the new version. */
  readonly noLongerApplies: readonly StepName[];
  /** Mandatory steps of the new version of which nobody can tell yet whether they belong to the way. */
  readonly undecided: readonly UndecidedStep[];
  /** What can be done next: now, and after the move. As `nextOf` tells it. */
  readonly open: { readonly before: readonly StepName[]; readonly after: readonly StepName[] };
  /** Completions that wait for verification on a step that the new version does not have: the move is refused. */
  readonly leavesAwaiting: readonly StepName[];
}

interface Maps {
  readonly from: RouteMapDocument;
  readonly to: RouteMapDocument;
}

/** What would become of a deal on another version of its map: nothing is changed by asking. Never throws. */
export function migrationOf(told: DealState, maps: Maps, facts: NextFacts): Migration {
  // What a return before the move took away, it took away on the map of then.
  const state = withReturnsJudged(told, () => maps.from);
  const [before, after] = [new Way(state, maps.from, facts.customer), new Way(state, maps.to, facts.customer)];
  const { missing: missingBefore } = before.bars();
  const { missing, undecided } = after.bars();
  const onNew = new Map(maps.to.steps.map((step) => [step.code, step]));
  const satisfied = maps.from.steps.filter(({ code }) => isSatisfied(before.standing(code)));
  return {
    becomesMissing: named(maps.to, (code) => missing.includes(code) && !missingBefore.includes(code)),
    noLongerMissing: named(maps.from, (code) => missingBefore.includes(code) && !missing.includes(code)),
    leavesTheMap: satisfied.filter(({ code }) => !onNew.has(code)).map(nameOf),
    noLongerApplies: satisfied.flatMap(({ code }) => {
      const step = onNew.get(code);
      return step !== undefined && after.applicability(step).applies === 'no' ? [nameOf(step)] : [];
    }),
    undecided,
    open: {
      before: nextOf(state, maps.from, facts).open.map(nameOf),
      after: nextOf(state, maps.to, facts).open.map(nameOf),
    },
    leavesAwaiting: leftAwaiting(state, maps),
  };
}

function named(document: RouteMapDocument, wanted: (code: string) => boolean): readonly StepName[] {
  return document.steps.filter(({ code }) => wanted(code)).map(nameOf);
}

function nameOf({ code, name }: StepName): StepName {
  return { code, name };
}

function leftAwaiting(state: DealState, { from, to }: Maps): readonly StepName[] {
  const codes = new Set(to.steps.map(({ code }) => code));
  return named(from, (code) => !codes.has(code) && standingOf(state, from, code).awaiting !== null);
}

/**
 * The version that a deal on one version may move to: the one asked for, or the latest.
 * @throws DomainError `ROUTE_MAP_VERSION_UNKNOWN` or `MIGRATION_TO_OLDER`
 */
export function migrationTarget(
  routeMap: RouteMapState | undefined,
  { routeMapId, routeMapVersion: fromVersion }: Pick<OpenedDeal['opening'], 'routeMapId' | 'routeMapVersion'>,
  asked: number | null | undefined,
): { readonly version: number; readonly document: RouteMapDocument } {
  const latest = routeMap === undefined || routeMap.status === 'none' ? fromVersion : routeMap.latest.version;
  const version = asked ?? latest;
  const document = documentOf(routeMap, version);
  if (document === null) {
    const data = { routeMapId, toVersion: version, latest };
    throw refuse.rule('ROUTE_MAP_VERSION_UNKNOWN', 'name a published version of the route map of the deal', data);
  }
  if (version >= fromVersion) return { version, document };
  const data = { routeMapId, fromVersion, toVersion: version };
  throw refuse.rule('MIGRATION_TO_OLDER', 'name a newer version: a deal moves to those of its route map only', data);
}

/** Codes of the steps that only the new version has, in its order. */
function stepsAdded({ from, to }: Maps): readonly string[] {
  const known = new Set(from.steps.map(({ code }) => code));
  return to.steps.flatMap(({ code }) => (known.has(code) ? [] : [code]));
}

/** Moves an open deal to a newer version of its map; what it has done stays done where both versions have the step. */
export function migrateDeal(body: MigrateDeal, entry: Admitted): readonly DealEvent[] {
  const { state, context, document, common } = entry;
  assertLed(entry);
  assertOpen(entry);
  const { routeMapId, routeMapVersion: fromVersion } = state.opening;
  const { version: toVersion, document: to } = migrationTarget(context.facts.routeMap, state.opening, body.toVersion);
  if (toVersion === fromVersion) return [];
  assertAfterMigrations(entry);
  const left = leftAwaiting(state, { from: document, to });
  if (left.length > 0) {
    throw refuse.rule(
      'MIGRATION_LEAVES_AWAITING',
      'have these steps accepted or sent back first: the new version does not have them',
      { toVersion, steps: left.map(({ code }) => code) },
    );
  }
  const addedSteps = stepsAdded({ from: document, to });
  const carriedAnswers = carriedTo(to, state);
  const moved = { routeMapId, fromVersion, toVersion, addedSteps, carriedAnswers, reason: body.reason };
  return [{ type: 'DealMigrated', data: { ...common, ...moved } }];
}

/** Moves follow one another in time as they do in the log. */
function assertAfterMigrations({ state, context }: Admitted): void {
  const last = state.migrations.at(-1);
  if (last !== undefined) assertNotBefore(context.occurredAt, last.occurredAt, 'OCCURRED_BEFORE_MIGRATION', {});
}

function carriedTo(to: RouteMapDocument, { completions }: OpenedDeal) {
  const codes = new Set(to.steps.map(({ code }) => code));
  return completions
    .filter(({ step, status, answers }) => {
      return codes.has(step) && (status === 'done' || status === 'awaiting') && Object.keys(answers).length > 0;
    })
    .map(({ completionId, answers }) => ({ completionId, answers }));
}
