import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import { assertSegment, type PortraitState } from '../portrait/portrait.decider.js';
import type { RouteMapState } from '../route-map/route-map.decider.js';
import type {
  AddProduct,
  AssignServiceMap,
  ProductCommand,
  RetireProduct,
  StateAdvantage,
} from './product.commands.js';
import type { AdvantageStated, ProductAdded, ProductEvent } from './product.events.js';

export type ProductState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      readonly added: ProductAdded['data'];
      readonly advantages: readonly AdvantageStated['data'][];
      /** On which a won deal with the product opens a service case. */
      readonly serviceMap: string | null;
    };

export interface ProductFacts {
  readonly routeMap?: RouteMapState;
  readonly portrait?: PortraitState;
}

type Known = Exclude<ProductState, { status: 'none' }>;
type Context = DecisionContext<ProductFacts>;

export const productDecider: Decider<ProductState, ProductCommand, ProductEvent, ProductFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'AddProduct':
        return add(command.body, state, context);
      case 'StateAdvantage':
        return stateAdvantage(command.body, known(state, context), context);
      case 'RetireProduct':
        return retire(command.body, known(state, context));
      case 'AssignServiceMap':
        return assignServiceMap(command.body, known(state, context), context);
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: ProductState, event: WrittenUnion<ProductEvent>): ProductState {
  switch (event.type) {
    case 'ProductAdded':
      return { status: 'active', added: event.data, advantages: [], serviceMap: null };
    case 'AdvantageStated':
      return state.status === 'none' ? state : { ...state, advantages: restated(state.advantages, event.data) };
    case 'ProductRetired':
      return state.status === 'none' ? state : { ...state, status: 'retired' };
    case 'ServiceMapAssigned':
      return state.status === 'none' ? state : { ...state, serviceMap: event.data.routeMapId };
    default:
      event satisfies never;
      return state;
  }
}

function restated(list: readonly AdvantageStated['data'][], next: AdvantageStated['data']): AdvantageStated['data'][] {
  return [...list.filter(({ advantageId }) => advantageId !== next.advantageId), next];
}

function known(state: ProductState, context: Context): Known {
  if (state.status !== 'none') return state;
  throw refuse.notFound('PRODUCT_NOT_FOUND', 'add the product first', { productId: context.id });
}

function add(body: AddProduct, state: ProductState, context: Context): readonly ProductEvent[] {
  const data = { name: body.name, line: body.line };
  if (state.status === 'none') return [{ type: 'ProductAdded', data }];
  if (saysTheSame(state.added, data)) return [];
  throw refuse.conflict('PRODUCT_EXISTS', 'the id is taken by another product; choose another id', {
    productId: context.id,
  });
}

function stateAdvantage(body: StateAdvantage, state: Known, { facts }: Context): readonly ProductEvent[] {
  if (state.status === 'retired')
    throw refuse.conflict('PRODUCT_RETIRED', 'the product is retired: name another, nothing more is said of it');
  const data = { advantageId: body.advantageId, segment: body.segment ?? null, text: body.text };
  const before = state.advantages.find(({ advantageId }) => advantageId === data.advantageId);
  if (saysTheSame(before ?? null, data)) return [];
  if (data.segment !== null) assertSegment(data.segment, facts.portrait);
  return [{ type: 'AdvantageStated', data }];
}

function retire(body: RetireProduct, state: Known): readonly ProductEvent[] {
  return state.status === 'retired' ? [] : [{ type: 'ProductRetired', data: { reason: body.reason } }];
}

/** A retired product still has customers to be served. */
function assignServiceMap(
  { routeMapId = null }: AssignServiceMap,
  { serviceMap }: Known,
  { facts: { routeMap } }: Context,
): readonly ProductEvent[] {
  if (routeMapId === serviceMap) return [];
  if (routeMapId !== null) {
    if (routeMap === undefined || routeMap.status === 'none') {
      throw refuse.rule('ROUTE_MAP_UNKNOWN', 'publish the route map first', { routeMapId });
    }
    if (routeMap.latest.document.purpose !== 'service') {
      throw refuse.rule('ROUTE_MAP_NOT_FOR_SERVICE', 'choose a map of purpose service', { routeMapId });
    }
  }
  return [{ type: 'ServiceMapAssigned', data: { routeMapId } }];
}
