import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  IsAnswers,
  IsCode,
  IsInstant,
  IsListOf,
  IsText,
  LONG_TEXT,
} from '@voronka/kernel';
import { IsEmail, IsIn, IsOptional, Matches, MaxLength } from 'class-validator';
import { LEADERS, SELLERS } from '../shared/access.js';
import type { Answers } from '../shared/answers.js';
import { portraitRef } from '../portrait/portrait.decider.js';
import type { CustomerState } from './customer.decider.js';

const TAX_NUMBER = /^[A-Za-z0-9-]{1,32}$/;

export class ContactBody {
  @IsText()
  name: string;

  @IsOptional()
  @IsText(40)
  phone?: string | null;

  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string | null;

  @IsOptional()
  @IsText()
  position?: string | null;
}

export class RegisterCustomer extends BusinessCommand {
  @IsIn(['company', 'person'])
  kind: 'company' | 'person';

  @IsText()
  name: string;

  @IsOptional()
  @Matches(TAX_NUMBER, { message: 'must be up to 32 letters, digits or hyphens' })
  taxNumber?: string | null;

  @IsOptional()
  @IsListOf(() => ContactBody, { max: 50 })
  contacts?: ContactBody[] | null;

  /** How the customer came to us. */
  @IsOptional()
  @IsCode()
  source?: string | null;
}

/** What is left out stays as it is. */
export class CorrectCustomer extends BusinessCommand {
  @IsOptional()
  @IsText()
  name?: string | null;

  /** Null: there is none. */
  @IsOptional()
  @Matches(TAX_NUMBER, { message: 'must be up to 32 letters, digits or hyphens' })
  taxNumber?: string | null;

  /** All of them, as they are to be; null or an empty list: none. */
  @IsOptional()
  @IsListOf(() => ContactBody, { max: 50 })
  contacts?: ContactBody[] | null;

  @IsText(LONG_TEXT)
  reason: string;
}

export class DescribeCustomer extends BusinessCommand {
  /** Portrait fields to set; the others stay. What the published portrait calls personal is encrypted, here too. */
  @IsOptional()
  @IsAnswers()
  portrait?: Answers | null;

  /** Portrait fields about a person: encrypted, and erased with the customer. */
  @IsOptional()
  @IsAnswers()
  personalPortrait?: Answers | null;
}

export class AssignSegment extends BusinessCommand {
  @IsCode()
  segment: string;

  /** From when the customer counts to it; the command's own time unless it is said. */
  @IsOptional()
  @IsInstant()
  effectiveFrom?: string | null;
}

export class ReleaseSegment extends BusinessCommand {}

export class ApplySegmentRules extends BusinessCommand {}

export class EraseCustomerPersonalData extends BusinessCommand {
  /** Why, as a code: `request`, `consentWithdrawn` or another. Nothing personal: it stays. */
  @IsOptional()
  @IsCode()
  reason?: string | null;
}

export type CustomerCommand =
  | CommandOf<'RegisterCustomer', RegisterCustomer>
  | CommandOf<'CorrectCustomer', CorrectCustomer>
  | CommandOf<'DescribeCustomer', DescribeCustomer>
  | CommandOf<'AssignSegment', AssignSegment>
  | CommandOf<'ReleaseSegment', ReleaseSegment>
  | CommandOf<'ApplySegmentRules', ApplySegmentRules>
  | CommandOf<'EraseCustomerPersonalData', EraseCustomerPersonalData>;

export const customerCommands: readonly (CommandDefinition<CustomerState> & { type: CustomerCommand['type'] })[] = [
  {
    type: 'RegisterCustomer',
    body: RegisterCustomer,
    route: 'register-customer',
    summary: 'Registers a customer, a company or a person.',
    roles: SELLERS,
    example: {
      kind: 'company',
      name: 'Volga Tools',
      taxNumber: '6316000000',
      contacts: [{ name: 'Pavel Sidorov', phone: '+7 846 200 00 00', position: 'Director' }],
      source: 'exhibition',
    },
    creates: true,
    facts: portraitRef,
  },
  {
    type: 'CorrectCustomer',
    body: CorrectCustomer,
    route: 'correct-customer',
    summary: 'Corrects the name, the tax number or the contacts of a customer; what is left out stays as it is.',
    roles: SELLERS,
    example: { name: 'Volga Tools and Machines', reason: 'Misspelt in the questionnaire' },
  },
  {
    type: 'DescribeCustomer',
    body: DescribeCustomer,
    route: 'describe-customer',
    summary: 'Sets fields of the customer portrait; unknown is an answer.',
    roles: SELLERS,
    example: { portrait: { industry: 'machinery', employees: 120, exports: 'unknown' } },
    facts: portraitRef,
  },
  {
    type: 'AssignSegment',
    body: AssignSegment,
    route: 'assign-segment',
    summary: 'Counts the customer to a segment from a moment on, whatever the rules say.',
    roles: SELLERS,
    example: { segment: 'medium' },
    facts: portraitRef,
  },
  {
    type: 'ReleaseSegment',
    body: ReleaseSegment,
    route: 'release-segment',
    summary: 'Lets the rules of the portrait say the segment again, after it was assigned by hand.',
    roles: SELLERS,
    example: {},
    facts: portraitRef,
  },
  {
    type: 'ApplySegmentRules',
    body: ApplySegmentRules,
    route: 'apply-segment-rules',
    summary: 'Applies the rules of a newly published portrait.',
    roles: [],
    example: {},
    facts: portraitRef,
  },
  {
    type: 'EraseCustomerPersonalData',
    body: EraseCustomerPersonalData,
    route: 'erase-customer-personal-data',
    summary: 'Erases what is personal about the customer, for good and everywhere; figures stay as they are.',
    roles: LEADERS,
    example: { reason: 'request' },
  },
];
