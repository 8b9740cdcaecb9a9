import { type DecisionContext, refuse } from '@voronka/kernel';

export type PersonContext = Pick<DecisionContext<unknown>, 'person'>;

/** The employee who acts. @throws DomainError PERSON_NEEDED where nobody is named */
export function assertPerson({ person }: PersonContext): string {
  if (person !== null) return person;
  throw refuse.forbidden('PERSON_NEEDED', 'this takes two people: say for whom you act (Voronka-On-Behalf-Of)');
}

/** Somebody other than who proposed it. @throws DomainError PERSON_NEEDED, SECOND_PERSON_NEEDED */
export function assertAnother(context: PersonContext, first: string): string {
  const person = assertPerson(context);
  if (person !== first) return person;
  throw refuse.forbidden('SECOND_PERSON_NEEDED', 'let somebody else approve what you proposed', {
    proposedBy: first,
  });
}

/** What touches closed periods counts upon a preview that was looked at. @throws DomainError PREVIEW_NEEDED, always */
export function refuseUnseen(data: Record<string, unknown>): never {
  const detail = 'it touches a closed period: look at its preview, and send its hash as previewHash';
  throw refuse.rule('PREVIEW_NEEDED', detail, data);
}
