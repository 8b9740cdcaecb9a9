import type { RouteMapDocument } from './route-map.document.js';

const office = [
  { code: 'small', name: 'Up to 15 workplaces' },
  { code: 'large', name: 'More' },
  { code: 'unknown', name: 'Not known' },
];

/** A small map that shows every part of the document; the example of the documentation and of the tests. */
export const exampleRouteMap: RouteMapDocument = {
  name: 'Sale of automation',
  purpose: 'sale',
  stages: [
    { code: 'acquaintance', name: 'Getting to know' },
    { code: 'offer', name: 'Offer' },
  ],
  lossReasons: [
    { code: 'price', name: 'Too dear', countsAsLoss: true },
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
      roles: [],
      form: [],
    },
    {
      code: 'questionnaire',
      name: 'Questionnaire',
      stage: 'acquaintance',
      kind: 'questionnaire',
      funnelRank: 2,
      mandatory: true,
      after: ['first-contact'],
      roles: ['manager'],
      form: [
        { code: 'office', name: 'Workplaces', type: 'choice', required: true, options: office },
        { code: 'budget', name: 'Budget', type: 'money', required: false, minimum: 0 },
        { code: 'decider', name: 'Who decides', type: 'text', required: false, personal: true, maximum: 200 },
      ],
      normWorkingHours: 16,
      guidance: 'Ask how the stock is counted today before you speak of the product.',
    },
    {
      code: 'analysis',
      name: 'Analysis of the questionnaire',
      stage: 'acquaintance',
      kind: 'analysis',
      concerns: 'questionnaire',
      mandatory: true,
      after: ['questionnaire'],
      roles: ['analyst', 'manager'],
      form: [],
      verification: { role: 'head' },
    },
    {
      code: 'meeting',
      name: 'Meeting',
      stage: 'offer',
      kind: 'meeting',
      funnelRank: 3,
      mandatory: false,
      after: ['first-contact'],
      roles: [],
      form: [],
    },
    {
      code: 'proposal',
      name: 'Proposal',
      stage: 'offer',
      kind: 'proposal',
      funnelRank: 4,
      mandatory: true,
      after: ['analysis'],
      roles: ['manager'],
      form: [],
    },
  ],
};
