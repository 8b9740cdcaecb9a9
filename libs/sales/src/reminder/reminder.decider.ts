import {
  type CommandDefinition,
  type CommandOf,
  type Decider,
  type Instant,
  IsCode,
  IsIdentifier,
  IsInstant,
} from '@voronka/kernel';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import type { ReminderEvent, ReminderRaised } from './reminder.events.js';

/** What the process raises that looks for what is overdue; no key may send it. */
export class RaiseReminder {
  @IsIn(['deal', 'serviceCase'])
  subject: 'deal' | 'serviceCase';

  @IsIdentifier()
  subjectId: string;

  @IsIn(['step', 'activity'])
  about: 'step' | 'activity';

  @IsOptional()
  @IsCode()
  step?: string | null;

  @IsOptional()
  @IsIdentifier()
  activityId?: string | null;

  @IsUUID()
  causeId: string;

  @IsInstant()
  dueAt: Instant;

  /** When it was due by the calendar known when its waiting began, if that was another time. */
  @IsOptional()
  @IsInstant()
  firstDueAt?: Instant | null;

  @IsIn(['performer', 'head'])
  level: 'performer' | 'head';

  @IsOptional()
  @IsIdentifier()
  employeeId?: string | null;
}

export type ReminderCommand = CommandOf<'RaiseReminder', RaiseReminder>;

export interface ReminderState {
  readonly raised: boolean;
}

/** A reminder is raised once, whatever was learned since: its id names what it is about. */
export const reminderDecider: Decider<ReminderState, ReminderCommand, ReminderEvent> = {
  initialState: () => ({ raised: false }),
  evolve: (state, event) => {
    if (event.type === 'ReminderRaised') return { raised: true };
    event.type satisfies never;
    return state;
  },
  decide({ body }, { raised }) {
    if (raised) return [];
    const {
      subject,
      subjectId,
      about,
      step = null,
      activityId = null,
      causeId,
      dueAt,
      firstDueAt,
      level,
      employeeId = null,
    } = body;
    const data: ReminderRaised['data'] = {
      ...{ subject, subjectId, about, step, activityId, causeId, dueAt, level, employeeId },
      ...(typeof firstDueAt === 'string' && firstDueAt !== dueAt ? { firstDueAt } : {}),
    };
    return [{ type: 'ReminderRaised', data }];
  },
};

export const reminderCommands: readonly (CommandDefinition<ReminderState> & { type: 'RaiseReminder' })[] = [
  {
    type: 'RaiseReminder',
    body: RaiseReminder,
    route: 'raise-reminder',
    summary: 'Reminds somebody of an overdue step or activity; only the process that looks for them does.',
    roles: [],
    example: {
      subject: 'deal',
      subjectId: 'd1',
      about: 'step',
      step: 'first-contact',
      causeId: '5f2b7c1e-8d4a-4c3e-9b1a-3f6d2e7a9c04',
      dueAt: '2009-08-04T09:00:00.000Z',
      level: 'performer',
      employeeId: 'ivanova',
    },
    creates: true,
  },
];
