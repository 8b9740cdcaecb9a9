import { setTimeout as sleep } from 'node:timers/promises';
import { dumpSet } from '@voronka/projections';
import { coreSet } from '@voronka/read-models';
import { type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

// Customers described by a published portrait, through the running system.

const FOR_IVANOVA = { headers: { 'voronka-on-behalf-of': 'ivanova' } };
const PHONE = '8 903 771-88-01';

let rig: ApiRig;
let last = '0';
/** A moment after the portrait and before the deals. */
let opened = '';

async function must(where: string, body: object): Promise<void> {
  const { status, text, json } = await rig.post(`/v1/${where}`, body, FOR_IVANOVA);
  if (status >= 300) throw new Error(`${where}: ${text}`);
  last = String(json['position']);
}

async function itemsOf(where: string, asOf = ''): Promise<Record<string, unknown>[]> {
  const joint = where.includes('?') ? '&' : '?';
  const answer = await rig.get(`/v1/${where}${joint}after=${last}${asOf}`);
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json['items'] as Record<string, unknown>[];
}

const customer = (name: string, more: object = {}) => ({ kind: 'company', name, source: 'website', ...more });

beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
  await must('portraits/main/publish-portrait', exampleOf('PublishPortrait'));
  await must('customers/alpha/register-customer', {
    ...customer('Alpha', { taxNumber: '63-16-1' }),
    contacts: [{ name: 'Anna', phone: PHONE, email: 'Info@Alpha.example' }],
  });
  await must('customers/beta/register-customer', {
    ...customer('Beta', { taxNumber: '63162' }),
    contacts: [{ name: 'Boris', phone: '+7 (903) 771 88 01', email: 'info@alpha.example' }],
  });
  await must('customers/gamma/register-customer', customer('Gamma', { taxNumber: '63161' }));
  await must('customers/alpha/describe-customer', {
    portrait: { employees: 300, industry: 'machinery', hobby: 'Qwzyx-Hobby' },
  });
  await must('customers/beta/describe-customer', { portrait: { industry: 'retail' } });
  opened = new Date().toISOString();
  for (const id of ['alpha', 'beta', 'gamma']) {
    await openDeal(rig, `d-${id}`, {}, { customerId: id });
    await must(`deals/d-${id}/complete-step`, { step: 'first-contact' });
  }
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

describe('a published portrait', () => {
  it('refuses what it does not ask, naming the field and never the answer', async () => {
    const body = { portrait: { employees: 'Qwzyx', size: 2 } };
    const { status, json, text } = await rig.post('/v1/customers/beta/describe-customer', body, FOR_IVANOVA);
    expect([status, json['code']]).toEqual([422, 'PORTRAIT_INVALID']);
    expect(text).toContain('FIELD_UNKNOWN');
    expect(text).not.toContain('Qwzyx');
  });

  it('is listed, and so is what is known of each customer but for what is personal', async () => {
    expect(await itemsOf('portraits')).toMatchObject([{ portraitId: 'main', version: 1 }]);
    const customers = await itemsOf('customers');
    expect(customers.find(({ customerId }) => customerId === 'alpha')).toMatchObject({
      segment: 'large',
      portrait: { employees: '300', industry: 'machinery' },
      sharesWith: ['beta', 'gamma'],
    });
    expect(JSON.stringify(customers)).not.toContain('Qwzyx');
    expect(await dumpSet(rig.stores.pool, coreSet)).not.toMatch(/Qwzyx|9037718801|771-88/);
  });

  it('is a slice of every figure, with a row of zero for each option and one for no answer', async () => {
    const { json } = await rig.get(`/v1/funnel?routeMap=automation&slice=portrait:industry&after=${last}`);
    const rows = json['rows'] as { slices: { value: string; label: string }[]; bars: { deals: number }[] }[];
    expect(rows.map(({ slices, bars }) => [slices[0]?.value, slices[0]?.label, bars[0]?.deals])).toEqual([
      ['machinery', 'Machinery', 1],
      ['retail', 'Retail', 1],
      ['unknown', 'Not known', 0],
      [null, null, 1],
    ]);
    expect((json['total'] as { bars: { deals: number }[] }).bars[0]?.deals).toBe(3);
  });

  it('is a filter, and opens to the deals behind the number', async () => {
    const where = `routeMap=automation&portrait=industry%3Dmachinery&portrait=industry%3D&after=${last}`;
    const { json } = await rig.get(`/v1/funnel?${where}`);
    expect((json['total'] as { bars: { deals: number }[] }).bars[0]?.deals).toBe(2);
    const slice = 'slice=portrait:industry&value=retail&step=first-contact';
    const drill = await rig.get(`/v1/funnel/drill?routeMap=automation&${slice}&after=${last}`);
    expect(drill.json['items']).toMatchObject([{ dealId: 'd-beta' }]);
    const both = `routeMap=automation&portrait=industry%3Dmachinery&portrait=employees%3D5&after=${last}`;
    const none = await rig.get(`/v1/funnel?${both}`);
    expect((none.json['total'] as { bars: { deals: number }[] }).bars[0]?.deals).toBe(0);
  });

  it('filters the list of deals by segment and by answers, as it filters figures, as of T', async () => {
    const ids = async (query: string) => {
      const { json, text } = await rig.get(`/v1/deals?after=${last}&${query}`);
      if (json['deals'] === undefined) throw new Error(text);
      const deals = (json['deals'] as { dealId: string }[]).map(({ dealId }) => dealId).sort();
      expect(json['count']).toBe(deals.length);
      return deals;
    };
    expect(await ids('')).toEqual(['d-alpha', 'd-beta', 'd-gamma']);
    expect(await ids('portrait=industry%3Dmachinery')).toEqual(['d-alpha']);
    expect(await ids('portrait=industry%3Dmachinery&portrait=industry%3Dretail')).toEqual(['d-alpha', 'd-beta']);
    expect(await ids('portrait=industry%3D')).toEqual(['d-gamma']);
    expect(await ids('portrait=industry%3Dmachinery&portrait=industry%3D')).toEqual(['d-alpha', 'd-gamma']);
    expect(await ids('portrait=industry%3Dretail&portrait=employees%3D300')).toEqual([]);
    expect(await ids('segment=large')).toEqual(['d-alpha']);
    expect(await ids('segment=')).toEqual(['d-beta', 'd-gamma']);
    expect(await ids('segment=large&segment=')).toEqual(['d-alpha', 'd-beta', 'd-gamma']);
    expect(await ids('segment=large&portrait=industry%3Dretail')).toEqual([]);
    expect(await ids('segment=large&status=won')).toEqual([]);
    const { json } = await rig.get(`/v1/deals?segment=large&portrait=industry%3Dmachinery&after=${last}`);
    expect(json['params']).toMatchObject({ filters: { segment: ['large'], 'portrait:industry': ['machinery'] } });
    const malformed = await Promise.all(
      ['portrait=industry', 'portrait=a%27b%3D1'].map((query) => rig.get(`/v1/deals?${query}`)),
    );
    expect(malformed.map(({ status }) => status)).toEqual([400, 400]);
  });

  it('cuts indicators, by its answers and by a filter of the definition', async () => {
    const opened = {
      ...{ name: { ru: 'Сделки станкостроителей', en: 'Deals of machinery' }, description: { ru: 'Все', en: 'All' } },
      ...{ better: 'higher', measure: 'deals', event: 'opened' },
      ...{ filters: { portrait: [{ field: 'industry', values: ['machinery'] }] } },
    };
    await must('indicators/machinery/define-indicator', opened);
    const period = new Date().toISOString().slice(0, 4);
    const { json, text } = await rig.get(
      `/v1/figures?indicator=machinery&period=${period}&groupBy=portrait:industry&results=no&after=${last}`,
    );
    const rows = json['rows'] as { slices: { value: string }[]; figures: { machinery: { value: number } } }[];
    expect([text, rows.map(({ slices, figures }) => [slices[0]?.value, figures.machinery.value])]).toEqual([
      expect.any(String),
      [
        ['machinery', 1],
        ['retail', 0],
        ['unknown', 0],
      ],
    ]);
  });

  it('counts a deal by the answer that held when it happened: a later one moves nothing', async () => {
    const before = last;
    await must('customers/alpha/describe-customer', { portrait: { industry: 'retail' } });
    const of = async (asOf: string) => {
      const { json } = await rig.get(
        `/v1/funnel?routeMap=automation&portrait=industry%3Dmachinery&after=${last}${asOf}`,
      );
      return (json['total'] as { bars: { deals: number }[] }).bars[0]?.deals;
    };
    expect([await of(''), await of(`&asOf=${before}`)]).toEqual([1, 1]);
    // The list is of deals as they stand at T: there the later answer holds, and before it the earlier one.
    const listed = async (asOf: string) =>
      (await rig.get(`/v1/deals?portrait=industry%3Dmachinery&after=${last}${asOf}`)).json['count'];
    expect([await listed(''), await listed(`&asOf=${before}`)]).toEqual([0, 1]);
    const [alpha] = await itemsOf('customers');
    expect(alpha).toMatchObject({ portrait: { industry: 'retail' } });
  });

  it('SLICE of a malformed field is refused', async () => {
    expect((await rig.get('/v1/funnel?routeMap=automation&slice=portrait:')).status).toBe(400);
    expect((await rig.get("/v1/funnel?routeMap=automation&slice=portrait:a'b")).status).toBe(400);
    expect((await rig.get('/v1/funnel?routeMap=automation&portrait=industry')).status).toBe(400);
  });
});

describe('a field of several choices', () => {
  const deals = async (query: string) => {
    const { json, text } = await rig.get(`/v1/funnel?routeMap=automation&after=${last}&${query}`);
    if (json['rows'] === undefined) throw new Error(text);
    const count = ({ bars }: { bars: { deals: number }[] }) => bars[0]?.deals;
    const rows = json['rows'] as { slices: { value: string | null }[]; bars: { deals: number }[] }[];
    return [count(json['total'] as never), rows.map((row) => [row.slices[0]?.value, count(row)])];
  };

  beforeAll(async () => {
    const example = exampleOf('PublishPortrait') as { fields: object[] };
    const options = ['trade', 'stock', 'unknown'].map((code) => ({ code, name: code }));
    const interests = { code: 'interests', name: 'Interests', type: 'choices', required: false, options };
    await must('portraits/main/publish-portrait', { ...example, fields: [...example.fields, interests] });
    const occurredAt = opened;
    await must('customers/alpha/describe-customer', { portrait: { interests: ['trade', 'stock'] }, occurredAt });
    await must('customers/beta/describe-customer', { portrait: { interests: ['trade'], exports: true }, occurredAt });
    await must('customers/gamma/describe-customer', { portrait: { exports: 'unknown' }, occurredAt });
  });

  it('is one value in a slice, and one of its choices is enough for a filter', async () => {
    expect(await deals('slice=portrait:interests')).toEqual([
      3,
      [
        ['stock, trade', 1],
        ['trade', 1],
        [null, 1],
      ],
    ]);
    expect((await deals('portrait=interests%3Dtrade'))[0]).toBe(2);
    expect((await deals('portrait=interests%3Dstock&portrait=interests%3D'))[0]).toBe(2);
    expect((await deals('portrait=interests%3Dunknown'))[0]).toBe(0);
  });

  it('opens to the deals of its row alone, under a filter by one choice too', async () => {
    for (const filter of ['', '&portrait=interests%3Dtrade']) {
      const opening = `routeMap=automation&step=first-contact&slice=portrait:interests&after=${last}${filter}`;
      const of = async (value: string) =>
        (await rig.get(`/v1/funnel/drill?${opening}&value=${encodeURIComponent(value)}`)).json['items'];
      expect(await of('trade')).toMatchObject([{ dealId: 'd-beta' }]);
      expect(await of('stock, trade')).toMatchObject([{ dealId: 'd-alpha' }]);
    }
    const elsewhere = `value=trade&portrait=interests%3Dstock&after=${last}`;
    const none = await rig.get(
      `/v1/funnel/drill?routeMap=automation&step=first-contact&slice=portrait:interests&${elsewhere}`,
    );
    expect(none.json['items']).toEqual([]);
  });

  it('trap: unknown is not no: each has a row, as yes has', async () => {
    expect(await deals('slice=portrait:exports')).toEqual([
      3,
      [
        ['false', 0],
        ['true', 1],
        ['unknown', 1],
        [null, 1],
      ],
    ]);
  });

  it('stands in CSV as it does in JSON', async () => {
    const period = new Date().toISOString().slice(0, 4);
    const where = `indicator=machinery&period=${period}&groupBy=portrait:interests&results=no&format=csv`;
    const { text } = await rig.get(`/v1/figures?${where}&after=${last}`);
    expect(text.split('\n').filter((line) => line.includes('"stock, trade"'))).toHaveLength(1);
  });
});

describe('a segment by rule', () => {
  it('brings the advantages for it to the next steps of a deal', async () => {
    const state = (advantageId: string, segment?: string) =>
      must('products/trade/state-advantage', {
        advantageId,
        text: `For ${segment ?? 'all'}`,
        ...(segment && { segment }),
      });
    await state('a1');
    await state('a2', 'large');
    await state('a3', 'medium');
    const advantages = async (deal: string) => (await rig.get(`/v1/deals/${deal}/next`)).json['advantages'];
    const [all, large] = [
      { productId: 'trade', text: 'For all', forSegment: null },
      { productId: 'trade', text: 'For large', forSegment: 'large' },
    ];
    expect(await advantages('d-alpha')).toEqual([all, large]);
    expect(await advantages('d-beta')).toEqual([all]);
  });

  it('those of the products that the deal was revised to, not of those it was opened with', async () => {
    await must('products/scales/add-product', { name: 'Scales', line: 'equipment' });
    await must('products/scales/state-advantage', { advantageId: 'a1', text: 'Weighs' });
    const advantages = async (query = '') => (await rig.get(`/v1/deals/d-beta/next${query}`)).json['advantages'];
    const [trade, scales] = [
      { productId: 'trade', text: 'For all', forSegment: null },
      { productId: 'scales', text: 'Weighs', forSegment: null },
    ];
    const before = last;
    await must('deals/d-beta/revise-deal', { lines: [{ productId: 'scales', amountKopecks: 100 }] });
    expect(await advantages()).toEqual([scales]);
    expect(await advantages(`?asOf=${before}`)).toEqual([trade]);
    const both = [
      { productId: 'trade', amountKopecks: 100 },
      { productId: 'scales', amountKopecks: 100 },
    ];
    await must('deals/d-beta/revise-deal', { lines: both });
    expect(await advantages()).toEqual([trade, scales]);
    await must('deals/d-beta/revise-deal', { title: 'Beta, and nothing about products' });
    expect(await advantages()).toEqual([trade, scales]);
  });

  it('follows an answer told late, and is as of then what was known then', async () => {
    const before = last;
    await must('customers/gamma/describe-customer', { portrait: { employees: 150 }, occurredAt: opened });
    const cut = async (asOf: string) => {
      const { json } = await rig.get(`/v1/funnel?routeMap=automation&slice=segment&after=${last}${asOf}`);
      const rows = json['rows'] as { slices: { value: string | null }[]; bars: { deals: number }[] }[];
      return Object.fromEntries(rows.map(({ slices, bars }) => [String(slices[0]?.value), bars[0]?.deals]));
    };
    expect(await cut('')).toEqual({ key: 0, retail: 0, large: 1, medium: 1, null: 1 });
    expect(await cut(`&asOf=${before}`)).toEqual({ key: 0, retail: 0, large: 1, medium: 0, null: 2 });
  });
});

describe('duplicates', () => {
  it('follow a correction; as of before, the customer shared what it was thought to share', async () => {
    const before = last;
    const contacts = [{ name: 'Boris', phone: '+7 903 771 88 01', email: 'boris@beta.example' }];
    await must('customers/beta/correct-customer', { name: 'Beta and Sons', contacts, reason: 'A wrong address' });
    const kinds = async (asOf = '') => (await itemsOf('customers/duplicates', asOf)).map(({ kind }) => kind);
    expect(await kinds()).toEqual(['phone', 'taxNumber']);
    expect(await kinds(`&asOf=${before}`)).toEqual(['email', 'phone', 'taxNumber']);
    const nameOf = async (asOf = '') =>
      (await itemsOf('customers', asOf)).find(({ customerId }) => customerId === 'beta')?.['name'];
    expect([await nameOf(), await nameOf(`&asOf=${before}`)]).toEqual(['Beta and Sons', 'Beta']);
    const back = [{ ...contacts[0], email: 'info@alpha.example' }];
    await must('customers/beta/correct-customer', { contacts: back, reason: 'It was right' });
    expect(await kinds()).toEqual(['email', 'phone', 'taxNumber']);
  });

  it('are reported by what they share, and go with an erasure', async () => {
    const named = (...ids: string[]) => ids.map((customerId) => ({ customerId, name: expect.any(String) as string }));
    expect(await itemsOf('customers/duplicates')).toEqual([
      { kind: 'email', customers: named('alpha', 'beta') },
      { kind: 'phone', customers: named('alpha', 'beta') },
      { kind: 'taxNumber', customers: named('alpha', 'gamma') },
    ]);
    const before = last;
    await must('customers/beta/erase-customer-personal-data', { reason: 'request' });
    const left = [{ kind: 'taxNumber', customers: named('alpha', 'gamma') }];
    expect(await itemsOf('customers/duplicates')).toEqual(left);
    expect(await itemsOf('customers/duplicates', `&asOf=${before}`)).toEqual(left);
  });
});

describe('a newer portrait', () => {
  it('is applied to every customer but those of a segment by hand, from now on', async () => {
    await must('customers/gamma/assign-segment', { segment: 'key' });
    const before = last;
    const example = exampleOf('PublishPortrait') as { segments: { rule?: string }[] };
    const segments = [{ code: 'everybody', name: 'Everybody', rule: 'portrait.employees is not known' }];
    await must('portraits/main/publish-portrait', { ...example, segments: [...segments, ...example.segments] });
    const segmentsNow = async (asOf = '') =>
      Object.fromEntries((await itemsOf('customers', asOf)).map(({ customerId, segment }) => [customerId, segment]));
    let found = await segmentsNow();
    // Applied one by one, in the order of their ids.
    for (let tries = 0; tries < 200 && found['volga-tools'] !== 'everybody'; tries += 1) {
      await sleep(25);
      found = await segmentsNow();
    }
    expect(found).toMatchObject({ alpha: 'large', beta: 'everybody', gamma: 'key', 'volga-tools': 'everybody' });
    expect(await segmentsNow(`&asOf=${before}`)).toMatchObject({ beta: null, gamma: 'key' });
  });
});
