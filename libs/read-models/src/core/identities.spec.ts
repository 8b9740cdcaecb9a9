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

  it.each([
    ['+86 10 1234 5678', '861012345678'],
    ['+81 3 1234 5678', '81312345678'],
    ['8 846 200-00-00', '78462000000'],
    ['(846) 200-00-00', '78462000000'],
    ['903 771–88–01', '79037718801'],
    ['тел. +7 846 200 00 00, доб. 123', '78462000000'],
    ['12, +7 (846) 200-00-00', '78462000000'],
    ['200-00-00', '2000000'],
  ])('of %s the phone is %s: a foreign number stays, an extension goes', (phone, expected) => {
    expect(identitiesOf({ ...base, contacts: [{ name: 'A', phone }] }).phones).toEqual([expected]);
  });

  it('of the erased are not known, and neither is how many there were', () => {
    const blank = { tax_numbers: null, phones: null, emails: null };
    expect(identitiesOf({ ...base, taxNumber: ERASED, contacts: ERASED })).toEqual(blank);
    expect(identitiesOf({ ...base, contacts: ERASED })).toEqual(blank);
  });
});
