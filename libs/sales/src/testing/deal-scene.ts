import { type Decided, type DecisionContext, normaliseInstant, type Role, validateBody } from '@voronka/kernel';
import { recorded, specification } from '../../../kernel/src/testing.js';
import type { DealCommand } from '../deal/deal.commands.js';
import { dealDecider } from '../deal/deal.decider.js';
import { dealCommands } from '../deal/deal.definitions.js';
import type { ActivityRecorded, DealEvent, DealOpened, StepCompleted } from '../deal/deal.events.js';
import type { DealFacts } from '../deal/deal.facts.js';
import type { DealState } from '../deal/deal.state.js';
import { factsFrom, world, type World } from './world.js';

/** Monday, 10 August 2009, noon in Samara. */
export const NOW = '2009-08-10T07:00:00.000Z';
/** When the deals of the specifications were opened: the Monday before. */
export const OPENED_AT = '2009-08-03T07:00:00.000Z';
export const DEAL = 'd1';

export interface Sender {
  readonly person?: string | null;
  readonly roles?: readonly Role[];
  readonly now?: string;
  readonly world?: World;
}

/** A command as the API would make it: a validated body, with the facts that its definition asks for. */
export function commandOn(
  type: DealCommand['type'],
  plain: object,
  state: DealState,
  sender: Sender = {},
): { command: DealCommand; context: DecisionContext<DealFacts> } {
  const definition = dealCommands.find((candidate) => candidate.type === type);
  if (definition === undefined) throw new Error(`no command ${type}`);
  const body = validateBody(definition.body, plain);
  const person = sender.person === undefined ? 'ivanova' : sender.person;
  const now = sender.now ?? NOW;
  const roles = sender.roles ?? (['manager'] as const);
  const asked = { body, state, id: DEAL, person, roles, now };
  const stated = (plain as { occurredAt?: string }).occurredAt;
  const context = {
    id: DEAL,
    now,
    occurredAt: stated === undefined ? now : normaliseInstant(stated),
    person,
    roles,
    facts: factsFrom(sender.world ?? world, definition, asked) as DealFacts,
  };
  return { command: { type, body } as DealCommand, context };
}

/** `given(opened(), done('first-contact')).when('CompleteStep', { … }).then([…])`; later events happen a minute later. */
export function given(...history: readonly Decided<DealEvent>[]) {
  const timed = history.map((event, index) => ({ ...event, occurredAt: event.occurredAt ?? minutesLater(index) }));
  const events = recorded(timed, { stream: `deal-${DEAL}`, occurredAt: OPENED_AT });
  const scene = specification(dealDecider).given(events.map((event) => ({ ...event, eventId: idOf(event.revision) })));
  return {
    state: scene.state,
    when: (type: DealCommand['type'], plain: object, sender?: Sender) => {
      const { command, context } = commandOn(type, plain, scene.state, sender);
      return scene.when(command, context);
    },
  };
}

function minutesLater(minutes: number): string {
  return OPENED_AT.replace('07:00', `07:${String(minutes).padStart(2, '0')}`);
}

/** Event id that the n-th event of a scene has, from 0. */
export const idOf = (revision: number): string => `e${revision}`;

export function opened(more: Partial<DealOpened['data']> = {}): DealOpened {
  return {
    type: 'DealOpened',
    data: {
      title: null,
      customerId: 'volga-tools',
      routeMapId: 'automation',
      routeMapVersion: 1,
      ownerId: 'ivanova',
      source: null,
      lines: [],
      expectedAmountKopecks: null,
      expectedCloseOn: null,
      ...more,
    },
  };
}

export function done(step: string, more: Partial<StepCompleted['data']> & { occurredAt?: string } = {}) {
  const { occurredAt, ...data } = more;
  const event: StepCompleted = {
    type: 'StepCompleted',
    data: {
      customerId: 'volga-tools',
      step,
      performedBy: 'ivanova',
      answers: {},
      personalAnswers: null,
      awaitsVerification: false,
      lateEntryReason: null,
      ...data,
    },
  };
  return occurredAt === undefined ? event : { ...event, occurredAt };
}

export const skipped = (step: string): DealEvent => ({
  type: 'StepSkipped',
  data: { customerId: 'volga-tools', step, authorisedBy: 'orlova', reason: 'Not needed' },
});

export const returned = (toStep: string, occurredAt?: string): Decided<DealEvent> => ({
  type: 'DealReturned',
  data: { customerId: 'volga-tools', toStep, reason: 'Starts again' },
  ...(occurredAt === undefined ? {} : { occurredAt }),
});

export const verified = (step: string, revision: number): DealEvent => ({
  type: 'StepVerified',
  data: { customerId: 'volga-tools', step, completionId: idOf(revision), verifiedBy: 'orlova' },
});

export const sentBack = (step: string, revision: number): DealEvent => ({
  type: 'StepReturned',
  data: { customerId: 'volga-tools', step, completionId: idOf(revision), returnedBy: 'orlova', reason: 'Too short' },
});

export const signed = (): DealEvent => ({
  type: 'ContractSigned',
  data: {
    customerId: 'volga-tools',
    contractId: 'd1:1',
    number: '117',
    lines: [{ lineId: '1', productId: 'trade', amountKopecks: 100_000 }],
    amountKopecks: 100_000,
  },
});

export const lost = (lossReason = 'price'): DealEvent => ({
  type: 'DealLost',
  data: { customerId: 'volga-tools', lossReason, countsAsLoss: true, note: null },
});

export function called(activityId: string, more: Partial<ActivityRecorded['data']> = {}): ActivityRecorded {
  return {
    type: 'ActivityRecorded',
    data: {
      customerId: 'volga-tools',
      activityId,
      kind: 'call',
      topic: null,
      outcome: null,
      performedBy: 'ivanova',
      durationMinutes: null,
      step: null,
      note: null,
      lateEntryReason: null,
      ...more,
    },
  };
}

/** The whole way to the contract: every mandatory step of the example map done that a small office asks for. */
export const walked = (): readonly DealEvent[] => [
  opened(),
  done('first-contact'),
  done('questionnaire', { answers: { office: 'small' } }),
  done('analysis', { awaitsVerification: true }),
  verified('analysis', 3),
  done('proposal'),
];
