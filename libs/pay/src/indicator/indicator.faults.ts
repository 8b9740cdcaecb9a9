import type { IndicatorBody } from './indicator.body.js';
import type { IndicatorState } from './indicator.decider.js';
import type { IndicatorDocument, IndicatorFilters, Place } from './indicator.document.js';
import { MEASURES } from './indicator.measures.js';
import { definitionFrom, fieldFaults, type IndicatorFault, type Report } from './indicator.reading.js';
import { isCountable, natureOf } from './indicator.traits.js';

/** What a definition needs to know of the company: the zone its months are in. */
export type CompanyFact = { readonly status: 'none' } | { readonly status: 'configured'; readonly zone: string };

/** What a definition needs to know of a route map: which steps its versions have, which of them are bars. */
export type RouteMapFact =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      readonly versions: readonly {
        readonly document: { readonly steps: readonly { readonly code: string; readonly funnelRank?: number }[] };
      }[];
    };

/** States of what a definition speaks of; lists hold one state, or none where nothing was named. What is not there is undefined. */
export interface IndicatorFacts {
  readonly company?: CompanyFact;
  readonly numerator: readonly (IndicatorState | undefined)[];
  readonly denominator: readonly (IndicatorState | undefined)[];
  readonly result: readonly (IndicatorState | undefined)[];
  /** In the order of `filters.routeMaps`. */
  readonly routeMaps: readonly (RouteMapFact | undefined)[];
}

export type Judged =
  | { readonly faults: readonly IndicatorFault[]; readonly definition: null }
  | { readonly faults: readonly []; readonly definition: IndicatorDocument };

/** The definition that a body says, or everything wrong with it. */
export function judgeDefinition(code: string, body: IndicatorBody, facts: IndicatorFacts): Judged {
  const faults: IndicatorFault[] = [];
  const report: Report = (pointer, faultCode, detail) => faults.push({ pointer, code: faultCode, detail });
  fieldFaults(body, report);
  const sound = faults.length === 0;
  const definition = definitionFrom(body);
  customFaults(definition, body, report);
  resultFaults(code, definition, facts, report);
  if (definition.measure === 'ratio') ratioFaults(code, definition, facts, report);
  if (sound) stepFaults(definition, facts, report);
  return faults.length > 0 ? { faults, definition: null } : { faults: [], definition };
}

/** Unit, credit and filters against what the measure allows. */
function customFaults(definition: IndicatorDocument, body: IndicatorBody, report: Report): void {
  const { measure, unit } = definition;
  if (!MEASURES[measure].units.includes(unit) || wrongHours(definition)) {
    report('/unit', 'UNIT_WRONG', `${measure} is not shown in ${unit}; leave the unit out or correct it`);
  }
  creditFaults(definition, body.credit?.role ?? null, report);
  filterFaults(definition, report);
}

function creditFaults({ measure, credit }: IndicatorDocument, role: string | null, report: Report): void {
  const { credits } = MEASURES[measure];
  if (credit !== null && !credits.includes(credit.by)) {
    const detail = credits.length === 0 ? 'leave it out: the parts of a ratio say it' : `say ${credits.join(' or ')}`;
    report('/credit/by', 'CREDIT_NOT_ALLOWED', detail);
  }
  if (credit?.by === 'shares' && role === null) {
    report('/credit/role', 'CREDIT_ROLE_MISSING', 'say under which role the shares are held');
  }
  if (credit?.by !== 'shares' && role !== null) {
    report('/credit/role', 'CREDIT_ROLE_NOT_ALLOWED', 'leave it out: only shares are held under a role');
  }
}

function filterFaults(definition: IndicatorDocument, report: Report): void {
  const { filters } = MEASURES[definition.measure];
  for (const name of Object.keys(definition.filters) as (keyof IndicatorFilters)[]) {
    if (!filters.includes(name)) {
      report(
        `/filters/${name}`,
        'FILTER_NOT_ALLOWED',
        `leave it out: ${definition.measure} cannot be filtered by ${name}`,
      );
    }
  }
  if (definition.filters.lossReasons !== undefined && definition.measure === 'deals' && definition.event !== 'lost') {
    report('/filters/lossReasons', 'FILTER_NOT_ALLOWED', 'leave it out: only lost deals have a loss reason');
  }
  workFilterFaults(definition, report);
}

function wrongHours(definition: IndicatorDocument): boolean {
  if (definition.measure !== 'time') return false;
  return definition.unit !== (definition.hours === 'calendar' ? 'hours' : 'workingHours');
}

function workFilterFaults(definition: IndicatorDocument, report: Report): void {
  if (definition.measure !== 'timeliness') return;
  const others = definition.work === 'steps' ? ['activityKinds', 'topics', 'outcomes'] : ['steps', 'stepKinds'];
  for (const name of Object.keys(definition.filters)) {
    if (others.includes(name)) {
      report(`/filters/${name}`, 'FILTER_NOT_ALLOWED', `leave it out: it says nothing about ${definition.work}`);
    }
  }
}

/** Every indicator of activity has a result beside it, and that is no activity again. */
function resultFaults(code: string, definition: IndicatorDocument, facts: IndicatorFacts, report: Report): void {
  const at = '/resultIndicator';
  const { resultIndicator } = definition;
  if (resultIndicator === null) {
    if (natureOf(definition) === 'activity') {
      report(at, 'RESULT_INDICATOR_MISSING', 'name the result that this activity is done for; it is shown beside it');
    }
    return;
  }
  if (resultIndicator === code) return report(at, 'RESULT_INDICATOR_ITSELF', 'name another indicator');
  const other = definedIn(facts.result[0]);
  if (other === null) return report(at, 'INDICATOR_UNKNOWN', `define ${resultIndicator} first, or name one in use`);
  if (natureOf(other) === 'activity') {
    report(at, 'RESULT_INDICATOR_IS_ACTIVITY', `${resultIndicator} counts activity too; name what comes of it`);
  }
}

