import type { Json } from './schemas.js';

/** What pay looks like before the first regulation, by query. */
export const payAnswers: Readonly<Record<string, Json>> = {
  Payroll: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    first: '2009-08',
    periods: [],
    open: '2009-08',
    pending: [],
    disputes: [],
  },
  PayDrafts: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      period: '2009-08',
    },
    additive: true,
    month: '2009-08',
    drafts: [
      {
        document: {
          period: '2009-08',
          employeeId: 'ivanova',
          version: 1,
          asOf: '8',
          place: {
            departmentId: 'sales',
            position: 'Sales manager',
          },
          regulation: null,
          lines: [],
          adjustments: [],
          manual: [],
          totals: {
            earnedKopecks: 0,
            adjustedKopecks: 0,
            manualKopecks: 0,
            broughtKopecks: 0,
            payableKopecks: 0,
            carriedKopecks: 0,
          },
          engine: 'voronka-pay-1',
          zoneData: '2025c Europe/Moscow',
        },
        hash: '983cdde660125e737603a97003aaf94bcdb6b1ec5d26058a94e48e6220468749',
      },
    ],
    countings: 0,
    rulesEvaluated: 0,
  },
  Statements: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      period: '2009-08',
    },
    additive: true,
    count: 0,
    items: [],
  },
  Plans: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      period: '2009-08',
    },
    additive: true,
    rows: [],
    gaps: [],
  },
  PayRegulations: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    items: [],
  },
};
