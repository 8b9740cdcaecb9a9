import { setTimeout as sleep } from 'node:timers/promises';
import { createProjector } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { differences, dumpsAt, wholeLog } from './account.js';
import type { House } from './house.js';
import { Ledger } from './ledger.js';
import { CLIENTS, Load, settingUp } from './load.js';
import { until, type Victim } from './part.js';

/** One kill -9. */
export interface Blow {
  readonly victim: Victim;
  /** After the blow before; 0 for at once. */
  readonly afterMs: number;
  /** Until it is started again; PostgreSQL's keeper takes its own time. */
  readonly downMs: number;
}

const aRequest = (): string => 'a request under way';

/** Commands of every client before a blow, and again after everything serves. */
const EACH_CLIENT_GETS_DONE = 4;

/** The house and its clients' books, from one round to the next. */
export class Ordeal {
  readonly ledger = new Ledger();
  /** Requests that were being answered when something was killed. */
  interrupted = 0;
  /** Commands that were carried out by a request whose answer nobody heard, and then asked for again. */
  landedUnheard = 0;

  constructor(
    readonly house: House,
    private readonly seed: number,
  ) {}

  async prepare(): Promise<void> {
    await this.load('set-up').prepare(settingUp());
  }

  load(name: string): Load {
    return new Load(this.house.url, this.ledger, name, this.seed);
  }

  /** Deals the blows under the load. Clients get on before and after, else it throws. */
  async strike(blows: readonly Blow[]): Promise<void> {
    const { parts } = this.house;
    await this.everyClientGetsOn();
    for (const [place, { victim, afterMs, downMs }] of blows.entries()) {
      if (afterMs > 0) await sleep(afterMs);
      // Something is always under way; and blows of 0 ms come at once, without yielding in between.
      if (place === 0 || afterMs > 0) await until(() => this.ledger.underWay > 0, aRequest);
      this.interrupted += this.ledger.underWay;
      parts[victim].kill(downMs);
    }
    for (const part of Object.values(parts)) await part.serves();
    await this.everyClientGetsOn();
  }

  private async everyClientGetsOn(): Promise<void> {
    const before = this.ledger.counts(CLIENTS);
    await until(
      () => this.ledger.counts(CLIENTS).every((count, n) => count >= (before[n] ?? 0) + EACH_CLIENT_GETS_DONE),
      () => `every client to get on: ${this.ledger.counts(CLIENTS).join(', ')} after ${before.join(', ')}`,
    );
  }

  /** Compares the log with the books, and the read models with a rebuild. To be called when no load runs. */
  async settleAccounts(): Promise<void> {
    const { house, ledger } = this;
    const again = this.load('again');
    for (const key of ledger.retried.keys()) {
      const asked = ledger.asked.get(key);
      if (asked !== undefined && ledger.acknowledged.has(key)) expect(await again.askAgain(asked)).toBe(true);
    }
    const events = await wholeLog(house);
    this.landedUnheard = events.filter(
      ({ metadata, recordedAt }) => recordedAt < (ledger.retried.get(metadata.commandId) ?? ''),
    ).length;
    expect(differences(events, ledger)).toEqual([]);
    expect(ledger.faults).toEqual([]);
    expect(ledger.acknowledged.size + ledger.refused.size).toBe(ledger.asked.size);
    expect(Object.values(house.parts).flatMap(({ falls }) => falls)).toEqual([]);
    await this.compareWithRebuild(events);
  }

  private async compareWithRebuild(events: Awaited<ReturnType<typeof wholeLog>>): Promise<void> {
    const { house } = this;
    const end = events.at(-1)?.position ?? '0';
    const tailed = await dumpsAt(house, end);
    expect(Object.keys(tailed.texts)).toEqual(projectionSets.map(({ name }) => name));
    const lastDeal = events.findLast(({ type }) => type === 'DealOpened')?.stream.replace('deal-', '') ?? 'no deal';
    for (const dump of Object.values(tailed.texts)) expect(dump).toContain(lastDeal);
    const { databaseUrl, log, identityDigest: digest } = house.stores;
    const builder = createProjector({ database: databaseUrl, log, digest, sets: projectionSets });
    for (const { name } of projectionSets) await builder.rebuild(name, { mode: 'new' });
    const rebuilt = await dumpsAt(house, end);
    for (const { name } of projectionSets) {
      expect(rebuilt.schemas[name]).not.toBe(tailed.schemas[name]);
      // Compared as one value: a difference of megabytes would tell nobody anything.
      expect(firstDifference(tailed.texts[name] ?? '', rebuilt.texts[name] ?? '')).toBeNull();
    }
  }

  /** One load with blows under it, and its account. */
  async round(name: string, blows: readonly Blow[]): Promise<void> {
    const load = this.load(name);
    load.begin();
    try {
      await this.strike(blows);
    } finally {
      await load.end();
    }
    await this.settleAccounts();
  }
}

/** The first line of each where two texts part; null when they are equal. */
function firstDifference(one: string, other: string): readonly [string, string] | null {
  if (one === other) return null;
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, n) => line !== right[n]);
  return [left[at] ?? '(nothing more)', right[at < 0 ? left.length : at] ?? '(nothing more)'];
}
