import type { AnyEvent, Decided } from '@voronka/kernel';
import type { DealEvent } from '@voronka/sales/events';
import { lost, opened } from '../../../../libs/sales/src/testing/deal-scene.js';
import { caseIdOf, openServiceCases } from './open-service-case.js';
import { given, type History } from './testing/process-scene.js';

const customerId = 'volga-tools';

function signed(contractId: string, ...products: readonly (string | null)[]): DealEvent {
  const lines = products.map((productId, at) => ({ lineId: String(at + 1), productId, amountKopecks: 100 }));
  const amountKopecks = 100 * lines.length;
  return { type: 'ContractSigned', data: { customerId, contractId, number: contractId, lines, amountKopecks } };
}

function voided(contractId: string, dealBecomes: 'open' | null): DealEvent {
  const loss = { dealBecomes, lossReason: null, countsAsLoss: null };
  return { type: 'ContractVoided', data: { customerId, contractId, reason: 'Never countersigned', ...loss } };
}

function product(id: string, ...maps: readonly (string | null)[]): History {
  const assigned = maps.map((routeMapId) => ({ type: 'ServiceMapAssigned', data: { routeMapId } }));
  return [`product-${id}`, { type: 'ProductAdded', data: { name: id, line: 'trade' } }, ...assigned];
}

function employee(id: string, ...later: readonly Decided<AnyEvent>[]): History {
  const person = { name: 'Somebody', email: null, position: 'Seller', departmentId: 'sales', robot: false };
  const hired = { type: 'EmployeeHired', data: { ...person, roles: ['manager'], hiredOn: '2009-02-01' } };
  return [`employee-${id}`, hired, ...later];
}

const left = (lastDay: string) => ({ type: 'EmployeeDismissed', data: { lastDay } });
const created = { type: 'DepartmentCreated', data: { name: 'Sales', parentId: null } };
const headed = (employeeId: string, effectiveOn: string) => ({
  ...{ type: 'DepartmentHeadAppointed', data: { employeeId, effectiveOn } },
});

const around: readonly History[] = [
  product('trade', 'care'),
  product('stock', 'care'),
  product('till', 'help'),
  product('plain'),
  product('withdrawn', 'care', null),
];

function cases(routeMapId: string, productIds: readonly string[], ownerId: string | null = 'ivanova') {
  const body = { customerId, routeMapId, ownerId, productIds, dealId: 'd1' };
  return { category: 'serviceCase', id: `d1.${routeMapId}`, type: 'OpenServiceCase', body, key: routeMapId };
}

const heard = (events: readonly DealEvent[], ...more: readonly History[]) =>
  given(['deal-d1', ...events], ...around, ...more)
    .when(openServiceCases)
    .hears('deal-d1');

describe('the service cases that a won deal opens', () => {
  const ivanova = employee('ivanova');

  it('are one for each map, with all its products, each once', async () => {
    const way = [opened(), signed('k1', 'trade', 'till', 'stock', 'trade')];
    await heard(way, ivanova).then([cases('care', ['trade', 'stock']), cases('help', ['till'])]);
  });

  it('are none where no product names a map, or no longer does', async () => {
    await heard([opened(), signed('k1', 'plain', 'withdrawn', null, 'unheard-of')], ivanova).then([]);
  });

  it('are those of every contract that is still signed', async () => {
    await heard([opened(), signed('k1', 'trade'), signed('k2', 'stock')], ivanova).then([
      cases('care', ['trade', 'stock']),
    ]);
    await heard([opened(), signed('k1', 'trade'), voided('k1', 'open'), signed('k2', 'till')], ivanova).then([
      cases('help', ['till']),
    ]);
  });

  it('are none when the deal is no longer won: its contract was voided meanwhile', async () => {
    await given(['deal-d1', opened(), signed('k1', 'trade')], ...around, ivanova)
      .when(openServiceCases)
      .hears('deal-d1', { since: [voided('k1', 'open')] })
      .then([]);
    await given(['deal-d1', opened(), signed('k1', 'trade')], ...around, ivanova)
      .when(openServiceCases)
      .hears('deal-d1', { since: [voided('k1', 'open'), lost()] })
      .then([]);
  });
});

describe('the owner of a service case', () => {
  const way = [opened(), signed('k1', 'trade')];
  const gone = employee('ivanova', left('2009-08-09'));
  const department = (...more: readonly Decided<AnyEvent>[]): History => ['department-sales', created, ...more];

  it('is the deal’s, nobody where it has none', async () => {
    await heard(way, employee('ivanova', left('2009-08-10'))).then([cases('care', ['trade'])]);
    await heard([opened({ ownerId: null }), signed('k1', 'trade')]).then([cases('care', ['trade'], null)]);
  });

  it('is the head of the department once he has left', async () => {
    const led = department(headed('orlova', '2009-02-01'));
    await heard(way, gone, led).then([cases('care', ['trade'], 'orlova')]);
  });

  it('stays he who left where nobody heads the department yet: the case is then refused, and counted', async () => {
    await heard(way, gone, department()).then([cases('care', ['trade'])]);
    await heard(way, gone, department(headed('orlova', '2009-08-11'))).then([cases('care', ['trade'])]);
  });
});

describe('the id of a service case that a deal opens', () => {
  it('names deal and map where there is room, and is told from others where there is not', () => {
    expect(caseIdOf('d1', 'care')).toBe('d1.care');
    const long = 'd'.repeat(64);
    expect(caseIdOf(long, 'care')).toMatch(/^case\.[0-9a-f]{32}$/);
    expect(caseIdOf(long, 'care')).toBe(caseIdOf(long, 'care'));
    expect(caseIdOf(long, 'care')).not.toBe(caseIdOf(long, 'help'));
    expect(caseIdOf(`${long.slice(1)}e`, 'care')).not.toBe(caseIdOf(long, 'care'));
  });
});
