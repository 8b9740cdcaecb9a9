import path from 'node:path';
import { openEventLog } from '@voronka/event-log';
import { copyLog } from '@voronka/eventstore-node';
import { withSnapshot } from '@voronka/projections';
import { coreSet, projectionSets } from '@voronka/read-models';
import { things } from '@voronka/runtime';
import pg from 'pg';
import { say } from '../../../apps/cli/src/output.js';
import type { Finding } from '../harness/finding.js';
import { HttpClient } from '../harness/http-client.js';
import type { Setting } from '../harness/setting.js';
import { median, summarise } from '../harness/statistics.js';
import { startTask } from '../harness/tasks.js';
import { ROUTE_MAP_ID } from '../log/company.js';
import { SeededKeys } from '../log/seeded-keys.js';
import { bareAppends, CONCURRENCIES, rateOf, RUN_MS, WARM_UP_MS, type Write } from './appends.js';
import type { Measure } from './measure.js';
import { rebuildOnce } from './rebuild.js';

const MOST_CLIENTS = Math.max(...CONCURRENCIES);
/** Deals that each client works on in turn. */
const DEALS_OF_ONE = 8;
/** Somebody who stays with the invented company. */
const PERSON = 'emp-001';
/** The load under which the lag is measured is half of what so many clients make. */
const LOAD_CLIENTS = 16;
const LAG_MS = 15_000;
const LOOK_EVERY_MS = 5;
const MOST_LAG_MS = 300;

export const commands: Measure = {
  name: 'commands',
  summary: 'commands through HTTP beside bare appends through the client; the lag of the read models at half of that',
  run: (setting) => setting.within(() => run(setting)),
};

async function run(setting: Setting): Promise<Finding[]> {
  const written = await setting.log(setting.options.events);
  // A copy: a kept log stays as it was written.
  const directory = setting.directory('commands');
  await copyLog(path.join(written.directory, 'log'), path.join(directory, 'log'));
  const node = await setting.node(directory);
  const server = await setting.postgres(written);
  const stores = { endpoint: node.endpoint, databaseUrl: server.url };
  await rebuildOnce(
    stores,
    projectionSets.map(({ name }) => name),
  );
  // Bare appends go to a node of their own: they are no history that the read models should hold.
  const bare = await setting.node(setting.directory('bare'));
  const log = openEventLog({ connection: { endpoint: bare.endpoint }, things, keys: new SeededKeys() });
  const task = startTask({ kind: 'serve', stores });
  const pool = new pg.Pool({ connectionString: server.url, max: 2 });
  try {
    const served = await task.ready;
    if (served === undefined) throw new Error('the API does not say where it is');
    const client = new HttpClient(served, MOST_CLIENTS);
    await openDeals(client);
    const rates = await ratesOf({ command: record(client), append: bareAppends(log) }, setting.options.runs);
    const load = (median(rates.get(LOAD_CLIENTS)?.command ?? []) || 2) / 2;
    say(`commands: lag at ${Math.round(load)} commands/s`);
    const lag = await lagAt(load, client, pool);
    client.close();
    return [...[...rates].flatMap(([clients, found]) => rateFindings(clients, found)), ...lagFindings(load, lag)];
  } finally {
    await pool.end();
    await task.end();
    await log.close();
  }
}

const dealOf = (writer: number, turn: number): string => `bench-${writer}-${turn % DEALS_OF_ONE}`;

async function openDeals(client: HttpClient): Promise<void> {
  const body = { customerId: 'c-000001', routeMapId: ROUTE_MAP_ID, ownerId: PERSON };
  for (let turn = 0; turn < DEALS_OF_ONE; turn += 1) {
    const writers = Array.from({ length: MOST_CLIENTS }, (_none, writer) => writer);
    await Promise.all(
      writers.map((writer) => client.post(`/v1/deals/${dealOf(writer, turn)}/open-deal`, body, PERSON)),
    );
  }
}

/** The most frequent command, which appends the event that bare appends append. */
function record(client: HttpClient): Write {
  const body = { kind: 'call', outcome: 'reached', durationMinutes: 12 };
  return (writer, turn) => client.post(`/v1/deals/${dealOf(writer, turn)}/record-activity`, body, PERSON);
}

