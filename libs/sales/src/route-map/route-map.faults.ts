import { UNKNOWN } from '../shared/answers.js';
import type { Evidence, FormField, RouteMapDocument, StepDefinition } from './route-map.document.js';
import { conditionFaults } from './route-map.conditions.js';
import { orderOf } from './route-map.order.js';
import { unreachableSteps } from './route-map.reach.js';

/** What makes a document unusable, and where (RFC 6901 pointer into it). */
export interface RouteMapFault {
  readonly pointer: string;
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly detail: string;
  /** For a text that has its own rules (`when`): the character at which it goes wrong, from 0. */
  readonly at?: number;
}

export type Report = (pointer: string, code: string, detail: string, at?: number) => void;

/** Everything wrong with a document, in its order; empty if it can be published. */
export function routeMapFaults(document: RouteMapDocument): readonly RouteMapFault[] {
  const faults: RouteMapFault[] = [];
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
    conditionFaults(document, step, pointer, report);
    workFaults(step, pointer, report);
    repeated(step.form, `${pointer}/form`, report);
    step.form.forEach((field, place) => fieldFaults(field, `${pointer}/form/${place}`, report));
  });
  rankFaults(document, report);
  if (faults.length === 0) reachFaults(document, report);
  return faults;
}

/** Looked for in a document that is otherwise sound: each other fault would make steps look unreachable. */
function reachFaults(document: RouteMapDocument, report: Report): void {
  for (const code of unreachableSteps(document)) {
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

function repeated(list: readonly { readonly code: string }[], pointer: string, report: Report, name = 'code'): void {
  const seen = new Set<string>();
  list.forEach(({ code }, index) => {
    if (seen.has(code))
      report(`${pointer}/${index}/${name}`, 'CODE_REPEATED', `${code} is there already; choose another`);
    seen.add(code);
  });
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

function fieldFaults(field: FormField, pointer: string, report: Report): void {
  if (field.type === 'choice' || field.type === 'choices') optionFaults(field, pointer, report);
  else if (field.options !== undefined) {
    report(`${pointer}/options`, 'OPTIONS_NOT_ALLOWED', `a field of type ${field.type} has no options`);
  }
  limitFaults(field, pointer, report);
}

function optionFaults({ options = [] }: FormField, pointer: string, report: Report): void {
  const at = `${pointer}/options`;
  if (options.length === 0) {
    report(at, 'OPTIONS_MISSING', 'list the options, unknown among them');
    return;
  }
  repeated(options, at, report);
  if (!options.some(({ code }) => code === UNKNOWN)) {
    report(at, 'UNKNOWN_OPTION_MISSING', 'every closed list offers unknown');
  }
  if (options.every(({ code }) => code === UNKNOWN)) {
    report(at, 'OPTIONS_MISSING', 'unknown alone is no choice');
  }
}

function limitFaults({ type, minimum, maximum }: FormField, pointer: string, report: Report): void {
  const limits = [minimum, maximum].filter((limit) => limit !== undefined);
  if (limits.length === 0) return;
  const allowed = type === 'number' || type === 'money' || (type === 'text' && minimum === undefined);
  if (!allowed) report(pointer, 'LIMITS_NOT_ALLOWED', `a field of type ${type} has no such limits`);
  else if (type !== 'number' && limits.some((limit) => !Number.isSafeInteger(limit) || limit < 0)) {
    report(pointer, 'LIMITS_NOT_WHOLE', 'limits of texts and amounts are whole numbers from 0');
  } else if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    report(pointer, 'LIMITS_TURNED', 'the minimum is above the maximum');
  }
}
