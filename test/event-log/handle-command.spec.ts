import { createCommandHandler, type EventLog } from '@voronka/event-log';
import { eventsOf, handlerOn, log, opened, refusal, request, startRig, stopRig } from './support/command-rig.js';
import { counterThing, StandingClock } from './support/counter.thing.js';

beforeAll(startRig);
afterAll(stopRig);

describe('a command', () => {
  it('appends its events with everything that is known about it', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    const command = request(
      'RaiseCounter',
      id,
      { by: 2, occurredAt: '2009-08-01T10:00:00.000Z' },
      { causationId: 'e-1' },
    );
    const result = await handle(command);
    const events = await eventsOf(id);
    expect(result).toEqual({
      stream: `counter-${id}`,
      revision: 2,
      position: events[2]?.position,
      repeated: false,
      events: events.slice(1).map(({ eventId, type, revision }) => ({
        eventId,
        type,
        revision,
        occurredAt: '2009-08-01T10:00:00.000Z',
      })),
    });
    expect(events[2]?.metadata).toEqual({
      occurredAt: '2009-08-01T10:00:00.000Z',
      actor: 'key-1',
      person: 'ivanova',
      commandId: command.commandId,
      requestHash: expect.stringMatching(/^[0-9a-f]{32}$/),
      correlationId: command.commandId,
      causationId: 'e-1',
      schemaVersion: 3,
      imported: false,
    });
  });

  it('that takes history over marks its events', async () => {
    const handle = handlerOn(log);
    await handle(request('ImportCounter', 'imported', { limit: 4 }, { roles: ['admin'] }));
    const [event] = await eventsOf('imported');
    expect(event?.metadata).toMatchObject({ imported: true, importRef: 'row 1', assumed: ['limit'] });
  });

  it('that changes nothing answers with where the thing stands', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    const [event] = await eventsOf(id);
    const result = await handle(request('RaiseCounter', id, { by: 0 }));
    expect(result).toMatchObject({ revision: 0, position: event?.position, events: [], repeated: false });
  });
});

describe('a command that is sent again', () => {
  it('gets its first answer, even when others came between and its own rule would refuse it now', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle, 3);
    const command = request('RaiseCounter', id, { by: 2 });
    const first = await handle(command);
    await handle(request('RaiseCounter', id, { by: 1 }));
    expect(await handle({ ...command, expectedRevision: 0 })).toEqual({ ...first, repeated: true });
    expect(await eventsOf(id)).toHaveLength(4);
  });

  it('is recognised by a handler that never saw the stream', async () => {
    const id = await opened(handlerOn(log));
    const command = request('RaiseCounter', id, { by: 2 });
    const first = await handlerOn(log)(command);
    expect(await handlerOn(log)(command)).toEqual({ ...first, repeated: true });
  });

  it('with another body, person or type is refused', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    const command = request('RaiseCounter', id, { by: 2 });
    await handle(command);
    for (const other of [{ body: { by: 3 } }, { person: null }, { type: 'OpenCounter' }]) {
      const error = await refusal(handle({ ...command, ...other }));
      expect(error).toMatchObject({ kind: 'rule', code: 'IDEMPOTENCY_KEY_REUSED' });
    }
    expect(await eventsOf(id)).toHaveLength(3);
  });
});

