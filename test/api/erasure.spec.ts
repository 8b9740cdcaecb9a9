import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { copyLog } from '@voronka/eventstore-node';
import { createCommandHandler, requestHashKey } from '@voronka/event-log';
import { dumpSet } from '@voronka/projections';
import { projectionSets } from '@voronka/read-models';
import { things } from '@voronka/runtime';
import { type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

/** Said about one customer, each in its own place, none of it anywhere else. */
const MARKS = {
  name: 'Qwzyx-Name',
  correctedName: 'Qwzyx-Corrected',
  correctedPhone: '+7 903 771-99-02',
  correction: 'Qwzyx-Misspelt',
  taxNumber: '7719-QWZYX-88',
  contact: 'Qwzyx-Contact',
  phone: '+7 903 771-88-01',
  email: 'qwzyx.mail@example.test',
  position: 'Qwzyx-Position',
  portrait: 'Qwzyx-Portrait',
  dream: 'Qwzyx-Dream',
  title: 'Qwzyx-Title',
  revisedTitle: 'Qwzyx-Revised',
  note: 'Qwzyx-Note',
  planNote: 'Qwzyx-Plan-Note',
  answer: 'Qwzyx-Answer',
  reason: 'Qwzyx-Reason',
  lossNote: 'Qwzyx-Loss-Note',
  moveReason: 'Qwzyx-Move-Reason',
  caseTitle: 'Qwzyx-Case-Title',
} as const;
const AS_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };

let rig: ApiRig;
let before: { position: string; funnel: string; eventCount: number };

beforeAll(async () => {
  rig = await startApiRig({}, { now: () => '2009-08-10T09:00:00.000Z' });
  await setUp(rig);
  await sent('indicators/deals_opened/define-indicator', { ...exampleOf('DefineIndicator'), event: 'opened' });
  await plant();
}, 120_000);
afterAll(async () => {
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

async function filesOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}

/** Every cell of every table of the database as text: all schemas, builds that nobody reads any more included. */
async function wholeDatabase(): Promise<string> {
  const { rows: tables } = await rig.stores.pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'`,
  );
  const parts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await rig.stores.pool.query<{ line: string }>(`select t::text as line from ${name} t`);
    parts.push(name, ...rows.map(({ line }) => line));
  }
  return parts.join('\n');
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

/** What the tables keep of the customer to find it again. */
async function identitiesKept(id: string): Promise<unknown[]> {
  const { rows } = await rig.stores.pool.query(
    'select tax_numbers, phones, emails from read.customer_identities where customer_id = $1',
    [id],
  );
  return rows;
}

function marksIn(text: string): string[] {
  return Object.entries(MARKS)
    .filter(([, mark]) => text.includes(mark) || text.includes(JSON.stringify(mark).slice(1, -1)))
    .map(([place]) => place);
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
    expect(marksIn(await wholeDatabase())).toEqual(['name', 'correctedName', 'title', 'caseTitle']);
    expect(marksIn(await filesOf(rig.directory))).toEqual([]);
    const digests = [expect.stringMatching(/^[0-9a-f]{32}$/)];
    const kept = { tax_numbers: digests, phones: digests, emails: digests };
    expect(await identitiesKept('marked')).toEqual([kept, kept]);
  });

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
    const database = await wholeDatabase();
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
    expect(marksIn(await wholeDatabase())).toEqual([]);
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
    expect(marksIn(await wholeDatabase())).toEqual([]);
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
