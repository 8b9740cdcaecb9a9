import type { Json } from './schemas.js';

/** What activity and steps done look like in a small department, by query; arrays are cut short. */
export const workAnswers: Readonly<Record<string, Json>> = {
  Activity: {
    k: '9',
    at: '2009-08-03T13:00:00.000Z',
    zone: 'Europe/Moscow',
    params: { filters: {} },
    additive: true,
    rows: [
      {
        slices: [{ by: 'performer', value: 'ivanova', label: 'Anna Ivanova', kind: 'person' }],
        bucket: null,
        done: 1,
        next: { followed: 0, matured: 0, pending: 1, percent: null, small: true, lower: null, upper: null },
        won: 0,
        activitiesPerWin: null,
        doneOnWon: 0,
        activitiesOnWon: null,
      },
    ],
    totals: [],
    total: {
      slices: [],
      bucket: null,
      done: 1,
      next: { followed: 0, matured: 0, pending: 1, percent: null, small: true, lower: null, upper: null },
      won: 0,
      activitiesPerWin: null,
      doneOnWon: 0,
      activitiesOnWon: null,
    },
    zeroRows: true,
  },
  ActivityDrill: {
    k: '9',
    at: '2009-08-03T13:15:00.000Z',
    zone: 'Europe/Moscow',
    params: { figure: 'activity', params: { filters: {} }, part: 'done', place: {} },
    additive: true,
    count: 1,
    items: [
      { dealId: 'd1', occurredAt: '2009-08-03T11:00:00.000Z', eventIds: ['6b86b273-ff34-8ce1-9d6b-804eff5a3f57'] },
    ],
  },
  Steps: {
    k: '9',
    at: '2009-08-03T13:30:00.000Z',
    zone: 'Europe/Moscow',
    params: { routeMap: 'automation', filters: {} },
    additive: true,
    rows: [
      {
        slices: [{ by: 'performer', value: 'ivanova', label: 'Anna Ivanova', kind: 'person' }],
        bucket: null,
        steps: [
          {
            step: 'first-contact',
            name: 'First contact',
            done: 1,
            next: { followed: 0, matured: 0, pending: 1, percent: null, small: true, lower: null, upper: null },
          },
          {
            step: 'questionnaire',
            name: 'Questionnaire',
            done: 0,
            next: { followed: 0, matured: 0, pending: 0, percent: null, small: true, lower: null, upper: null },
          },
        ],
        done: 1,
      },
    ],
    totals: [],
    total: {
      slices: [],
      bucket: null,
      steps: [
        {
          step: 'first-contact',
          name: 'First contact',
          done: 1,
          next: { followed: 0, matured: 0, pending: 1, percent: null, small: true, lower: null, upper: null },
        },
        {
          step: 'questionnaire',
          name: 'Questionnaire',
          done: 0,
          next: { followed: 0, matured: 0, pending: 0, percent: null, small: true, lower: null, upper: null },
        },
      ],
      done: 1,
    },
    zeroRows: true,
  },
  StepsDrill: {
    k: '9',
    at: '2009-08-03T13:45:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      figure: 'stepActivity',
      params: { routeMap: 'automation', filters: {} },
      step: 'first-contact',
      part: 'done',
      place: {},
    },
    additive: true,
    count: 1,
    items: [
      { dealId: 'd1', occurredAt: '2009-08-03T10:30:00.000Z', eventIds: ['5feceb66-ffc8-8f38-9952-786c6d696c79'] },
    ],
  },
};
