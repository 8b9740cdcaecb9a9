import { ERASED } from '@voronka/kernel';
import { identitiesOf } from './identities.js';

const base = { kind: 'company', name: 'Volga Tools', taxNumber: null, contacts: [], source: null } as const;
const texts = (data: Parameters<typeof identitiesOf>[0]): string[] =>
  identitiesOf(data).map(({ kind, text }) => `${kind} ${text}`);

describe('identities of a customer', () => {
  it('are written in one way', () => {
    const contacts = [
      { name: 'A', phone: '+7 (846) 200-00-00', email: ' Info@Volga.Example ' },
      { name: 'B', phone: '8 846 200 00 00' },
      { name: 'C', phone: '12-34', email: 'info@volga.example' },
    ];
    expect(texts({ ...base, taxNumber: '63-16ab', contacts })).toEqual([
      'taxNumber 6316AB',
      'phone 78462000000',
      'email info@volga.example',
    ]);
  });

  it('leave a foreign number that begins with 8 as it is', () => {
    expect(texts({ ...base, contacts: [{ name: 'A', phone: '+86 10 1234 5678' }] })).toEqual(['phone 861012345678']);
  });

  it('are none of the erased', () => {
    expect(texts({ ...base, name: ERASED, taxNumber: ERASED, contacts: ERASED })).toEqual([]);
  });
});
