import { startOfLocalDay } from '@voronka/kernel';
import type { FormField, RouteMapDocument } from '@voronka/sales';
import { countryCalendar } from '../calendars/shipped-years.js';

// The company of the demonstration: invented people, invented products.

export const ZONE = 'Europe/Samara';
export const CURRENCY = 'RUB';
/** Eighteen months, half-open. */
export const FIRST_DAY = '2025-01-09';
export const END_DAY = '2026-07-01';
/** Working days as the country's law sets them. */
export const CALENDAR = countryCalendar('ru');
/** From then on there is a second version of the map. */
export const NEW_MAP_AT = startOfLocalDay('2026-02-02', ZONE);

export interface DemoManager {
  readonly id: string;
  readonly name: string;
  readonly department: string;
  readonly hiredOn: string;
  readonly lastDay?: string;
  /** How well deals go with them, around 1. */
  readonly skill: number;
}

export const departments = [
  { id: 'retail', name: 'Retail trade', head: 'petrova', headName: 'Vera Petrova' },
  { id: 'industry', name: 'Industry', head: 'sokolov', headName: 'Oleg Sokolov' },
  { id: 'services', name: 'Services', head: 'gareeva', headName: 'Lilia Gareeva' },
] as const;

export const managers: readonly DemoManager[] = [
  { id: 'ivanova', name: 'Anna Ivanova', department: 'retail', hiredOn: '2024-02-01', skill: 1.15 },
  { id: 'belov', name: 'Pavel Belov', department: 'retail', hiredOn: '2024-02-01', skill: 0.95 },
  { id: 'kim', name: 'Sergei Kim', department: 'retail', hiredOn: '2024-09-02', skill: 1.0 },
  { id: 'orlova', name: 'Maria Orlova', department: 'retail', hiredOn: '2025-06-02', skill: 0.9 },
  { id: 'zaitsev', name: 'Denis Zaitsev', department: 'industry', hiredOn: '2024-02-01', skill: 1.1 },
  { id: 'volkova', name: 'Irina Volkova', department: 'industry', hiredOn: '2024-02-01', skill: 1.05 },
  { id: 'nurgaliev', name: 'Timur Nurgaliev', department: 'industry', hiredOn: '2024-03-04', skill: 0.85 },
  {
    id: 'fedotov',
    name: 'Ilya Fedotov',
    department: 'industry',
    hiredOn: '2024-02-01',
    lastDay: '2025-11-28',
    skill: 0.8,
  },
  { id: 'morozova', name: 'Elena Morozova', department: 'services', hiredOn: '2024-02-01', skill: 1.2 },
  { id: 'tarasov', name: 'Roman Tarasov', department: 'services', hiredOn: '2024-02-01', skill: 0.9 },
  { id: 'sharipova', name: 'Alina Sharipova', department: 'services', hiredOn: '2025-01-09', skill: 1.0 },
  { id: 'egorov', name: 'Nikita Egorov', department: 'services', hiredOn: '2025-03-03', skill: 0.95 },
];

/** Who moves to another department, and when. */
export const transfer = { employee: 'nurgaliev', department: 'services', effectiveOn: '2025-10-01' } as const;

export const products = [
  { id: 'trade', name: 'Trade management', line: 'trade', priceKopecks: 18_000_000 },
  { id: 'retail-desk', name: 'Retail desk', line: 'trade', priceKopecks: 6_500_000 },
  { id: 'warehouse', name: 'Warehouse', line: 'trade', priceKopecks: 32_000_000 },
  { id: 'accounting', name: 'Accounting', line: 'office', priceKopecks: 4_800_000 },
  { id: 'payroll', name: 'Payroll and staff', line: 'office', priceKopecks: 9_900_000 },
  { id: 'documents', name: 'Document flow', line: 'office', priceKopecks: 12_500_000 },
] as const;

