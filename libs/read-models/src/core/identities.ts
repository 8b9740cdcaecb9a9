import { isErased } from '@voronka/kernel';
import type { CustomerRegistered } from '@voronka/sales/events';

export const IDENTITY_KINDS = ['taxNumber', 'phone', 'email'] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export interface Identity {
  readonly kind: IdentityKind;
  /** Written in one way, so that the same is the same text. */
  readonly text: string;
}

/** By what a customer may be found to be another: each once, nothing of what is erased. */
export function identitiesOf({ taxNumber, contacts }: CustomerRegistered['data']): readonly Identity[] {
  const people = isErased(contacts) ? [] : contacts;
  const all: readonly Identity[] = [
    ...(taxNumber === null || isErased(taxNumber)
      ? []
      : [{ kind: 'taxNumber' as const, text: plainNumber(taxNumber) }]),
    ...people.flatMap(({ phone }) => phoneOf(phone)),
    ...people.flatMap(({ email }) =>
      email === undefined ? [] : [{ kind: 'email' as const, text: plainEmail(email) }],
    ),
  ];
  return [...new Map(all.map((identity) => [`${identity.kind} ${identity.text}`, identity])).values()];
}

function plainNumber(taxNumber: string): string {
  return taxNumber.replaceAll('-', '').toUpperCase();
}

function plainEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Fewer digits are an extension, not a number. */
const FEWEST_DIGITS = 7;

/** Digits alone; the trunk prefix 8 of an eleven-digit number stands for the country code 7. */
function phoneOf(phone: string | undefined): readonly Identity[] {
  const digits = (phone ?? '').replaceAll(/\D/g, '');
  if (digits.length < FEWEST_DIGITS) return [];
  const text = digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits;
  return [{ kind: 'phone', text }];
}
