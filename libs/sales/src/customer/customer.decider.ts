import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  ERASED,
  type Instant,
  isErased,
  type Personal,
  type WrittenUnion,
  refuse,
  saysTheSame,
  toPlain,
  unreachable,
} from '@voronka/kernel';
import { type SortedAnswers, sortedPortrait } from '../form/form-answers.js';
import { assertSegment, portraitIn, type PortraitState, versionsOf } from '../portrait/portrait.decider.js';
import { assertAnswers } from '../shared/answer-values.js';
import type { Answers } from '../shared/answers.js';
import type {
  AssignSegment,
  CustomerCommand,
  DescribeCustomer,
  EraseCustomerPersonalData,
  RegisterCustomer,
} from './customer.commands.js';
import { contactsOf, correct, type CustomerIdentity, erasedIdentity, identityOf } from './customer.correction.js';
import type { CustomerEvent, CustomerRegistered, SegmentAssigned } from './customer.events.js';
import {
  answersAt,
  type CustomerHistory,
  ruledTurns,
  segmentChanges,
  type SegmentTurn,
  settledUntil,
  withAnswers,
  withSegment,
} from './customer.segments.js';

export type CustomerState =
  | { readonly status: 'none' }
  | ({
      readonly status: 'registered';
      readonly registration: CustomerRegistered['data'];
      /** As it was corrected since. */
      readonly identity: CustomerIdentity;
      /** What holds now of the answers that are not personal. */
      readonly portrait: Answers;
      readonly personalPortrait: Personal<Answers>;
      /** What holds now. */
      readonly segment: SegmentTurn | null;
      /** Nothing personal can be known of the customer any more. */
      readonly erased: boolean;
    } & CustomerHistory);

type Known = Exclude<CustomerState, { status: 'none' }>;
export interface CustomerFacts {
  readonly portrait?: PortraitState;
}

type Context = DecisionContext<CustomerFacts>;

export const customerDecider: Decider<CustomerState, CustomerCommand, CustomerEvent, CustomerFacts> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'RegisterCustomer':
        return register(command.body, state, context);
      case 'CorrectCustomer':
        return correct(command.body, known(state, context), context.id);
      case 'DescribeCustomer':
        return describe(command.body, known(state, context), context);
      case 'AssignSegment':
        return assign(command.body, known(state, context), context);
      case 'ReleaseSegment':
        return release(known(state, context), context);
      case 'ApplySegmentRules':
        return bySegmentRules(known(state, context), context);
      case 'EraseCustomerPersonalData':
        return erase(command.body, known(state, context));
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: CustomerState, event: WrittenUnion<CustomerEvent>): CustomerState {
  switch (event.type) {
    case 'CustomerRegistered':
      return {
        ...{ status: 'registered', registration: event.data, portrait: {}, personalPortrait: {} },
        identity: identityOf(event.data),
        ...{ segment: null, erased: false, registeredAt: event.metadata.occurredAt, answers: [], segments: [] },
      };
    case 'CustomerCorrected':
      return state.status === 'none' ? state : { ...state, identity: identityOf(event.data) };
    case 'CustomerDescribed':
      if (state.status === 'none') return state;
      return {
        ...withPortrait(state, event.data.portrait, event.metadata.occurredAt),
        personalPortrait: merged(state.personalPortrait, event.data.personalPortrait),
      };
    case 'SegmentAssigned':
      if (state.status === 'none') return state;
      return { ...state, segment: event.data, segments: withSegment(state.segments, event.data) };
    case 'CustomerPersonalDataErased':
      return state.status === 'none' ? state : erased(state);
    default:
      event satisfies never;
      return state;
  }
}

function withPortrait(state: Known, given: Answers, from: Instant): Known {
  const answers = withAnswers(state.answers, given, from);
  return { ...state, answers, portrait: answersAt(answers) };
}

/** A state that was folded while the key was there holds what it opened: that goes, too. */
function erased(state: Known): Known {
  const { registration, identity } = state;
  return {
    ...state,
    registration: { ...registration, ...erasedIdentity(registration) },
    identity: erasedIdentity(identity),
    personalPortrait: ERASED,
    erased: true,
  };
}

function merged(before: Personal<Answers>, changes: Personal<Answers> | null): Personal<Answers> {
  if (changes === null) return before;
  if (isErased(changes) || isErased(before)) return changes;
  return { ...before, ...changes };
}

function known(state: CustomerState, context: Context): Known {
  if (state.status !== 'none') return state;
  throw refuse.notFound('CUSTOMER_NOT_FOUND', 'register the customer first', { customerId: context.id });
}

