import { upcast } from './upcast.js';

describe('upcast', () => {
  const definition = {
    schemaVersion: 3,
    upcast: {
      1: (data: Record<string, unknown>) => ({ amount: data['sum'] }),
      2: (data: Record<string, unknown>) => ({ amountKopecks: Number(data['amount']) * 100 }),
    },
  };

  it('reads an old shape as the new one, version by version', () => {
    expect(upcast(definition, 1, { sum: 5 })).toEqual({ amountKopecks: 500 });
    expect(upcast(definition, 2, { amount: 5 })).toEqual({ amountKopecks: 500 });
  });

  it("leaves today's shape alone", () => {
    const data = { amountKopecks: 1 };
    expect(upcast(definition, 3, data)).toBe(data);
    expect(upcast({}, 1, data)).toBe(data);
  });

  it('refuses a version newer than known and a gap', () => {
    expect(() => upcast(definition, 4, {})).toThrow('newer');
    expect(() => upcast({ schemaVersion: 3, upcast: { 2: (data) => data } }, 1, {})).toThrow(
      'no upcaster from schema version 1',
    );
  });
});
