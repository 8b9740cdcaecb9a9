import {
  type AnyEvent,
  type Written,
  type WrittenUnion,
  type Role,
  validateBody,
  factsAtOnce,
  type FactRefs,
  type FoundFacts,
  payrollRef,
  type ThingRef,
} from '@voronka/kernel';
import fc from 'fast-check';
import { metadataAt, recorded } from '../../kernel/src/testing.js';
import { salesThings } from './registry.js';
import { portraitExample } from './portrait/portrait.commands.js';
import { exampleRouteMap } from './route-map/route-map.example.js';

const NOW = '2009-08-10T07:00:00.000Z';

interface Sending {
  /** Instead of the example. */
  readonly body?: object;
  readonly person?: string;
  readonly roles?: readonly Role[];
}

/** A company in memory: streams of events, and commands decided on their folds. */
class House {
  readonly streams = new Map<string, Written[]>();
  readonly used = new Set<string>();

  state(category: string, id: string): unknown {
    const { decider } = thingOf(category);
    const events = this.streams.get(`${category}-${id}`) ?? [];
    return events.reduce(
      (state, event) => decider.evolve(state, event as WrittenUnion<AnyEvent>),
      decider.initialState(),
    );
  }

  private found(refs: FactRefs): FoundFacts {
    const one = ({ category, id }: ThingRef): unknown =>
      // Of the payroll, which is at home in another room, nothing has happened.
      category === payrollRef.category ? undefined : this.state(category, id);
    return Object.fromEntries(
      Object.entries(refs).map(([name, ref]) => [name, 'category' in ref ? one(ref as ThingRef) : ref.map(one)]),
    );
  }

  /** Sends a command with the given body, or with the example of its definition. */
  send(category: string, id: string, type: string, sending: Sending = {}): void {
    const definition = thingOf(category).commands.find((candidate) => candidate.type === type);
    if (definition === undefined) throw new Error(`no command ${type}`);
    if (sending.body === undefined) this.used.add(type);
    const body = validateBody(definition.body, sending.body ?? definition.example);
    const person = sending.person ?? 'ivanova';
    const state = this.state(category, id);
    const roles = sending.roles ?? (['admin'] as const);
    const facts = factsAtOnce(definition, { id, person, roles, now: NOW, body, state }, (refs) => this.found(refs));
    const context = { id, now: NOW, occurredAt: NOW, person, roles, facts };
    const decided = thingOf(category).decider.decide({ type, body }, state, context);
    const stream = `${category}-${id}`;
    const before = this.streams.get(stream) ?? [];
    const next = recorded(decided, { stream, occurredAt: NOW, fromRevision: before.length });
    expect(next).not.toEqual([]);
    this.streams.set(stream, [...before, ...next]);
  }
}

function thingOf(category: string) {
  const thing = salesThings.find((candidate) => candidate.category === category);
  if (thing === undefined) throw new Error(`no thing ${category}`);
  return thing;
}

function livedIn(): House {
  const house = new House();
  const hire = (name: string, roles: string[]) =>
    house.send('employee', name, 'HireEmployee', {
      body: { name, position: 'Seller', departmentId: 'sales', roles, hiredOn: '2009-02-01' },
    });
  house.send('company', 'main', 'ConfigureCompany');
  house.send('calendar', 'main', 'PublishCalendar');
  house.send('department', 'sales', 'CreateDepartment');
  house.send('department', 'key-accounts', 'CreateDepartment', { body: { name: 'Key accounts', parentId: 'sales' } });
  house.send('employee', 'ivanova', 'HireEmployee');
  hire('petrov', ['manager']);
  hire('orlova', ['head']);
  house.send('department', 'sales', 'AppointHead');
  house.send('customer', 'volga-tools', 'RegisterCustomer');
  house.send('customer', 'volga-tools', 'CorrectCustomer');
  house.send('customer', 'volga-tools', 'DescribeCustomer');
  house.send('portrait', 'main', 'PublishPortrait');
  house.send('customer', 'volga-tools', 'AssignSegment');
  house.send('customer', 'volga-tools', 'ReleaseSegment');
  const { fields, segments } = portraitExample;
  const larger = segments.map((segment) =>
    segment.rule === undefined ? segment : { ...segment, rule: 'portrait.employees > 1000' },
  );
  house.send('portrait', 'main', 'PublishPortrait', { body: { fields, segments: larger } });
  house.send('customer', 'volga-tools', 'ApplySegmentRules');
  house.send('questionnaire', 'needs', 'PublishQuestionnaire');
  house.send('customer', 'volga-tools', 'EraseCustomerPersonalData');
  house.send('product', 'trade', 'AddProduct');
  house.send('product', 'trade', 'StateAdvantage');
  house.send('routeMap', 'automation', 'PublishRouteMap');
  house.send('portrait', 'main', 'NotePortraitUse');
  const service = { ...exampleRouteMap, purpose: 'service' };
  house.send('routeMap', 'service', 'PublishRouteMap', { body: service });
  house.send('product', 'trade', 'AssignServiceMap');
  workOnADeal(house);
  workOnAServiceCase(house);
  house.send('reminder', 'r1', 'RaiseReminder');
  house.send('deal', 'old', 'RecordHistory');
  house.send('employee', 'ivanova', 'TransferEmployee');
  house.send('employee', 'petrov', 'RecordAbsence');
  house.send('employee', 'petrov', 'CancelAbsence');
  house.send('employee', 'ivanova', 'DismissEmployee');
  house.send('product', 'trade', 'RetireProduct');
  house.send('routeMap', 'automation', 'RetireRouteMap');
  return house;
}

