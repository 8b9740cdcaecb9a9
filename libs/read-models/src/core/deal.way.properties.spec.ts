import { plainFiveDayWeek, type Recorded, type RecordedUnion } from '@voronka/kernel';
import type { Row } from '@voronka/projections';
import { deviationsOf, routeMapFaults } from '@voronka/sales';
import type { Answers, DealEvent, RouteMapDocument, StepDefinition } from '@voronka/sales/events';
import fc from 'fast-check';
import { coreSet } from '../registry.js';
import { DealLog } from './testing/deal-log.js';
import { Materialised, text } from './testing/materialised.js';
import { naiveCustomer } from './testing/naive-customer.js';

const CODES = ['s0', 's1', 's2', 's3', 's4', 's5'];
const ROLES: Readonly<Record<string, readonly string[]>> = { anna: ['manager'], boris: ['analyst'], head: ['head'] };
const CONDITIONS = [
  ...['answers.s0.size = 1', 'answers.s1.size = 1 or amount >= 50', 'amount >= 50', "products has 'anna'"],
  ...['answers.s2.size is known', 'not (answers.s0.size in (1, 2))'],
];
const OF_THE_CUSTOMER = [
  "segment = 'a'",
  "segment = 'a' or answers.s0.size = 1",
  'portrait.x = 1',
  'portrait.x is known',
];

const ALL = [...CONDITIONS, ...OF_THE_CUSTOMER];

/** A step of any shape; what it comes after are steps with smaller numbers. */
const anyStep = (index: number, conditions: readonly string[]): fc.Arbitrary<StepDefinition> =>
  fc
    .record({
      mandatory: fc.boolean(),
      after: fc.subarray(CODES.slice(0, index), { maxLength: Math.min(2, index) }),
      when: fc.option(fc.constantFrom(...conditions), { nil: null, freq: 2 }),
      roles: fc.constantFrom<readonly string[]>([], [], ['manager'], ['manager', 'analyst']),
      rank: fc.boolean(),
      norm: fc.constantFrom(0, 4, 8, 30),
      shape: fc.constantFrom('plain', 'plain', 'verified', 'concerns'),
    })
    .map(({ mandatory, after, when, roles, rank, norm, shape }) => ({
      ...{ code: `s${index}`, name: 'Step', stage: 'all', mandatory, roles, form: [] },
      after: shape === 'concerns' && index > 0 ? [...new Set([...after, `s${index - 1}`])] : after,
      kind: shape === 'concerns' ? ('verification' as const) : ('other' as const),
      ...(when === null ? {} : { when }),
      ...(rank ? { funnelRank: index + 1 } : {}),
      ...(norm === 0 ? {} : { normWorkingHours: norm }),
      ...(shape === 'verified' ? { verification: { role: 'head' } } : {}),
      ...(shape === 'concerns' && index > 0 ? { concerns: `s${index - 1}` } : {}),
    }));

const anyMap = (conditions: readonly string[]): fc.Arbitrary<RouteMapDocument> =>
  fc.tuple(...CODES.map((_code, index) => anyStep(index, conditions))).map((steps) => ({
    ...{ name: 'Any', purpose: 'sale' as const, stages: [{ code: 'all', name: 'All' }], lossReasons: [] },
    steps: withoutCircles(steps),
  }));

/** As publication demands, no condition asks a step that waits for its own: what it came to would be anybody's guess. */
function withoutCircles(steps: readonly StepDefinition[]): readonly StepDefinition[] {
  const document = { name: 'Any', purpose: 'sale' as const, stages: [], lossReasons: [], steps };
  const circles = new Set(
    routeMapFaults(document)
      .filter(({ code }) => code === 'CONDITION_ON_LATER_STEP')
      .map(({ pointer }) => pointer),
  );
  return steps.map((step, index) => {
    const { when, ...unconditional } = step;
    return when !== undefined && circles.has(`/steps/${index}/when`) ? unconditional : step;
  });
}

interface Happening {
  readonly what: number;
  readonly day: number;
  readonly choice: number;
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.nat(20),
  // Mostly in the order of telling, as in life: the day of the opening, plus so many days.
  day: fc.integer({ min: 0, max: 9 }),
  choice: fc.nat(30),
});

interface Scene {
  readonly log: DealLog;
  readonly document: RouteMapDocument;
}

const anyScene = (conditions: readonly string[]): fc.Arbitrary<Scene> =>
  fc
    .tuple(anyMap(conditions), fc.array(happening, { minLength: 3, maxLength: 24 }), fc.boolean())
    .map(([document, happenings, ordered]) => {
      const log = new DealLog().prepared('Europe/Samara', document);
      for (const [id, roles] of Object.entries(ROLES)) log.hired(id, 'sales', '2009-01-12', { roles: [...roles] });
      log.opened('2009-08-03');
      const days = happenings.map(({ day }) => day);
      if (ordered) days.sort((a, b) => a - b);
      const told: Told = { completions: [], contracts: [] };
      happenings.forEach((each, index) => tell(log, { ...each, day: days[index] ?? 0 }, told));
      return { log, document };
    });

