import type { Json } from './schemas.js';

const HASH = '9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f9c1f';
const ANOTHER_HASH = '41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab41ab';

const totals = { statements: 2, same: 1, sameFigures: 0, different: 1, closingsDifferent: 0 };

/** One statement comes out as issued, the other pays more than it should. */
export const payAuditAnswer: Readonly<Record<string, Json>> = {
  PayrollAudit: {
    k: '31',
    at: '2009-09-02T08:00:00.000Z',
    zone: 'Europe/Samara',
    params: {
      period: '2009-08',
    },
    additive: true,
    engine: 'voronka-pay-4',
    count: 1,
    totals,
    closings: [
      {
        period: '2009-08',
        version: 1,
        asOf: '21',
        asOfEventId: '24060b55-fa15-84fb-87c3-5d4129d1f4c6',
        status: 'inForce',
        closedEventId: 'd16b6a7f-71bd-8325-b803-c02110911ad4',
        countStated: 2,
        hashStated: HASH,
        countFound: 2,
        hashFound: HASH,
        totals,
        statements: [
          {
            employeeId: 'ivanova',
            eventId: 'bc815350-49c4-8b47-a4ef-7020376b6655',
            engine: 'voronka-pay-4',
            hashStated: HASH,
            hashRecomputed: HASH,
            outcome: 'same',
            fields: [],
            amounts: [],
          },
          {
            employeeId: 'petrov',
            eventId: '35a64cf7-3100-88f6-9837-e8f8183e04b8',
            engine: 'voronka-pay-4',
            hashStated: HASH,
            hashRecomputed: ANOTHER_HASH,
            outcome: 'different',
            fields: ['hash', 'lines'],
            amounts: [{ part: 'line', of: 'R1 2009-08', statedKopecks: 60000, recomputedKopecks: 45000 }],
          },
        ],
      },
    ],
  },
};
