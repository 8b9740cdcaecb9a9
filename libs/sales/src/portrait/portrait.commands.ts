import {
  BusinessCommand,
  type CommandDefinition,
  type CommandOf,
  type FactRefs,
  IsCode,
  IsListOf,
  IsText,
} from '@voronka/kernel';
import { IsOptional } from 'class-validator';
import { FormFieldBody } from '../form/form.body.js';
import { KEEPERS } from '../shared/access.js';
import { LONGEST_CONDITION } from '../shared/condition.parser.js';
import type { PortraitState } from './portrait.decider.js';

export class SegmentBody {
  @IsCode()
  code: string;

  @IsText()
  name: string;

  /** Condition on fields of the portrait, as `when` of a route map: `portrait.employees > 250`. */
  @IsOptional()
  @IsText(LONGEST_CONDITION)
  rule?: string | null;
}

export class PublishPortrait extends BusinessCommand {
  @IsListOf(() => FormFieldBody, { max: 200 })
  fields: FormFieldBody[];

  /** In order: a customer belongs to the first whose rule holds, unless somebody assigned one by hand. */
  @IsListOf(() => SegmentBody, { max: 100 })
  segments: SegmentBody[];
}

export class NotePortraitUse extends BusinessCommand {
  /** Route map whose conditions ask the portrait. */
  @IsCode()
  routeMapId: string;
}

export type PortraitCommand =
  | CommandOf<'PublishPortrait', PublishPortrait>
  | CommandOf<'NotePortraitUse', NotePortraitUse>;

export const portraitExample = {
  fields: [
    {
      code: 'industry',
      name: 'Industry',
      type: 'choice',
      required: false,
      options: [
        { code: 'machinery', name: 'Machinery' },
        { code: 'retail', name: 'Retail' },
        { code: 'unknown', name: 'Not known' },
      ],
    },
    { code: 'employees', name: 'Employees', type: 'number', required: false, minimum: 0 },
    { code: 'exports', name: 'Sells abroad', type: 'yesNo', required: false },
    { code: 'hobby', name: 'What the director likes', type: 'text', required: false, personal: true },
  ],
  segments: [
    { code: 'large', name: 'Large', rule: 'portrait.employees > 250' },
    { code: 'medium', name: 'Medium', rule: 'portrait.employees > 100' },
    { code: 'retail', name: 'Chains of shops' },
    { code: 'key', name: 'Key customers' },
  ],
};

export const portraitCommands: readonly (CommandDefinition<PortraitState> & { type: PortraitCommand['type'] })[] = [
  {
    type: 'PublishPortrait',
    body: PublishPortrait,
    route: 'publish-portrait',
    summary: 'Publishes what is asked of every customer, and the segments that follow, as the next version.',
    roles: KEEPERS,
    example: portraitExample,
    creates: true,
    facts: (_body: PublishPortrait, { askedBy }): FactRefs => ({
      routeMaps: askedBy.map((id) => ({ category: 'routeMap', id })),
    }),
  },
  {
    type: 'NotePortraitUse',
    body: NotePortraitUse,
    route: 'note-portrait-use',
    summary: 'Notes that a route map asks the portrait.',
    roles: [],
    example: { routeMapId: 'automation' },
    creates: true,
  },
];
