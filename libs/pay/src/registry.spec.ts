import { type AnyEvent, type Written, type Role, ROLES, validateBody } from '@voronka/kernel';
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
  ProposePayRegulationRetirement: 'admin service director',
  ClosePeriod: 'admin service payroll',
  StopClosing: '',
  CompleteClosing: '',
  FailClosing: '',
  ResumeClosing: 'admin service payroll',
  AbandonClosing: 'admin service payroll',
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

  it.each(commands.map(({ thing, command }) => [command.type, thing, command] as const))(
    'the example of %s is accepted in its place',
    (type, thing, command) => {
      const shop = shopFor(type);
      expect(shop.send(streamFor(thing.category), type, command.example, 'petrov')).not.toEqual([]);
    },
  );
});

/** Stream that the examples of a thing are sent to. */
function streamFor(category: string): string {
  if (category === 'payRegulation' || category === 'payroll') return `${category}-main`;
  return category === 'statement' ? 'statement-2009-08.x' : `${category}-x`;
}

/** What must have happened for a command's example to be accepted: the examples before it, sent by somebody else. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  ReviseIndicator: ['DefineIndicator'],
  RetireIndicator: ['DefineIndicator'],
  ApprovePlanChange: ['ProposePlanChange'],
  RejectPlanChange: ['ProposePlanChange'],
  ApprovePayRegulation: ['ProposePayRegulation'],
  RejectPayRegulation: ['ProposePayRegulation'],
  RetirePayRegulation: ['PublishPayRegulation'],
  ProposePayRegulationRetirement: ['PublishPayRegulation'],
  StopClosing: ['ClosePeriod'],
  CompleteClosing: ['ClosePeriod'],
  FailClosing: ['ClosePeriod'],
  ResumeClosing: ['ClosePeriod', 'FailClosing'],
  AbandonClosing: ['ClosePeriod', 'FailClosing'],
  MarkPaid: ['ClosePeriod', 'CompleteClosing'],
  ReopenPeriod: ['ClosePeriod', 'CompleteClosing'],
  ApproveReopening: ['ClosePeriod', 'CompleteClosing', 'ReopenPeriod'],
  RejectReopening: ['ClosePeriod', 'CompleteClosing', 'ReopenPeriod'],
  ApproveManualAdjustment: ['PostManualAdjustment'],
  RejectManualAdjustment: ['PostManualAdjustment'],
  ResolveDispute: ['OpenDispute'],
};

function shopFor(type: string): Shop {
  const shop = new Shop({
    'company-main': { status: 'configured', zone: 'Europe/Samara', firstPayrollPeriod: '2009-08' },
    'employee-ivanova': { status: 'employed' },
  });
  shop.now = '2009-09-10T07:00:00.000Z';
  const define = commands.find(({ command }) => command.type === 'DefineIndicator')?.command.example ?? {};
  shop.send('indicator-first_contacts', 'DefineIndicator', define);
  for (const before of BEFORE[type] ?? []) {
    const found = commands.find(({ command }) => command.type === before);
    if (found === undefined) throw new Error(`no command ${before}`);
    shop.send(streamFor(found.thing.category), before, found.command.example, 'sidorova');
  }
  return shop;
}

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
  const streams = commands.flatMap(({ thing, command }) => {
    const shop = shopFor(command.type);
    shop.send(streamFor(thing.category), command.type, command.example, 'petrov');
    return [...shop.streams.values()];
  });

  it('takes the events of a thing in any order and never throws', () => {
    const shuffled = fc.constantFrom(...streams).chain((events) => fc.shuffledSubarray([...events]));
    fc.assert(
      fc.property(shuffled, (events: Written[]) => {
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
