import type { Credit, IndicatorFilters, Measure, Unit } from './indicator.document.js';

/** Fields that belong to some measures and not to others. */
export const MEASURE_FIELDS = [
  'counting',
  'over',
  'event',
  'numerator',
  'denominator',
  'conversion',
  'from',
  'to',
  'reach',
  'horizonDays',
  'by',
  'weigh',
  'time',
  'at',
  'statistic',
  'hours',
  'work',
  'share',
] as const;
export type MeasureField = (typeof MEASURE_FIELDS)[number];

/** What goes with a measure. Of units and credits the first is meant where nothing is said. */
export interface MeasureRules {
  /** `activity`: what people do, shown with a result beside it. `count` and `sum` may be parts of a ratio. */
  readonly nature: 'activity' | 'result' | 'quality';
  readonly shape: 'count' | 'sum' | 'ratio' | 'share' | 'time';
  readonly fields: readonly MeasureField[];
  readonly units: readonly Unit[];
  readonly credits: readonly Credit['by'][];
  readonly filters: readonly (keyof IndicatorFilters)[];
}

const EVERYWHERE = ['routeMaps', 'products', 'productLines', 'segments', 'sources', 'portrait'] as const;
const OF_STEPS = ['steps', 'stepKinds'] as const;
const OF_ACTIVITIES = ['activityKinds', 'topics', 'outcomes'] as const;
const WORK = ['performer', 'owner'] as const;
const TRADE = ['owner', 'shares'] as const;

export const MEASURES: Readonly<Record<Measure, MeasureRules>> = {
  steps: {
    nature: 'activity',
    shape: 'count',
    fields: ['counting'],
    units: ['count'],
    credits: WORK,
    filters: [...EVERYWHERE, ...OF_STEPS],
  },
  activities: {
    nature: 'activity',
    shape: 'count',
    fields: ['over'],
    units: ['count'],
    credits: WORK,
    filters: [...EVERYWHERE, ...OF_ACTIVITIES],
  },
  deals: {
    nature: 'result',
    shape: 'count',
    fields: ['event'],
    units: ['count'],
    credits: TRADE,
    filters: [...EVERYWHERE, 'lossReasons'],
  },
  customers: {
    nature: 'result',
    shape: 'count',
    fields: ['event'],
    units: ['count'],
    credits: ['owner'],
    filters: EVERYWHERE,
  },
  contracts: { nature: 'result', shape: 'count', fields: [], units: ['count'], credits: TRADE, filters: EVERYWHERE },
  amount: { nature: 'result', shape: 'sum', fields: [], units: ['kopecks'], credits: TRADE, filters: EVERYWHERE },
  payments: { nature: 'result', shape: 'sum', fields: [], units: ['kopecks'], credits: TRADE, filters: EVERYWHERE },
  ratio: {
    nature: 'result',
    shape: 'ratio',
    fields: ['numerator', 'denominator'],
    units: ['ratio', 'percent', 'kopecks'],
    credits: [],
    filters: [],
  },
  conversion: {
    nature: 'result',
    shape: 'share',
    fields: ['conversion', 'from', 'to', 'reach', 'horizonDays'],
    units: ['percent'],
    credits: ['owner', 'performer'],
    filters: EVERYWHERE,
  },
  winRate: {
    nature: 'result',
    shape: 'share',
    fields: ['by', 'weigh'],
    units: ['percent'],
    credits: ['owner'],
    filters: EVERYWHERE,
  },
  time: {
    nature: 'quality',
    shape: 'time',
    fields: ['time', 'at', 'statistic', 'hours'],
    units: ['workingHours', 'hours'],
    credits: ['owner', 'performer'],
    filters: EVERYWHERE,
  },
  timeliness: {
    nature: 'quality',
    shape: 'share',
    fields: ['work', 'share'],
    units: ['percent'],
    credits: WORK,
    filters: [...EVERYWHERE, ...OF_STEPS, ...OF_ACTIVITIES],
  },
  deviations: {
    nature: 'quality',
    shape: 'count',
    fields: [],
    units: ['count'],
    credits: WORK,
    filters: [...EVERYWHERE, ...OF_STEPS, 'deviationKinds'],
  },
};
