// Words of the process that definitions select by. The sales rooms own them; this room may not look into those, so a
// test of the whole house holds the lists together.

/** Kinds of steps of a route map. */
export const STEP_KINDS = [
  'contact',
  'gathering',
  'questionnaire',
  'analysis',
  'verification',
  'meeting',
  'proposal',
  'contract',
  'other',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** How a deal can leave its map. */
export const DEVIATION_KINDS = ['skipped', 'wrongOrder', 'wrongRole', 'late', 'unknownStep', 'repeated'] as const;
export type DeviationKind = (typeof DEVIATION_KINDS)[number];