function workOnADeal(house: House): void {
  const orlova: Sending = { person: 'orlova', roles: ['head'] };
  const offer = (): void => {
    house.send('deal', 'd1', 'CompleteStep', { body: { step: 'analysis' } });
    house.send('deal', 'd1', 'VerifyStep', orlova);
    house.send('deal', 'd1', 'CompleteStep', { body: { step: 'proposal' } });
  };
  house.send('deal', 'd1', 'OpenDeal');
  house.send('routeMap', 'automation', 'PublishRouteMap', { body: { ...exampleRouteMap, name: 'Second' } });
  house.send('deal', 'd1', 'MigrateDeal');
  house.send('deal', 'd1', 'CompleteStep', { body: { step: 'first-contact' } });
  house.send('deal', 'd1', 'CorrectStep');
  house.send('deal', 'd1', 'CompleteStep');
  house.send('deal', 'd1', 'SkipStep', orlova);
  offer();
  house.send('deal', 'd1', 'RecordActivity');
  house.send('deal', 'd1', 'CorrectActivity');
  house.send('deal', 'd1', 'RecordActivity', { body: { kind: 'call', activityId: 'call-1' } });
  house.send('deal', 'd1', 'VoidActivity');
  for (const type of ['PlanActivity', 'RescheduleActivity', 'CancelActivity']) house.send('deal', 'd1', type);
  house.send('deal', 'd1', 'ReturnDeal');
  house.send('deal', 'd1', 'LoseDeal');
  house.send('deal', 'd1', 'ReopenDeal');
  offer();
  house.send('deal', 'd1', 'VoidStep');
  house.send('deal', 'd1', 'CompleteStep', { body: { step: 'first-contact' } });
  house.send('deal', 'd1', 'ReassignDeal');
  for (const type of ['ReviseDeal', 'ShareCredit', 'SignContract', 'AmendContract', 'RecordPayment']) {
    house.send('deal', 'd1', type);
  }
  for (const type of ['ReversePayment', 'TerminateContract', 'VoidContract']) house.send('deal', 'd1', type);
}

function workOnAServiceCase(house: House): void {
  const send = (type: string, sending?: Sending): void => house.send('serviceCase', 's1', type, sending);
  const petrov: Sending = { person: 'petrov', roles: ['manager'] };
  send('OpenServiceCase');
  const service = { ...exampleRouteMap, purpose: 'service', name: 'Second' };
  house.send('routeMap', 'service', 'PublishRouteMap', { body: service });
  send('MigrateServiceCase');
  send('CompleteStep', { body: { step: 'first-contact' } });
  send('CorrectStep');
  send('ReturnServiceCase');
  send('CompleteStep', { body: { step: 'first-contact' } });
  send('CompleteStep');
  for (const type of ['PlanActivity', 'RescheduleActivity', 'CancelActivity', 'RecordActivity']) send(type);
  send('ReassignServiceCase');
  send('CloseServiceCase', petrov);
  send('ReopenServiceCase', petrov);
}

describe('the examples of the documentation', () => {
  const house = livedIn();

  it('are accepted one after another in a company that was just set up, all of them', () => {
    const all = salesThings.flatMap(({ commands }) => commands.map(({ type }) => type));
    expect([...house.used].sort()).toEqual([...new Set(all)].sort());
  });

  it('win the deal, and lose it with its contract', () => {
    const events = house.streams.get('deal-d1')?.map(({ type }) => type);
    expect(events).toContain('ContractSigned');
    const contracts = [{ contractId: 'c-117', status: 'voided' }];
    expect(house.state('deal', 'd1')).toMatchObject({ status: 'lost', ownerId: 'petrov', money: { contracts } });
  });
});

describe('folding', () => {
  const streams = [...livedIn().streams.values()];
  const everything = streams.flat();

  it('takes the events of a thing in any order and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...streams).chain((events) => fc.shuffledSubarray(events)),
        (events) => {
          const [first] = events;
          if (first === undefined) return;
          const { decider } = thingOf(first.stream.slice(0, first.stream.indexOf('-')));
          const fold = () =>
            events.reduce((state, event) => decider.evolve(state, event as never), decider.initialState());
          expect(fold).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves alone what it does not know', () => {
    for (const { decider, category } of salesThings) {
      const metadata = metadataAt(NOW);
      const strange = everything.map((event) => ({ ...event, metadata, type: 'SomethingOfTomorrow' }));
      const state = strange.reduce((before, event) => decider.evolve(before, event as never), decider.initialState());
      expect({ category, state }).toEqual({ category, state: decider.initialState() });
    }
  });

  it('changes no state in place', () => {
    for (const events of streams) {
      const { decider } = thingOf(events[0]?.stream.split('-')[0] ?? '');
      const states = [decider.initialState()];
      const shown: string[] = [JSON.stringify(states[0])];
      for (const event of events) {
        const next = decider.evolve(states.at(-1), event as never);
        states.push(next);
        shown.push(JSON.stringify(next));
      }
      expect(states.map((state) => JSON.stringify(state))).toEqual(shown);
    }
  });
});