type Ratio = Extract<IndicatorDocument, { measure: 'ratio' }>;

/** Both parts are there and countable: so a ratio is neither of ratios nor, through others, of itself. */
function ratioFaults(code: string, definition: Ratio, facts: IndicatorFacts, report: Report): void {
  const parts = (['numerator', 'denominator'] as const).map((field) => {
    const pointer = `/${field}`;
    const named = definition[field];
    if (named === undefined) return null;
    if (named === code) {
      report(pointer, 'RATIO_OF_ITSELF', 'name another indicator');
      return null;
    }
    const part = definedIn(facts[field][0]);
    if (part === null) report(pointer, 'INDICATOR_UNKNOWN', `define ${named} first, or name one in use`);
    else if (!isCountable(part)) {
      report(pointer, 'RATIO_PART_NOT_COUNTABLE', `${named} is no count and no sum: take the indicators it is made of`);
    }
    return part;
  });
  const [above, below] = parts;
  if (above === undefined || below === undefined || above === null || below === null) return;
  const isPrice = above.unit === 'kopecks' && below.unit !== 'kopecks';
  if (definition.unit === 'kopecks' && !isPrice) {
    report('/unit', 'UNIT_WRONG', 'only an amount per something countable is shown in kopecks');
  }
  if (definition.unit === 'percent' && above.unit !== below.unit) {
    report('/unit', 'UNIT_WRONG', 'a percentage is of like things; leave the unit out');
  }
}

function definedIn(state: IndicatorState | undefined): IndicatorDocument | null {
  return state?.status === 'active' ? state.latest.definition : null;
}

/** Codes of steps hold on one named map only; kinds and ends hold on all. */
function stepFaults(definition: IndicatorDocument, facts: IndicatorFacts, report: Report): void {
  const maps = definition.filters.routeMaps ?? [];
  maps.forEach((name, index) => {
    if ((facts.routeMaps[index]?.status ?? 'none') === 'none') {
      report(`/filters/routeMaps/${index}`, 'ROUTE_MAP_UNKNOWN', `publish the route map ${name} first`);
    }
  });
  const steps = facts.routeMaps.flatMap((map) =>
    map === undefined || map.status === 'none' ? [] : map.versions.flatMap(({ document }) => document.steps),
  );
  const known = new Set(steps.map(({ code }) => code));
  const bars = new Set(steps.flatMap(({ code, funnelRank }) => (funnelRank === undefined ? [] : [code])));
  for (const { pointer, step, mustBeBar } of stepsNamed(definition)) {
    if (maps.length === 0) {
      report(pointer, 'STEP_NEEDS_ROUTE_MAP', 'name the map of this step in filters.routeMaps, or use a kind of steps');
    } else if (!known.has(step)) report(pointer, 'STEP_UNKNOWN', `no version of these route maps has a step ${step}`);
    else if (mustBeBar && !bars.has(step)) report(pointer, 'STEP_NOT_RANKED', `${step} is no bar of the funnel`);
  }
  endFaults(definition, report);
}

interface NamedStep {
  readonly pointer: string;
  readonly step: string;
  readonly mustBeBar: boolean;
}

function stepsNamed(definition: IndicatorDocument): readonly NamedStep[] {
  const filtered = (definition.filters.steps ?? []).map((step, index) => ({
    pointer: `/filters/steps/${index}`,
    step,
    mustBeBar: false,
  }));
  const mustBeBar =
    definition.measure === 'conversion' || (definition.measure === 'time' && definition.time === 'stay');
  const places = Object.entries(placesOf(definition)).flatMap(([field, place]) =>
    'step' in place ? [{ pointer: `/${field}/step`, step: place.step, mustBeBar }] : [],
  );
  return [...filtered, ...places];
}

function placesOf(definition: IndicatorDocument): Readonly<Record<string, Place>> {
  if (definition.measure === 'time') return definition.time === 'cycle' ? {} : { at: definition.at };
  if (definition.measure !== 'conversion') return {};
  const { from } = definition;
  return definition.conversion === 'exit' ? { from } : { from, to: definition.to };
}

/** A way leads from the entry to the win, and neither of them is a step where one waits or stays. */
function endFaults(definition: IndicatorDocument, report: Report): void {
  const { from, to, at } = placesOf(definition);
  const end = (place: Place | undefined): string | null => (place !== undefined && 'end' in place ? place.end : null);
  if (end(from) === 'win') report('/from/end', 'PLACE_IMPOSSIBLE', 'nothing comes after the win');
  if (end(to) === 'entry') report('/to/end', 'PLACE_IMPOSSIBLE', 'nothing comes before the entry');
  if (end(at) !== null) report('/at/end', 'PLACE_IMPOSSIBLE', 'name a step or a kind of steps');
  if (definition.measure === 'conversion' && definition.conversion === 'exit' && end(from) !== null) {
    report('/from/end', 'PLACE_IMPOSSIBLE', 'stays are in steps: name a step or a kind of steps');
  }
  if (from !== undefined && to !== undefined && JSON.stringify(from) === JSON.stringify(to)) {
    report('/to', 'PLACE_REPEATED', 'a conversion leads from one place to another');
  }
}
