import type { TableDefinition } from '@voronka/projections';
import { column, evidence, known, optional, valid } from './columns.js';
import { plannedActivities } from './deal.plan.facts.js';
import { dealReturns } from './deal.returns.js';
import { contractLines, contracts, creditShares, dealProducts, dealTerms, payments } from './deal.money.tables.js';

/** What never changes about a deal. */
export const deals: TableDefinition = {
  name: 'deals',
  comment: 'One row per deal: how it was opened',
  columns: {
    deal_id: column('text', 'Deal'),
    customer_id: optional('text', 'Customer; empty where imported history names none'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map the deal was opened on'),
    source: optional('text', 'How the deal came about'),
    title: optional('text', 'Title as entered; blank once erased'),
    expected_amount_kopecks: optional('bigint', 'Amount expected at opening, in minor units'),
    imported: column('boolean', 'Taken over from elsewhere'),
    ...evidence,
    ...known,
  },
  primaryKey: ['deal_id', 'known_from'],
  indexes: [{ columns: ['customer_id'] }],
  personal: { category: 'customer', id: 'customer_id', columns: ['title'] },
};

/** Open, won or lost, in two times. */
export const dealStates: TableDefinition = {
  name: 'deal_states',
  comment: 'One row per spell of a deal in one status, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    status: column('text', 'open, won or lost'),
    ...valid,
    event_id: column('uuid', 'Event that began the spell'),
    ...known,
  },
  primaryKey: ['deal_id', 'valid_from', 'event_id', 'known_from'],
};

export const dealOwners: TableDefinition = {
  name: 'deal_owners',
  comment: 'One row per spell of a deal with one owner, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    owner_id: optional('text', 'Employee who answers for the deal; empty where history names none'),
    ...valid,
    event_id: column('uuid', 'Event that began the spell'),
    ...known,
  },
  primaryKey: ['deal_id', 'valid_from', 'event_id', 'known_from'],
};

/** Position: the last ranked step done since the last return. */
export const dealPositions: TableDefinition = {
  name: 'deal_positions',
  comment:
    'One row per spell of a deal at one bar of the funnel (its position), as known in an interval of the log; one that lasted no time stands, too',
  columns: {
    deal_id: column('text', 'Deal'),
    step: optional('text', 'Bar the deal stands at; empty before the first'),
    rank: optional('integer', 'Funnel rank of that bar'),
    next_rank_at: optional('timestamptz', 'When the deal next stood at a higher bar; empty while it has not'),
    began_position: column('bigint', 'Position in the log of the event that brought the deal there'),
    ended_position: optional(
      'bigint',
      'Position in the log of the event that took it away; empty while it stands there',
    ),
    ...valid,
    event_id: column('uuid', 'Event that brought the deal there'),
    ...known,
  },
  primaryKey: ['deal_id', 'valid_from', 'event_id', 'known_from'],
};

