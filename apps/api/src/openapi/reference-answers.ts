import type { Json } from './schemas.js';

/** Reference data of a small department, by query; arrays are cut short. */
export const referenceAnswers: Readonly<Record<string, Json>> = {
  Departments: {
    k: '9',
    at: '2009-08-03T14:45:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [{ departmentId: 'sales', name: 'Sales', parentId: null, headId: null }],
  },
  Employees: {
    k: '9',
    at: '2009-08-03T15:00:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [
      {
        employeeId: 'ivanova',
        name: 'Anna Ivanova',
        robot: false,
        hiredOn: '2009-02-01',
        dismissedOn: null,
        departmentId: 'sales',
        position: 'Sales manager',
      },
    ],
  },
  Customers: {
    k: '9',
    at: '2009-08-03T15:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [{ customerId: 'volga-tools', kind: 'company', name: 'Volga Tools', source: 'exhibition', segment: null }],
  },
  Products: {
    k: '9',
    at: '2009-08-03T15:30:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [
      { productId: 'trade', name: 'Trade management', line: 'trade', retired: false, serviceMapId: 'b2b-service' },
    ],
  },
  RouteMaps: {
    k: '9',
    at: '2009-08-03T15:45:00.000Z',
    zone: 'Europe/Moscow',
    params: {},
    additive: true,
    count: 1,
    items: [
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
    ],
  },
};
