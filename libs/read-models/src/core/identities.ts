import { isErased } from '@voronka/kernel';
import type { CustomerRegistered } from '@voronka/sales/events';

/** By what a customer may be found to be another, written in one way, so that the same is the same text. */
export interface Identities {
  readonly tax_numbers: readonly string[] | null;
  readonly phones: readonly string[] | null;
  readonly emails: readonly string[] | null;
}

/** Each once; null where everything personal is erased, which leaves no trace of how many there were. */
export function identitiesOf({ taxNumber, contacts }: CustomerRegistered['data']): Identities {
  if (isErased(contacts) || isErased(taxNumber)) return { tax_numbers: null, phones: null, emails: null };
  return {
    tax_numbers: taxNumber === null ? [] : [plainNumber(taxNumber)],
    phones: distinct(contacts.flatMap(({ phone }) => phoneOf(phone))),
    emails: distinct(contacts.flatMap(({ email }) => (email === undefined ? [] : [plainEmail(email)]))),
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
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
function phoneOf(phone: string | undefined): readonly string[] {
  const digits = (phone ?? '').replaceAll(/\D/g, '');
  if (digits.length < FEWEST_DIGITS) return [];
  return [digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits];
}
