import { type DocumentFault, formFaults, repeated, type Report } from '../form/form.faults.js';
import type { Evidence, RouteMapDocument, StepDefinition } from './route-map.document.js';
import { conditionFaults, type Described } from './route-map.conditions.js';
import { orderOf } from './route-map.order.js';
import { type Surroundings, unreachableSteps } from './route-map.reach.js';
import { segmentFaults } from './route-map.segments.js';

/**
 * Everything wrong with a document, in its order; empty if it can be published.
 * @param portrait fields that conditions may ask for; null where nobody has described them
 * @param segments codes that the portrait lists; none: segments are free
 */
export function routeMapFaults(
  document: RouteMapDocument,
  portrait: Described['portrait'] = null,
  segments: readonly string[] = [],
): readonly DocumentFault[] {
  const faults: DocumentFault[] = [];
  const report: Report = (pointer, code, detail, at) =>
    faults.push({ pointer, code, detail, ...(at === undefined ? {} : { at }) });
  if (document.steps.length === 0) report('/steps', 'NO_STEPS', 'a route map needs at least one step');
  if (document.purpose === 'sale' && document.lossReasons.length === 0) {
    report('/lossReasons', 'NO_LOSS_REASON', 'say why deals are lost: without a reason no deal can be closed as lost');
  }
  const bars = document.steps.filter(({ funnelRank }) => funnelRank !== undefined);
  if (document.purpose === 'sale' && document.steps.length > 0 && bars.length === 0) {
    report('/steps', 'NO_FUNNEL', 'give at least one step a funnelRank: without a bar there is no funnel to measure');
  }
  repeated(document.stages, '/stages', report);
  repeated(document.lossReasons, '/lossReasons', report);
  repeated(document.steps, '/steps', report);
  const stages = new Set(document.stages.map(({ code }) => code));
  document.steps.forEach((step, index) => {
    const pointer = `/steps/${index}`;
    if (!stages.has(step.stage)) report(`${pointer}/stage`, 'STAGE_UNKNOWN', `there is no stage ${step.stage}`);
    orderFaults(document, step, pointer, report);
    concernsFaults(document, step, pointer, report);
    conditionFaults({ document, portrait }, step, pointer, report);
    workFaults(step, pointer, report);
    formFaults(step.form, `${pointer}/form`, report);
  });
  rankFaults(document, report);
  faults.push(...segmentFaults(document, segments));
  const unsound = stepsAt(BLURRING, document, faults);
  reachFaults({ document, portrait, segments, unsound, unasked: stepsAt(OF_A_FORM, document, faults) }, report);
  return faults;
}

/** Places whose faults leave open when a step applies, or which step is meant. */
const BLURRING = /^\/steps\/(\d+)\/(?:code|concerns|when)(?:\/|$)/;
const OF_A_FORM = /^\/steps\/(\d+)\/form(?:\/|$)/;

function stepsAt(places: RegExp, document: RouteMapDocument, faults: readonly DocumentFault[]): ReadonlySet<string> {
  const indexes = faults.flatMap(({ pointer }) => places.exec(pointer)?.[1] ?? []);
  return new Set(indexes.flatMap((index) => document.steps[Number(index)]?.code ?? []));
}

/** Looked for where the step is sound, and every step that its condition asks, its form too. */
function reachFaults(surroundings: Surroundings, report: Report): void {
  const { document } = surroundings;
  for (const code of unreachableSteps(surroundings)) {
    const index = document.steps.findIndex((step) => step.code === code);
    const { mandatory } = document.steps[index] ?? { mandatory: false };
    const what = mandatory ? 'a mandatory step that no deal can reach' : 'no deal can reach this step';
    report(`/steps/${index}/when`, 'STEP_UNREACHABLE', `${what}: the condition never holds, whatever is answered`);
  }
}

function workFaults(step: StepDefinition, pointer: string, report: Report): void {
  if (step.verification?.role.trim() === '') {
    report(`${pointer}/verification/role`, 'VERIFICATION_ROLE_MISSING', 'say which working role accepts the step');
  }
  const evidence = step.evidence ?? [];
  const kinds = new Set<string>();
  evidence.forEach((one, index) => evidenceFaults(one, { kinds, pointer: `${pointer}/evidence/${index}` }, report));
  const segments = (step.guidanceBySegment ?? []).map(({ segment }) => ({ code: segment }));
  repeated(segments, `${pointer}/guidanceBySegment`, report, 'segment');
}

function evidenceFaults(
  { kind, outcome, count }: Evidence,
  { kinds, pointer }: { kinds: Set<string>; pointer: string },
  report: Report,
): void {
  if (!Number.isSafeInteger(count) || count < 1) {
    report(`${pointer}/count`, 'EVIDENCE_IMPOSSIBLE', 'ask for a whole number of activities from 1');
  }
  const key = JSON.stringify([kind, outcome ?? null]);
  if (kinds.has(key)) report(pointer, 'EVIDENCE_REPEATED', 'ask once for each kind and outcome, with one count');
  kinds.add(key);
}

function orderFaults(document: RouteMapDocument, step: StepDefinition, pointer: string, report: Report): void {
  const { steps, before } = orderOf(document);
  step.after.forEach((code, index) => {
    if (!steps.has(code)) report(`${pointer}/after/${index}`, 'AFTER_UNKNOWN', `there is no step ${code}`);
  });
  if (before(step.code).has(step.code)) {
    report(`${pointer}/after`, 'AFTER_CYCLE', `${step.code} would have to be done before itself`);
  }
}

function concernsFaults(document: RouteMapDocument, step: StepDefinition, pointer: string, report: Report): void {
  const { steps, before } = orderOf(document);
  const { concerns } = step;
  const needed = step.kind === 'analysis' || step.kind === 'verification';
  if (concerns === undefined) {
    if (needed) report(pointer, 'CONCERNS_MISSING', `say which step this ${step.kind} is about`);
    return;
  }
  const at = `${pointer}/concerns`;
  if (!needed) report(at, 'CONCERNS_NOT_ALLOWED', 'only an analysis or a verification is about another step');
  else if (!steps.has(concerns)) report(at, 'CONCERNS_UNKNOWN', `there is no step ${concerns}`);
  else if (!before(step.code).has(concerns)) {
    report(at, 'CONCERNS_NOT_BEFORE', `${concerns} must be done before: name it in after`);
  }
}

function rankFaults(document: RouteMapDocument, report: Report): void {
  const { steps, before } = orderOf(document);
  const taken = new Set<number>();
  document.steps.forEach(({ code, funnelRank }, index) => {
    if (funnelRank === undefined) return;
    const pointer = `/steps/${index}/funnelRank`;
    if (taken.has(funnelRank)) report(pointer, 'RANK_REPEATED', `rank ${funnelRank} is taken`);
    taken.add(funnelRank);
    for (const earlier of before(code)) {
      const rank = steps.get(earlier)?.funnelRank;
      if (earlier !== code && rank !== undefined && rank > funnelRank) {
        report(pointer, 'RANK_AGAINST_ORDER', `${earlier} comes before and may not be ranked above`);
      }
    }
  });
}
