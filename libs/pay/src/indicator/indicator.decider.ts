import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  localDateOf,
  type WrittenUnion,
  refuse,
  saysTheSame,
  unreachable,
} from '@voronka/kernel';
import type { DefineIndicator, IndicatorCommand, RetireIndicator, ReviseIndicator } from './indicator.commands.js';
import type { IndicatorBody } from './indicator.body.js';
import type { IndicatorDocument } from './indicator.document.js';
import type { IndicatorEvent } from './indicator.events.js';
import { type IndicatorFacts, judgeDefinition } from './indicator.faults.js';
import { type IndicatorVersion, versionOn } from './indicator.versions.js';

export type IndicatorState =
  | { readonly status: 'none' }
  | {
      readonly status: 'active' | 'retired';
      /** In the order in which they were recorded: what `versionOn` asks for. */
      readonly versions: readonly IndicatorVersion[];
      readonly latest: IndicatorVersion;
    };

type Known = Exclude<IndicatorState, { status: 'none' }>;
type Context = DecisionContext<IndicatorFacts>;

export const indicatorDecider: Decider<IndicatorState, IndicatorCommand, IndicatorEvent, IndicatorFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'DefineIndicator':
        return define(command.body, state, context);
      case 'ReviseIndicator':
        return revise(command.body, known(state, context), context);
      case 'RetireIndicator':
        return retire(command.body, known(state, context));
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: IndicatorState, event: WrittenUnion<IndicatorEvent>): IndicatorState {
  switch (event.type) {
    case 'IndicatorDefined':
    case 'IndicatorRevised': {
      const { version, effectiveFrom, definition } = event.data;
      const next = { version, effectiveFrom, definition };
      return { status: 'active', versions: [...(state.status === 'none' ? [] : state.versions), next], latest: next };
    }
    case 'IndicatorRetired':
      return state.status === 'none' ? state : { ...state, status: 'retired' };
    default:
      event satisfies never;
      return state;
  }
}

function known(state: IndicatorState, context: Context): Known {
  if (state.status !== 'none') return state;
  throw refuse.notFound('INDICATOR_NOT_FOUND', 'define the indicator first', { indicator: context.id });
}

function define(body: DefineIndicator, state: IndicatorState, context: Context): readonly IndicatorEvent[] {
  const effectiveFrom = body.effectiveFrom ?? null;
  if (effectiveFrom !== null) assertFirstOfMonth(effectiveFrom);
  const definition = soundDefinition(body, context);
  const data = { version: 1, effectiveFrom, definition };
  if (state.status === 'none') return [{ type: 'IndicatorDefined', data }];
  if (saysTheSame(state.versions[0], data)) return [];
  throw refuse.conflict('INDICATOR_EXISTS', 'revise the indicator, or define yours under another code', {
    indicator: context.id,
  });
}

function revise(body: ReviseIndicator, state: Known, context: Context): readonly IndicatorEvent[] {
  const { effectiveFrom, reason } = body;
  if (state.status === 'retired') {
    throw refuse.conflict('INDICATOR_RETIRED', 'the indicator is retired; define another', { indicator: context.id });
  }
  const { measure } = state.latest.definition;
  if (body.measure !== measure) {
    throw refuse.rule('INDICATOR_MEASURE_FIXED', 'another measure is another indicator: define it under another code', {
      measure,
    });
  }
  assertFirstOfMonth(effectiveFrom);
  const definition = soundDefinition(body, context);
  if (changesNothing(state, effectiveFrom, definition)) return [];
  assertNotBeforeThisMonth(effectiveFrom, context);
  const version = state.latest.version + 1;
  return [{ type: 'IndicatorRevised', data: { version, effectiveFrom, definition, reason } }];
}

function retire(body: RetireIndicator, state: Known): readonly IndicatorEvent[] {
  return state.status === 'retired' ? [] : [{ type: 'IndicatorRetired', data: { reason: body.reason } }];
}

function changesNothing(state: Known, from: string, definition: IndicatorDocument): boolean {
  const laterOnes = state.versions.some(({ effectiveFrom }) => effectiveFrom !== null && effectiveFrom > from);
  return !laterOnes && saysTheSame(versionOn(state.versions, from)?.definition ?? null, definition);
}

function soundDefinition(body: IndicatorBody, context: Context): IndicatorDocument {
  const { faults, definition } = judgeDefinition(context.id, body, context.facts);
  if (definition !== null) return definition;
  throw refuse.rule('INDICATOR_FAULTY', 'correct the places that `faults` points at and send it again', { faults });
}

/** Months are what is planned and paid: no month is counted by two definitions. */
function assertFirstOfMonth(date: string): void {
  if (date.endsWith('-01')) return;
  throw refuse.invalid(
    'INDICATOR_EFFECTIVE_FROM_WITHIN_MONTH',
    'let the definition hold from the first day of a month',
    {
      effectiveFrom: date,
    },
  );
}

/** Figures of past months have been looked at, and paid by; a new definition leaves them alone. */
function assertNotBeforeThisMonth(date: string, { facts, now }: Context): void {
  if (facts.company === undefined || facts.company.status === 'none') {
    throw refuse.rule('COMPANY_NOT_CONFIGURED', 'configure the company first: its zone says which month it is');
  }
  const thisMonth = `${localDateOf(now, facts.company.zone).slice(0, 'YYYY-MM'.length)}-01`;
  if (date >= thisMonth) return;
  throw refuse.rule(
    'INDICATOR_PAST_FIXED',
    'a new version does not redraw earlier periods: let it hold from this month, or define another indicator',
    { effectiveFrom: date, earliest: thisMonth },
  );
}