interface Told {
  readonly completions: Recorded[];
  readonly contracts: string[];
}

function tell(log: DealLog, { what, day, choice }: Happening, { completions, contracts }: Told): void {
  const at = `2009-08-${String(2 + day).padStart(2, '0')}`;
  const step = choice === 30 ? 'unheard-of' : (CODES[choice % CODES.length] ?? 's0');
  const by = ['anna', 'boris', 'stranger'][choice % 3] ?? 'anna';
  const answers: Answers = choice % 4 === 0 ? {} : { size: choice % 3 };
  const completion = completions[choice % Math.max(1, completions.length)];
  const contract = contracts[choice % Math.max(1, contracts.length)];
  const done = (awaits: boolean): unknown => completions.push(log.done(step, at, { by, awaits, answers }));
  const sign = (): void => {
    contracts.push(`k${contracts.length}`);
    log.signed(choice, at, contracts.at(-1));
  };
  const voidIt = (): void => {
    if (contract === undefined) return;
    contracts.splice(contracts.indexOf(contract), 1);
    log.contractVoided(at, ([null, 'open', 'lost'] as const)[choice % 3] ?? null, contract);
  };
  const acts: (() => unknown)[] = [
    ...Array.from({ length: 7 }, () => () => done(false)),
    () => done(true),
    () => completion !== undefined && log.accepted(completion, at, by === 'stranger' ? 'head' : by),
    () => completion !== undefined && log.sentBack(completion, at),
    () => completion !== undefined && log.voided(completion, at),
    () => completion !== undefined && log.corrected(completion, { on: at, by }, at),
    () => log.skipped(step, at),
    () => log.returned(step, at),
    () => (choice % 2 === 0 ? log.lost(at) : log.reopened(at)),
    sign,
    voidIt,
    () => log.revised(choice % 5 === 0 ? null : choice * 3, at, { products: [by] }),
    () => log.described('c1', { x: [1, 2, 'unknown'][choice % 3] }, at),
    () => log.segment('c1', ['a', 'b', null][choice % 3] ?? null, at),
    () => log.described('c1', { beside: choice }, at),
  ];
  acts[what]?.();
}

/** By the plain rules, over the whole of the deal's events. */
function plainly({ log, document }: Scene): string[] {
  const events = log.events.filter(({ stream }) => stream === 'deal-d1') as RecordedUnion<DealEvent>[];
  const facts = { calendar: plainFiveDayWeek(), zone: 'Europe/Samara', customerAt: naiveCustomer(log.events) };
  const rolesOf = (employee: string): readonly string[] | null => ROLES[employee] ?? null;
  return deviationsOf(events, document, { ...facts, rolesOf })
    .map(({ kind, step, eventId, performer }) => text([kind, step, eventId, performer]))
    .toSorted();
}

function inTheTable(tables: Materialised): string[] {
  const shown = (row: Row) => [row['kind'], row['step'], row['silent'] === true ? null : row['event_id']];
  return tables
    .asOf('deviations')
    .map((row) => text([...shown(row), row['performer_id']]))
    .toSorted();
}

describe('Where a deal left its map, found event by event', () => {
  test('is what the plain rules find over the whole of its history, at every event', () => {
    fc.assert(
      fc.property(anyScene(ALL), fc.nat(100), fc.boolean(), ({ log, document }, where, storing) => {
        const first = log.events.findIndex(({ type }) => type === 'DealOpened');
        const cut = first + 1 + (where % (log.events.length - first));
        const told = Object.assign(new DealLog(), { events: log.events.slice(0, cut) });
        const tables = new Materialised(coreSet, storing).project(told.events);
        expect(inTheTable(tables)).toEqual(plainly({ log: told, document }));
      }),
      { numRuns: 200 },
    );
  });

  test('a step waits once at a time, and what was late was done after the due time of its waiting', () => {
    fc.assert(
      fc.property(anyScene(ALL), ({ log }) => {
        const tables = new Materialised(coreSet, false).project(log.events);
        const waits = tables.asOf('waiting');
        const going = waits.filter((row) => row['ended_at'] === null).map((row) => row['step']);
        expect(new Set(going).size).toBe(going.length);
        const late = tables.asOf('deviations').filter((row) => row['kind'] === 'late');
        const ended = waits.filter((row) => row['ended_how'] === 'done' && row['due_at'] !== null);
        const overdue = ended.filter((row) => String(row['ended_at']) > String(row['due_at']));
        const shown = (rows: readonly Row[], event: string) =>
          rows.map((row) => text([row['step'], row[event], row['due_at'], row['performer_id']])).toSorted();
        expect(shown(late, 'event_id')).toEqual(shown(overdue, 'ended_event_id'));
      }),
      { numRuns: 100 },
    );
  });
});
