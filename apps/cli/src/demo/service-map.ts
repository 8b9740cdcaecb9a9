import { startOfLocalDay } from '@voronka/kernel';
import type { RouteMapDocument } from '@voronka/sales';
import { type products, ZONE } from './company.js';

// What follows a sale: a map of its own, of purpose service.

export const SERVICE_MAP_ID = 'introduction';

/** What is sold with it is introduced at the customer's: winning opens a service case. */
export const servedProducts: readonly (typeof products)[number]['id'][] = ['trade', 'warehouse'];

export const serviceMap: RouteMapDocument = {
  name: 'Introduction at the customer',
  purpose: 'service',
  stages: [{ code: 'introduction', name: 'Introduction' }],
  lossReasons: [{ code: 'given-up', name: 'The customer gave it up', countsAsLoss: true }],
  steps: [
    {
      code: 'set-up',
      name: 'Set up at the customer',
      stage: 'introduction',
      kind: 'other',
      funnelRank: 1,
      mandatory: true,
      after: [],
      normWorkingHours: 80,
      roles: [],
      form: [],
    },
    {
      code: 'training',
      name: 'People trained',
      stage: 'introduction',
      kind: 'other',
      funnelRank: 2,
      mandatory: true,
      after: ['set-up'],
      roles: [],
      form: [],
    },
  ],
};

/** From then on there is a second version of it. */
export const NEW_SERVICE_MAP_AT = startOfLocalDay('2026-03-16', ZONE);

/** People are trained within a week of the setting up. */
export const newServiceMap: RouteMapDocument = {
  ...serviceMap,
  steps: serviceMap.steps.map((step) =>
    step.code === 'training'
      ? { ...step, normWorkingHours: 40, guidance: 'Train those who will do the work, not those who ordered it.' }
      : step,
  ),
};
