import {
  decrypt,
  deriveKey,
  encrypt,
  generateSubjectKey,
  MasterKeyError,
  parseMasterKey,
  requestHashKey,
  unwrapSubjectKey,
  wrapSubjectKey,
} from './key-wrapping.js';

const master = new Uint8Array(32).fill(7);

describe('parseMasterKey', () => {
  it.each([
    ['hexadecimal', Buffer.from(master).toString('hex')],
    ['hexadecimal with blanks around', ` ${Buffer.from(master).toString('hex').toUpperCase()}\n`],
    ['base64', Buffer.from(master).toString('base64')],
    ['base64url', Buffer.from(master).toString('base64url')],
  ])('reads %s', (_form, text) => {
    expect(Buffer.from(parseMasterKey(text)).equals(Buffer.from(master))).toBe(true);
  });

  it.each(['', 'secret', 'ab'.repeat(31), 'ab'.repeat(33), `${'z'.repeat(64)}`])(
    'refuses %j without repeating it',
    (text) => {
      let message = '';
      try {
        parseMasterKey(text);
      } catch (error) {
        expect(error).toBeInstanceOf(MasterKeyError);
        message = (error as MasterKeyError).message;
      }
      expect(message).toContain('32 bytes');
      if (text !== '') expect(message).not.toContain(text);
    },
  );
});

describe('wrapped subject keys', () => {
  it('come back with the master key and the subject they were made for', () => {
    const key = generateSubjectKey();
    const wrapped = wrapSubjectKey(master, 'customer-17', key);
    expect(key).toHaveLength(32);
    expect(Buffer.from(wrapped).includes(Buffer.from(key))).toBe(false);
    expect(Buffer.from(unwrapSubjectKey(master, 'customer-17', wrapped)).equals(Buffer.from(key))).toBe(true);
  });

  it('do not come back otherwise', () => {
    const wrapped = wrapSubjectKey(master, 'customer-17', generateSubjectKey());
    expect(() => unwrapSubjectKey(new Uint8Array(32).fill(8), 'customer-17', wrapped)).toThrow(MasterKeyError);
    expect(() => unwrapSubjectKey(master, 'customer-18', wrapped)).toThrow(MasterKeyError);
    expect(() => unwrapSubjectKey(master, 'customer-17', wrapped.subarray(0, 20))).toThrow(MasterKeyError);
  });

  it('are all different', () => {
    const keys = Array.from({ length: 50 }, () => Buffer.from(generateSubjectKey()).toString('hex'));
    expect(new Set(keys).size).toBe(50);
  });
});

describe('derived keys', () => {
  it('depend on master key and purpose, and on nothing else', () => {
    const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex');
    expect(hex(deriveKey(master, 'a'))).toBe(hex(deriveKey(master, 'a')));
    expect(hex(deriveKey(master, 'a'))).not.toBe(hex(deriveKey(master, 'b')));
    expect(hex(requestHashKey(master))).not.toBe(hex(requestHashKey(new Uint8Array(32))));
    expect(requestHashKey(master)).toHaveLength(32);
  });
});

describe('encrypt', () => {
  it('never seals alike twice, and opens only in its context and unharmed', () => {
    const plain = Buffer.from('Ада Лавлейс');
    const one = encrypt(master, plain, 'e:name');
    expect(one.equals(encrypt(master, plain, 'e:name'))).toBe(false);
    expect(decrypt(master, one, 'e:name').equals(plain)).toBe(true);
    expect(() => decrypt(master, one, 'e:phone')).toThrow();
    const harmed = Buffer.from(one);
    harmed.writeUInt8(harmed.readUInt8(harmed.length - 1) ^ 1, harmed.length - 1);
    expect(() => decrypt(master, harmed, 'e:name')).toThrow();
  });
});
