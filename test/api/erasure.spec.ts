import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyLog } from '@voronka/eventstore-node';
import { createCommandHandler, requestHashKey } from '@voronka/event-log';
import { dumpSet } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { things } from '@voronka/runtime';
import { CommandLine, ensureBuilt } from '../cli/support/voronka.js';
import { type ApiRig, startApiRig } from './support/api-rig.js';
import { filesOf, MARKS, marksIn, wholeDatabase } from './support/marked-customer.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

const AS_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };

let rig: ApiRig;
let voronka: CommandLine;
let before: { position: string; funnel: string; eventCount: number };

beforeAll(async () => {
  rig = await startApiRig({}, { now: () => '2009-08-10T09:00:00.000Z' });
  ensureBuilt();
  voronka = new CommandLine(rig.directory, { ...rig.environment, VORONKA_DATA_DIR: rig.directory });
  await setUp(rig);
  await sent('indicators/deals_opened/define-indicator', { ...exampleOf('DefineIndicator'), event: 'opened' });
  await plant();
}, 120_000);
afterAll(async () => {
  await voronka.close();
  await rig.stop();
}, 60_000);

async function sent(where: string, body: object): Promise<string> {
  const { status, text, json } = await rig.post(`/v1/${where}`, body, AS_IVANOVA);
  if (status >= 300) throw new Error(`${where}: ${text}`);
  return String(json['position']);
}

async function plant(): Promise<void> {
  const portrait = exampleOf('PublishPortrait') as { fields: object[] };
  const dream = { code: 'dream', name: 'What for', type: 'text', required: false, personal: true };
  await sent('portraits/main/publish-portrait', { ...portrait, fields: [...portrait.fields, dream] });
  await sent('customers/marked/register-customer', {
    ...{ kind: 'person', name: MARKS.name, taxNumber: MARKS.taxNumber, source: 'website' },
    contacts: [{ name: MARKS.contact, phone: MARKS.phone, email: MARKS.email, position: MARKS.position }],
  });
  await sent('customers/marked/correct-customer', {
    ...{ name: MARKS.correctedName, reason: MARKS.correction },
    contacts: [{ name: MARKS.contact, phone: MARKS.correctedPhone, email: MARKS.email, position: MARKS.position }],
  });
  await sent('customers/marked/describe-customer', {
    portrait: { industry: 'machinery', employees: 300, dream: MARKS.dream },
    personalPortrait: { hobby: MARKS.portrait },
  });
  await openDeal(rig, 'd1', {}, { customerId: 'marked', title: MARKS.title });
  await openDeal(rig, 'd2', {}, { customerId: 'volga-tools', title: 'Of somebody else' });
  await sent('deals/d1/complete-step', { step: 'first-contact' });
  await sent('deals/d1/complete-step', {
    step: 'questionnaire',
    answers: { office: 'small', budget: 1200, decider: MARKS.answer },
  });
  await sent('deals/d1/record-activity', { kind: 'call', note: MARKS.note });
  await sent('deals/d1/plan-activity', { kind: 'visit', dueAt: '2199-01-01T00:00:00.000Z', note: MARKS.planNote });
  await sent('deals/d1/revise-deal', { title: MARKS.revisedTitle });
  await sent('deals/d1/return-deal', { toStep: 'first-contact', reason: MARKS.reason });
  await sent('route-maps/automation/publish-route-map', { ...exampleOf('PublishRouteMap'), name: 'Second' });
  await sent('deals/d1/migrate-deal', { reason: MARKS.moveReason });
  await sent('route-maps/service/publish-route-map', { ...exampleOf('PublishRouteMap'), purpose: 'service' });
  const serviceCase = { ...exampleOf('OpenServiceCase'), customerId: 'marked', title: MARKS.caseTitle };
  await sent('service-cases/s1/open-service-case', serviceCase);
  const position = await sent('deals/d1/lose-deal', { lossReason: 'price', note: MARKS.lossNote });
  before = { position, funnel: await funnel(position), eventCount: (await wholeLog()).length };
}

async function wholeLog(): Promise<{ type: string; stream: string; data: Record<string, unknown> }[]> {
  const { json } = await rig.get('/v1/events?limit=500');
  return json['events'] as { type: string; stream: string; data: Record<string, unknown> }[];
}

/** The figures without the head of the answer, which says how far the log is. */
async function funnel(after: string): Promise<string> {
  const { status, json, text } = await rig.get(`/v1/funnel?routeMap=automation&after=${after}`);
  if (status !== 200) throw new Error(text);
  return JSON.stringify([json['rows'], json['total']]);
}

