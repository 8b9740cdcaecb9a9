import { type Decided, plainFiveDayWeek } from '@voronka/kernel';
import { recorded } from '../../../kernel/src/testing.js';
import { exampleRouteMap } from '../route-map/route-map.example.js';
import { done, idOf, opened, returned, sentBack, signed, skipped, verified, walked } from '../testing/deal-scene.js';
import { deviationsOf } from './deal.conformance.js';
import type { DealEvent } from './deal.events.js';

const roles: Readonly<Record<string, readonly string[]>> = {
  ivanova: ['manager'],
  belov: ['analyst'],
  orlova: ['head'],
};

/** One event a minute, from Monday 3 August 2009, noon in Samara. */
function timed(history: readonly Decided<DealEvent>[]) {
  const events = history.map((event, index) => ({
    ...event,
    occurredAt: event.occurredAt ?? `2009-08-03T07:${String(index).padStart(2, '0')}:00.000Z`,
  }));
  return recorded<DealEvent>(events, { stream: 'deal-d1', occurredAt: '2009-08-03T07:00:00.000Z' }).map((event) => ({
    ...event,
    eventId: idOf(event.revision),
  }));
}

function deviations(history: readonly Decided<DealEvent>[]) {
  return deviationsOf(timed(history), exampleRouteMap, {
    calendar: plainFiveDayWeek(),
    zone: 'Europe/Samara',
    customerAt: () => ({ segment: null, portrait: {} }),
    rolesOf: (employee) => roles[employee] ?? null,
  });
}

const voided = (step: string, revision: number): DealEvent => ({
  type: 'StepVoided',
  data: { customerId: null, step, completionId: idOf(revision), reason: 'Wrong deal' },
});

it('a deal that keeps to its map has no deviations, signed or under way', () => {
  expect(deviations([...walked(), signed()])).toEqual([]);
  expect(deviations([opened(), done('first-contact')])).toEqual([]);
  expect(deviations([])).toEqual([]);
});

describe('skipped', () => {
  it('is told once for a mandatory step, with whoever authorised it', () => {
    expect(deviations([opened(), skipped('first-contact'), done('meeting'), skipped('first-contact')])).toEqual([
      { kind: 'skipped', step: 'first-contact', eventId: idOf(1), performer: 'orlova' },
    ]);
  });

  it('is not told of a step that is not mandatory, nor of one that was done after all', () => {
    expect(deviations([opened(), done('first-contact'), skipped('meeting')])).toEqual([]);
    expect(deviations([opened(), skipped('first-contact'), done('first-contact')])).toEqual([]);
  });

  it('tells what was passed over, and what was missing at the contract', () => {
    expect(deviations([opened(), done('meeting')])).toEqual([
      { kind: 'wrongOrder', step: 'meeting', eventId: idOf(1), performer: 'ivanova' },
      { kind: 'skipped', step: 'first-contact', eventId: null, performer: null },
    ]);
    const [first, second, ...rest] = walked();
    const withoutProposal = [first, second, ...rest.slice(0, -1)].filter((event) => event !== undefined);
    expect(deviations([...withoutProposal, signed()])).toEqual([
      { kind: 'skipped', step: 'proposal', eventId: null, performer: null },
    ]);
  });

  it('asks for a step only where it belongs to the way', () => {
    const large = walked().map((event) =>
      event.type === 'StepCompleted' && event.data.step === 'questionnaire'
        ? done('questionnaire', { answers: { office: 'large' } })
        : event,
    );
    expect(deviations([...large, signed()])).toMatchObject([{ kind: 'skipped', step: 'survey' }]);
  });
});

