import type { RecordedEvent } from '@eventstore/db-client';
import { defineThing, DomainError, ERASED, type EventOf, type Thing } from '@voronka/kernel';
import { metadataAt } from '../../kernel/src/testing.js';
import { createCodec, definitionsOf, type StoredEvent } from './codec.js';
import type { EventToAppend } from './event-log.port.js';
import { InMemorySubjectKeys } from './testing.js';

type Met = EventOf<'PersonMet', { name: string; phones?: readonly string[]; born?: string | null; city: unknown }>;

const person: Thing = defineThing<object, never, Met, object>({
  category: 'person',
  collection: 'people',
  summary: 'Someone',
  decider: { initialState: () => ({}), evolve: (state) => state, decide: () => [] },
  commands: [],
  events: {
    PersonMet: {
      schemaVersion: 2,
      personal: { subject: (_data, stream) => stream, fields: ['name', 'phones', 'born'] },
      upcast: { 1: ({ fullName, ...rest }) => ({ ...rest, name: fullName }) },
    },
  },
});

const met = (data: object, more: Partial<EventToAppend> = {}): EventToAppend => ({
  eventId: '5c0d4c1e-0000-4000-8000-000000000001',
  type: 'PersonMet',
  data,
  metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 2, causationId: 'e-0', reliedOn: { 'deal-1': 3 } }),
  ...more,
});

/** A stored payload as an object. */
const dataOf = (stored: StoredEvent): Record<string, unknown> => JSON.parse(Buffer.from(stored.data).toString());

const bytes = (data: object): Uint8Array => Buffer.from(JSON.stringify(data));

/** What the store would give back for a stored event. */
function recordOf(stored: StoredEvent): RecordedEvent {
  return {
    streamId: 'person-1',
    id: stored.id,
    isJson: true,
    revision: 0n,
    type: stored.type,
    created: new Date('2009-08-03T09:00:00.000Z'),
    data: dataOf(stored),
    metadata: JSON.parse(Buffer.from(stored.metadata).toString()),
    position: { commit: 12n, prepare: 12n },
  };
}

async function firstStored(codec: ReturnType<typeof createCodec>, event: EventToAppend): Promise<StoredEvent> {
  const [stored] = await codec.encode('person-1', [event]);
  if (stored === undefined) throw new Error('nothing was stored');
  return stored;
}

