import type { RouteMapDocument, StepDefinition } from '@voronka/sales';
import { Chance } from '../../../apps/cli/src/demo/chance.js';

// The company of the bench: larger than the demonstration's, made up from numbers.

export const ZONE = 'Europe/Samara';
/** Thirty-six months, half-open, in milliseconds since 1970. */
export const BEGIN_MS = Date.parse('2023-01-09T05:00:00.000Z');
export const END_MS = Date.parse('2026-01-08T20:00:00.000Z');
/** When the second version of the route map is published. */
export const SECOND_MAP_MS = Date.parse('2024-07-01T05:00:00.000Z');
export const ROUTE_MAP_ID = 'supply';

const DAY_MS = 86_400_000;
const DEPARTMENTS = 12;
const MANAGERS = 188;
const PRODUCTS = 24;
const LINES = 6;

export const segments = ['micro', 'small', 'medium', 'large', 'public'] as const;
export const sources = ['website', 'recommendation', 'exhibition', 'cold-call', 'partner', 'tender', 'repeat'] as const;
export const lossReasons = ['price', 'competitor', 'postponed', 'no-answer', 'no-budget'] as const;

export interface Manager {
  readonly id: string;
  readonly name: string;
  /** Number of the department: the first one, and the one after a transfer. */
  readonly department: number;
  readonly hiredMs: number;
  /** First moment not employed. */
  readonly leftMs: number;
  readonly moved: { readonly department: number; readonly ms: number } | null;
  /** How well deals go with them, around 1. */
  readonly skill: number;
}

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly line: string;
  readonly priceKopecks: number;
}

export interface BenchCompany {
  readonly departments: readonly { readonly id: string; readonly name: string; readonly head: string }[];
  readonly managers: readonly Manager[];
  readonly products: readonly Product[];
}

/** The same company for the same seed. */
export function benchCompany(seed: number): BenchCompany {
  const chance = new Chance(seed, 0);
  const departments = Array.from({ length: DEPARTMENTS }, (_none, index) => {
    const number = twoDigits(index + 1);
    return { id: `dep-${number}`, name: `Department ${number}`, head: `head-${number}` };
  });
  const managers = Array.from({ length: MANAGERS }, (_none, index) => managerOf(chance, index));
  const products = Array.from({ length: PRODUCTS }, (_none, index) => ({
    id: `product-${twoDigits(index + 1)}`,
    name: `Product ${index + 1}`,
    line: `line-${(index % LINES) + 1}`,
    priceKopecks: chance.between(50, 4_000) * 100_000,
  }));
  return { departments, managers, products };
}

function managerOf(chance: Chance, index: number): Manager {
  const department = index % DEPARTMENTS;
  const days = (END_MS - BEGIN_MS) / DAY_MS;
  // A sixth comes later, a tenth leaves, a tenth changes the department.
  const hiredMs = index % 6 === 5 ? dayOf(chance.between(20, Math.floor(days * 0.7))) : BEGIN_MS - 200 * DAY_MS;
  const leaves = index % 10 === 3;
  const leftMs = leaves ? dayOf(chance.between(Math.floor(days * 0.75), Math.floor(days) - 1)) : END_MS * 2;
  const moves = index % 10 === 7;
  const moved = moves
    ? {
        department: (department + 5) % DEPARTMENTS,
        ms: dayOf(chance.between(Math.floor(days * 0.71), Math.floor(days) - 1)),
      }
    : null;
  const skill = chance.between(85, 112) / 100;
  return {
    id: `emp-${String(index + 1).padStart(3, '0')}`,
    name: `Employee ${index + 1}`,
    department,
    hiredMs,
    leftMs,
    moved,
    skill,
  };
}

/** Midnight in the company's zone that begins the n-th day of its history. */
function dayOf(n: number): number {
  return Math.floor((BEGIN_MS + 4 * 3_600_000) / DAY_MS + n) * DAY_MS - 4 * 3_600_000;
}

/** Local date of a midnight given by `dayOf`. */
export function localDate(ms: number): string {
  return new Date(ms + 4 * 3_600_000).toISOString().slice(0, 10);
}

export function isEmployed(manager: Manager, ms: number): boolean {
  return manager.hiredMs <= ms && ms < manager.leftMs;
}

export function departmentAt(manager: Manager, ms: number): number {
  return manager.moved !== null && ms >= manager.moved.ms ? manager.moved.department : manager.department;
}

const unknown = { code: 'unknown', name: 'Not known' };

type Stated = Pick<StepDefinition, 'code' | 'kind'> & Partial<StepDefinition>;

function step(stated: Stated): StepDefinition {
  const { code } = stated;
  return { name: code, stage: 'all', mandatory: true, after: [], roles: ['manager'], form: [], ...stated };
}

const questions: StepDefinition['form'] = [
  {
    code: 'workplaces',
    name: 'Workplaces',
    type: 'choice',
    required: true,
    options: [{ code: 'up-to-15', name: 'Up to 15' }, { code: 'over-15', name: 'More than 15' }, unknown],
  },
  { code: 'budget', name: 'Budget', type: 'money', required: false, minimum: 0 },
  { code: 'decider', name: 'Who decides', type: 'text', required: false, personal: true, maximum: 200 },
];
const amount: StepDefinition['form'] = [{ code: 'amount', name: 'Amount', type: 'money', required: true, minimum: 0 }];

/** Two versions; the second one has a trial between meeting and proposal. */
export function routeMap(version: 1 | 2): RouteMapDocument {
  const head = { role: 'head' };
  const trial =
    version === 2 ? [step({ code: 'trial', kind: 'other', funnelRank: 4, mandatory: false, after: ['meeting'] })] : [];
  return {
    name: 'Supply',
    purpose: 'sale',
    stages: [{ code: 'all', name: 'All' }],
    lossReasons: [
      ...lossReasons.map((code) => ({ code, name: code, countsAsLoss: true })),
      { code: 'duplicate', name: 'Entered twice', countsAsLoss: false },
    ],
    steps: [
      step({ code: 'first-contact', kind: 'contact', funnelRank: 1 }),
      step({ code: 'questionnaire', kind: 'questionnaire', funnelRank: 2, after: ['first-contact'], form: questions }),
      step({
        code: 'analysis',
        kind: 'analysis',
        concerns: 'questionnaire',
        after: ['questionnaire'],
        verification: head,
      }),
      step({ code: 'specification', kind: 'gathering', after: ['questionnaire'] }),
      step({ code: 'review', kind: 'other', after: ['specification'], verification: head }),
      step({ code: 'demonstration', kind: 'other', mandatory: false, after: ['first-contact'] }),
      step({ code: 'meeting', kind: 'meeting', funnelRank: 3, after: ['first-contact'] }),
      ...trial,
      step({ code: 'estimate', kind: 'other', after: ['analysis', 'review', 'meeting'], form: amount }),
      step({ code: 'proposal', kind: 'proposal', funnelRank: 5, after: ['estimate'], form: amount }),
      step({ code: 'approval', kind: 'other', after: ['proposal'], verification: head }),
      step({ code: 'terms', kind: 'other', after: ['approval'] }),
      step({ code: 'legal-check', kind: 'other', after: ['terms'], verification: head }),
      step({ code: 'contract', kind: 'contract', funnelRank: 6, after: ['legal-check'] }),
    ],
  };
}

function twoDigits(n: number): string {
  return String(n).padStart(2, '0');
}
