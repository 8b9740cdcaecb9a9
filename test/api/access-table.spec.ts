import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROLES } from '@voronka/kernel';
import { type Answered, type ApiRig, startApiRig } from './support/api-rig.js';
import { exampleOf, openDeal, setUp } from './support/small-department.js';

// docs/access.md is the table; here every cell of it is asked, and what heads do is tried across departments.

interface Line {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly cells: readonly string[];
}

const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/access.md'), 'utf8');
const lines = [...text.matchAll(/^\| (\w+) \| `(GET|POST) (\S+)` \| (.+) \|$/gm)].map(
  ([, name = '', method, where = '', cells = '']): Line => ({
    name,
    method: method === 'GET' ? 'GET' : 'POST',
    path: where,
    cells: cells.split(' | '),
  }),
);

let rig: ApiRig;
const keys = new Map<string, string>();

beforeAll(async () => {
  rig = await startApiRig({ VORONKA_RATE_LIMIT_PER_MINUTE: '100000' });
  await setUp(rig);
  const post = async (where: string, body: object): Promise<void> => {
    const answer = await rig.post(`/v1/${where}`, body);
    if (answer.status >= 300) throw new Error(answer.text);
  };
  await post('departments/service/create-department', { name: 'Service' });
  const hire = { ...exampleOf('HireEmployee'), email: null, roles: ['head'] };
  await post('employees/orlova/hire-employee', hire);
  await post('employees/smirnov/hire-employee', { ...hire, departmentId: 'service' });
  await post('departments/sales/appoint-head', { ...exampleOf('AppointHead'), employeeId: 'orlova' });
  await post('departments/service/appoint-head', { ...exampleOf('AppointHead'), employeeId: 'smirnov' });
  await post('route-maps/service/publish-route-map', { ...exampleOf('PublishRouteMap'), purpose: 'service' });
  const last = await openDeal(rig, 'd1');
  await post('service-cases/s1/open-service-case', { ...exampleOf('OpenServiceCase'), ownerId: 'ivanova' });
  await rig.get(`/v1/overview?after=${String(last.json['position'])}`);
  for (const role of ROLES) keys.set(role, await rig.keyFor([role], role === 'service' ? undefined : 'smirnov'));
}, 120_000);
afterAll(async () => {
  await rig.stop();
}, 60_000);

const isReserved = ({ cells }: Line): boolean => cells.every((cell) => cell === '—');

const send = ({ method, path: where }: Line, key: string, body: object, id = 'x'): Promise<Answered> =>
  method === 'GET' ? rig.get(where.replace('{id}', id), { key }) : rig.post(where.replace('{id}', id), body, { key });

describe('every cell of docs/access.md', () => {
  it('has both commands and queries', () => {
    expect(lines.filter(({ method }) => method === 'POST').length).toBeGreaterThan(70);
    expect(lines.filter(({ method }) => method === 'GET').length).toBeGreaterThan(35);
  });

  it.each(lines)('$name: $method $path', async (line) => {
    // Without a body or parameters: whoever is let in hears what is wrong with them, or that there is no such thing.
    const refused = await Promise.all(
      ROLES.map(async (role) => {
        const { status, json } = await send(line, keys.get(role) ?? '', { '?': 1 });
        if (status >= 500) throw new Error(`${line.name} as ${role}: ${status}`);
        // What is reserved to processes is not offered at all.
        return json['code'] === 'ROLE_MISSING' || (isReserved(line) && json['code'] === 'NOT_FOUND');
      }),
    );
    expect(Object.fromEntries(ROLES.map((role, index) => [role, refused[index]]))).toEqual(
      Object.fromEntries(ROLES.map((role, index) => [role, line.cells[index] === '—'])),
    );
  });
});

describe('commands by reach', () => {
  const limited = lines.filter(
    ({ cells, path: where }) => cells[ROLES.indexOf('head')] === 'departments' && !where.includes('/plans/'),
  );

  it('are those on deals and service cases', () => expect(limited.length).toBeGreaterThan(30));

  it.each(limited)('$name ($path) is refused to the head of another department', async (line) => {
    const creates = line.name === 'OpenDeal' || line.name === 'OpenServiceCase';
    const body = { ...exampleOf(line.name), ...(creates ? { ownerId: 'ivanova' } : {}) };
    const id = creates ? 'new' : line.path.includes('service-cases') ? 's1' : 'd1';
    const { status, json } = await send(line, keys.get('head') ?? '', body, id);
    expect([status, json['code']]).toEqual([403, 'NOT_YOUR_DEPARTMENT']);
    expect(json['data']).toMatchObject({ departmentId: 'sales' });
  });

  it('are open to the head of the owner’s department, as the queries are', async () => {
    const [orlova, smirnov] = [await rig.keyFor(['head'], 'orlova'), await rig.keyFor(['head'], 'smirnov')];
    const call = { kind: 'call', performedBy: 'ivanova' };
    const done = await rig.post('/v1/deals/d1/record-activity', call, { key: orlova });
    expect(done.status).toBe(200);
    const seen = `/v1/deals/d1?after=${String(done.json['position'])}`;
    expect((await rig.get(seen, { key: orlova })).status).toBe(200);
    expect((await rig.get(seen, { key: smirnov })).json['code']).toBe('SCOPE_EXCEEDED');
  });
});