describe('wrong order', () => {
  it('is judged by when things happened, not by when they were entered', () => {
    const late = done('first-contact', { occurredAt: '2009-08-03T07:00:30.000Z' });
    expect(deviations([opened(), done('meeting'), late])).toEqual([]);
    const later = done('first-contact', { occurredAt: '2009-08-03T08:00:00.000Z' });
    expect(deviations([opened(), done('meeting'), later])).toMatchObject([{ kind: 'wrongOrder', step: 'meeting' }]);
  });

  it('at equal times the order of the log decides', () => {
    const occurredAt = '2009-08-03T07:30:00.000Z';
    const contact = done('first-contact', { occurredAt });
    const meeting = done('meeting', { occurredAt });
    expect(deviations([opened(), contact, meeting])).toEqual([]);
    expect(deviations([opened(), meeting, contact])).toMatchObject([{ kind: 'wrongOrder' }]);
  });

  it('what was voided, sent back or never accepted was not done', () => {
    const contact = [opened(), done('first-contact')];
    expect(deviations([...contact, done('meeting'), voided('first-contact', 1)])).toMatchObject([
      { kind: 'wrongOrder', step: 'meeting' },
      { kind: 'skipped', step: 'first-contact' },
    ]);
    const waiting = [...contact, done('questionnaire'), done('analysis', { awaitsVerification: true })];
    const wrong = [
      { kind: 'wrongOrder', step: 'proposal' },
      { kind: 'skipped', step: 'analysis' },
    ];
    expect(deviations([...waiting, done('proposal')])).toMatchObject(wrong);
    expect(deviations([...waiting, sentBack('analysis', 3), done('proposal')])).toMatchObject(wrong);
    expect(deviations([...waiting, done('proposal'), verified('analysis', 3)])).toEqual([]);
  });

  it('a return asks for the way again', () => {
    expect(deviations([...walked(), returned('questionnaire'), done('proposal')])).toMatchObject([
      { kind: 'wrongOrder', step: 'proposal', eventId: idOf(7) },
    ]);
  });
});

describe('wrong role', () => {
  const way = [opened(), done('first-contact')];

  it('is told of whoever lacks the working role; nobody known is not wrong', () => {
    expect(deviations([...way, done('questionnaire', { performedBy: 'belov' })])).toEqual([
      { kind: 'wrongRole', step: 'questionnaire', eventId: idOf(2), performer: 'belov' },
    ]);
    expect(deviations([...way, done('questionnaire', { performedBy: null })])).toEqual([]);
    expect(deviations([...way, done('questionnaire', { performedBy: 'somebody' })])).toEqual([]);
  });

  it('is told of who accepts his own work, or without the role', () => {
    const waiting = [...way, done('questionnaire'), done('analysis', { awaitsVerification: true })];
    const acceptedBy = (verifiedBy: string): DealEvent => ({
      type: 'StepVerified',
      data: { step: 'analysis', completionId: idOf(3), verifiedBy },
    });
    expect(deviations([...waiting, acceptedBy('ivanova')])).toEqual([
      { kind: 'wrongRole', step: 'analysis', eventId: idOf(4), performer: 'ivanova' },
    ]);
    expect(deviations([...waiting, acceptedBy('belov')])).toMatchObject([{ kind: 'wrongRole', performer: 'belov' }]);
    expect(deviations([...waiting, acceptedBy('orlova')])).toEqual([]);
  });
});

describe('late, unknown step, repeated', () => {
  it('late: the norm of working hours had passed since the step could be begun', () => {
    const way = [opened(), done('first-contact')];
    // 16 working hours from Monday 12:01: Wednesday 12:01.
    const at = (occurredAt: string) => done('questionnaire', { occurredAt });
    expect(deviations([...way, at('2009-08-05T07:01:00.000Z')])).toEqual([]);
    expect(deviations([...way, at('2009-08-05T07:01:00.001Z')])).toEqual([
      { kind: 'late', step: 'questionnaire', eventId: idOf(2), performer: 'ivanova' },
    ]);
  });

  it('unknown step: each event', () => {
    expect(deviations([opened(), done('dance'), done('dance'), skipped('sing')])).toMatchObject([
      { kind: 'unknownStep', step: 'dance', eventId: idOf(1) },
      { kind: 'unknownStep', step: 'dance', eventId: idOf(2) },
      { kind: 'unknownStep', step: 'sing', performer: 'orlova' },
    ]);
  });

  it('repeated: each completion after the first without a return', () => {
    const contact = done('first-contact');
    expect(deviations([opened(), contact, contact, contact])).toMatchObject([
      { kind: 'repeated', eventId: idOf(2) },
      { kind: 'repeated', eventId: idOf(3) },
    ]);
    expect(deviations([opened(), contact, returned('first-contact'), contact])).toEqual([]);
  });
});
