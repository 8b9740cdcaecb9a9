import type { Json } from './schemas.js';

/** What the indicators of a small department look like, by query. */
export const indicatorAnswers: Readonly<Record<string, Json>> = {
  Indicators: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [
      {
        code: 'deals_won',
        name: {
          ru: 'Выигранные сделки',
          en: 'Deals won',
        },
        measure: 'deals',
        unit: 'count',
        retired: false,
        versions: [
          {
            version: 1,
            effectiveFrom: null,
            definition: {
              name: {
                en: 'Deals won',
                ru: 'Выигранные сделки',
              },
              unit: 'count',
              event: 'won',
              better: 'higher',
              credit: {
                by: 'owner',
              },
              filters: {},
              measure: 'deals',
              description: {
                en: 'Deals closed by a contract in the period and not reopened since',
                ru: 'Сделки, закрытые договором за период, если их не открыли снова',
              },
              resultIndicator: null,
            },
          },
        ],
      },
    ],
  },
  IndicatorFigures: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      indicators: ['deals_won'],
      results: true,
      period: '2009-08',
      filters: {},
    },
    additive: true,
    indicators: [
      {
        code: 'deals_won',
        name: {
          en: 'Deals won',
          ru: 'Выигранные сделки',
        },
        unit: 'count',
        better: 'higher',
        definitions: ['deals_won@1'],
        resultIndicator: null,
        additive: true,
        notBy: [],
        calendarAssumed: [],
      },
    ],
    rows: [
      {
        slices: [],
        bucket: null,
        figures: {
          deals_won: {
            value: 0,
            numerator: null,
            denominator: null,
            pending: null,
            sample: null,
          },
        },
      },
    ],
    totals: [],
    total: {
      slices: [],
      bucket: null,
      figures: {
        deals_won: {
          value: 0,
          numerator: null,
          denominator: null,
          pending: null,
          sample: null,
        },
      },
    },
    zeroRows: true,
  },
  IndicatorFiguresDrill: {
    k: '8',
    at: '2009-08-31T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      indicator: 'deals_won',
      part: 'numerator',
      period: '2009-08',
      filters: {},
      place: {
        slices: {},
      },
    },
    additive: true,
    definition: 'deals_won@1',
    count: 1,
    sum: '1',
    items: [
      {
        dealId: 'd1',
        occurredAt: '2009-08-20T10:00:00.000Z',
        eventIds: ['5f2b7c1e-8d4a-8c3e-9b1a-3f6d2e7a9c04'],
      },
    ],
  },
};
