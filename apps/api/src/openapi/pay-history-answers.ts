import type { Json } from './schemas.js';

/** Answers about pay that need more history than an example can ask for. */
export const payHistoryAnswers: Readonly<Record<string, Json>> = {
  PayExplanation: {
    k: '21',
    at: '2009-09-02T08:00:00.000Z',
    zone: 'Europe/Samara',
    params: {
      employee: 'ivanova',
      rule: 'R1',
      lang: 'en',
      period: '2009-08',
    },
    additive: true,
    statement: null,
    regulation: 'r@1',
    totals: {
      earnedKopecks: 45000,
      adjustedKopecks: 0,
      manualKopecks: 0,
      broughtKopecks: 0,
      payableKopecks: 45000,
      carriedKopecks: 0,
    },
    lines: [
      {
        rule: 'R1',
        amountKopecks: 45000,
        text: [
          'R1 «First contacts», r@1, 2009-08: first_contacts@1',
          'actual 3, plan 3, fulfilment 100 %',
          'gate first_contacts@1: 100 % of 50 % — passed',
          '3 × 150.00 = 450.00',
          'paid; total 450.00 ₽',
        ],
        line: {
          regulation: 'r@1',
          rule: 'R1',
          name: 'First contacts',
          period: '2009-08',
          indicator: 'first_contacts',
          definition: 'first_contacts@1',
          unit: 'count',
          scope: 'self',
          planScope: 'self',
          status: 'PAID',
          actual: '3',
          target: '3',
          fulfilment: '1',
          because: ['bc815350-49c4-8b47-a4ef-7020376b6655'],
          gates: [
            {
              indicator: 'first_contacts',
              definition: 'first_contacts@1',
              scope: 'self',
              planScope: 'self',
              actual: '3',
              target: '3',
              fulfilment: '1',
              thresholdBps: 5000,
              passed: true,
              because: ['bc815350-49c4-8b47-a4ef-7020376b6655'],
            },
          ],
          steps: [
            {
              step: 'perUnit',
              units: '3',
              kopecks: 15000,
              gives: '45000',
            },
          ],
          amountKopecks: 45000,
        },
        plans: [
          {
            eventId: 'bc815350-49c4-8b47-a4ef-7020376b6655',
            planId: 'p1',
            change: 'replace',
            value: '3',
            fromDate: null,
            author: null,
            proposedBy: null,
            recordedAt: '2009-08-03T07:00:00.000Z',
            reason: 'Goals of August',
          },
        ],
        counted: {
          k: '21',
          at: '2009-09-02T08:00:00.000Z',
          zone: 'Europe/Samara',
          params: {
            indicator: 'first_contacts',
            period: '2009-08',
            filters: {
              employee: ['ivanova'],
            },
            place: {
              slices: {},
            },
            part: 'numerator',
          },
          additive: true,
          definition: 'first_contacts@1',
          count: 3,
          sum: '3',
          items: [
            {
              dealId: 'ivanova-1',
              occurredAt: '2009-08-12T08:00:00.000Z',
              eventIds: ['24060b55-fa15-84fb-87c3-5d4129d1f4c6'],
            },
          ],
        },
        against: null,
        disputed: [],
      },
    ],
    adjustments: [],
    leaving: [],
    disputes: [],
  },
  PayrollExport: {
    k: '31',
    at: '2009-09-02T08:00:00.000Z',
    zone: 'Europe/Samara',
    params: {
      period: '2009-08',
    },
    additive: true,
    payableKopecks: 45000,
    totals: [
      {
        employeeId: 'ivanova',
        version: 1,
        payableKopecks: 45000,
        hash: '9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f',
      },
    ],
    rows: [
      {
        employeeId: 'ivanova',
        period: '2009-08',
        version: 1,
        origin: '2009-08',
        kind: 'bonus',
        code: 'R1',
        amountKopecks: 45000,
      },
    ],
  },
};
