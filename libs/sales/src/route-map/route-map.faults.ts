import type { FormField, RouteMapDocument, StepDefinition } from './route-map.document.js';
import { orderOf } from './route-map.order.js';

/** What makes a document unusable, and where (RFC 6901 pointer into it). */
export interface RouteMapFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

type Report = (pointer: string, code: string, detail: string) => void;

/** The answer that every closed list must offer. */
export const UNKNOWN = 'unknown';

/** Everything wrong with a document, in its order; empty if it can be published. */
export function routeMapFaults(document: RouteMapDocument): readonly RouteMapFault[] {
  const faults: RouteMapFault[] = [];
  const report: Report = (pointer, code, detail) => faults.push({ pointer, code, detail });
  if (document.steps.length === 0) report('/steps', 'NO_STEPS', 'a route map needs at least one step');
  repeated(document.stages, '/stages', report);
  repeated(document.lossReasons, '/lossReasons', report);
  repeated(document.steps, '/steps', report);
  const stages = new Set(document.stages.map(({ code }) => code));
  document.steps.forEach((step, index) => {
    const pointer = `/steps/${index}`;
    if (!stages.has(step.stage)) report(`${pointer}/stage`, 'STAGE_UNKNOWN', `there is no stage ${step.stage}`);
    orderFaults(document, step, pointer, report);
    concernsFaults(document, step, pointer, report);
    repeated(step.form, `${pointer}/form`, report);
    step.form.forEach((field, place) => fieldFaults(field, `${pointer}/form/${place}`, report));
  });
  rankFaults(document, report);
  return faults;
}

function repeated(list: readonly { readonly code: string }[], pointer: string, report: Report): void {
  const seen = new Set<string>();
  list.forEach(({ code }, index) => {
    if (seen.has(code)) report(`${pointer}/${index}/code`, 'CODE_REPEATED', `${code} is there already`);
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
