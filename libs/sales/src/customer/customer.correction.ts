import { ERASED, type Personal, refuse, saysTheSame, toPlain } from '@voronka/kernel';
import type { ContactBody, CorrectCustomer } from './customer.commands.js';
import type { Contact, CustomerEvent } from './customer.events.js';

/** Who a customer is, as it was told last. */
export interface CustomerIdentity {
  readonly name: Personal<string>;
  readonly taxNumber: Personal<string> | null;
  readonly contacts: Personal<readonly Contact[]>;
}

/** What an event says of it. */
export function identityOf({ name, taxNumber, contacts }: CustomerIdentity): CustomerIdentity {
  return { name, taxNumber, contacts };
}

/** Contacts as they are kept: what was not said of one is not there. */
export function contactsOf(bodies: readonly ContactBody[]): readonly Contact[] {
  return bodies.map(({ name, phone, email, position }) =>
    toPlain({ name, phone: phone ?? undefined, email: email ?? undefined, position: position ?? undefined }),
  );
}

/** @throws DomainError CUSTOMER_ERASED: nothing personal is kept any more */
export function correct(
  body: CorrectCustomer,
  { identity, erased }: { readonly identity: CustomerIdentity; readonly erased: boolean },
  customerId: string,
): readonly CustomerEvent[] {
  if (erased) {
    const advice = 'nothing personal is kept of this customer any more; register a new customer';
    throw refuse.rule('CUSTOMER_ERASED', advice, { customerId });
  }
  const { name, taxNumber, contacts, reason } = body;
  const corrected: CustomerIdentity = {
    name: name ?? identity.name,
    taxNumber: taxNumber === undefined ? identity.taxNumber : taxNumber,
    contacts: contacts === undefined ? identity.contacts : contactsOf(contacts ?? []),
  };
  if (saysTheSame(identity, corrected)) return [];
  return [{ type: 'CustomerCorrected', data: { ...corrected, reason } }];
}

/** Nothing is left of it, in what was folded while the key was there either. */
export function erasedIdentity({ taxNumber }: CustomerIdentity): CustomerIdentity {
  return { name: ERASED, taxNumber: taxNumber === null ? null : ERASED, contacts: ERASED };
}
