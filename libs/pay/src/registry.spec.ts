import { type AnyEvent, type Recorded, type Role, ROLES, validateBody } from '@voronka/kernel';
import fc from 'fast-check';
import { metadataAt, recorded } from '../../kernel/src/testing.js';
import { payThings } from './registry.js';
import { NOW, Shop, thingOf } from './testing/shop.js';

const commands = payThings.flatMap((thing) => thing.commands.map((command) => ({ thing, command })));

/** Who may send which command. */
const TABLE: Readonly<Record<string, string>> = {
  DefineIndicator: 'admin service director',
  ReviseIndicator: 'admin service director',
  RetireIndicator: 'admin service director',
  AssignPlan: 'admin service head director',
  RevisePlan: 'admin service head director',
  WithdrawPlan: 'admin service head director',
  ProposePlanChange: 'admin service head director',
  ApprovePlanChange: 'admin service director',
  RejectPlanChange: 'admin service director',
  PublishPayRegulation: 'admin service director',
  ProposePayRegulation: 'admin service director',
  ApprovePayRegulation: 'admin service director',
  RejectPayRegulation: 'admin service director',
  RetirePayRegulation: 'admin service director',
  ClosePeriod: 'admin service payroll',
  StopClosing: '',
  CompleteClosing: '',
  MarkPaid: 'admin service payroll',
  ReopenPeriod: 'admin service payroll',
  ApproveReopening: 'admin service director payroll',
  RejectReopening: 'admin service director payroll',
  PostManualAdjustment: 'admin service payroll',
  ApproveManualAdjustment: 'admin service director payroll',
  RejectManualAdjustment: 'admin service director payroll',
  OpenDispute: 'admin service manager head director payroll',
  ResolveDispute: 'admin service director payroll',
  IssueStatement: '',
};

describe('the registry', () => {
  it.each(commands.map(({ command }) => [command.type, command] as const))('%s has a valid example', (_, command) => {
    expect(validateBody(command.body, command.example)).toBeInstanceOf(command.body);
  });

  it('routes are the command in kebab case, and each is named once', () => {
    for (const { command } of commands) {
      expect(command.route).toBe(command.type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase());
    }
    expect(new Set(commands.map(({ command }) => command.type)).size).toBe(commands.length);
  });

  it('the examples are accepted one after another', () => {
    const shop = new Shop();
    for (const { thing, command } of commands) {
      expect(shop.send(`${thing.category}-x`, command.type, command.example)).not.toEqual([]);
    }
  });
});

describe('command × role', () => {
  it('has a line for every command', () => {
    expect(commands.map(({ command }) => command.type).sort()).toEqual(Object.keys(TABLE).sort());
  });

  const cells = commands.flatMap(({ command: { type, roles } }) =>
    ROLES.map((role: Role) => ({ type, role, may: roles.includes(role) })),
  );
  it.each(cells)('$type by $role', ({ type, role, may }) => {
    expect(may).toBe(TABLE[type]?.split(' ').includes(role) ?? false);
  });
});

describe('folding', () => {
  const shop = new Shop();
  for (const { thing, command } of commands) shop.send(`${thing.category}-x`, command.type, command.example);
  const streams = [...shop.streams.values()];

  it('takes the events of a thing in any order and never throws', () => {
    const shuffled = fc.constantFrom(...streams).chain((events) => fc.shuffledSubarray([...events]));
    fc.assert(
      fc.property(shuffled, (events: Recorded[]) => {
        const [first] = events;
        if (first === undefined) return;
        const { decider } = thingOf(first.stream.slice(0, first.stream.indexOf('-')));
        expect(() =>
          events.reduce((state, event) => decider.evolve(state, event), decider.initialState()),
        ).not.toThrow();
      }),
    );
  });

  it('leaves alone what it does not know', () => {
    const strange: AnyEvent = { type: 'SomethingOfTomorrow', data: {} };
    for (const { decider, category } of payThings) {
      const [event] = recorded([strange], { stream: `${category}-x`, occurredAt: NOW, metadata: metadataAt(NOW) });
      if (event === undefined) throw new Error('nothing recorded');
      expect(decider.evolve(decider.initialState(), event)).toEqual(decider.initialState());
    }
  });
});