/** Steps with their status; only `done` counts. */
export const steps: TableDefinition = {
  name: 'steps',
  comment:
    'One row per completion or skip of a step, as known in an interval of the log; a completion counts once done',
  columns: {
    ...evidence,
    deal_id: column('text', 'Deal'),
    step: column('text', 'Step code'),
    rank: optional('integer', 'Funnel rank of the step, if it is a bar'),
    status: column('text', 'done, awaiting (verification), returned (by the verifier) or skipped'),
    known_by_event_id: column('uuid', 'Event that gave it this status: the acceptance of a verified step'),
    judged_at: optional('timestamptz', 'When it was accepted or sent back; empty: it waits, or never had to'),
    performer_id: optional('text', 'Employee or robot who did it; empty: no performer'),
    owner_id: optional('text', 'Owner of the deal at occurred_at'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['event_id', 'known_from'],
  indexes: [{ columns: ['deal_id'] }, { columns: ['occurred_at'], where: "status = 'done'" }],
};

const reachColumns = {
  deal_id: column('text', 'Deal'),
  step: column('text', 'Bar'),
  rank: column('integer', 'Funnel rank of the bar'),
  ...evidence,
  performer_id: optional('text', 'Who did the step that the reach is dated by; empty: no performer'),
  owner_id: optional('text', 'Owner of the deal at occurred_at'),
  route_map_id: column('text', 'Route map'),
  route_map_version: column('integer', 'Version of the route map'),
  customer_id: optional('text', 'Customer'),
  source: optional('text', 'Source of the deal'),
  ...known,
} as const;

/** first(d,s): earliest occurrence at which the deal has the bar done. */
export const reachTouch: TableDefinition = {
  name: 'reach_touch',
  comment: 'One row per deal and bar that was really done: its first occurrence, as known in an interval of the log',
  columns: reachColumns,
  primaryKey: ['deal_id', 'step', 'known_from'],
  indexes: [{ columns: ['route_map_id', 'rank', 'occurred_at'] }],
};

/** The bar or a higher-ranked one of the deal's version, dated at the earliest of those. */
export const reachImplied: TableDefinition = {
  name: 'reach_implied',
  comment: 'One row per deal and bar that was done or passed by a higher bar, dated at the earliest of those',
  columns: reachColumns,
  primaryKey: ['deal_id', 'step', 'known_from'],
  indexes: [{ columns: ['route_map_id', 'rank', 'occurred_at'] }],
};

export const stays: TableDefinition = {
  name: 'stays',
  comment: 'One row per stay of a deal in a bar of the funnel, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    step: column('text', 'Bar'),
    rank: column('integer', 'Funnel rank of the bar'),
    began_at: column('timestamptz', 'When the stay began'),
    began_event_id: column('uuid', 'Event that began it'),
    ended_at: optional('timestamptz', 'When it ended; empty while it goes on'),
    ended_event_id: optional('uuid', 'Event that ended it'),
    ended_how: optional('text', 'forward, back, lost or won'),
    owner_id: optional('text', 'Owner of the deal when the stay began'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['deal_id', 'began_event_id', 'known_from'],
};

/** The win rate's grain: each deal once, by its last closing that a reopen did not undo. */
export const outcomes: TableDefinition = {
  name: 'outcomes',
  comment: 'One row per closed deal: its last closing that no reopening undid, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    outcome: column('text', 'won or lost'),
    loss_reason: optional('text', 'Code of the loss reason'),
    counts: column('boolean', 'Does it count in the win rate? Some loss reasons do not'),
    amount_kopecks: column('bigint', 'Signed amount if won, else the expected amount or 0, in minor units'),
    opened_at: column('timestamptz', 'When the deal was opened'),
    opened_local_date: column('date', 'Date of opened_at in the company zone'),
    ...evidence,
    owner_id: optional('text', 'Owner of the deal at the closing'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['deal_id', 'known_from'],
};

export const activities: TableDefinition = {
  name: 'activities',
  comment:
    'One row per done activity (call, meeting, e-mail …), as known in an interval of the log; its owner is that of the deal',
  columns: {
    ...evidence,
    activity_id: column('text', 'Activity'),
    deal_id: column('text', 'Deal'),
    kind: column('text', 'call, meeting, email, demo, visit or another code'),
    topic: optional('text', 'What it was about'),
    outcome: optional('text', 'Outcome code'),
    step: optional('text', 'Step it belongs to'),
    duration_minutes: optional('integer', 'Length in minutes'),
    performer_id: optional('text', 'Employee or robot who did it; empty: no performer'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['deal_id'] }, { columns: ['occurred_at'] }],
};

/** From when a step could be done until it was, or need not be any more. */
export const waiting: TableDefinition = {
  name: 'waiting',
  comment: 'One row per waiting for a step that could have been done, as known in an interval of the log',
  columns: {
    deal_id: column('text', 'Deal'),
    step: column('text', 'Step that waits to be done'),
    ordinal: column('integer', 'Which waiting of the deal for this step, from 1'),
    began_at: column('timestamptz', 'Since when all that it waits for was done and its condition held'),
    began_event_id: column('uuid', 'Event by which it could be done'),
    due_at: optional('timestamptz', 'When its norm of working hours passes; empty without a norm'),
    ended_at: optional('timestamptz', 'When it ended; empty while it goes on'),
    ended_event_id: optional('uuid', 'Event that ended it'),
    ended_how: optional('text', 'done, skipped, back (a return), notApplicable or closed (the deal)'),
    performer_id: optional('text', 'Who did the step; empty: it was not done, or no performer'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['deal_id', 'step', 'ordinal', 'known_from'],
};

export const deviations: TableDefinition = {
  name: 'deviations',
  comment: 'One row per departure of a deal from its route map, as known in an interval of the log',
  columns: {
    ...evidence,
    deal_id: column('text', 'Deal'),
    step: column('text', 'Step code'),
    kind: column('text', 'skipped, wrongOrder, wrongRole, late, unknownStep or repeated'),
    silent: column('boolean', 'Nobody skipped the step by a word: the event only passed it over'),
    due_at: optional('timestamptz', 'Of what was late: when it was due'),
    performer_id: optional('text', 'Who did it, skipped it or accepted it; empty: nobody is known'),
    owner_id: optional('text', 'Owner of the deal at occurred_at'),
    route_map_id: column('text', 'Route map'),
    route_map_version: column('integer', 'Version of the route map'),
    customer_id: optional('text', 'Customer'),
    source: optional('text', 'Source of the deal'),
    ...known,
  },
  primaryKey: ['deal_id', 'step', 'kind', 'event_id', 'known_from'],
};

/** Moves to other versions of the map: the version a deal follows is the last one's. */
export const migrations: TableDefinition = {
  name: 'deal_migrations',
  comment: 'One row per move of a deal to another version of its route map',
  columns: {
    ...evidence,
    deal_id: column('text', 'Deal'),
    route_map_id: column('text', 'Route map'),
    from_version: column('integer', 'Version it followed until then'),
    to_version: column('integer', 'Version it follows from then on'),
    ...known,
  },
  primaryKey: ['event_id'],
  indexes: [{ columns: ['deal_id'] }],
};

export const dealTables = [
  deals,
  dealStates,
  dealOwners,
  dealPositions,
  dealProducts,
  steps,
  reachTouch,
  reachImplied,
  stays,
  outcomes,
  activities,
  contracts,
  contractLines,
  payments,
  dealTerms,
  creditShares,
  waiting,
  deviations,
  migrations,
  plannedActivities,
  dealReturns,
] as const;
