import type { CommandDefinition, FactRefs } from '@voronka/kernel';
import { LEADERS, SELLERS } from '../shared/access.js';
import { CorrectActivity, CorrectStep, type DealCorrectionCommand } from './deal.correction.commands.js';
import { correctable } from './deal.corrections.js';
import { entryRefs, refTo, wayRefs } from './deal.facts.js';
import type { DealState } from './deal.state.js';

type Definition = CommandDefinition<DealState> & { readonly type: DealCorrectionCommand['type'] };

/** Commands that say how something recorded should have been recorded. */
export const dealCorrectionCommands: readonly Definition[] = [
  {
    type: 'CorrectStep',
    body: CorrectStep,
    route: 'correct-step',
    summary: 'Says what a completion should have said: who did it, when, and with which answers.',
    roles: LEADERS,
    example: { step: 'first-contact', performedBy: 'petrov', reason: 'Petrov made the call' },
    facts: (body: CorrectStep, state): FactRefs => ({
      ...wayRefs(state),
      ...refTo('performer', 'employee', body.performedBy ?? correctable(body, state)?.performedBy),
    }),
  },
  {
    type: 'CorrectActivity',
    body: CorrectActivity,
    route: 'correct-activity',
    summary: 'Says what a recorded activity should have said.',
    roles: SELLERS,
    example: { activityId: 'd1:a1', outcome: 'refused', durationMinutes: 20, reason: 'Mixed up with another call' },
    facts: (body: CorrectActivity, state): FactRefs => ({
      ...entryRefs(state),
      ...refTo(
        'performer',
        'employee',
        body.performedBy ??
          state.activities.findLast(({ data }) => data.activityId === body.activityId)?.data.performedBy,
      ),
    }),
  },
];
