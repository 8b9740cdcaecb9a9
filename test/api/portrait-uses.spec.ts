import { setTimeout as sleep } from 'node:timers/promises';
import { type Answered, type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, setUp } from './support/small-department.js';

// A portrait is not published against the route maps that ask it, whichever of the two was there first.

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
  await setUp(rig);
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

interface Map {
  readonly steps: readonly { readonly code: string }[];
}

const publishMap = async (id: string, when?: string): Promise<void> => {
  const map = exampleOf('PublishRouteMap') as Map;
  const steps = map.steps.map((step) => (step.code === 'survey' && when !== undefined ? { ...step, when } : step));
  const { status, text } = await rig.post(`/v1/route-maps/${id}/publish-route-map`, { ...map, steps });
  if (status >= 300) throw new Error(text);
};

const { fields, segments } = exampleOf('PublishPortrait') as {
  fields: { code: string }[];
  segments: { code: string; rule?: string }[];
};
const publishPortrait = (...left: readonly string[]): Promise<Answered> =>
  rig.post('/v1/portraits/main/publish-portrait', {
    fields: fields.filter(({ code }) => !left.includes(code)),
    segments: segments.filter(({ code }) => !left.includes(code)),
  });

/** Uses are noted by a process, a moment after the map is published. */
async function noted(routeMapId: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    for await (const { type, data } of rig.stores.log.readStream('portrait-main')) {
      if (type === 'PortraitUseNoted' && (data as { routeMapId: string }).routeMapId === routeMapId) return;
    }
    await sleep(25);
  }
  throw new Error(`nobody noted ${routeMapId}`);
}

it('PORTRAIT_IN_USE by a map published before the first portrait, by one after it, and no more once neither asks', async () => {
  await publishMap('early', "portrait.region = 'samara'");
  await noted('early');
  const first = await publishPortrait();
  expect([first.status, first.json['code']]).toEqual([422, 'PORTRAIT_IN_USE']);
  expect(first.json['data']).toEqual({
    uses: [
      {
        ...{ routeMapId: 'early', version: 1, step: 'survey' },
        ...{ pointer: expect.stringMatching(/^\/steps\/\d+\/when$/) as string, code: 'CONDITION_FIELD_UNKNOWN', at: 0 },
        detail: 'the portrait has no field region',
      },
    ],
  });
  await publishMap('early');
  expect((await publishPortrait()).status).toBe(201);

  await publishMap('late', "portrait.exports = yes and segment = 'key'");
  await noted('late');
  const refused = await publishPortrait('exports', 'key');
  expect(refused.json).toMatchObject({
    code: 'PORTRAIT_IN_USE',
    data: { uses: [{ code: 'CONDITION_FIELD_UNKNOWN' }, { code: 'SEGMENT_UNKNOWN' }] },
  });
  expect((await publishPortrait('industry')).status).toBe(201);
  await rig.post('/v1/route-maps/late/retire-route-map', { reason: 'Nobody sells abroad' });
  expect((await publishPortrait('exports', 'key')).status).toBe(201);
});
