import type { CommandDefinition, FactRefs } from '@voronka/kernel';
import { SELLERS } from '../shared/access.js';
import { entryRefs, refTo } from './deal.facts.js';
import { CancelActivity, type DealPlanCommand, PlanActivity, RescheduleActivity } from './deal.plan.commands.js';
import type { DealState } from './deal.state.js';

type Definition = CommandDefinition<DealState> & { readonly type: DealPlanCommand['type'] };

/** Commands about activities that are still to be done. */
export const dealPlanCommands: readonly Definition[] = [
  {
    type: 'PlanActivity',
    body: PlanActivity,
    route: 'plan-activity',
    summary: 'Plans a call, meeting, e-mail, demo or visit for somebody, with the time by which it is due.',
    roles: SELLERS,
    example: {
      activityId: 'call-back',
      kind: 'call',
      topic: 'Questions about the offer',
      dueAt: '2009-08-12T10:00:00+05:00',
      performer: 'ivanova',
    },
    facts: (body: PlanActivity, state, sender): FactRefs => ({
      ...entryRefs(state),
      ...refTo('performer', 'employee', body.performer ?? sender.person),
    }),
  },
  {
    type: 'RescheduleActivity',
    body: RescheduleActivity,
    route: 'reschedule-activity',
    summary: 'Puts a planned activity to another time, with the reason.',
    roles: SELLERS,
    example: { activityId: 'call-back', dueAt: '2009-08-14T10:00:00+05:00', reason: 'The director is away' },
    facts: (body: RescheduleActivity, state): FactRefs => ({
      ...entryRefs(state),
      ...refTo(
        'performer',
        'employee',
        state.plans.find(({ data }) => data.activityId === body.activityId)?.data.performer,
      ),
    }),
  },
  {
    type: 'CancelActivity',
    body: CancelActivity,
    route: 'cancel-activity',
    summary: 'Calls a planned activity off, with the reason; also on a closed deal.',
    roles: SELLERS,
    example: { activityId: 'call-back', reason: 'Answered in writing' },
    facts: (_body: CancelActivity, state): FactRefs => entryRefs(state),
  },
];
