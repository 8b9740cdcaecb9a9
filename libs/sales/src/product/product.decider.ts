import { type Decider, type DecisionContext, type RecordedUnion, refuse } from '@voronka/kernel';
import { assertNotInFuture } from '../shared/context.js';
import { saysTheSame, unreachable } from '../shared/plain.js';
import type { AddProduct, ProductCommand, RetireProduct, StateAdvantage } from './product.commands.js';
import type { AdvantageStated, ProductAdded, ProductEvent } from './product.events.js';

export type ProductState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      readonly added: ProductAdded['data'];
      readonly advantages: readonly AdvantageStated['data'][];
    };

type Known = Exclude<ProductState, { status: 'none' }>;
type Context = DecisionContext<object>;

export const productDecider: Decider<ProductState, ProductCommand, ProductEvent> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'AddProduct':
        return add(command.body, state, context);
      case 'StateAdvantage':
        return stateAdvantage(command.body, known(state, context));
      case 'RetireProduct':
        return retire(command.body, known(state, context));
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: ProductState, event: RecordedUnion<ProductEvent>): ProductState {
  switch (event.type) {
    case 'ProductAdded':
      return { status: 'active', added: event.data, advantages: [] };
    case 'AdvantageStated':
      return state.status === 'none' ? state : { ...state, advantages: restated(state.advantages, event.data) };
    case 'ProductRetired':
      return state.status === 'none' ? state : { ...state, status: 'retired' };
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

function stateAdvantage(body: StateAdvantage, state: Known): readonly ProductEvent[] {
  if (state.status === 'retired')
    throw refuse.conflict('PRODUCT_RETIRED', 'the product is retired; nothing more is said of it');
  const data = { advantageId: body.advantageId, segment: body.segment ?? null, text: body.text };
  const before = state.advantages.find(({ advantageId }) => advantageId === data.advantageId);
  return saysTheSame(before ?? null, data) ? [] : [{ type: 'AdvantageStated', data }];
}

function retire(body: RetireProduct, state: Known): readonly ProductEvent[] {
  return state.status === 'retired' ? [] : [{ type: 'ProductRetired', data: { reason: body.reason } }];
}
