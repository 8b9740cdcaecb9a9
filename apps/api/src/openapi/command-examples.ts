import type { CommandDefinition, Thing } from '@voronka/kernel';
import type { Json } from './schemas.js';

/** An id of each thing, the same wherever the documentation needs one. */
const IDS: Readonly<Record<string, string>> = {
  ...{ company: 'main', calendar: 'main', portrait: 'main', payroll: 'main', payRegulation: 'main' },
  ...{ department: 'sales', employee: 'ivanova', customer: 'volga-tools', product: 'trade', routeMap: 'automation' },
  ...{ questionnaire: 'first-call', indicator: 'deals_won', plan: 'p1', deal: 'd1', serviceCase: 's1' },
};

export const exampleIdOf = ({ category }: Pick<Thing, 'category'>): string => IDS[category] ?? 'x1';

/** Commands whose event has another name than theirs: what takes two people is proposed first. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = {
  ReleaseSegment: 'SegmentAssigned',
  RecordHistory: 'DealOpened',
  ApprovePayRegulation: 'PayRegulationPublished',
  ProposePayRegulationRetirement: 'PayRegulationProposed',
  ClosePeriod: 'PeriodClosing',
  MarkPaid: 'PeriodPaid',
  ReopenPeriod: 'PeriodReopeningProposed',
  ApproveReopening: 'PeriodReopened',
  PostManualAdjustment: 'ManualAdjustmentProposed',
  ApproveManualAdjustment: 'ManualAdjustmentPosted',
};

const wordsIn = (name: string): readonly string[] => name.match(/[A-Z][a-z]*/g) ?? [];

/** `CompleteStep` makes `StepCompleted`: all words of the command, its verb as what has happened. Null: none does. */
export function eventOf({ events }: Pick<Thing, 'events'>, type: string): string | null {
  const otherwise = NAMED_OTHERWISE[type];
  if (otherwise !== undefined) return Object.hasOwn(events, otherwise) ? otherwise : null;
  const [verb = '', ...nouns] = wordsIn(type);
  const fitting = Object.keys(events).filter((event) => {
    const words = wordsIn(event);
    return nouns.every((noun) => words.includes(noun)) && words.some((word) => word.startsWith(verb.slice(0, 3)));
  });
  return fitting.toSorted((a, b) => a.length - b.length)[0] ?? null;
}

/** What a command that was carried out is answered with. */
export function commandAnswerOf(thing: Thing, { type, creates }: CommandDefinition<unknown>): Json {
  const revision = creates === true ? 0 : 3;
  const event = eventOf(thing, type);
  const made = { eventId: '5f2b7c1e-8d4a-8c3e-9b1a-3f6d2e7a9c04', type: event, revision };
  return {
    stream: `${thing.category}-${exampleIdOf(thing)}`,
    revision,
    position: '5120',
    events: event === null ? [] : [{ ...made, occurredAt: '2009-08-10T07:00:00.000Z' }],
  };
}
