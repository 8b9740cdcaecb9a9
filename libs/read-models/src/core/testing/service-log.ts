import type { Recorded } from '@voronka/kernel';
import { customerMap, type DealLog, funnelMap, instant } from './deal-log.js';

const CASES = 5;
const STEPS = ['contact', 'questionnaire', 'analysis', 'proposal', 'contract'];

/** Service cases told in turns, on a service map with the bars of the sales map. */
export function tellServiceCases(log: DealLog, pick: (below: number) => number): void {
  const document = { ...funnelMap, purpose: 'service' as const };
  log.tell('routeMap-service', { type: 'RouteMapPublished', data: { version: 1, document } }, '2009-01-02');
  const second = { ...document, steps: document.steps.filter(({ code }) => code !== 'analysis') };
  log.tell('routeMap-service', { type: 'RouteMapPublished', data: { version: 2, document: second } }, '2009-01-03');
  const third = { ...customerMap, purpose: 'service' as const };
  log.tell('routeMap-service', { type: 'RouteMapPublished', data: { version: 3, document: third } }, '2009-01-04');
  log.category = 'serviceCase';
  const cases = Array.from({ length: CASES }, (_none, index) => ({ id: `s${index}`, told: [] as Recorded[] }));
  for (let turn = 0; turn < CASES * 12; turn += 1) {
    const one = cases[pick(CASES)];
    if (one === undefined) continue;
    log.dealId = one.id;
    const at = `2009-08-${String(1 + pick(28)).padStart(2, '0')}`;
    one.told.push(one.told.length === 0 ? caseOpened(log, at) : tellAny(log, one.told, at, pick));
  }
  log.category = 'deal';
}

export function caseOpened(log: DealLog, at: string): Recorded {
  const data = {
    ...{ customerId: 'c1', title: null, routeMapId: 'service', routeMapVersion: 1, ownerId: 'anna' },
    ...{ productIds: ['p1'], dealId: 'd1' },
  };
  return log.deal({ type: 'ServiceCaseOpened', data }, at);
}

export function caseClosed(log: DealLog, at: string, lossReason: string | null): Recorded {
  const outcome = lossReason === null ? 'completed' : 'abandoned';
  const data = { customerId: 'c1', outcome, lossReason, counts: true, note: null } as const;
  return log.deal({ type: 'ServiceCaseClosed', data }, at);
}

function tellAny(log: DealLog, told: readonly Recorded[], at: string, pick: (below: number) => number): Recorded {
  const step = STEPS[pick(STEPS.length)] ?? 'contact';
  const completion = told.findLast(({ type }) => type === 'StepCompleted');
  const call = told.find(({ type }) => type === 'ActivityRecorded');
  const done = (): Recorded => log.done(step, at, { awaits: pick(3) === 0 });
  const reason = 'so it is';
  const acts = [
    ...[done, done, done],
    () => (completion === undefined ? done() : log.accepted(completion, at)),
    () => (completion === undefined ? done() : log.voided(completion, at)),
    () => log.activity('visit', at),
    () => (call === undefined ? done() : log.activityCorrected(call, { kind: 'demo', on: at }, at)),
    () => log.deal({ type: 'ServiceCaseReturned', data: { customerId: 'c1', toStep: step, reason } }, at),
    () => {
      const hands = { fromOwnerId: null, toOwnerId: 'vera', effectiveFrom: instant(at) };
      return log.deal({ type: 'ServiceCaseReassigned', data: { customerId: 'c1', ...hands, reason } }, at);
    },
    () => {
      const versions = { routeMapId: 'service', fromVersion: 1, toVersion: 1 + pick(4) };
      const data = { customerId: 'c1', ...versions, addedSteps: [], carriedAnswers: [], reason };
      return log.deal({ type: 'ServiceCaseMigrated', data }, at);
    },
    () => log.segment('c1', pick(2) === 0 ? 'large' : 'small', at),
    () => caseClosed(log, at, pick(2) === 0 ? null : 'price'),
    () => log.deal({ type: 'ServiceCaseReopened', data: { customerId: 'c1', reason } }, at),
  ];
  return (acts[pick(acts.length)] ?? done)();
}
