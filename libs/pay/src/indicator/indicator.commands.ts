import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsLocalDate,
  IsText,
} from '@voronka/kernel';
import { IsOptional } from 'class-validator';
import { DEFINERS } from '../shared/access.js';
import { IndicatorBody } from './indicator.body.js';
import type { IndicatorState } from './indicator.decider.js';

export class DefineIndicator extends IndicatorBody {
  /** First day of a month; from the beginning of time unless it is said. */
  @IsOptional()
  @IsLocalDate()
  effectiveFrom?: string | null;
}

export class ReviseIndicator extends IndicatorBody {
  /** First day of the running month or of one that is to come. */
  @IsLocalDate()
  effectiveFrom: string;

  @IsText()
  reason: string;
}

export class RetireIndicator extends BusinessCommand {
  @IsText()
  reason: string;
}

export type IndicatorCommand =
  | CommandOf<'DefineIndicator', DefineIndicator>
  | CommandOf<'ReviseIndicator', ReviseIndicator>
  | CommandOf<'RetireIndicator', RetireIndicator>;

/** The other things that a definition speaks of; each list holds one state or none, route maps as they are named. */
function spokenOf(body: IndicatorBody): FactRefs {
  const indicator = (code: string | null | undefined) =>
    code === null || code === undefined ? [] : [{ category: 'indicator', id: code }];
  return {
    company: { category: 'company', id: 'main' },
    numerator: indicator(body.numerator),
    denominator: indicator(body.denominator),
    result: indicator(body.resultIndicator),
    routeMaps: (body.filters?.routeMaps ?? []).map((id) => ({ category: 'routeMap', id })),
  };
}

const won = {
  name: { ru: 'Выигранные сделки', en: 'Deals won' },
  description: {
    ru: 'Сделки, закрытые договором за период, если их не открыли снова',
    en: 'Deals closed by a contract in the period and not reopened since',
  },
  measure: 'deals',
  event: 'won',
  better: 'higher',
};

export const indicatorCommands: readonly (CommandDefinition<IndicatorState> & { type: IndicatorCommand['type'] })[] = [
  {
    type: 'DefineIndicator',
    body: DefineIndicator,
    route: 'define-indicator',
    summary: 'Defines an indicator under its code, the id it is addressed by.',
    roles: DEFINERS,
    example: won,
    creates: true,
    facts: spokenOf,
  },
  {
    type: 'ReviseIndicator',
    body: ReviseIndicator,
    route: 'revise-indicator',
    summary: 'Defines the indicator anew for periods that begin on a date or later; earlier ones keep what they had.',
    roles: DEFINERS,
    example: {
      ...won,
      filters: { sources: ['website'] },
      effectiveFrom: '2100-01-01',
      reason: 'From the new year only what the website brought',
    },
    facts: spokenOf,
  },
  {
    type: 'RetireIndicator',
    body: RetireIndicator,
    route: 'retire-indicator',
    summary: 'Takes the indicator out of new definitions; figures and what is built on it go on.',
    roles: DEFINERS,
    example: { reason: 'Replaced by the count of customers' },
  },
];