describe('the codec', () => {
  const ada = { name: 'Ада', phones: ['+7 900'], born: null, city: { name: 'Samara' } };

  it('gives back what it was given, with the log data beside it', async () => {
    const codec = createCodec([person], new InMemorySubjectKeys());
    const event = met(ada);
    const { events, failure } = await codec.decode([recordOf(await firstStored(codec, event))]);
    expect(failure).toBeNull();
    expect(events).toEqual([
      {
        ...event,
        stream: 'person-1',
        revision: 0,
        position: 12n,
        recordedAt: '2009-08-03T09:00:00.000Z',
      },
    ]);
  });

  it('stores no plaintext of a personal field, and leaves empty ones as they are', async () => {
    const stored = await firstStored(createCodec([person], new InMemorySubjectKeys()), met(ada));
    const text = Buffer.from(stored.data).toString();
    expect(text).not.toContain('Ада');
    expect(text).not.toContain('+7 900');
    expect(dataOf(stored)).toEqual({
      name: { $personal: expect.any(String), subject: 'person-1' },
      phones: { $personal: expect.any(String), subject: 'person-1' },
      born: null,
      city: { name: 'Samara' },
    });
  });

  it("stores the two ids that the store's tools know under its names", async () => {
    const stored = await firstStored(createCodec([person], new InMemorySubjectKeys()), met(ada));
    const metadata: unknown = JSON.parse(Buffer.from(stored.metadata).toString());
    expect(metadata).toMatchObject({
      $correlationId: 'given',
      $causationId: 'e-0',
      occurredAt: '2009-08-03T08:00:00.000Z',
    });
    expect(metadata).not.toHaveProperty('correlationId');
    expect(metadata).not.toHaveProperty('causationId');
  });

  it('reads an erased subject as erased, in every event, and the rest of the event as ever', async () => {
    const keys = new InMemorySubjectKeys();
    const codec = createCodec([person], keys);
    const record = recordOf(await firstStored(codec, met(ada)));
    keys.erase('person-1');
    const { events } = await codec.decode([record]);
    expect(events[0]?.data).toEqual({ name: ERASED, phones: ERASED, born: null, city: { name: 'Samara' } });
  });

  it('keeps nothing of what is written about an erased subject', async () => {
    const keys = new InMemorySubjectKeys();
    keys.erase('person-1');
    const codec = createCodec([person], keys);
    const stored = await firstStored(codec, met(ada));
    expect(dataOf(stored)['name']).toEqual({ $personal: null, subject: 'person-1' });
    const { events } = await codec.decode([recordOf(stored)]);
    expect(events[0]?.data).toMatchObject({ name: ERASED });
  });

  it('opens the sealed fields of an old shape before it is upcast', async () => {
    const keys = new InMemorySubjectKeys();
    const old: Thing = {
      ...person,
      events: { PersonMet: { personal: { subject: (_data, stream) => stream, fields: ['fullName' as never] } } },
    };
    const written = met({ fullName: 'Ада', city: 'Samara' }, { metadata: metadataAt('2009-08-03T08:00:00.000Z') });
    const record = recordOf(await firstStored(createCodec([old], keys), written));
    const { events } = await createCodec([person], keys).decode([record]);
    expect(events[0]?.data).toEqual({ name: 'Ада', city: 'Samara' });
  });

  it('asks for the keys of a batch once, and for none when nothing is sealed', async () => {
    const keys = new InMemorySubjectKeys();
    const codec = createCodec([person], keys);
    const stored = await codec.encode('person-1', [met(ada), met(ada), met(ada)]);
    await codec.decode(stored.map((event) => recordOf(event)));
    expect(keys.readings).toBe(1);
    const plain = await firstStored(codec, met({ city: 'Samara' }));
    await codec.decode([recordOf(plain)]);
    expect(keys.readings).toBe(1);
  });

  it.each([
    ['moved to another field', (data: Record<string, unknown>) => ({ ...data, phones: data['name'] }), 'does not open'],
    [
      'of a subject without a key',
      (data: Record<string, unknown>) => ({ ...data, name: { $personal: 'AAAA', subject: 'person-9' } }),
      'missing',
    ],
  ])('refuses a sealed field %s', async (_what, change, reason) => {
    const codec = createCodec([person], new InMemorySubjectKeys());
    const stored = await firstStored(codec, met(ada));
    const { events, failure } = await codec.decode([recordOf({ ...stored, data: bytes(change(dataOf(stored))) })]);
    expect(events).toEqual([]);
    expect(failure?.message).toContain(reason);
    expect(failure?.position).toBe(12n);
  });

  it('refuses a sealed field copied into another event', async () => {
    const codec = createCodec([person], new InMemorySubjectKeys());
    const stored = await firstStored(codec, met(ada));
    const { failure } = await codec.decode([recordOf({ ...stored, id: '5c0d4c1e-0000-4000-8000-000000000002' })]);
    expect(failure?.message).toContain('does not open');
  });

  it('refuses to write a value that would be read as a sealed one', async () => {
    const codec = createCodec([person], new InMemorySubjectKeys());
    const lookalike = met({ ...ada, city: { $personal: 'AAAA', subject: 'person-2' } });
    await expect(codec.encode('person-1', [lookalike])).rejects.toBeInstanceOf(DomainError);
  });

  it("refuses to write anything but today's shape", async () => {
    const codec = createCodec([person], new InMemorySubjectKeys());
    const old = met(ada, { metadata: metadataAt('2009-08-03T08:00:00.000Z', { schemaVersion: 1 }) });
    await expect(codec.encode('person-1', [old])).rejects.toThrow('schema version 2');
  });
});

describe('definitionsOf', () => {
  it('refuses two things with one category, or with definitions of their own for one event type', () => {
    expect([...definitionsOf([person]).keys()]).toEqual(['PersonMet']);
    expect(() => definitionsOf([person, person])).toThrow('category person');
    const other = { ...person, category: 'other' };
    const own = { ...other, events: { PersonMet: { ...person.events['PersonMet'] } } };
    expect(() => definitionsOf([person, own])).toThrow('PersonMet is defined twice');
    expect([...definitionsOf([person, other]).keys()]).toEqual(['PersonMet']);
  });
});
