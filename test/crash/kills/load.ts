import { setTimeout as sleep } from 'node:timers/promises';
import { exampleOf } from '../../api/support/small-department.js';
import { randomFrom } from '../../projections/support/random.js';
import { KEY } from './house.js';
import type { Answer, Asked, Ledger } from './ledger.js';

export const CLIENTS = 8;
/** Between two commands of one client. */
const THINKING_MS = 12;
const LONGEST_PAUSE_MS = 200;
const REQUEST_TIMEOUT_MS = 15_000;
const GIVES_UP_AFTER_MS = 90_000;
const LATEST_DEALS = 12;

type Chance = () => number;
const authorization = `Bearer ${KEY}`;

interface Reply {
  readonly status: number;
  readonly text: string;
}

/** Clients that work side by side until they are told to finish what they are at. */
export class Load {
  private readonly latest: string[] = [];
  private isEnding = false;
  private running: Promise<unknown> = Promise.resolve();

  /** `name` goes into every key and id, so that one load does not meet the commands of another. */
  constructor(
    private readonly url: string,
    private readonly ledger: Ledger,
    private readonly name: string,
    private readonly seed: number,
  ) {}

  /** Commands of nobody in particular, one after another. */
  async prepare(commands: readonly Asked[]): Promise<void> {
    for (const asked of commands) await this.carryOut(0, asked, randomFrom(this.seed));
  }

  begin(): void {
    const clients = Array.from({ length: CLIENTS }, (_, n) => this.client(n, randomFrom(this.seed * 1_000 + n)));
    this.running = Promise.all([...clients, this.reader(randomFrom(this.seed))]);
    // Whoever waits for the end hears of it.
    this.running.catch(() => undefined);
  }

  /** Every command begun is acknowledged or refused when this resolves. @throws Error when a client gave up */
  async end(): Promise<void> {
    this.isEnding = true;
    await this.running;
  }

  private async client(client: number, chance: Chance): Promise<void> {
    for (let n = 0; !this.isEnding; n += 1) {
      const id = `${this.name}-${client}-${n}`;
      for (const [place, asked] of dealStory(id, this.otherDeal(chance) ?? id, chance).entries()) {
        // Half a story is a story, too: an open deal.
        if (this.isEnding) break;
        await this.carryOut(client, { ...asked, key: `${id}-${place}` }, chance);
        if (asked.route === 'open-deal') this.remember(id);
        await sleep(THINKING_MS * 2 * chance());
      }
    }
  }

  private remember(id: string): void {
    this.latest.push(id);
    if (this.latest.length > LATEST_DEALS) this.latest.shift();
  }

  private otherDeal(chance: Chance): string | undefined {
    return this.latest[Math.floor(chance() * this.latest.length)];
  }

  /** As clients do: the same command with the same key until somebody answers it. */
  private async carryOut(client: number, asked: Asked, chance: Chance): Promise<void> {
    const { ledger } = this;
    ledger.asked.set(asked.key, asked);
    const deadline = performance.now() + GIVES_UP_AFTER_MS;
    let reply = await this.send(asked);
    while (reply === null || isToRepeat(reply)) {
      if (reply !== null && reply.status >= 500 && reply.status !== 503) {
        ledger.faults.push(`${asked.key} was answered ${reply.status}: ${reply.text}`);
      }
      if (performance.now() > deadline)
        throw new Error(`nobody carries ${asked.key} out: ${reply?.text ?? 'no answer'}`);
      await sleep(20 + chance() * LONGEST_PAUSE_MS);
      ledger.retried.set(asked.key, new Date().toISOString());
      reply = await this.send(asked);
    }
    this.enter(client, asked, reply);
    // Now and then a client is not sure that it has heard the answer.
    if (reply.status < 300 && chance() < 0.05) await this.askAgain(asked);
  }

  private enter(client: number, asked: Asked, { status, text }: Reply): void {
    const { ledger } = this;
    const isDone = status === 200 || status === 201;
    if (asked.expects !== 'either' && isDone !== (asked.expects === 'done')) {
      ledger.faults.push(`${asked.key} ${asked.route} on ${asked.thing} was to be ${asked.expects}: ${status} ${text}`);
    }
    if (isDone) ledger.acknowledge(client, asked, JSON.parse(text) as Answer);
    else ledger.refused.set(asked.key, text);
  }

