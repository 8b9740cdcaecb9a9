import { addDays } from '@voronka/kernel';
import { FIRST_DAY, industries, systems } from './company.js';
import type { ScheduledCommand } from './scheduled-command.js';

const INITIALS = ['A', 'G', 'R', 'S', 'V', 'Y', 'M'];
const LAST_NAMES = ['Lebedev', 'Akhmetov', 'Gromov', 'Sidorenko', 'Chernov', 'Valeev', 'Dubov', 'Ershov', 'Zhukov'];
const POSITIONS = ['Director', 'Chief accountant', 'Head of trade'];

type Body = ScheduledCommand['body'];

/** Who a customer is by his number: invented, and nobody else's. */
export function identityOf(number: number): Body {
  const digits = String(number).padStart(5, '0');
  const name = `${nth(INITIALS, number)}. ${nth(LAST_NAMES, number)}`;
  const phone = `+7 846 55${digits.slice(0, 1)} ${digits.slice(1, 3)} ${digits.slice(3)}`;
  return {
    taxNumber: `63160${digits}`,
    contacts: [{ name, phone, email: `office@customer-${digits}.example`, position: nth(POSITIONS, number) }],
  };
}

/** What is found out about a customer besides how many work there; of some things nobody knows. */
export function portraitOf(number: number): Body {
  return {
    industry: nth(industries, number).code,
    branches: nth([true, false, 'unknown'], number),
    tradesSince: addDays('1998-03-02', (number * 137) % 9_000),
    systems: number % 6 === 0 ? ['unknown'] : [nth(systems, number).code, ...(number % 4 === 0 ? ['paper'] : [])],
  };
}

/**
 * Whoever lost a deal because it was entered twice had entered the customer a second time: with the tax number and the
 * phone of one who had come before, under another name and address.
 * @param stories one per customer
 */
export function withDuplicates(
  stories: readonly (readonly ScheduledCommand[])[],
): readonly (readonly ScheduledCommand[])[] {
  const known = stories
    .flatMap((story) => story.filter(({ type }) => type === 'RegisterCustomer'))
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return stories.map((story) => {
    if (!story.some(({ type, body }) => type === 'LoseDeal' && body['lossReason'] === 'duplicate')) return story;
    return story.map((command) => {
      const before = command.type === 'RegisterCustomer' ? known[known.indexOf(command) - 1] : undefined;
      return before === undefined ? command : { ...command, body: { ...command.body, ...sameAs(before, command) } };
    });
  });
}

interface Known {
  readonly taxNumber?: unknown;
  readonly contacts?: readonly { readonly phone: string; readonly email: string }[];
}

function sameAs(before: ScheduledCommand, command: ScheduledCommand): Body {
  const [first, own]: Known[] = [before.body, command.body];
  const phone = first?.contacts?.[0]?.phone;
  const contacts = own?.contacts?.map((contact) => ({ ...contact, ...(phone === undefined ? {} : { phone }) }));
  return { taxNumber: first?.taxNumber, contacts };
}

/** What the questionnaire asks besides what the way depends on. */
export function needsOf(number: number, today: string): Body {
  return {
    decideBy: addDays(today > FIRST_DAY ? today : FIRST_DAY, 14 + (number % 60)),
    serverOfOwn: nth([true, false, false, 'unknown'], number),
    wishes: number % 5 === 0 ? ['unknown'] : [nth(['stock', 'reports', 'payroll'], number), 'support'],
  };
}

function nth<T>(list: readonly T[], number: number): T {
  const found = list[number % list.length];
  if (found === undefined) throw new RangeError('nothing to choose from');
  return found;
}
