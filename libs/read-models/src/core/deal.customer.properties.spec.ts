import { addWorkingMinutes, plainFiveDayWeek, type Recorded } from '@voronka/kernel';
import { customerDecider, dealDecider, nextOf, portraitOf } from '@voronka/sales';
import type { RouteMapDocument, StepDefinition } from '@voronka/sales/events';
import fc from 'fast-check';
import { coreSet } from '../registry.js';
import { DealLog, funnelMap, instant } from './testing/deal-log.js';
import { Materialised, text } from './testing/materialised.js';
import { naiveCustomer } from './testing/naive-customer.js';

const CODES = ['s0', 's1', 's2', 's3', 's4'];
const NORM = 8;

/** Conditions, each with what it means of a customer; null: nobody can tell. */
const CONDITIONS: Readonly<Record<string, (segment: string | null, x: unknown) => boolean | null>> = {
  "segment = 'a'": (segment) => (segment === null ? null : segment === 'a'),
  'portrait.x = 1': (_segment, x) => (typeof x === 'number' ? x === 1 : null),
  'portrait.x is known': (_segment, x) => typeof x === 'number',
  "segment = 'a' or portrait.x = 1": (segment, x) => {
    if (segment === 'a' || x === 1) return true;
    return segment === null || typeof x !== 'number' ? null : false;
  },
};

const anyStep = (index: number): fc.Arbitrary<StepDefinition> =>
  fc
    .record({
      after: fc.subarray(CODES.slice(0, index), { maxLength: Math.min(2, index) }),
      when: fc.option(fc.constantFrom(...Object.keys(CONDITIONS)), { nil: null, freq: 3 }),
      hasNorm: fc.boolean(),
    })
    .map(({ after, when, hasNorm }) => ({
      ...{ code: `s${index}`, name: 'Step', stage: 'all', kind: 'other' as const, mandatory: false },
      ...{ after, roles: [], form: [] },
      ...(when === null ? {} : { when }),
      ...(hasNorm ? { normWorkingHours: NORM } : {}),
    }));

const anyMap: fc.Arbitrary<RouteMapDocument> = fc
  .tuple(...CODES.map((_code, index) => anyStep(index)))
  .map((steps) => ({ ...funnelMap, steps }));

interface Scene {
  readonly log: DealLog;
  readonly document: RouteMapDocument;
}

/** A deal told in the order of its days, of a customer of whom anything is told at any time. */
const anyScene: fc.Arbitrary<Scene> = fc
  .tuple(
    anyMap,
    fc.array(fc.record({ what: fc.nat(7), day: fc.nat(9), choice: fc.nat(30) }), { minLength: 3, maxLength: 20 }),
  )
  .map(([document, happenings]) => {
    const log = new DealLog().prepared('Europe/Samara', document);
    log.tell(
      'customer-c1',
      { type: 'CustomerRegistered', data: { name: 'C', contacts: [], taxNumber: null } },
      '2009-07-01',
    );
    const days = happenings.map(({ day }) => day).toSorted((a, b) => a - b);
    log.opened('2009-08-03');
    const told: Told = { settled: new Set(), isLost: false };
    happenings.forEach(({ what, day, choice }, index) => {
      if (what < 4) tellOfDeal(log, { what, choice, at: dayOf(3 + (days[index] ?? 0)) }, told);
      else tellOfCustomer(log, { what, choice, at: dayOf(1 + day) });
    });
    return { log, document };
  });

interface Told {
  readonly settled: Set<string>;
  isLost: boolean;
}

interface Happening {
  readonly what: number;
  readonly choice: number;
  readonly at: string;
}

/** Each step once: what it comes to when something is done again is told elsewhere. */
function tellOfDeal(log: DealLog, { what, choice, at }: Happening, told: Told): void {
  const code = CODES[choice % CODES.length] ?? 's0';
  if (what === 3) {
    if (told.isLost) log.reopened(at);
    else if (choice < 10) log.lost(at);
    told.isLost = !told.isLost && choice < 10;
  } else if (!told.settled.has(code)) {
    told.settled.add(code);
    if (what < 2) log.done(code, at);
    else log.skipped(code, at);
  }
}

function tellOfCustomer(log: DealLog, { what, choice, at }: Happening): void {
  if (what === 4) log.described('c1', { beside: choice }, at);
  else if (what === 5) log.described('c1', { x: [1, 2, 'unknown'][choice % 3] }, at);
  else log.segment('c1', ['a', 'b', null][choice % 3] ?? null, at);
}

function dayOf(number: number): string {
  return `2009-08-${String(number).padStart(2, '0')}`;
}

interface NaiveWait {
  readonly step: string;
  since: string;
  ended: string | null;
  how: string | null;
}

/** Looks at every step again after everything that happened; a step waits for as long as it could be done. */
class Recount {
  readonly waits: NaiveWait[] = [];
  private readonly settled = new Set<string>();
  private isOpen = false;
  private holds: (code: string) => boolean | null = () => null;

  constructor(private readonly document: RouteMapDocument) {}

