import { things } from '@voronka/runtime';
import type { Answered, ApiRig } from './api-rig.js';

export function exampleOf(type: string): object {
  for (const { commands } of things) {
    const found = commands.find((command) => command.type === type);
    if (found !== undefined) return found.example;
  }
  throw new Error(`no command ${type}`);
}

async function sent(answer: Promise<Answered>): Promise<Answered> {
  const got = await answer;
  if (got.status >= 300) throw new Error(got.text);
  return got;
}

/** What the examples of the documentation take for granted: staff, a customer, a product, a route map. */
export async function setUp(rig: ApiRig): Promise<void> {
  const post = (where: string, body: object): Promise<Answered> => sent(rig.post(`/v1/${where}`, body));
  await post('departments/sales/create-department', exampleOf('CreateDepartment'));
  await post('employees/ivanova/hire-employee', exampleOf('HireEmployee'));
  await post('customers/volga-tools/register-customer', exampleOf('RegisterCustomer'));
  await post('products/trade/add-product', exampleOf('AddProduct'));
  await post('route-maps/automation/publish-route-map', exampleOf('PublishRouteMap'));
  await post('indicators/deals_won/define-indicator', exampleOf('DefineIndicator'));
}

/** Opens a deal in the name of Ivanova; gives the answer. */
export async function openDeal(
  rig: ApiRig,
  id: string,
  headers: Record<string, string> = {},
  more: object = {},
): Promise<Answered> {
  const body = { ...exampleOf('OpenDeal'), ...more };
  return await rig.post(`/v1/deals/${id}/open-deal`, body, {
    headers: { 'voronka-on-behalf-of': 'ivanova', ...headers },
  });
}
