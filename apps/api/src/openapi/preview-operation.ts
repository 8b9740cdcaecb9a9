import { refusalsOfCommands } from './responses.js';
import { type Json, refTo } from './schemas.js';

const HASH = '7d1a1f0f2b0c5d3e4f60718293a4b5c6d7e8f9000112233445566778899aabbc';

const request: Json = {
  thing: 'plans',
  id: 'raise-contacts',
  command: 'revise-plan',
  body: {
    cells: [
      {
        indicator: 'first_contacts',
        owner: { kind: 'employee', id: 'ivanova' },
        period: '2009-08',
        change: 'replace',
        value: 45,
      },
    ],
    reason: 'Too few first contacts',
  },
};

const answer: Json = {
  preview: `${HASH}@5120`,
  hash: HASH,
  k: '5120',
  zone: 'Europe/Samara',
  events: ['PlanRevised'],
  totals: { beforeKopecks: 3_780_000, afterKopecks: 3_150_000 },
  others: 0,
  proposedHash: null,
  countings: 6,
  rulesEvaluated: 6,
  people: [
    {
      employeeId: 'ivanova',
      months: [
        {
          month: '2009-08',
          closed: false,
          beforeKopecks: 3_780_000,
          afterKopecks: 3_150_000,
          rules: [
            {
              rule: 'R1',
              name: 'First contacts',
              period: '2009-08',
              before: { status: 'PAID', actual: '42', target: '40', amountKopecks: 630_000 },
              after: { status: 'GATE_FAILED', actual: '42', target: '45', amountKopecks: 0 },
            },
          ],
        },
      ],
      statement: null,
    },
  ],
};

/** `POST /v1/previews`. */
export const previewOperation: Json = {
  operationId: 'PreviewCommand',
  tags: ['queries'],
  summary: 'What a command would do to pay, by person, month and rule, before and after. Nothing is recorded.',
  description: 'Roles: those of the command. It is refused as the command would be.',
  requestBody: {
    required: true,
    content: { 'application/json': { schema: refTo('PreviewRequest'), example: request } },
  },
  responses: {
    '200': {
      description: 'The answer; `preview` is what the command sends as Voronka-Preview',
      content: { 'application/json': { schema: { type: 'object' }, example: answer } },
    },
    ...refusalsOfCommands,
  },
};
