import { indicatorCatalogue } from '@voronka/pay';
import { indicatorFigures, type QueryContext } from '@voronka/read-models';
import { type Department, type Told, ZONE } from './department.js';
import type { Exported } from './naive-recount.js';
import { localMonth, WorkingHours } from './naive-hours.js';
import { activitiesDue, type DueFact, percentileOf, stepsDue, type WaitedFact, waited } from './naive-times.js';

/** The steps of the random maps, each of a kind of its own. */
const STEPS = { a: 'contact', b: 'gathering', c: 'meeting', d: 'proposal', e: 'contract' } as const;
const STATISTICS = { median: 0.5, p90: 0.9 } as const;
const codeOf = (step: string, statistic: string, hours: string): string => `waiting_${step}_${statistic}_${hours}`;

const all = Object.entries(STEPS).flatMap(([step, stepKind]) =>
  (['median', 'p90'] as const).flatMap((statistic) =>
    (['working', 'calendar'] as const).map((hours) => ({ step, stepKind, statistic, hours })),
  ),
);

const waitingForProposal = indicatorCatalogue.find(({ code }) => code === 'waiting_for_proposal')?.definition;

/** Indicators of the time that each step of the random maps waits. */
export const timeIndicators: readonly Told[] = all.map(({ step, stepKind, statistic, hours }) => {
  const name = `Waiting for ${step}: ${statistic}, ${hours} hours`;
  const texts = { name: { ru: name, en: name }, description: { ru: name, en: name } };
  const unit = hours === 'calendar' ? 'hours' : waitingForProposal?.unit;
  const credit = { by: 'performer' };
  const body = { ...waitingForProposal, ...texts, credit, at: { kind: stepKind }, statistic, hours, unit };
  return { category: 'indicator', id: codeOf(step, statistic, hours), type: 'DefineIndicator', body };
});

/** What was played, and how the figures of it are asked. */
export interface Played {
  readonly department: Department;
  readonly events: readonly Exported[];
  readonly maps: readonly string[];
  readonly at: string;
  readonly asking: <T>(work: (context: QueryContext) => Promise<T>) => Promise<T>;
}

/** Waiting and timeliness against a recount of the exported events, in total, by person and by month. */
export function timesProofs(played: () => Played): void {
  const hours = new WorkingHours(ZONE);
  const figures = (code: string) => {
    const { asking, at } = played();
    // However long what was played took.
    const period = `2009..${Number(localMonth(at, ZONE).slice(0, 4))}`;
    return asking((context) =>
      indicatorFigures(context, {
        ...{ indicators: [code], results: false, period, groupBy: ['employee'], grain: 'month' },
      }),
    );
  };

  it('steps and planned activities are due, and done in time, as the naive recount says', async () => {
    const { events, maps, at } = played();
    const steps = stepsDue(events, maps, { at, hours });
    const activities = activitiesDue(events, maps, at);
    expect(new Set(steps.map(({ inTime }) => inTime)).size).toBe(2);
    for (const facts of [steps, activities]) expect(facts.length).toBeGreaterThan(maps.length / 2);
    for (const [code, facts, counts] of [
      ['steps_in_time', steps, true],
      ['steps_late', steps, false],
      ['activities_late', activities, false],
    ] as const) {
      const answer = await figures(code);
      const shown = answer.rows.flatMap(({ slices, bucket, figures: { [code]: figure } }) =>
        (figure?.denominator ?? 0) === 0
          ? []
          : [[`${slices[0]?.value ?? ''} ${bucket}`, [figure?.numerator, figure?.denominator]] as const],
      );
      expect([code, new Map(shown)]).toEqual([code, sharesOf(facts, counts)]);
      const { numerator, denominator } = answer.total.figures[code] ?? {};
      const total = facts.filter(({ inTime }) => inTime === counts).length;
      expect([code, numerator, denominator]).toEqual([code, total, facts.length]);
    }
  });

  it('steps wait, in median and ninth decile, by working and by calendar hours, as the naive recount says', async () => {
    const { events, maps, at } = played();
    const found = waited(events, maps, at);
    expect(found.length).toBeGreaterThan(maps.length);
    for (const { step, statistic, hours: kind } of all) {
      const code = codeOf(step, statistic, kind);
      const answer = await figures(code);
      const lasted = ({ since, until }: WaitedFact): number =>
        kind === 'working' ? hours.between(since, until) : (Date.parse(until) - Date.parse(since)) / 3_600_000;
      const own = found.filter((one) => one.step === step);
      const expected = expectedTimes(own, lasted, STATISTICS[statistic]);
      const { value: total } = answer.total.figures[code] ?? {};
      const shown = new Map([['', total]]);
      for (const {
        slices,
        bucket,
        figures: { [code]: figure },
      } of answer.rows) {
        if (figure?.value !== null) shown.set(`${slices[0]?.value ?? ''} ${bucket}`, figure?.value);
      }
      expect([code, shown]).toEqual([code, expected]);
    }
  });
}

/** The figure of all, under no key, and those by person and month. */
function expectedTimes(
  waitings: readonly WaitedFact[],
  lasted: (waiting: WaitedFact) => number,
  share: number,
): ReadonlyMap<string, string | null> {
  const times = new Map<string, number[]>([['', []]]);
  for (const waiting of waitings) {
    const { by, until } = waiting;
    for (const key of ['', `${by ?? ''} ${localMonth(until, ZONE)}`]) {
      times.set(key, [...(times.get(key) ?? []), lasted(waiting)]);
    }
  }
  return new Map([...times].map(([key, values]) => [key, shownHours(values, share)]));
}

function shownHours(values: readonly number[], share: number): string | null {
  return percentileOf(values, share)?.toFixed(2) ?? null;
}

/** Person and month, how many count, and of how many. */
function sharesOf(facts: readonly DueFact[], counts: boolean): ReadonlyMap<string, readonly [number, number]> {
  const cells = new Map<string, [number, number]>();
  for (const { due, inTime, by } of facts) {
    const key = `${by ?? ''} ${localMonth(due, ZONE)}`;
    const [counted, of] = cells.get(key) ?? [0, 0];
    cells.set(key, [counted + (inTime === counts ? 1 : 0), of + 1]);
  }
  return cells;
}