/** Everything that the API shows about customers and deals, now and as it was known before the erasure. */
async function answers(after: string): Promise<string> {
  const asOf = `&asOf=${before.position}`;
  const places = [
    ...['/v1/customers?limit=100', '/v1/deals?limit=100', '/v1/deals/d1?x=', '/v1/worklist?x='],
    ...['/v1/deals/d1/next?x=', '/v1/overview?routeMap=automation'],
    ...['/v1/service-cases?limit=100', '/v1/service-cases/s1?x='],
  ].map((place) => place.replace('x=', ''));
  const asked = places.flatMap((place) => [`${place}&after=${after}`, `${place}${asOf}`]);
  const texts: string[] = [];
  const figures = '/v1/figures?indicator=deals_opened&period=2009-08&groupBy=source&format=csv';
  for (const place of [
    ...asked,
    figures,
    '/v1/deals/d1/history?limit=200',
    '/v1/service-cases/s1/history?limit=200',
    '/v1/events?limit=500',
  ]) {
    const answer = await rig.get(place.replace('?&', '?'));
    if (answer.status !== 200) throw new Error(`${place}: ${answer.text}`);
    texts.push(`${place} ${answer.status} ${answer.text}`);
  }
  return texts.join('\n');
}

/** What the command line writes out beside the running stores: the log, and reports. */
async function exports(): Promise<string> {
  const reports = [
    ...['source', 'segment', 'owner', 'portrait:industry'].map((slice) => ['funnel', '--by', slice, '--json']),
    ['activity', '--by', 'performer', '--json'],
    ['win-rate', '--by', 'owner', '--json'],
  ];
  const asked = [['events', 'export'], ...reports.map((args) => [...args, '--route-map', 'automation'])];
  const texts: string[] = [];
  for (const args of asked) texts.push(await voronka.answer(args));
  return texts.join('\n');
}

/** The whole log with personal data in the clear. */
const exportedInTheClear = (): Promise<string> => voronka.answer(['events', 'export', '--personal']);

/** What the tables keep of the customer to find it again. */
async function identitiesKept(id: string): Promise<unknown[]> {
  const { rows } = await rig.stores.pool.query(
    'select tax_numbers, phones, emails from read.customer_identities where customer_id = $1',
    [id],
  );
  return rows;
}