describe('a refusal', () => {
  it.each([
    ['forbidden', 'ROLE_MISSING', { by: 1 }, { roles: ['auditor'] }],
    ['invalid', 'OCCURRED_IN_FUTURE', { by: 1, occurredAt: '2009-08-03T08:00:00.001Z' }, {}],
    ['invalid', 'OCCURRED_AT_MALFORMED', { by: 1, occurredAt: '2009-08-03' }, {}],
    ['rule', 'COUNTER_LIMIT', { by: 101 }, {}],
    ['stale', 'STALE_REVISION', { by: 1 }, { expectedRevision: 7 }],
    ['stale', 'STALE_REVISION', { by: 1 }, { expectedRevision: 'noStream' }],
  ] as const)('%s %s appends nothing and is told', async (kind, code, body, more) => {
    const told: string[] = [];
    const handle = handlerOn(log, (refused, type) => told.push(`${type} ${refused}`));
    const id = await opened(handle);
    expect(await refusal(handle(request('RaiseCounter', id, body, more)))).toMatchObject({ kind, code });
    expect(await eventsOf(id)).toHaveLength(1);
    expect(told).toEqual([`RaiseCounter ${code}`]);
  });

  it('names the revision that is there', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    const error = await refusal(handle(request('RaiseCounter', id, { by: 1 }, { expectedRevision: 5 })));
    expect(error.data).toEqual({ expected: 5, actual: 0 });
  });

  it('of a command on what does not exist names the thing', async () => {
    const error = await refusal(handlerOn(log)(request('RaiseCounter', 'nowhere', { by: 1 })));
    expect(error).toMatchObject({ kind: 'notFound', code: 'COUNTER_NOT_FOUND', data: { id: 'nowhere' } });
  });

  it('of founding what exists is left to the decider', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    expect(await refusal(handle(request('OpenCounter', id, { limit: 1 })))).toMatchObject({ code: 'COUNTER_OPEN' });
  });
});

describe('facts', () => {
  it('are the states of other things now, and their revisions stand in the event', async () => {
    const handle = handlerOn(log);
    const [low, high] = [await opened(handle), await opened(handle)];
    const refused = await refusal(handle(request('RaiseCounter', low, { by: 1, below: high })));
    expect(refused.code).toBe('COUNTER_ABOVE');
    await handlerOn(log)(request('RaiseCounter', high, { by: 2 }));
    await handle(request('RaiseCounter', low, { by: 2, below: high, alsoBelow: [high] }));
    const events = await eventsOf(low);
    expect(events.at(-1)?.metadata.reliedOn).toEqual({ [`counter-${high}`]: 2 });
  });

  it('of a thing that does not exist are undefined, one by one', async () => {
    const handle = handlerOn(log);
    const id = await opened(handle);
    for (const body of [
      { by: 1, below: 'nowhere' },
      { by: 1, alsoBelow: ['nowhere'] },
    ]) {
      expect((await refusal(handle(request('RaiseCounter', id, body)))).code).toBe('COUNTER_UNKNOWN');
    }
  });
});

describe('kept states', () => {
  it('are never older than the call, and what others appended comes without reading the stream again', async () => {
    const id = await opened(handlerOn(log), 5);
    const from: number[] = [];
    const handle = handlerOn({
      ...log,
      readStream: (stream, fromRevision = 0) => {
        from.push(fromRevision);
        return log.readStream(stream, fromRevision);
      },
    });
    expect((await refusal(handle(request('RaiseCounter', id, { by: 6 })))).code).toBe('COUNTER_LIMIT');
    await handlerOn(log)(request('RaiseCounter', id, { by: 3 }));
    expect((await refusal(handle(request('RaiseCounter', id, { by: 3 })))).code).toBe('COUNTER_LIMIT');
    expect(await handle(request('RaiseCounter', id, { by: 1 }))).toMatchObject({ revision: 4 });
    expect(from).toEqual([0]);
  });

  it('are bounded in number', async () => {
    const from: number[] = [];
    const counting: EventLog = {
      ...log,
      readStream: (stream, fromRevision = 0) => {
        from.push(fromRevision);
        return log.readStream(stream, fromRevision);
      },
    };
    const handle = createCommandHandler({
      log: counting,
      things: [counterThing],
      clock: new StandingClock(),
      requestHashKey: new Uint8Array(32),
      keptStates: 1,
    });
    const [a, b] = [await opened(handlerOn(log)), await opened(handlerOn(log))];
    for (const id of [a, b, a]) await handle(request('RaiseCounter', id, { by: 0 }));
    expect(from).toEqual([0, 0, 0]);
  });
});
