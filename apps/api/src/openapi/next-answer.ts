import type { Json } from './schemas.js';

const migration = {
  dealId: 'd1',
  k: '8',
  routeMap: 'automation',
  fromVersion: 1,
  toVersion: 1,
  becomesMissing: [],
  noLongerMissing: [],
  leavesTheMap: [],
  noLongerApplies: [],
  undecided: [
    {
      step: 'survey',
      when: "answers.questionnaire.office = 'large'",
      missing: [{ operand: 'answers.questionnaire.office', status: 'pending' }],
    },
  ],
  open: {
    before: [{ code: 'questionnaire', name: 'Questionnaire' }],
    after: [{ code: 'questionnaire', name: 'Questionnaire' }],
  },
  leavesAwaiting: [],
};

/** What is to be done in a small department; arrays are cut short. */
export const nextAnswer: Readonly<Record<string, Json>> = {
  DealMigration: migration,
  ServiceCaseMigration: { ...migration, dealId: 's1', routeMap: 'service' },
  DealNext: {
    dealId: 'd1',
    at: '2009-08-03T14:15:00.000Z',
    zone: 'Europe/Moscow',
    k: '8',
    routeMap: 'automation',
    version: 1,
    ownerId: 'ivanova',
    status: 'open',
    open: [
      {
        code: 'questionnaire',
        name: 'Questionnaire',
        stage: 'acquaintance',
        kind: 'questionnaire',
        mandatory: true,
        since: '2009-08-03T11:00:00.000Z',
        dueAt: '2009-08-05T11:00:00.000Z',
        overdue: false,
        dueAssumed: true,
        form: [
          {
            code: 'office',
            name: 'Workplaces',
            type: 'choice',
            required: true,
            options: [
              {
                code: 'small',
                name: 'Up to 15 workplaces',
              },
              {
                code: 'large',
                name: 'More',
              },
              {
                code: 'unknown',
                name: 'Not known',
              },
            ],
          },
        ],
        roles: ['manager'],
        verificationRole: null,
        guidance: {
          text: 'Ask how the stock is counted today before you speak of the product.',
          forSegment: null,
        },
        repeat: false,
        sentBack: false,
      },
    ],
    awaiting: [],
    blocked: [
      {
        code: 'survey',
        name: 'Survey of the workplaces',
        stage: 'acquaintance',
        kind: 'gathering',
        mandatory: true,
        since: null,
        dueAt: null,
        overdue: false,
        dueAssumed: false,
        missingSteps: ['questionnaire'],
        undecided: {
          when: "answers.questionnaire.office = 'large'",
          missing: [
            {
              operand: 'answers.questionnaire.office',
              status: 'pending',
            },
          ],
        },
        missingEvidence: [
          {
            kind: 'visit',
            count: 1,
            recorded: 0,
          },
        ],
      },
    ],
    notApplicable: [],
    done: ['first-contact'],
    skipped: [],
    advantages: [],
    contract: {
      ready: false,
      missing: ['questionnaire', 'analysis', 'proposal'],
      undecided: [
        {
          step: 'survey',
          when: "answers.questionnaire.office = 'large'",
          missing: [
            {
              operand: 'answers.questionnaire.office',
              status: 'pending',
            },
          ],
        },
      ],
    },
  },
  Worklist: {
    k: '9',
    at: '2009-09-21T14:15:00.000Z',
    zone: 'Europe/Moscow',
    params: {
      filters: {},
    },
    additive: true,
    awaiting: [
      {
        dealId: 'd1',
        step: 'analysis',
        completionId: '5f2b7c1e-8d4a-8c3e-9b1a-3f6d2e7a9c04',
        performerId: 'ivanova',
        ownerId: 'ivanova',
        since: '2009-08-04T09:00:00.000Z',
      },
    ],
    stuck: [
      {
        dealId: 'd1',
        ownerId: 'ivanova',
        step: 'first-contact',
        days: 49,
        since: '2009-08-03T11:00:00.000Z',
      },
    ],
    silent: [
      {
        customerId: 'volga-tools',
        name: 'Volga Tools',
        inWork: true,
        dealId: 'd1',
        ownerId: 'ivanova',
        lastAt: '2009-08-03T11:00:00.000Z',
      },
    ],
    missed: [
      {
        dealId: 'd1',
        ownerId: 'ivanova',
        activityId: 'call-2',
        kind: 'call',
        topic: 'Terms of delivery',
        performerId: 'ivanova',
        dueAt: '2009-08-07T08:00:00.000Z',
      },
    ],
    withoutNextActivity: [{ dealId: 'd2', ownerId: 'ivanova', step: null, openedAt: '2009-08-03T10:00:00.000Z' }],
    overdue: [
      {
        dealId: 'd1',
        ownerId: 'ivanova',
        step: 'questionnaire',
        name: 'Questionnaire',
        since: '2009-08-03T11:00:00.000Z',
        dueAt: '2009-08-05T11:00:00.000Z',
        dueAssumed: true,
      },
    ],
    lookedAt: 1,
    openDeals: 1,
  },
};
