import { toPlain } from '@voronka/kernel';
import type { CoverageBody, GateBody, PayoutBody, RegulationBody, RuleBody } from './pay-regulation.body.js';
import type { Coverage, Gate, Payout, RegulationDocument, Rule } from './pay-regulation.document.js';

/** The document that a body says, with what it leaves to custom; to be asked for once its fields are in order. */
export function documentFrom({ name, covers, rules, clawback }: RegulationBody): RegulationDocument {
  const document: RegulationDocument = {
    name,
    covers: coverageFrom(covers),
    rules: rules.map(ruleFrom),
    clawback: clawback ?? null,
  };
  return toPlain(document);
}

export function coverageFrom({ positions, departments, employees, exceptEmployees }: CoverageBody): Coverage {
  return {
    positions: positions ?? null,
    departments: departments ?? null,
    employees: employees ?? null,
    exceptEmployees: exceptEmployees ?? [],
  };
}

function ruleFrom(rule: RuleBody): Rule {
  const scope = rule.scope ?? 'self';
  return {
    code: rule.code,
    name: rule.name,
    period: rule.period ?? 'month',
    indicator: rule.indicator,
    scope,
    planScope: rule.planScope ?? scope,
    gates: (rule.gates ?? []).map(gateFrom),
    payout: payoutFrom(rule.payout),
    floorKopecks: rule.floorKopecks ?? null,
    capKopecks: rule.capKopecks ?? null,
  };
}

function gateFrom({ indicator, scope, planScope, thresholdBps }: GateBody): Gate {
  return { indicator, scope, planScope: planScope ?? scope, thresholdBps };
}

function payoutFrom(payout: PayoutBody): Payout {
  switch (payout.kind) {
    case 'perUnit':
      return { kind: 'perUnit', kopecks: payout.kopecks ?? 0 };
    case 'fixed':
      return { kind: 'fixed', kopecks: payout.kopecks ?? 0, prorated: payout.prorated ?? false };
    case 'percentOfAmount':
      return { kind: 'percentOfAmount', bps: payout.bps ?? 0 };
    case 'tiers': {
      const brackets = (payout.brackets ?? []).map(({ from, to, value }) => ({ from, to: to ?? null, value }));
      return {
        kind: 'tiers',
        by: payout.by ?? 'actual',
        mode: payout.mode ?? 'slab',
        pays: payout.pays ?? 'fixed',
        brackets,
      };
    }
    default:
      return payout.kind satisfies never;
  }
}
