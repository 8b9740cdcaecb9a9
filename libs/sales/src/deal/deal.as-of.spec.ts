import { type Decided, plainFiveDayWeek } from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import fc from 'fast-check';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import {
  called,
  done,
  idOf,
  lost,
  opened,
  returned,
  sentBack,
  signed,
  skipped,
  verified,
} from '../testing/deal-scene.js';
import { standingAt } from './deal.as-of.js';
import { dealDecider } from './deal.decider.js';
import type { DealEvent } from './deal.events.js';
import { nextOf } from './deal.next.js';
import type { DealState } from './deal.state.js';

type Told = Decided<DealEvent>;

const at = (day: number): string => `2009-08-${String(day).padStart(2, '0')}T07:00:00.000Z`;
const on = (day: number, event: Told): Told => ({ ...event, occurredAt: at(day) });
const told = (events: readonly Told[]) =>
  recorded(events, { stream: 'deal-d1', occurredAt: at(1) }).map((event) => ({
    ...event,
    eventId: idOf(event.revision),
  }));
const asOf = (day: number, ...events: readonly Told[]): DealState => standingAt(dealDecider, told(events), at(day));

const facts = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', customer: { segment: null, portrait: {} } };
const next = (day: number, ...events: readonly Told[]) => {
  const {
    status,
    open,
    awaiting,
    done: was,
  } = nextOf(asOf(day, ...events), exampleRouteMap, { ...facts, now: at(day) });
  const overdue = open.filter((step) => step.overdue).map(({ code }) => code);
  return {
    status,
    overdue,
    open: open.map(({ code }) => code),
    awaiting: awaiting.map(({ code }) => code),
    done: was,
  };
};

const filled = done('questionnaire', { answers: { office: 'small' } });

describe('A deal at an instant of business time', () => {
  // The questionnaire has a norm of 16 working hours: of a contact on Monday the 3rd it was due on Wednesday.
  const late = [on(3, opened()), on(3, done('first-contact')), on(20, filled)];

  it('has overdue what was done later, whatever has become of the deal since', () => {
    const won = [...late, on(21, skipped('analysis')), on(22, done('proposal')), on(23, signed())];
    for (const events of [late, won, [...late, on(24, lost())]]) {
      expect(next(10, ...events)).toMatchObject({
        status: 'open',
        overdue: ['questionnaire'],
        done: ['first-contact'],
      });
    }
    expect(next(23, ...won)).toMatchObject({ status: 'won', open: [] });
  });

  it('awaits what was accepted or sent back later', () => {
    const before = [on(3, opened()), on(3, done('first-contact')), on(4, filled)];
    const waits = on(15, done('analysis', { awaitsVerification: true }));
    for (const verdict of [verified('analysis', 3), sentBack('analysis', 3)]) {
      expect(next(14, ...before, waits, on(25, verdict)).awaiting).toEqual([]);
      expect(next(15, ...before, waits, on(25, verdict)).awaiting).toEqual(['analysis']);
      expect(next(25, ...before, waits, on(25, verdict)).awaiting).toEqual([]);
    }
  });

  it('holds what a return took away later', () => {
    const events = [on(3, opened()), on(3, done('first-contact')), on(4, filled), on(9, returned('first-contact'))];
    expect(next(8, ...events).done).toEqual(['first-contact', 'questionnaire']);
    expect(next(9, ...events).done).toEqual(['first-contact']);
  });

  it('takes what was corrected or voided since as it is known now', () => {
    const [step, completionId] = ['questionnaire', idOf(2)];
    const correction = {
      customerId: 'volga-tools',
      step,
      completionId,
      performedBy: 'ivanova',
      answers: {},
      reason: 'x',
    };
    const before = [on(3, opened()), on(3, done('first-contact'))];
    const moved = (from: number, to: number): Told[] => [
      ...before,
      on(from, filled),
      on(28, { type: 'StepCorrected', data: { ...correction, completedAt: at(to) } }),
    ];
    expect(next(10, ...moved(5, 12)).done).toEqual(['first-contact']);
    expect(next(10, ...moved(12, 5)).done).toEqual(['first-contact', 'questionnaire']);
    const voided: Told = { type: 'StepVoided', data: { customerId: 'volga-tools', step, completionId, reason: 'x' } };
    expect(next(10, ...before, on(5, filled), on(28, voided)).done).toEqual(['first-contact']);
  });

  it('belongs to whom it was given from then on, whenever that was told', () => {
    const given: Told = {
      type: 'DealReassigned',
      data: {
        ...{ customerId: 'volga-tools', fromOwnerId: 'ivanova', toOwnerId: 'petrov' },
        ...{ effectiveFrom: at(10), reason: 'x' },
      },
    };
    expect(asOf(9, on(3, opened()), on(20, given)).ownerId).toBe('ivanova');
    expect(asOf(10, on(3, opened()), on(20, given)).ownerId).toBe('petrov');
  });

  it('was not won by a contract that was voided because another stands, nor opened before it was', () => {
    const contract = (contractId: string): Told => {
      const lines = [{ lineId: '1', productId: 'trade', amountKopecks: 100_000 }];
      const data = { customerId: 'volga-tools', contractId, number: contractId, lines, amountKopecks: 100_000 };
      return { type: 'ContractSigned', data };
    };
    const voided: Told = {
      type: 'ContractVoided',
      data: {
        ...{ customerId: 'volga-tools', contractId: 'd1:1', reason: 'x' },
        ...{ dealBecomes: null, lossReason: null, countsAsLoss: null },
      },
    };
    const events = [on(3, opened()), on(5, contract('d1:1')), on(8, contract('d1:2')), on(9, voided)];
    expect([2, 4, 6, 8, 10].map((day) => asOf(day, ...events).status)).toEqual(['none', 'open', 'open', 'won', 'won']);
  });

  it('is what the fold of the events up to then says, where everything was told as it happened', () => {
    const codes = exampleRouteMap.steps.map(({ code }) => code);
    const code = fc.constantFrom(...codes);
    const one: fc.Arbitrary<Told> = fc.oneof(
      code.map((step) => done(step, { awaitsVerification: step === 'analysis' })),
      code.map((step) => skipped(step)),
      code.map((step) => returned(step)),
      fc.tuple(code, fc.nat(12)).map(([step, revision]) => verified(step, revision)),
      fc.tuple(code, fc.nat(12)).map(([step, revision]) => sentBack(step, revision)),
      fc.constant(called('c')),
      fc.constant(lost()),
      fc.constant(signed()),
    );
    const history = fc.array(fc.tuple(fc.nat(2), one), { maxLength: 15 });
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 30 }), (steps, day) => {
        let today = 1;
        const events = told([on(1, opened()), ...steps.map(([later, event]) => on((today += later), event))]);
        const past = events.filter(({ metadata }) => metadata.occurredAt <= at(day));
        const folded = past.reduce((state, event) => dealDecider.evolve(state, event), dealDecider.initialState());
        expect(standingAt(dealDecider, events, at(day))).toEqual(folded);
      }),
    );
  });
});
