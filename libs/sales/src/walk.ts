// The door for read models to the rules of the map over what happened. Judges the past, decides nothing.
export { DEVIATION_KINDS, type DeviationKind } from './deal/deal.conformance.js';
export { type Plan, type PlanEvent, planMade, plansAfter } from './deal/deal.plan.state.js';
export {
  type AskedOfCustomer,
  askedOfCustomer,
  type CustomerPortrait,
  looksAtCustomer,
  portraitsOf,
} from './deal/deal.customer.js';
export { dueAfter, normMinutesOf } from './deal/deal.next.js';
export * from './deal/deal.walk.js';
export type { Deviated } from './deal/deal.walk.deviations.js';
export { type Told, type Wait, WAIT_ENDS, type WaitEnd } from './deal/deal.walk.waits.js';
export { askedFieldsOf } from './route-map/route-map.conditions.js';