/** Sold until its successor came; who had begun to buy it went on. */
export const formerProduct = {
  ...{ id: 'documents-2', name: 'Document flow, second edition', line: 'office', successor: 'documents' },
  retiredOn: '2025-10-01',
} as const;

/** Segments follow from the number of employees; each with one that falls into it. */
export const segments = [
  { code: 'micro', name: 'Micro', rule: 'portrait.employees <= 15', employees: 8 },
  { code: 'small', name: 'Small', rule: 'portrait.employees > 15 and portrait.employees <= 100', employees: 60 },
  { code: 'medium', name: 'Medium', rule: 'portrait.employees > 100 and portrait.employees <= 250', employees: 180 },
  { code: 'large', name: 'Large', rule: 'portrait.employees > 250', employees: 900 },
] as const;
export const industries = [
  { code: 'retail', name: 'Retail' },
  { code: 'wholesale', name: 'Wholesale' },
  { code: 'manufacturing', name: 'Manufacturing' },
  { code: 'services', name: 'Services' },
] as const;
export const sources = ['website', 'recommendation', 'exhibition', 'cold-call', 'partner'] as const;
export const lossReasons = ['price', 'competitor', 'postponed', 'no-answer'] as const;

export const ROUTE_MAP_ID = 'automation';

const unknown = { code: 'unknown', name: 'Not known' };

/** What customers keep their books with. */
export const systems = [
  { code: 'tables', name: 'Spreadsheets' },
  { code: 'other-program', name: 'Another program' },
  { code: 'older-edition', name: 'An older edition of ours' },
  { code: 'paper', name: 'Paper' },
] as const;

/** What is known of every customer. */
export const portrait = {
  fields: [
    { code: 'industry', name: 'Industry', type: 'choice', required: false, options: [...industries, unknown] },
    { code: 'employees', name: 'Employees', type: 'number', required: false, minimum: 0 },
    { code: 'branches', name: 'Has branches', type: 'yesNo', required: false },
    { code: 'tradesSince', name: 'Trades since', type: 'date', required: false },
    { code: 'systems', name: 'Keeps books with', type: 'choices', required: false, options: [...systems, unknown] },
  ],
  segments: segments.map(({ code, name, rule }) => ({ code, name, rule })),
};

/** What is asked of every customer of a deal. */
export const needs = {
  code: 'needs',
  name: 'Needs of the customer',
  fields: [
    {
      code: 'workplaces',
      name: 'Workplaces',
      type: 'choice',
      required: true,
      options: [{ code: 'up-to-15', name: 'Up to 15' }, { code: 'over-15', name: 'More than 15' }, unknown],
    },
    { code: 'budget', name: 'Budget', type: 'money', required: false, minimum: 0 },
    { code: 'decideBy', name: 'To be decided by', type: 'date', required: false },
    { code: 'serverOfOwn', name: 'Has a server of its own', type: 'yesNo', required: false },
    {
      code: 'wishes',
      name: 'What it is wanted for',
      type: 'choices',
      required: false,
      options: [
        { code: 'stock', name: 'Stock under control' },
        { code: 'reports', name: 'Reports in time' },
        { code: 'payroll', name: 'Pay worked out' },
        { code: 'support', name: 'Somebody to ask' },
        unknown,
      ],
    },
    { code: 'decider', name: 'Who decides', type: 'text', required: false, personal: true, maximum: 200 },
  ] satisfies readonly FormField[],
};

