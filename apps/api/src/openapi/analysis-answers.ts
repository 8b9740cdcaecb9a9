import type { Json } from './schemas.js';

/** What the analyses of a department with some history look like, by query; arrays are cut short. */
export const analysisAnswers: Readonly<Record<string, Json>> = {
  FunnelAnalysis: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      routeMap: 'automation',
      period: '2009-08',
      filters: {},
    },
    additive: true,
    bars: [
      {
        step: 'first-contact',
        name: 'First contact',
        rank: 1,
        toNext: {
          numerator: 21,
          denominator: 42,
          percent: '50.00',
          small: false,
          lower: '35.52',
          upper: '64.48',
        },
        toWin: {
          numerator: 21,
          denominator: 42,
          percent: '50.00',
          small: false,
          lower: '35.52',
          upper: '64.48',
        },
        medianHoursToWin: '412.50',
        exits: {
          forward: 0,
          back: 0,
          lost: 0,
          won: 0,
        },
        standing: {
          deals: 0,
          withoutAmount: 0,
          expectedKopecks: 0,
        },
        potentialKopecks: 12500000,
        potentialOf: 'company',
        winsLost: '4.20',
      },
    ],
    bottleneck: 'first-contact',
    potentialKopecks: 0,
    withoutAmount: 0,
    withoutConversion: 1,
    forecast: {
      kopecks: 0,
      signedKopecks: 0,
      expectedKopecks: 0,
      expected: 0,
      later: 0,
      overdue: 0,
      unknown: 1,
    },
    velocityKopecksPerDay: 812500,
    winRate: {
      numerator: 21,
      denominator: 42,
      percent: '50.00',
      small: false,
      lower: '35.52',
      upper: '64.48',
    },
    losses: [
      {
        step: 'first-contact',
        reason: 'price',
        deals: 3,
      },
    ],
    ageing: [
      {
        days: '0–29',
        deals: 1,
      },
    ],
  },
  FunnelDecomposition: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      routeMap: 'automation',
      period: '2009-08',
      filters: {},
      wins: 10,
    },
    additive: true,
    goalWins: 10,
    signedWins: 2,
    missingWins: 8,
    bars: [
      {
        step: 'first-contact',
        name: 'First contact',
        rank: 1,
        toNext: {
          numerator: 21,
          denominator: 42,
          percent: '50.00',
          small: false,
          lower: '35.52',
          upper: '64.48',
        },
        standing: 8,
        needed: 22,
      },
    ],
  },
};
