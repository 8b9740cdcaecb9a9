import { LogUnavailableError, OutcomeUnknownError, WrongRevisionError } from '@voronka/event-log';
import {
  eventsOf,
  handlerOn,
  log,
  opened,
  refusal,
  request,
  startRig,
  stopRig,
  withAppend,
} from './support/command-rig.js';

beforeAll(startRig);
afterAll(stopRig);

describe('a conflict', () => {
  it('is decided again on what the other writer left', async () => {
    const other = handlerOn(log);
    const id = await opened(other, 5);
    let interferences = 2;
    const handle = handlerOn(
      withAppend(async (...append) => {
        if (interferences > 0) {
          interferences -= 1;
          await other(request('RaiseCounter', id, { by: 1 }));
        }
        return log.append(...append);
      }),
    );
    expect(await handle(request('RaiseCounter', id, { by: 3 }))).toMatchObject({ revision: 5 });
    expect((await refusal(handle(request('RaiseCounter', id, { by: 1 })))).code).toBe('COUNTER_LIMIT');
  });

  it('with an expected revision is not tried again', async () => {
    const other = handlerOn(log);
    const id = await opened(other);
    let tries = 0;
    const handle = handlerOn(
      withAppend(async (...append) => {
        tries += 1;
        await other(request('RaiseCounter', id, { by: 1 }));
        return log.append(...append);
      }),
    );
    const error = await refusal(handle(request('RaiseCounter', id, { by: 1 }, { expectedRevision: 0 })));
    expect(error).toMatchObject({ code: 'STALE_REVISION', data: { expected: 0, actual: 1 } });
    expect(tries).toBe(1);
  });

  it('that never ends is given up after eight tries', async () => {
    const id = await opened(handlerOn(log));
    let tries = 0;
    const handle = handlerOn(
      withAppend((stream, expected) => {
        tries += 1;
        return Promise.reject(new WrongRevisionError(stream, expected, 'unknown'));
      }),
    );
    expect(await refusal(handle(request('RaiseCounter', id, { by: 1 })))).toMatchObject({
      kind: 'conflict',
      code: 'CONCURRENT_CHANGE',
    });
    expect(tries).toBe(8);
  });
});

describe('an append of unknown outcome', () => {
  it('that landed is found by its command id and not done again', async () => {
    const id = await opened(handlerOn(log));
    let tries = 0;
    const handle = handlerOn(
      withAppend(async (...append) => {
        tries += 1;
        await log.append(...append);
        throw new OutcomeUnknownError('lost on the way back');
      }),
    );
    expect(await handle(request('RaiseCounter', id, { by: 2 }))).toMatchObject({ revision: 2, repeated: true });
    expect(tries).toBe(1);
    expect(await eventsOf(id)).toHaveLength(3);
  });

  it('that did not land is done', async () => {
    const id = await opened(handlerOn(log));
    let tries = 0;
    const handle = handlerOn(
      withAppend((...append) => {
        tries += 1;
        return tries === 1 ? Promise.reject(new OutcomeUnknownError('lost on the way')) : log.append(...append);
      }),
    );
    expect(await handle(request('RaiseCounter', id, { by: 2 }))).toMatchObject({ revision: 2, repeated: false });
    expect(await eventsOf(id)).toHaveLength(3);
  });

  it('stays unknown while the store is away', async () => {
    const id = await opened(handlerOn(log));
    let away = false;
    const handle = handlerOn({
      ...log,
      append: () => {
        away = true;
        return Promise.reject(new OutcomeUnknownError('lost'));
      },
      readStream: (...read) => {
        if (away) throw new LogUnavailableError('away');
        return log.readStream(...read);
      },
    });
    await expect(handle(request('RaiseCounter', id, { by: 2 }))).rejects.toBeInstanceOf(OutcomeUnknownError);
  });
});

describe('two programs on one log', () => {
  it('see at once what the other has appended, whatever they keep', async () => {
    const programs = [handlerOn(log), handlerOn(log)] as const;
    const [high, low] = [await opened(programs[0]), await opened(programs[1])];
    for (let turn = 0; turn < 20; turn += 1) {
      const [one, other] = turn % 2 === 0 ? programs : [programs[1], programs[0]];
      // The lower counter may come as far as the higher one has: each program decides on what the other wrote.
      expect((await refusal(one(request('RaiseCounter', low, { by: 1, below: high })))).code).toBe('COUNTER_ABOVE');
      await Promise.all([
        other(request('RaiseCounter', high, { by: 1 })),
        ...Array.from({ length: 3 }, () => one(request('RaiseCounter', `noise-${turn}`, { by: 1 })).catch(() => null)),
      ]);
      await one(request('RaiseCounter', low, { by: 1, below: high }));
    }
    expect([await eventsOf(high), await eventsOf(low)].map(({ length }) => length)).toEqual([21, 21]);
  });
});
