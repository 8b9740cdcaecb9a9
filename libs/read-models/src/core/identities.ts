import { isErased } from '@voronka/kernel';
import type { CustomerRegistered } from '@voronka/sales/events';

/** By what a customer may be found to be another, written in one way, so that the same is the same text. */
export interface Identities {
  readonly tax_numbers: readonly string[] | null;
  readonly phones: readonly string[] | null;
  readonly emails: readonly string[] | null;
}

/** Each once; null where everything personal is erased, which leaves no trace of how many there were. */
export function identitiesOf({
  taxNumber,
  contacts,
}: Pick<CustomerRegistered['data'], 'taxNumber' | 'contacts'>): Identities {
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

/** The number itself, without words before it or an extension after it. */
const NUMBER = /\+?\d[\d\s().\u2010-\u2015-]*/g;
const FEWEST_DIGITS = 7;

/**
 * Digits with the country code. A number that is not written internationally is one of zone 7: with the trunk prefix 8
 * or without any it gets its country code. Shorter ones are local and stay as they are.
 */
function phoneOf(phone: string | undefined): readonly string[] {
  const written = (phone ?? '').match(NUMBER) ?? [];
  const found = written.find((text) => text.replaceAll(/\D/g, '').length >= FEWEST_DIGITS);
  if (found === undefined) return [];
  const digits = found.replaceAll(/\D/g, '');
  if (found.startsWith('+')) return [digits];
  if (digits.length === 10) return [`7${digits}`];
  return [digits.length === 11 && digits.startsWith('8') ? `7${digits.slice(1)}` : digits];
}
