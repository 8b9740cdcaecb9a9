import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type WrittenUnion,
  refuse,
  saysTheSame,
  toPlain,
  unreachable,
} from '@voronka/kernel';
import { fieldFrom } from '../form/form.body.js';
import type { DocumentFault } from '../form/form.faults.js';
import { portraitIn, type PortraitState } from '../portrait/portrait.decider.js';
import type { QuestionnaireState } from '../questionnaire/questionnaire.decider.js';
import type { PublishRouteMap, RetireRouteMap, RouteMapCommand, StepBody } from './route-map.commands.js';
import type { RouteMapDocument, StepDefinition } from './route-map.document.js';
import type { RouteMapEvent } from './route-map.events.js';
import { routeMapFaults } from './route-map.faults.js';
import { asSent, formOf, questionnaireIds } from './route-map.questionnaires.js';

export interface RouteMapVersion {
  readonly version: number;
  readonly document: RouteMapDocument;
}

export type RouteMapState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      readonly versions: readonly RouteMapVersion[];
      readonly latest: RouteMapVersion;
    };

type Known = Exclude<RouteMapState, { status: 'none' }>;
export interface RouteMapFacts {
  readonly portrait?: PortraitState;
  /** In the order of `questionnaireIds`. */
  readonly questionnaires?: readonly (QuestionnaireState | undefined)[];
}

type Context = DecisionContext<RouteMapFacts>;

export const routeMapDecider: Decider<RouteMapState, RouteMapCommand, RouteMapEvent, RouteMapFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'PublishRouteMap':
        return publish(command.body, state, context);
      case 'RetireRouteMap':
        return retire(command.body, known(state, context));
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: RouteMapState, event: WrittenUnion<RouteMapEvent>): RouteMapState {
  switch (event.type) {
    case 'RouteMapPublished': {
      const { version, document } = event.data;
      const before = state.status === 'none' ? [] : state.versions;
      const next = { version, document };
      return { status: 'active', versions: [...before, next], latest: next };
    }
    case 'RouteMapRetired':
      return state.status === 'none' ? state : { ...state, status: 'retired' };
    default:
      event satisfies never;
      return state;
  }
}

/** The document of one version, or null. */
export function documentOf(state: RouteMapState | undefined, version: number): RouteMapDocument | null {
  if (state === undefined || state.status === 'none') return null;
  return state.versions.find((candidate) => candidate.version === version)?.document ?? null;
}

function known(state: RouteMapState, context: Context): Known {
  if (state.status !== 'none') return state;
  throw refuse.notFound('ROUTE_MAP_NOT_FOUND', 'publish the route map first', { routeMapId: context.id });
}

function publish(body: PublishRouteMap, state: RouteMapState, context: Context): readonly RouteMapEvent[] {
  const { document, faults: unknown } = documentFrom(body, context.facts);
  const portrait = portraitIn(context.facts.portrait)?.document ?? null;
  const segments = portrait?.segments.map(({ code }) => code) ?? [];
  const faults = [
    ...unknown,
    ...routeMapFaults(document, portrait?.fields, segments).map((fault) => asSent(fault, document, body.steps)),
  ];
  if (faults.length > 0) {
    throw refuse.rule('ROUTE_MAP_FAULTY', 'correct the places that `faults` points at and publish again', { faults });
  }
  if (state.status === 'none') return [{ type: 'RouteMapPublished', data: { version: 1, document } }];
  if (saysTheSame(state.latest.document, document)) return [];
  if (state.status === 'retired') {
    throw refuse.conflict('ROUTE_MAP_RETIRED', 'the map is retired; publish under another id', {
      routeMapId: context.id,
    });
  }
  return [{ type: 'RouteMapPublished', data: { version: state.latest.version + 1, document } }];
}

function retire(body: RetireRouteMap, state: Known): readonly RouteMapEvent[] {
  return state.status === 'retired' ? [] : [{ type: 'RouteMapRetired', data: { reason: body.reason } }];
}

function documentFrom(
  { name, purpose, stages, lossReasons, steps }: PublishRouteMap,
  { questionnaires = [] }: RouteMapFacts,
): { readonly document: RouteMapDocument; readonly faults: readonly DocumentFault[] } {
  const known = new Map(questionnaireIds(steps).map((id, index) => [id, questionnaires[index]]));
  const faults: DocumentFault[] = [];
  const made = steps.map((step, index) => {
    const asked = formOf(step, known);
    if (!('code' in asked)) return stepFrom(step, asked);
    faults.push({ pointer: `/steps/${index}/questionnaire`, ...asked });
    return stepFrom(step, { form: step.form.map(fieldFrom) });
  });
  return { document: toPlain({ name, purpose, stages, lossReasons, steps: made }), faults };
}

/** A null in the request says as much as leaving the field out; the document only leaves out. */
function stepFrom(
  step: StepBody,
  { form, questionnaire }: Pick<StepDefinition, 'form' | 'questionnaire'>,
): StepDefinition {
  return {
    code: step.code,
    name: step.name,
    stage: step.stage,
    kind: step.kind,
    funnelRank: step.funnelRank ?? undefined,
    concerns: step.concerns ?? undefined,
    mandatory: step.mandatory,
    after: step.after,
    when: step.when ?? undefined,
    roles: step.roles,
    ...{ form, questionnaire },
    evidence: step.evidence?.map(({ kind, outcome, count }) => ({ kind, outcome: outcome ?? undefined, count })),
    verification: step.verification ?? undefined,
    normWorkingHours: step.normWorkingHours ?? undefined,
    guidance: step.guidance ?? undefined,
    guidanceBySegment: step.guidanceBySegment ?? undefined,
  };
}