export const routeMap: RouteMapDocument = {
  name: 'Sale of automation',
  purpose: 'sale',
  stages: [
    { code: 'acquaintance', name: 'Getting to know' },
    { code: 'needs', name: 'Needs' },
    { code: 'offer', name: 'Offer' },
    { code: 'agreement', name: 'Agreement' },
  ],
  lossReasons: [
    { code: 'price', name: 'Too dear', countsAsLoss: true },
    { code: 'competitor', name: 'Chose another supplier', countsAsLoss: true },
    { code: 'postponed', name: 'Put off', countsAsLoss: true },
    { code: 'no-answer', name: 'Does not answer', countsAsLoss: true },
    { code: 'duplicate', name: 'Entered twice', countsAsLoss: false },
  ],
  steps: [
    {
      code: 'first-contact',
      name: 'First contact',
      stage: 'acquaintance',
      kind: 'contact',
      funnelRank: 1,
      mandatory: true,
      after: [],
      roles: ['manager'],
      form: [],
    },
    {
      code: 'questionnaire',
      name: 'Questionnaire',
      stage: 'needs',
      kind: 'questionnaire',
      funnelRank: 2,
      mandatory: true,
      after: ['first-contact'],
      normWorkingHours: 60,
      roles: ['manager'],
      questionnaire: { id: needs.code, version: 1 },
      form: needs.fields,
    },
    {
      code: 'analysis',
      name: 'Analysis of the questionnaire',
      stage: 'needs',
      kind: 'analysis',
      concerns: 'questionnaire',
      mandatory: true,
      after: ['questionnaire'],
      roles: ['manager'],
      form: [],
      verification: { role: 'head' },
    },
    {
      code: 'survey',
      name: 'Survey of the workplaces',
      stage: 'needs',
      kind: 'gathering',
      mandatory: false,
      after: ['questionnaire'],
      when: "answers.questionnaire.workplaces = 'over-15'",
      roles: ['manager'],
      form: [],
      evidence: [{ kind: 'visit', count: 1 }],
      guidance: 'Go and see how they work before anything is offered.',
    },
    {
      code: 'meeting',
      name: 'Meeting',
      stage: 'offer',
      kind: 'meeting',
      funnelRank: 3,
      mandatory: true,
      after: ['first-contact'],
      normWorkingHours: 160,
      roles: ['manager'],
      form: [],
      guidance: 'Show what the customer has asked about, and nothing else.',
      guidanceBySegment: [
        { segment: 'large', text: 'Bring somebody who has introduced it at a company of that size.' },
      ],
    },
    {
      code: 'proposal',
      name: 'Proposal',
      stage: 'offer',
      kind: 'proposal',
      funnelRank: 4,
      mandatory: true,
      after: ['analysis', 'meeting'],
      normWorkingHours: 120,
      roles: ['manager'],
      form: [{ code: 'amount', name: 'Amount offered', type: 'money', required: true, minimum: 0 }],
    },
    {
      code: 'contract',
      name: 'Contract agreed',
      stage: 'agreement',
      kind: 'contract',
      funnelRank: 5,
      mandatory: true,
      after: ['proposal'],
      roles: ['manager'],
      form: [],
    },
  ],
};

/** What speaks for products, to everybody or to one segment. */
export const advantages = [
  { productId: 'trade', segment: null, text: 'Orders, stock and money in one place' },
  { productId: 'trade', segment: 'micro', text: 'Works from the first day, with nobody to keep it' },
  { productId: 'retail-desk', segment: null, text: 'Sells on when the line is down' },
  { productId: 'warehouse', segment: 'large', text: 'Several warehouses, each with places of its own' },
  { productId: 'accounting', segment: null, text: 'Reports are sent from the program itself' },
  { productId: 'payroll', segment: 'medium', text: 'Leave and sickness are worked out by the law' },
  { productId: 'documents', segment: null, text: 'Agreed on in a day, not in a week' },
] as const;

/** Who was away, and when; and leave that came to nothing. */
export const absences = [
  { employee: 'ivanova', kind: 'vacation', firstDay: '2025-07-14', lastDay: '2025-07-27', cancelledOn: null },
  { employee: 'belov', kind: 'sickness', firstDay: '2026-02-02', lastDay: '2026-02-06', cancelledOn: null },
  { employee: 'morozova', kind: 'vacation', firstDay: '2025-08-11', lastDay: '2025-08-24', cancelledOn: null },
  { employee: 'egorov', kind: 'vacation', firstDay: '2026-05-18', lastDay: '2026-05-31', cancelledOn: '2026-05-04' },
] as const;
