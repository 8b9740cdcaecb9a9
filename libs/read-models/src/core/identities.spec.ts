import { ERASED } from '@voronka/kernel';
import { identitiesOf } from './identities.js';

const base = { kind: 'company', name: 'Volga Tools', taxNumber: null, contacts: [], source: null } as const;

describe('identities of a customer', () => {
  it('are written in one way, each once', () => {
    const contacts = [
      { name: 'A', phone: '+7 (846) 200-00-00', email: ' Info@Volga.Example ' },
      { name: 'B', phone: '8 846 200 00 00' },
      { name: 'C', phone: '12-34', email: 'info@volga.example' },
    ];
    expect(identitiesOf({ ...base, taxNumber: '63-16ab', contacts })).toEqual({
      tax_numbers: ['6316AB'],
      phones: ['78462000000'],
      emails: ['info@volga.example'],
    });
  });

  it('leave a foreign number that begins with 86 as it is', () => {
    const contacts = [{ name: 'A', phone: '+86 10 1234 5678' }];
    expect(identitiesOf({ ...base, contacts }).phones).toEqual(['861012345678']);
  });

  it('of the erased are not known, and neither is how many there were', () => {
    const blank = { tax_numbers: null, phones: null, emails: null };
    expect(identitiesOf({ ...base, name: ERASED, taxNumber: ERASED, contacts: ERASED })).toEqual(blank);
    expect(identitiesOf({ ...base, name: ERASED, contacts: ERASED })).toEqual(blank);
  });
});