function register(body: RegisterCustomer, state: CustomerState, context: Context): readonly CustomerEvent[] {
  const data: CustomerRegistered['data'] = {
    kind: body.kind,
    name: body.name,
    taxNumber: body.taxNumber ?? null,
    contacts: contactsOf(body.contacts ?? []),
    source: body.source ?? null,
  };
  if (state.status === 'none') {
    const history = { registeredAt: context.occurredAt, answers: [], segments: [] };
    return [{ type: 'CustomerRegistered', data }, ...bySegmentRules(history, context)];
  }
  if (saysTheSame(state.registration, data)) return [];
  throw refuse.conflict('CUSTOMER_EXISTS', 'the id is taken by another customer; choose another id', {
    customerId: context.id,
  });
}

function describe(body: DescribeCustomer, state: Known, context: Context): readonly CustomerEvent[] {
  const { answers, personalAnswers } = sortedBody(body, context);
  if (state.erased && personalAnswers !== null) {
    throw refuse.rule(
      'CUSTOMER_ERASED',
      'nothing personal is kept of this customer any more; leave personal fields out, or register a new customer',
      { customerId: context.id },
    );
  }
  const portrait = changed(answersAt(state.answers, context.occurredAt), answers);
  const personal = changed(isErased(state.personalPortrait) ? {} : state.personalPortrait, personalAnswers ?? {});
  const anyPersonal = Object.keys(personal).length > 0;
  if (Object.keys(portrait).length === 0 && !anyPersonal) return [];
  const portraitVersion = portraitIn(context.facts.portrait)?.version ?? null;
  const data = { portrait, personalPortrait: anyPersonal ? personal : null, portraitVersion };
  const after = withPortrait(state, portrait, context.occurredAt);
  return [{ type: 'CustomerDescribed', data }, ...bySegmentRules(after, context)];
}

/** What is said, parted into plain and personal: by the published portrait, or as it was sent where there is none. */
function sortedBody(body: DescribeCustomer, { facts }: Context): SortedAnswers {
  const [plain, personal] = [body.portrait ?? {}, body.personalPortrait ?? {}];
  const portrait = portraitIn(facts.portrait);
  if (portrait !== null) return sortedPortrait(portrait.document.fields, { ...plain, ...personal });
  assertAnswers(plain, '/portrait');
  assertAnswers(personal, '/personalPortrait');
  return { answers: plain, personalAnswers: Object.keys(personal).length === 0 ? null : personal };
}

function changed(before: Answers, wanted: Answers): Answers {
  const differing = Object.entries(wanted).filter(
    ([code, answer]) => !Object.hasOwn(before, code) || !saysTheSame(before[code], answer),
  );
  return toPlain(Object.fromEntries(differing));
}

function assign(body: AssignSegment, state: Known, context: Context): readonly CustomerEvent[] {
  const effectiveFrom = body.effectiveFrom ?? context.occurredAt;
  if (effectiveFrom > context.now) {
    throw refuse.invalid('EFFECTIVE_IN_FUTURE', 'assign the segment when it has begun', { effectiveFrom });
  }
  const { segment } = state;
  assertSegment(body.segment, context.facts.portrait);
  const isSaid = segment?.segment === body.segment && segment.portraitVersion === null;
  if (isSaid && (body.effectiveFrom ?? segment.effectiveFrom) === segment.effectiveFrom) return [];
  const settled = settledUntil(state);
  if (settled !== null && effectiveFrom < settled) {
    throw refuse.conflict(
      'SEGMENT_ASSIGNED_LATER',
      'a segment was assigned from a later moment; choose that or a later one',
      { effectiveFrom: settled },
    );
  }
  return [{ type: 'SegmentAssigned', data: { segment: body.segment, effectiveFrom, portraitVersion: null } }];
}

/** What makes the segments those that the rules say, where there are rules and nobody has assigned one by hand. */
function bySegmentRules(history: CustomerHistory, { facts }: Context): readonly SegmentAssigned[] {
  return segmentChanges(history, versionsOf(facts.portrait)).map((data) => ({ type: 'SegmentAssigned', data }));
}

/** The rules say it again, from now on: also where they say the same. */
function release({ segment: held, answers }: Known, context: Context): readonly CustomerEvent[] {
  const versions = versionsOf(context.facts.portrait);
  const [first] = versions;
  if (first === undefined) {
    throw refuse.rule('PORTRAIT_NOT_PUBLISHED', 'publish a portrait whose segments have rules first');
  }
  if (held === null || held.portraitVersion !== null) return [];
  const from = [context.occurredAt, held.effectiveFrom, first.from].reduce((a, b) => (a > b ? a : b));
  return ruledTurns(answers, versions, from).map((data) => ({ type: 'SegmentAssigned', data }));
}

function erase(body: EraseCustomerPersonalData, state: Known): readonly CustomerEvent[] {
  return state.erased ? [] : [{ type: 'CustomerPersonalDataErased', data: { reason: body.reason ?? null } }];
}