interface Rates {
  readonly command: number[];
  readonly append: number[];
}

/** Per second by the number of clients, in turns. */
async function ratesOf({ command, append }: { command: Write; append: Write }, runs: number) {
  const rates = new Map<number, Rates>();
  for (const clients of CONCURRENCIES) {
    say(`commands: ${clients} at a time`);
    const found: Rates = { command: [], append: [] };
    rates.set(clients, found);
    await rateOf(command, clients, WARM_UP_MS);
    await rateOf(append, clients, WARM_UP_MS);
    for (let turn = 0; turn < runs; turn += 1) {
      found.append.push(await rateOf(append, clients, RUN_MS));
      found.command.push(await rateOf(command, clients, RUN_MS));
    }
  }
  return rates;
}

function rateFindings(clients: number, { command, append }: Rates): Finding[] {
  const [own, bare] = [summarise(command), summarise(append)];
  const ratio = { to: 'bare appends', value: own.median / bare.median };
  const common = { measure: 'commands' } as const;
  return [
    { ...common, what: `bare appends, ${clients} at a time`, unit: 'appends/s', summary: bare },
    { ...common, what: `commands through HTTP, ${clients} clients`, unit: 'commands/s', summary: own, ratio },
  ];
}

interface Lag {
  /** Milliseconds from each answer until the read models held the event. */
  readonly behind: readonly number[];
  /** Milliseconds from sending to the answer. */
  readonly answered: readonly number[];
}

/** Sends so many commands a second, answered or not, and looks how far the read models are all the while. */
async function lagAt(load: number, client: HttpClient, pool: pg.Pool): Promise<Lag> {
  const send = record(client);
  const answers: { readonly atMs: number; readonly position: bigint }[] = [];
  const answered: number[] = [];
  const looks: { readonly atMs: number; readonly k: bigint }[] = [];
  const one = async (number: number): Promise<void> => {
    const sentMs = performance.now();
    const answer = await send(number % MOST_CLIENTS, Math.floor(number / MOST_CLIENTS));
    const atMs = performance.now();
    answered.push(atMs - sentMs);
    answers.push({ atMs, position: BigInt(String((answer as { position: string }).position)) });
  };
  let sending = true;
  const looking = (async () => {
    for (let last = -1n; sending || last < lastOf(answers); await pause(LOOK_EVERY_MS)) {
      last = await withSnapshot(pool, coreSet.name, ({ k }) => Promise.resolve(k ?? -1n));
      looks.push({ atMs: performance.now(), k: last });
    }
  })();
  const begun = performance.now();
  const under: Promise<void>[] = [];
  while (performance.now() - begun < LAG_MS) {
    const due = Math.floor(((performance.now() - begun) / 1000) * load);
    while (under.length < due) under.push(one(under.length));
    await pause(2);
  }
  await Promise.all(under);
  sending = false;
  await looking;
  return { answered, behind: behindOf(answers, looks) };
}

function behindOf(
  answers: readonly { readonly atMs: number; readonly position: bigint }[],
  looks: readonly { readonly atMs: number; readonly k: bigint }[],
): number[] {
  const sorted = answers.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  const behind: number[] = [];
  let look = 0;
  for (const { atMs, position } of sorted) {
    while (look < looks.length - 1 && (looks[look]?.k ?? 0n) < position) look += 1;
    behind.push(Math.max(0, (looks[look]?.atMs ?? atMs) - atMs));
  }
  return behind;
}

function lastOf(answers: readonly { readonly position: bigint }[]): bigint {
  return answers.reduce((last, { position }) => (position > last ? position : last), -1n);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function lagFindings(load: number, { behind, answered }: Lag): Finding[] {
  const common = { measure: 'commands', unit: 'ms' } as const;
  const aims = [{ of: 'p99', kind: 'below', value: MOST_LAG_MS } as const];
  const at = `at ${Math.round(load)} commands/s`;
  return [
    { ...common, what: `lag of the read models ${at}`, summary: summarise(behind), aims },
    { ...common, what: `answer to a command ${at}`, summary: summarise(answered) },
  ];
}
