import { createReadStream, readFileSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { parse } from 'yaml';

// Time in stay and conformance of BPI Challenge 2012, straight from the XES file and the steps of the example mapping:
// plain loops over the cases, nothing of the product.

interface Happened {
  readonly name: string;
  readonly atMs: number;
}

/** What the naive telling needs of a step of a map. */
export interface Step {
  readonly code: string;
  readonly funnelRank?: number;
  readonly mandatory: boolean;
  readonly after: readonly string[];
}

/** Of the stays in a bar that ended: how many, and hours with two decimals. */
export interface StayTimes {
  readonly ended: number;
  readonly median: string;
  readonly p90: string;
}

export interface Naive {
  readonly cases: number;
  readonly stays: Readonly<Record<string, StayTimes>>;
  /** By map: `wrongOrder O_SENT` … with how often. */
  readonly deviations: readonly Readonly<Record<string, number>>[];
}

const LOSSES = ['A_DECLINED', 'A_CANCELLED'];
const WIN = 'A_APPROVED';

/** Steps of the map in a mapping file. */
export function stepsIn(mapping: string): readonly Step[] {
  return (parse(readFileSync(mapping, 'utf8')) as { routeMap: { steps: readonly Step[] } }).routeMap.steps;
}

/** Times in stay by the first of the maps, deviations from each. */
export async function naiveBpic(xes: string, maps: readonly (readonly Step[])[]): Promise<Naive> {
  const stays = new Map<string, number[]>();
  const deviations = maps.map(() => new Map<string, number>());
  let cases = 0;
  await eachCase(xes, (happened) => {
    cases += 1;
    stayTimes(happened, maps[0] ?? [], stays);
    maps.forEach((steps, index) => {
      const counts = deviations[index];
      for (const found of leftTheMap(happened, steps)) counts?.set(found, (counts.get(found) ?? 0) + 1);
    });
  });
  return {
    cases,
    stays: Object.fromEntries([...stays].map(([bar, times]) => [bar, shown(times)])),
    deviations: deviations.map((counts) => Object.fromEntries(counts)),
  };
}

/** Completed events of each case by time; those of one instant as they stand in the file. */
async function eachCase(file: string, take: (happened: readonly Happened[]) => void): Promise<void> {
  let happened: Happened[] = [];
  let event: Record<string, string> | null = null;
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'trace') happened = [];
    else if (name === 'event') event = {};
    else if (event !== null) event[attributes['key'] ?? ''] = attributes['value'] ?? '';
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'trace') take(happened.toSorted((a, b) => a.atMs - b.atMs));
    if (name !== 'event' || event === null) return;
    const at = event['time:timestamp'] ?? '';
    const completed = event['lifecycle:transition'] === 'COMPLETE';
    if (completed) happened.push({ name: event['concept:name'] ?? '', atMs: Date.parse(at) });
    event = null;
  });
  const text = createReadStream(file).pipe(createGunzip()).setEncoding('utf8');
  for await (const chunk of text) parser.write(chunk as string);
  parser.close();
}

/** A stay begins when the bar's step is done, and ends by a step of a higher bar, a loss or a win. */
function stayTimes(happened: readonly Happened[], steps: readonly Step[], times: Map<string, number[]>): void {
  const began = new Map<string, number>();
  const rankOf = (code: string): number => steps.find((step) => step.code === code)?.funnelRank ?? 0;
  const end = (atMs: number, which: (bar: string) => boolean): void => {
    for (const [bar, sinceMs] of began) {
      if (!which(bar)) continue;
      began.delete(bar);
      const known = times.get(bar);
      if (known === undefined) times.set(bar, [atMs - sinceMs]);
      else known.push(atMs - sinceMs);
    }
  };
  for (const { name, atMs } of happened) {
    const rank = rankOf(name);
    if (rank > 0) {
      end(atMs, (bar) => rankOf(bar) < rank);
      if (!began.has(name)) began.set(name, atMs);
    }
    if (name !== WIN && !LOSSES.includes(name)) continue;
    // The case is closed: nobody stays anywhere any more.
    end(atMs, () => true);
    return;
  }
}

/** Wrong order and repetition once for each event; skipped once for each mandatory step passed over or missing at the end. */
function leftTheMap(happened: readonly Happened[], steps: readonly Step[]): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const passed = new Set<string>();
  const before = (code: string): readonly string[] => steps.find((step) => step.code === code)?.after ?? [];
  const pass = (code: string): void => {
    for (const earlier of before(code)) {
      passed.add(earlier);
      pass(earlier);
    }
  };
  for (const { name } of happened) {
    if (!steps.some(({ code }) => code === name)) continue;
    if (before(name).some((earlier) => !done.has(earlier))) found.push(`wrongOrder ${name}`);
    if (done.has(name)) found.push(`repeated ${name}`);
    done.add(name);
    pass(name);
  }
  for (const { code, mandatory } of steps) {
    if (mandatory && !done.has(code) && (passed.has(code) || done.has(WIN))) found.push(`skipped ${code}`);
  }
  return found;
}

function shown(times: readonly number[]): StayTimes {
  const sorted = times.toSorted((a, b) => a - b);
  // Between two neighbours, in tenths: both shares are whole tenths.
  const at = (tenths: number): string => {
    const place = (sorted.length - 1) * tenths;
    const low = sorted[Math.floor(place / 10)] ?? 0;
    const high = sorted[Math.floor(place / 10) + 1] ?? low;
    const tenthMs = low * 10 + (high - low) * (place % 10);
    return (Math.round(tenthMs / 360_000) / 100).toFixed(2);
  };
  return { ended: sorted.length, median: at(5), p90: at(9) };
}