async function inBackup(): Promise<string> {
  const copy = await mkdtemp(path.join(os.tmpdir(), 'erased-'));
  try {
    await copyLog(path.join(rig.directory, 'log'), path.join(copy, 'log'));
    return `${await filesOf(copy)}\n${JSON.stringify(await rig.stores.appStore.exportRows())}`;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

describe('erasing the personal data of a customer', () => {
  it('has something to erase: before, all of it is read back, and what is listed stands in the tables', async () => {
    expect(marksIn(await answers(before.position))).toEqual(Object.keys(MARKS));
    expect(marksIn(await wholeDatabase(rig.stores.pool))).toEqual(['name', 'correctedName', 'title', 'caseTitle']);
    expect(marksIn(await filesOf(rig.directory))).toEqual([]);
    const digests = [expect.stringMatching(/^[0-9a-f]{32}$/)];
    const kept = { tax_numbers: digests, phones: digests, emails: digests };
    expect(await identitiesKept('marked')).toEqual([kept, kept]);
  });

  it('has it in the exported log where personal data is asked for, and in no other export', async () => {
    expect(marksIn(await exportedInTheClear())).toEqual(Object.keys(MARKS));
    expect(marksIn(await exports())).toEqual([]);
  }, 60_000);

  it('is refused to a manager, and to the customer nobody knows', async () => {
    const key = await rig.keyFor(['manager'], 'ivanova');
    const refused = await rig.post('/v1/customers/marked/erase-customer-personal-data', {}, { key });
    expect([refused.status, refused.json['code']]).toEqual([403, 'ROLE_MISSING']);
    const unknown = await rig.post('/v1/customers/nobody/erase-customer-personal-data', {});
    expect([unknown.status, unknown.json['code']]).toEqual([404, 'CUSTOMER_NOT_FOUND']);
  });

  it('leaves no value anywhere, in the builds of older versions neither', async () => {
    // A reader that began before a rebuild keeps the build that it replaces from being removed.
    const reader = await rig.stores.pool.connect();
    await reader.query('begin isolation level repeatable read');
    await reader.query('select pg_current_snapshot()');
    await rig.projector.rebuild('core', { mode: 'new' });
    await reader.query('commit');
    reader.release();
    const { rows } = await rig.stores.pool.query<{ status: string }>(
      `select status from projection.sets where set_name = 'core' order by build`,
    );
    expect(rows.map(({ status }) => status)).toEqual(['retired', 'active']);

    const hashes = JSON.stringify(await identitiesKept('marked')).match(/[0-9a-f]{32}/g) ?? [];
    expect(hashes).toHaveLength(6);
    const after = await sent('customers/marked/erase-customer-personal-data', { reason: 'request' });
    const told = await answers(after);
    expect(marksIn(told)).toEqual([]);
    expect(told).toContain('"name":null');
    const database = await wholeDatabase(rig.stores.pool);
    expect(marksIn(database)).toEqual([]);
    expect(hashes.filter((hash) => database.includes(hash))).toEqual([]);
    const blank = { tax_numbers: null, phones: null, emails: null };
    expect(await identitiesKept('marked')).toEqual([blank, blank]);
    expect(marksIn(await filesOf(rig.directory))).toEqual([]);
    expect(marksIn(await inBackup())).toEqual([]);
    expect(marksIn(rig.lines.join('\n'))).toEqual([]);
    expect(rig.lines.join('\n')).toContain('erase-customer-personal-data');
    expect(marksIn((await rig.get('/metrics')).text)).toEqual([]);
  }, 60_000);

  it('shows the values as erased, and leaves everything else', async () => {
    const events = await wholeLog();
    expect(events).toHaveLength(before.eventCount + 1);
    const registered = events.find(({ type, stream }) => type === 'CustomerRegistered' && stream.endsWith('marked'));
    const gone = { erased: true };
    expect(registered?.data).toEqual({
      kind: 'person',
      name: gone,
      taxNumber: gone,
      contacts: gone,
      source: 'website',
    });
    const answered = events.filter(({ type, data }) => type === 'StepCompleted' && data['step'] === 'questionnaire');
    expect(answered.map(({ data }) => data)).toMatchObject([
      { answers: { office: 'small', budget: 1200 }, personalAnswers: gone },
    ]);
    expect(JSON.stringify(events)).toContain('Of somebody else');
    expect(await funnel(before.position)).toBe(before.funnel);
    const { json } = await rig.get('/v1/customers');
    expect(json['items']).toMatchObject([
      {
        ...{ customerId: 'marked', kind: 'person', name: null, source: 'website', segment: 'large', sharesWith: [] },
        portrait: { industry: 'machinery', employees: '300' },
      },
      { customerId: 'volga-tools', name: 'Volga Tools' },
    ]);
  });

  it('leaves no value in what the command line exports, with personal data in the clear neither', async () => {
    const log = await exportedInTheClear();
    expect(marksIn(log)).toEqual([]);
    const events = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { stream: string; data: object });
    expect(events).toHaveLength(before.eventCount + 1);
    const registered = events.find(({ stream }) => stream === 'customer-marked');
    expect(registered?.data).toMatchObject({ name: { erased: true }, contacts: { erased: true }, source: 'website' });
    expect(log).toContain('Of somebody else');
    expect(marksIn(await exports())).toEqual([]);
  }, 60_000);

  it('again changes nothing, and a repeated request gets the first answer', async () => {
    const ask = (key: string) =>
      rig.post('/v1/customers/marked/erase-customer-personal-data', {}, { headers: { 'idempotency-key': key } });
    expect((await ask('erase-again')).json['events']).toEqual([]);
    expect((await ask('erase-again')).status).toBe(200);
  });

  it('stays so through a rebuild, which gives the very same tables', async () => {
    const live = await dumpSet(rig.stores.pool, coreSet());
    await rig.projector.rebuild('core', { mode: 'new' });
    expect(await dumpSet(rig.stores.pool, coreSet())).toBe(live);
    expect(marksIn(await wholeDatabase(rig.stores.pool))).toEqual([]);
    expect(marksIn(await answers(before.position))).toEqual([]);
  }, 60_000);

  it('keeps nothing personal of what is said later', async () => {
    const refused = await rig.post('/v1/customers/marked/describe-customer', {
      personalPortrait: { hobby: MARKS.portrait },
    });
    expect([refused.status, refused.json['code']]).toEqual([422, 'CUSTOMER_ERASED']);
    await openDeal(rig, 'd3', {}, { customerId: 'marked', title: MARKS.title });
    const after = await sent('deals/d3/record-activity', { kind: 'call', note: MARKS.note });
    expect(marksIn(await answers(after))).toEqual([]);
    expect(marksIn(await wholeDatabase(rig.stores.pool))).toEqual([]);
    expect((await rig.get(`/v1/deals/d3?after=${after}`)).status).toBe(200);
  });

  it('is finished by the projector when the program ends between the event and the key', async () => {
    const after = await sent('customers/second/register-customer', { kind: 'person', name: MARKS.contact });
    expect(marksIn(await answers(after))).toEqual(['contact']);
    // A handler without the keys gets as far as a program that is killed right after its append.
    const handle = createCommandHandler({
      ...{ log: rig.stores.log, things, clock: { now: () => '2009-08-10T09:00:00.000Z' } },
      requestHashKey: requestHashKey(new Uint8Array(32).fill(9)),
    });
    const definition = things.flatMap(({ commands }) => commands).find(({ type }) => type.startsWith('EraseCustomer'));
    if (definition === undefined) throw new Error('no such command');
    const { position } = await handle({
      ...{ category: 'customer', id: 'second', type: definition.type, body: new definition.body() },
      ...{ commandId: 'cut-short', actor: 'test', person: null, roles: ['admin'] },
    });
    expect(marksIn(await answers(String(position)))).toEqual([]);
    const { rows } = await rig.stores.pool.query<{ gone: boolean }>(
      `select wrapped_key is null as gone from app.subject_keys where subject = 'customer-second'`,
    );
    expect(rows).toEqual([{ gone: true }]);
  });
});

function coreSet() {
  const [core] = projectionSets;
  if (core === undefined) throw new Error('no set');
  return core;
}
