import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsCode,
  IsIdentifier,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import { IsOptional } from 'class-validator';
import { portraitRef } from '../portrait/portrait.decider.js';
import { KEEPERS, LEADERS } from '../shared/access.js';
import type { ProductState } from './product.decider.js';

export class AddProduct extends BusinessCommand {
  @IsText()
  name: string;

  /** Product line it belongs to. */
  @IsCode()
  line: string;
}

export class StateAdvantage extends BusinessCommand {
  @IsIdentifier()
  advantageId: string;

  /** Segment that it speaks to; all unless it is said. */
  @IsOptional()
  @IsCode()
  segment?: string | null;

  @IsText(LONG_TEXT)
  text: string;
}

export class RetireProduct extends BusinessCommand {
  @IsText()
  reason: string;
}

export class AssignServiceMap extends BusinessCommand {
  /** A map of purpose `service`; none: winning a deal with the product opens no service case. */
  @IsOptional()
  @IsIdentifier()
  routeMapId?: string | null;
}

export type ProductCommand =
  | CommandOf<'AddProduct', AddProduct>
  | CommandOf<'StateAdvantage', StateAdvantage>
  | CommandOf<'RetireProduct', RetireProduct>
  | CommandOf<'AssignServiceMap', AssignServiceMap>;

export const productCommands: readonly (CommandDefinition<ProductState> & { type: ProductCommand['type'] })[] = [
  {
    type: 'AddProduct',
    body: AddProduct,
    route: 'add-product',
    summary: 'Adds a product to a product line.',
    roles: KEEPERS,
    example: { name: 'Trade management', line: 'trade' },
    creates: true,
  },
  {
    type: 'StateAdvantage',
    body: StateAdvantage,
    route: 'state-advantage',
    summary: 'States (or restates) what speaks for the product, for a segment or for all.',
    roles: LEADERS,
    example: {
      advantageId: 'fast-start',
      segment: 'medium',
      text: 'Runs within two weeks, with a migration of the stock list',
    },
    facts: portraitRef,
  },
  {
    type: 'RetireProduct',
    body: RetireProduct,
    route: 'retire-product',
    summary: 'Takes the product out of new deals; deals under way go on.',
    roles: KEEPERS,
    example: { reason: 'Replaced by the next edition' },
  },
  {
    type: 'AssignServiceMap',
    body: AssignServiceMap,
    route: 'assign-service-map',
    summary: 'Says on which map a service case is opened when a deal with the product is won.',
    roles: KEEPERS,
    example: { routeMapId: 'service' },
    facts: ({ routeMapId }: AssignServiceMap): FactRefs =>
      typeof routeMapId === 'string' ? { routeMap: { category: 'routeMap', id: routeMapId } } : {},
  },
];
