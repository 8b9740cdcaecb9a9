import type { Json } from './schemas.js';

/** What every list is answered in, as of an instant. */
function listed(at: string, items: readonly Json[]): Json {
  return { k: '9', at, zone: 'Europe/Moscow', params: {}, additive: true, count: items.length, items };
}

/** Reference data of a small department, by query; arrays are cut short. */
export const referenceAnswers: Readonly<Record<string, Json>> = {
  Departments: listed('2009-08-03T14:45:00.000Z', [
    { departmentId: 'sales', name: 'Sales', parentId: null, headId: null },
  ]),
  Employees: listed('2009-08-03T15:00:00.000Z', [
    {
      employeeId: 'ivanova',
      name: 'Anna Ivanova',
      robot: false,
      hiredOn: '2009-02-01',
      dismissedOn: null,
      departmentId: 'sales',
      position: 'Sales manager',
    },
  ]),
  Customers: listed('2009-08-03T15:15:00.000Z', [
    {
      customerId: 'volga-tools',
      kind: 'company',
      name: 'Volga Tools',
      source: 'exhibition',
      segment: 'medium',
      portrait: { industry: 'machinery', employees: '120', exports: 'unknown' },
      sharesWith: ['volga-tools-2'],
    },
  ]),
  CustomerDuplicates: listed('2009-08-03T15:15:00.000Z', [
    {
      kind: 'phone',
      customers: [
        { customerId: 'volga-tools', name: 'Volga Tools' },
        { customerId: 'volga-tools-2', name: 'Volga Tools Ltd' },
      ],
    },
  ]),
  Portraits: listed('2009-08-03T15:15:00.000Z', [
    {
      portraitId: 'main',
      version: 1,
      fields: [
        {
          code: 'industry',
          name: 'Industry',
          type: 'choice',
          required: false,
          options: [{ code: 'machinery', name: 'Machinery' }],
        },
      ],
      segments: [{ code: 'large', name: 'Large', rule: 'portrait.employees > 250' }],
    },
  ]),
  Questionnaires: listed('2009-08-03T15:15:00.000Z', [
    {
      questionnaireId: 'needs',
      version: 1,
      name: 'Needs of the customer',
      fields: [{ code: 'need', name: 'What is to be automated', type: 'text', required: true, maximum: 2000 }],
    },
  ]),
  Absences: listed('2009-08-12T15:20:00.000Z', [
    {
      employeeId: 'ivanova',
      absenceId: 'vacation-2009',
      kind: 'vacation',
      firstDay: '2009-08-10',
      lastDay: '2009-08-21',
      now: true,
    },
  ]),
  Calendars: listed('2009-08-03T15:20:00.000Z', [
    {
      calendarId: 'main',
      version: 1,
      weeklyHours: { 1: [{ from: '09:00', to: '13:00' }] },
      days: [{ date: '2009-06-12', kind: 'off' }],
      years: [{ year: 2009, source: 'Order of the director' }],
    },
  ]),
  Reminders: listed('2009-08-03T15:20:00.000Z', [
    {
      reminderId: '7c9e6679f7425de944e72abb19e08c11',
      subject: 'deal',
      subjectId: 'd1',
      about: 'step',
      step: 'analysis',
      activityId: null,
      dueAt: '2009-08-03T09:00:00.000Z',
      level: 'performer',
      employeeId: 'ivanova',
      raisedAt: '2009-08-03T09:00:21.000Z',
      eventId: '5f2b7c1e-8d4a-8c3e-9b1a-3f6d2e7a9c04',
    },
  ]),
  Products: listed('2009-08-03T15:30:00.000Z', [
    { productId: 'trade', name: 'Trade management', line: 'trade', retired: false, serviceMapId: 'b2b-service' },
  ]),
  RouteMaps: listed('2009-08-03T15:45:00.000Z', [
    {
      routeMap: 'automation',
      version: 1,
      name: 'Sale of automation',
      purpose: 'sale',
      steps: [
        {
          step: 'first-contact',
          name: 'First contact',
          stage: 'acquaintance',
          kind: 'contact',
          rank: 1,
          mandatory: true,
        },
        {
          step: 'questionnaire',
          name: 'Questionnaire',
          stage: 'acquaintance',
          kind: 'questionnaire',
          rank: 2,
          mandatory: true,
        },
      ],
    },
  ]),
  RouteMap: {
    k: '9',
    at: '2009-08-03T15:45:00.000Z',
    zone: 'Europe/Moscow',
    routeMap: 'automation',
    version: 1,
    eventId: '1c3f5b8e-6a2d-8f4c-9b7e-2d8a4c6e1f30',
    occurredAt: '2009-08-03T09:00:00.000Z',
    recordedAt: '2009-08-03T09:00:00.012Z',
    document: {
      name: 'Sale of automation',
      purpose: 'sale',
      stages: [{ code: 'acquaintance', name: 'Acquaintance' }],
      lossReasons: [{ code: 'price', name: 'Too dear', countsAsLoss: true }],
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
          form: [{ code: 'interested', name: 'Is there an interest?', type: 'yesNo', required: true }],
        },
      ],
    },
    versions: [
      {
        version: 1,
        eventId: '1c3f5b8e-6a2d-8f4c-9b7e-2d8a4c6e1f30',
        occurredAt: '2009-08-03T09:00:00.000Z',
        recordedAt: '2009-08-03T09:00:00.012Z',
      },
    ],
    retired: null,
  },
};
