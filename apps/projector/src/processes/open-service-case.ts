import { createHash } from 'node:crypto';
import { headOn, localDateOf, type Recorded } from '@voronka/kernel';
import type { Asked, Look, ProcessManager } from '@voronka/processes';
import {
  assignmentOn,
  type CompanyState,
  type DealState,
  type DepartmentState,
  type EmployeeState,
  type ProductState,
} from '@voronka/sales';

const PREFIX = 'deal-';
const LONGEST_ID = 64;

/**
 * Opens a service case when a deal is won with a product that names a service map: one case per map, for all its
 * products. The id follows from deal and map, so a deal that is reopened and won again goes on with the case it has.
 */
export const openServiceCases: ProcessManager = {
  name: 'open-service-case',
  summary: 'Opens the service cases that the products of a won deal call for.',
  on: {
    ContractSigned: async (event, look) => {
      const id = event.stream.slice(PREFIX.length);
      const deal = await look<DealState>('deal', id);
      if (deal.status !== 'won') return [];
      const byMap = await productsByMap(deal, look);
      if (byMap.size === 0) return [];
      const ownerId = await ownerOf(deal.ownerId, event, look);
      return [...byMap].map(([routeMapId, productIds]): Asked => {
        const { customerId } = deal.opening;
        const body = { customerId, routeMapId, ownerId, productIds, dealId: id };
        const caseId = caseIdOf(id, routeMapId);
        return { category: 'serviceCase', id: caseId, type: 'OpenServiceCase', body, key: routeMapId };
      });
    },
  },
};

/** Readable where an id has room for it. */
export function caseIdOf(dealId: string, routeMapId: string): string {
  const id = `${dealId}.${routeMapId}`;
  if (id.length <= LONGEST_ID) return id;
  return `case.${createHash('sha256')
    .update(JSON.stringify([dealId, routeMapId]))
    .digest('hex')
    .slice(0, 32)}`;
}

async function productsByMap({ money }: DealState, look: Look): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = money.contracts.filter(({ status }) => status === 'signed').flatMap((contract) => contract.lines);
  const byMap = new Map<string, string[]>();
  for (const productId of new Set(lines.map((line) => line.productId))) {
    if (productId === null) continue;
    const product = await look<ProductState>('product', productId);
    if (product.status === 'none' || product.serviceMap === null) continue;
    byMap.set(product.serviceMap, [...(byMap.get(product.serviceMap) ?? []), productId]);
  }
  return byMap;
}

/** The deal's owner; once he has left, the head of the department he worked in last. */
async function ownerOf(owner: string | null, { recordedAt }: Recorded, look: Look): Promise<string | null> {
  if (owner === null) return null;
  const company = await look<CompanyState>('company', 'main');
  const today = localDateOf(recordedAt, company.status === 'none' ? 'UTC' : company.zone);
  const state = await look<EmployeeState>('employee', owner);
  if (state.status === 'none' || assignmentOn(state, today) !== null) return owner;
  const department = state.current.assignments.at(-1)?.departmentId;
  if (department === undefined) return owner;
  const found = await look<DepartmentState>('department', department);
  return headOn(found, today) ?? owner;
}