  /** Repeats a command that was acknowledged: a repeated one gets the same answer, if any. */
  async askAgain(asked: Asked): Promise<boolean> {
    const reply = await this.send(asked);
    if (reply === null || isToRepeat(reply)) return false;
    const first = JSON.stringify(this.ledger.acknowledged.get(asked.key));
    if (first !== reply.text) this.ledger.faults.push(`${asked.key} was answered ${first}, then ${reply.text}`);
    return true;
  }

  private async send({ key, thing, route, body }: Asked): Promise<Reply | null> {
    return await this.request(`${this.url}/v1/${thing}/${route}`, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'idempotency-key': key,
        'voronka-on-behalf-of': thing.startsWith('deals/') ? 'ivanova' : 'none',
      },
      body: JSON.stringify(body),
    });
  }

  private async request(url: string, init: RequestInit): Promise<Reply | null> {
    this.ledger.underWay += 1;
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } catch {
      return null;
    } finally {
      this.ledger.underWay -= 1;
    }
  }

  /** Looks at what was just acknowledged: it is there, or the answer has to wait. */
  private async reader(chance: Chance): Promise<void> {
    while (!this.isEnding) {
      const id = this.otherDeal(chance);
      const opened = id === undefined ? undefined : this.ledger.acknowledged.get(`${id}-1`);
      if (opened !== undefined) {
        const reply = await this.request(`${this.url}/v1/deals/${id}?after=${opened.position}`, {
          headers: { authorization },
        });
        if (reply?.status === 200) this.ledger.readsAnswered += 1;
        else if (reply !== null && reply.status !== 503) this.ledger.faults.push(`deal ${id}: ${reply.text}`);
      }
      await sleep(40);
    }
  }
}

/** Too much at once, nobody there, or a race that the next try may win. */
function isToRepeat({ status, text }: Reply): boolean {
  return status === 429 || status >= 500 || (status === 409 && text.includes('CONCURRENT_CHANGE'));
}

type Told = Omit<Asked, 'key'>;

/** One deal from its customer to its end, with a look at somebody else's in between. */
function dealStory(id: string, other: string, chance: Chance): readonly Told[] {
  const deal = (route: string, body: object, expects: Asked['expects'] = 'done'): Told => ({
    thing: `deals/${id}`,
    route,
    body,
    expects,
  });
  const call = { kind: 'call', performedBy: 'ivanova', durationMinutes: Math.floor(chance() * 60) };
  const step = (code: string): object => ({ step: code, performedBy: 'ivanova' });
  const answers = { office: 'small', budget: 25_000_000, decider: `The director of ${id}` };
  const customer = { ...exampleOf('RegisterCustomer'), name: `Customer of ${id}` };
  return [
    { thing: `customers/${id}`, route: 'register-customer', body: customer, expects: 'done' },
    deal('open-deal', { ...exampleOf('OpenDeal'), customerId: id }),
    deal('complete-step', step('first-contact')),
    deal('record-activity', { ...call, topic: 'Terms of delivery' }),
    { thing: `deals/${other}`, route: 'record-activity', body: { ...call, kind: 'email' }, expects: 'either' },
    deal('complete-step', step('proposal'), 'refused'),
    deal('complete-step', { ...step('questionnaire'), answers }),
    deal('complete-step', step('meeting')),
    ...(chance() < 0.4
      ? [
          deal('lose-deal', exampleOf('LoseDeal')),
          deal('reopen-deal', exampleOf('ReopenDeal')),
          deal('record-activity', { ...call, kind: 'visit', outcome: 'reached' }),
        ]
      : []),
  ];
}

/** What every story takes for granted: a department, an employee, a product, a route map. */
export function settingUp(): readonly Asked[] {
  const made = (thing: string, route: string, type: string): Asked => ({
    key: `set-up-${route}`,
    thing,
    route,
    body: exampleOf(type),
    expects: 'done',
  });
  return [
    made('departments/sales', 'create-department', 'CreateDepartment'),
    made('employees/ivanova', 'hire-employee', 'HireEmployee'),
    made('products/trade', 'add-product', 'AddProduct'),
    made('route-maps/automation', 'publish-route-map', 'PublishRouteMap'),
  ];
}
