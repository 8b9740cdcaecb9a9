export { activity, type ActivityAnswer, type ActivityParams, type ActivityRow, type Followed } from './activity.js';
export {
  type Answer,
  type AsOf,
  type InstantPeriod,
  type QueryContext,
  type ReadClient,
  resolveAsOf,
  zoneAt,
} from './context.js';
export * from './cohorts.js';
export * from './conformance.js';
export { conversion, type ConversionAnswer, type ConversionParams, type ConversionRow } from './conversion.js';
export { funnel, type FunnelAnswer, type FunnelBar, type FunnelParams, type FunnelRow, type Reach } from './funnel.js';
export type { Place } from './layout.js';
export type { SliceValue } from './members.js';
export type { Report } from './report.js';
export type { Bar, StepName } from './route-map.js';
export {
  ALL_SLICES,
  assertSlice,
  type Filters,
  isPortraitSlice,
  type PortraitSlice,
  portraitSlice,
  type SliceName,
  SLICES,
} from './slices.js';
export * from './step-activity.js';
export { winRate, type WinRateAnswer, type WinRateParams, type WinRateRow, type WinRateSide } from './win-rate.js';
export * from './deal.js';
export { type DealFilter, type DealsAnswer, dealsList, type DealStatus, type DealSummary } from './deals.js';
export * from './drill.js';
export * from './overview.js';
export type { Page } from './page.js';
export * from './absences.js';
export * from './reference.js';
export * from './reminders.js';
export { calendarAt } from './calendar.js';
export * from './scope.js';
export * from './worklist.js';
export type { SilentCustomer } from './silent-customers.js';
export type { ShownSample } from './analysis/shown.js';
export type { AnalysisParams } from './analysis/counted.js';
export * from './analysis/decomposition.js';
export * from './analysis/funnel-analysis.js';
export type { StandingHere, StandingOffBars } from './analysis/standing-deals.js';
export * from './indicators/indicator-drill.js';
export * from './indicators/indicator-figures.js';
export * from './indicators/indicators-list.js';
export type { IndicatorFigure } from './indicators/figure.js';
export * from './pay/index.js';
