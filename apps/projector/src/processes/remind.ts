import { createHash } from 'node:crypto';
import { addWorkingMinutes, type Instant, type WorkCalendar, workingMsBetween } from '@voronka/kernel';
import type { Asked, TimedProcess } from '@voronka/processes';
import { SetNotBuiltError, withSnapshot } from '@voronka/projections';
import { calendarAt, type Overdue, overdueUnreminded, zoneAt } from '@voronka/read-models';
import type { Stores } from '@voronka/runtime';

interface Subject {
  readonly subject: 'deal' | 'serviceCase';
  readonly variant: string | null;
}

const SUBJECTS: readonly Subject[] = [
  { subject: 'deal', variant: null },
  { subject: 'serviceCase', variant: 'service' },
];

/** After the due time of a planned activity its head hears of it: a working day of eight hours. */
const ACTIVITY_NORM_MINUTES = 480;
const MS_PER_MINUTE = 60_000;

interface WorkingTime {
  readonly calendar: WorkCalendar;
  readonly zone: string;
}

type Due = Asked & { readonly cause: string };

/**
 * Reminds whoever should have done it of an overdue step or planned activity, and the head of the department once it is
 * overdue for as long as its norm again. What to remind of is read from the tables, so nothing is lost while it stands
 * still; each reminder's id names what it is about, so nothing is raised twice.
 */
export function remind({ pool }: Pick<Stores, 'pool'>): TimedProcess {
  return {
    name: 'remind',
    summary: 'Reminds of overdue steps and activities.',
    due: async (now) => {
      const due: Due[] = [];
      for (const { subject, variant } of SUBJECTS) due.push(...(await dueOf(pool, { subject, variant, now })));
      return due;
    },
  };
}

async function dueOf(
  pool: Stores['pool'],
  { subject, variant, now }: Subject & { readonly now: Instant },
): Promise<readonly Due[]> {
  try {
    return await withSnapshot(
      pool,
      'core',
      async ({ client, k }) => {
        if (k === null) return [];
        const zone = await zoneAt(client, k);
        const context = { client, k, at: now, zone };
        const time = { calendar: await calendarAt(context), zone };
        const overdue = await overdueUnreminded(context, subject);
        return overdue.flatMap((found) => remindersOf(found, { subject, now, time }));
      },
      variant,
    );
  } catch (error) {
    // Looked again at the next turn; until the tables stand there is nothing to remind of.
    if (error instanceof SetNotBuiltError) return [];
    throw error;
  }
}

/** The reminders that are called for by now. */
export function remindersOf(
  overdue: Overdue,
  {
    subject,
    now,
    time,
  }: { readonly subject: 'deal' | 'serviceCase'; readonly now: Instant; readonly time: WorkingTime },
): readonly Due[] {
  const { about, dealId, step, activityId, causeId, dueAt, firstDueAt, performerId, headId, performerReminded } =
    overdue;
  const raised = (level: 'performer' | 'head', employeeId: string | null): Due => {
    const body = { subject, subjectId: dealId, about, step, activityId, causeId, dueAt, level, employeeId };
    // A calendar that moves the due time makes no other waiting of it: nobody hears of it twice.
    const id = reminderId([subject, dealId, about, step, causeId, firstDueAt, level]);
    const moved = firstDueAt === dueAt ? {} : { firstDueAt };
    return { category: 'reminder', id, type: 'RaiseReminder', body: { ...body, ...moved }, key: level, cause: id };
  };
  return [
    ...(performerReminded ? [] : [raised('performer', performerId)]),
    ...(escalatesAt(overdue, time) <= now ? [raised('head', headId)] : []),
  ];
}

/** When the norm has passed a second time. */
export function escalatesAt({ since, dueAt }: Overdue, { calendar, zone }: WorkingTime): Instant {
  const norm = since === null ? ACTIVITY_NORM_MINUTES : workingMsBetween(calendar, zone, since, dueAt) / MS_PER_MINUTE;
  return addWorkingMinutes(calendar, zone, dueAt, Math.max(1, Math.round(norm)));
}

function reminderId(about: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 32);
}
