import { localDateOf, type Recorded } from '@voronka/kernel';
import type { RowsProjection, TableDefinition } from '@voronka/projections';
import type { ReminderRaised } from '@voronka/sales/events';
import { column, evidence, known, optional } from './columns.js';
import { zoneOf } from './company.fold.js';
import { insertion } from './known-rows.js';
import { thingOf } from './thing-id.js';

export const reminders: TableDefinition = {
  name: 'reminders',
  comment: 'One row per reminder of an overdue step or activity',
  columns: {
    ...evidence,
    reminder_id: column('text', 'Reminder'),
    subject: column('text', 'deal or serviceCase'),
    deal_id: column('text', 'Deal or service case'),
    about: column('text', 'step or activity'),
    step: optional('text', 'Step that waits'),
    activity_id: optional('text', 'Planned activity'),
    cause_event_id: column('uuid', 'Event by which the step could be done, or that planned the activity'),
    due_at: column('timestamptz', 'When it was due'),
    first_due_at: column('timestamptz', 'When it was due by the calendar known when its waiting began'),
    level: column('text', 'performer, or head once it is overdue for as long as its norm again'),
    employee_id: optional('text', 'Whom it is for; empty: nobody owns the deal, or nobody heads the department'),
    ...known,
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['cause_event_id'] }, { columns: ['deal_id'] }, { columns: ['employee_id', 'occurred_at'] }],
};

export const reminderRows: RowsProjection = {
  kind: 'rows',
  name: 'reminders',
  tables: [reminders],
  on: {
    ReminderRaised: (event, look) => {
      const { data, metadata, eventId, position, recordedAt, stream } = event as Recorded<ReminderRaised>;
      const row = {
        event_id: eventId,
        position,
        occurred_at: metadata.occurredAt,
        recorded_at: recordedAt,
        local_date: localDateOf(metadata.occurredAt, zoneOf(look)),
        reminder_id: thingOf(stream).id,
        subject: data.subject,
        deal_id: data.subjectId,
        about: data.about,
        step: data.step,
        activity_id: data.activityId,
        cause_event_id: data.causeId,
        due_at: data.dueAt,
        first_due_at: data.firstDueAt ?? data.dueAt,
        level: data.level,
        employee_id: data.employeeId,
      };
      return [insertion(reminders, row, position)];
    },
  },
};
