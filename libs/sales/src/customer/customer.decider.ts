import {
  assertNotInFuture,
  type Decider,
  type DecisionContext,
  ERASED,
  isErased,
  type Personal,
  type RecordedUnion,
  refuse,
  saysTheSame,
  toPlain,
  unreachable,
} from '@voronka/kernel';
import { assertAnswers } from '../shared/answer-values.js';
import type { Answers } from '../shared/answers.js';
import type {
  AssignSegment,
  CustomerCommand,
  DescribeCustomer,
  EraseCustomerPersonalData,
  RegisterCustomer,
} from './customer.commands.js';
import type { CustomerEvent, CustomerRegistered, SegmentAssigned } from './customer.events.js';

export type CustomerState =
  | { readonly status: 'none' }
  | {
      readonly status: 'registered';
      readonly registration: CustomerRegistered['data'];
      readonly portrait: Answers;
      readonly personalPortrait: Personal<Answers>;
      readonly segment: SegmentAssigned['data'] | null;
      /** Nothing personal can be known of the customer any more. */
      readonly erased: boolean;
    };

type Known = Exclude<CustomerState, { status: 'none' }>;
type Context = DecisionContext<object>;

export const customerDecider: Decider<CustomerState, CustomerCommand, CustomerEvent> = {
  initialState: () => ({ status: 'none' }),
  evolve,
  decide(command, state, context) {
    assertNotInFuture(context);
    switch (command.type) {
      case 'RegisterCustomer':
        return register(command.body, state, context);
      case 'DescribeCustomer':
        return describe(command.body, known(state, context), context);
      case 'AssignSegment':
        return assign(command.body, known(state, context), context);
      case 'EraseCustomerPersonalData':
        return erase(command.body, known(state, context));
      default:
        return unreachable(command);
    }
  },
};

function evolve(state: CustomerState, event: RecordedUnion<CustomerEvent>): CustomerState {
  switch (event.type) {
    case 'CustomerRegistered':
      return {
        ...{ status: 'registered', registration: event.data, portrait: {}, personalPortrait: {} },
        ...{ segment: null, erased: false },
      };
    case 'CustomerDescribed':
      if (state.status === 'none') return state;
      return {
        ...state,
        portrait: { ...state.portrait, ...event.data.portrait },
        personalPortrait: merged(state.personalPortrait, event.data.personalPortrait),
      };
    case 'SegmentAssigned':
      return state.status === 'none' ? state : { ...state, segment: event.data };
    case 'CustomerPersonalDataErased':
      return state.status === 'none' ? state : erased(state);
    default:
      event satisfies never;
      return state;
  }
}

/** A state that was folded while the key was there holds what it opened: that goes, too. */
function erased(state: Known): Known {
  const { registration } = state;
  const taxNumber = registration.taxNumber === null ? null : ERASED;
  return {
    ...state,
    registration: { ...registration, name: ERASED, taxNumber, contacts: ERASED },
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
    contacts: (body.contacts ?? []).map(({ name, phone, email, position }) =>
      toPlain({ name, phone: phone ?? undefined, email: email ?? undefined, position: position ?? undefined }),
    ),
    source: body.source ?? null,
  };
  if (state.status === 'none') return [{ type: 'CustomerRegistered', data }];
  if (saysTheSame(state.registration, data)) return [];
  throw refuse.conflict('CUSTOMER_EXISTS', 'the id is taken by another customer; choose another id', {
    customerId: context.id,
  });
}

function describe(body: DescribeCustomer, state: Known, context: Context): readonly CustomerEvent[] {
  assertAnswers(body.portrait ?? {}, '/portrait');
  assertAnswers(body.personalPortrait ?? {}, '/personalPortrait');
  if (state.erased && Object.keys(body.personalPortrait ?? {}).length > 0) {
    throw refuse.rule(
      'CUSTOMER_ERASED',
      'nothing personal is kept of this customer any more; leave personalPortrait out, or register a new customer',
      { customerId: context.id },
    );
  }
  const portrait = changed(state.portrait, body.portrait ?? {});
  const personal = changed(isErased(state.personalPortrait) ? {} : state.personalPortrait, body.personalPortrait ?? {});
  const anyPersonal = Object.keys(personal).length > 0;
  if (Object.keys(portrait).length === 0 && !anyPersonal) return [];
  return [{ type: 'CustomerDescribed', data: { portrait, personalPortrait: anyPersonal ? personal : null } }];
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
  if (segment?.segment === body.segment && (body.effectiveFrom ?? segment.effectiveFrom) === segment.effectiveFrom) {
    return [];
  }
  if (segment !== null && effectiveFrom < segment.effectiveFrom) {
    throw refuse.conflict(
      'SEGMENT_ASSIGNED_LATER',
      'a segment was assigned from a later moment; choose that or a later one',
      {
        effectiveFrom: segment.effectiveFrom,
      },
    );
  }
  return [{ type: 'SegmentAssigned', data: { segment: body.segment, effectiveFrom } }];
}

function erase(body: EraseCustomerPersonalData, state: Known): readonly CustomerEvent[] {
  return state.erased ? [] : [{ type: 'CustomerPersonalDataErased', data: { reason: body.reason ?? null } }];
}
