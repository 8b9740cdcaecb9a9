import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { EmbeddedPostgres } from '@voronka/embedded-postgres';
import { type EventStoreNode, startEventStoreNode } from '@voronka/eventstore-node';
import { startTestPostgres } from '../../embedded/postgres/src/test-postgres.js';
import { configuredCompany, ensureCompany } from './company.js';
import { openStores, type Stores } from './stores.js';

describe('the first start', () => {
  let directory: string;
  let node: EventStoreNode;
  let postgres: EmbeddedPostgres;
  const opened: Stores[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'company-'));
    [node, postgres] = await Promise.all([startEventStoreNode({ directory }), startTestPostgres()]);
    const endpoints = { eventStore: node.endpoint, databaseUrl: postgres.url };
    const masterKey = new Uint8Array(32).fill(1);
    opened.push(await openStores({ endpoints, masterKey }), await openStores({ endpoints, masterKey }));
  }, 60_000);

  afterAll(async () => {
    for (const stores of opened) await stores.close();
    await node.stop();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }, 60_000);

  it('seeds the company once, whoever is quicker, and the slower one learns that its zone is another', async () => {
    const [one, other] = opened;
    if (one === undefined || other === undefined) throw new Error('two programs are needed');
    expect(await configuredCompany(one)).toBeNull();
    const outcomes = await Promise.allSettled([
      ensureCompany(one, { timeZone: 'Europe/Samara', currency: null }),
      ensureCompany(other, { timeZone: 'Asia/Omsk', currency: null }),
    ]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const zone = (await configuredCompany(one))?.zone;
    expect(zone).toBe(outcomes[0]?.status === 'fulfilled' ? 'Europe/Samara' : 'Asia/Omsk');
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(String(refused?.reason)).toMatch(/VORONKA_TIME_ZONE says .*, but the log was begun with/);
    const end = await one.log.end();
    await ensureCompany(one, { timeZone: zone ?? null, currency: 'RUB' });
    await ensureCompany(other, { timeZone: null, currency: null });
    expect(await one.log.end()).toBe(end);
  });

  it('refuses a later start with another zone or currency, and names both', async () => {
    const [stores] = opened;
    if (stores === undefined) throw new Error('a program is needed');
    const asked = ensureCompany(stores, { timeZone: 'Asia/Tokyo', currency: 'JPY' });
    await expect(asked).rejects.toThrow(/VORONKA_TIME_ZONE says Asia\/Tokyo[^]*VORONKA_CURRENCY says JPY.*with RUB/);
  });
});
