import { defineThing, type Thing } from '@voronka/kernel';
import { indicatorCommands } from './indicator/indicator.commands.js';
import { indicatorDecider } from './indicator/indicator.decider.js';
import { indicatorEvents } from './indicator/indicator.events.js';

/** Every kind of thing in the rooms of plans and pay, as `salesThings` are those of the sales rooms. */
export const payThings: readonly Thing[] = [
  defineThing({
    category: 'indicator',
    collection: 'indicators',
    summary: 'An indicator: one name, one formula, in versions.',
    decider: indicatorDecider,
    commands: indicatorCommands,
    events: indicatorEvents,
  }),
];