  over(events: readonly Recorded[]): readonly NaiveWait[] {
    const customerAt = naiveCustomer(events);
    const deal = events.filter(({ stream }) => stream === 'deal-d1');
    const own = deal.map(({ metadata }) => metadata.occurredAt);
    for (const at of [...new Set([...own, ...momentsOf(customerAt())])].sort()) {
      const { segment, portrait } = customerAt(at);
      this.holds = (code) => {
        const when = this.document.steps.find((step) => step.code === code)?.when;
        return when === undefined ? true : (CONDITIONS[when]?.(segment, portrait['x']) ?? null);
      };
      this.look(at, null);
      for (const event of deal.filter(({ metadata }) => metadata.occurredAt === at)) this.happened(event, at);
    }
    return this.waits;
  }

  private happened({ type, data }: Recorded, at: string): void {
    const { step } = data as { readonly step?: string };
    if (type === 'DealOpened' || type === 'DealReopened') this.isOpen = true;
    if (type === 'DealLost') this.isOpen = false;
    if (step !== undefined) {
      const how = type === 'StepSkipped' ? 'skipped' : 'done';
      this.end(step, at, how);
      this.settled.add(step);
    }
    this.look(at, type === 'DealLost' ? 'closed' : null, step);
  }

  private look(at: string, closing: string | null, settledNow?: string): void {
    for (const { code } of this.document.steps) {
      const going = this.waits.find((wait) => wait.step === code && wait.ended === null);
      if (!this.couldBeDone(code)) this.end(code, at, closing ?? 'notApplicable');
      else if (going === undefined) this.waits.push({ step: code, since: at, ended: null, how: null });
      // What it came after all the same was done only now.
      else if (settledNow !== undefined && this.comesAfter(code, settledNow)) going.since = at;
    }
  }

  private couldBeDone(code: string): boolean {
    return this.isOpen && !this.settled.has(code) && this.holds(code) === true && this.before(code).size === 0;
  }

  private end(code: string, at: string, how: string): void {
    const index = this.waits.findIndex((wait) => wait.step === code && wait.ended === null);
    const wait = this.waits[index];
    if (wait === undefined) return;
    if (how !== 'done' && wait.since === at) this.waits.splice(index, 1);
    else Object.assign(wait, { ended: at, how });
  }

  /** What has to be settled first. What does not belong to the way stands aside for what it comes after itself. */
  private before(code: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const one of this.afterOf(code)) {
      if (this.settled.has(one)) continue;
      if (this.holds(one) === false) for (const earlier of this.before(one)) found.add(earlier);
      else found.add(one);
    }
    return found;
  }

  private comesAfter(code: string, other: string): boolean {
    return this.afterOf(code).some(
      (one) => one === other || (!this.settled.has(one) && this.holds(one) === false && this.comesAfter(one, other)),
    );
  }

  private afterOf(code: string): readonly string[] {
    return this.document.steps.find((step) => step.code === code)?.after ?? [];
  }
}

function momentsOf(customer: ReturnType<ReturnType<typeof naiveCustomer>> | undefined): string[] {
  return customer?.since === undefined ? [] : [...momentsOf(customer.before), customer.since];
}

const calendar = plainFiveDayWeek();
const due = (since: string): string => addWorkingMinutes(calendar, 'Europe/Samara', since, NORM * 60);

describe('Waiting for steps whose condition looks at the customer', () => {
  test('is what a plain recount finds that looks at every step anew, at every event', () => {
    fc.assert(
      fc.property(anyScene, fc.nat(100), fc.boolean(), ({ log, document }, where, storing) => {
        const first = log.events.findIndex(({ type }) => type === 'DealOpened');
        const told = log.events.slice(0, first + 1 + (where % (log.events.length - first)));
        const rows = new Materialised(coreSet, storing).project(told).asOf('waiting');
        const hasNorm = (code: unknown) => document.steps.some((step) => step.code === code && step.normWorkingHours);
        const shown = rows.map((row) =>
          text([row['step'], row['began_at'], row['due_at'], row['ended_at'], row['ended_how']]),
        );
        const counted = new Recount(document)
          .over(told)
          .map(({ step, since, ended, how }) => text([step, since, hasNorm(step) ? due(since) : null, ended, how]));
        expect(shown.toSorted()).toEqual(counted.toSorted());
      }),
      { numRuns: 200 },
    );
  });

  test('the steps that wait are those that are next, since and due when they are', () => {
    fc.assert(
      fc.property(anyScene, ({ log, document }) => {
        const folded = <State>(
          decider: { initialState(): State; evolve(state: State, event: never): State },
          stream: string,
        ) =>
          log.events
            .filter((event) => event.stream === stream)
            .reduce((state, event) => decider.evolve(state, event as never), decider.initialState());
        const customer = portraitOf(folded(customerDecider, 'customer-c1'));
        const facts = { calendar, zone: 'Europe/Samara', customer, now: instant('2009-09-30') };
        const next = nextOf(folded(dealDecider, 'deal-d1'), document, facts);
        const rows = new Materialised(coreSet, false).project(log.events).asOf('waiting');
        const going = rows.filter((row) => row['ended_at'] === null);
        const shown = going.map((row) => text([row['step'], row['began_at'], row['due_at']]));
        const open = next.open.map(({ code, since, dueAt }) => text([code, since, dueAt]));
        expect(shown.toSorted()).toEqual(open.toSorted());
      }),
      { numRuns: 150 },
    );
  });
});
