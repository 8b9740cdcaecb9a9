import {
  type CommandHandler,
  type CommandRequest,
  createCommandHandler,
  type EventLog,
  LogUnavailableError,
  OutcomeUnknownError,
} from '@voronka/event-log';
import { DomainError } from '@voronka/kernel';
import fc from 'fast-check';
import { counterThing, StandingClock } from './support/counter.thing.js';
import { startTestNode, type TestNode } from './support/test-log.js';

let node: TestNode;
let log: EventLog;
beforeAll(async () => {
  node = await startTestNode();
  log = node.open();
});
afterAll(() => node.stop());

type Fault = 'none' | 'lostBefore' | 'lostAfter' | 'awayBefore';

/** The log behind a line on which appends get lost, on the way there or back, as the faults say in turn. */
function behindBadLine(faults: readonly Fault[]): EventLog {
  const coming = [...faults];
  return {
    ...log,
    append: async (...append) => {
      const fault = coming.shift() ?? 'none';
      if (fault === 'awayBefore') throw new LogUnavailableError('away');
      if (fault === 'lostBefore') throw new OutcomeUnknownError('lost on the way there');
      const appended = await log.append(...append);
      if (fault === 'lostAfter') throw new OutcomeUnknownError('lost on the way back');
      return appended;
    },
  };
}

const handlerOn = (on: EventLog): CommandHandler =>
  createCommandHandler({
    log: on,
    things: [counterThing],
    clock: new StandingClock(),
    requestHashKey: new Uint8Array(32),
  });

const raise = (id: string, commandId: string, by: number): CommandRequest => ({
  category: 'counter',
  id,
  type: 'RaiseCounter',
  body: { by },
  commandId,
  actor: 'key-1',
  person: null,
  roles: ['manager'],
});

/** Sends until there is an answer, as a careful caller would. Refusals are answers too. */
async function insist(handle: CommandHandler, request: CommandRequest): Promise<'done' | 'refused'> {
  for (;;) {
    try {
      await handle(request);
      return 'done';
    } catch (error) {
      if (error instanceof DomainError && error.code !== 'CONCURRENT_CHANGE') return 'refused';
      if (error instanceof DomainError || error instanceof OutcomeUnknownError) continue;
      if (!(error instanceof LogUnavailableError)) throw error;
    }
  }
}

let runs = 0;

it('whatever is lost, repeated or sent twice at once, every acknowledged command is in the stream exactly once', async () => {
  const commands = fc.array(
    fc.record({ by: fc.integer({ min: 1, max: 3 }), copies: fc.integer({ min: 1, max: 3 }), handler: fc.nat(1) }),
    { minLength: 1, maxLength: 8 },
  );
  const fault = fc.constantFrom<Fault>('none', 'none', 'lostBefore', 'lostAfter', 'awayBefore');
  const faults = fc.array(fault, { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(commands, faults, faults, async (sent, faultsOfOne, faultsOfOther) => {
      runs += 1;
      const id = `run-${runs}`;
      const handlers = [handlerOn(behindBadLine(faultsOfOne)), handlerOn(behindBadLine(faultsOfOther))];
      const open = { ...raise(id, 'open', 0), type: 'OpenCounter', body: { limit: 12 } };
      await insist(handlerOn(log), open);
      const outcomes = await Promise.all(
        sent.flatMap(({ by, copies, handler }, index) =>
          Array.from({ length: copies }, async (_unused, copy) => {
            const handle = handlers[(handler + copy) % 2];
            if (handle === undefined) throw new Error('no such handler');
            return { index, by, outcome: await insist(handle, raise(id, `command-${index}`, by)) };
          }),
        ),
      );
      const landed = new Map<string, number>();
      for await (const event of log.readStream(`counter-${id}`)) {
        landed.set(event.metadata.commandId, (landed.get(event.metadata.commandId) ?? 0) + 1);
      }
      for (const { index, by, outcome } of outcomes) {
        // A copy that came late may be refused by the limit only if no copy was carried out.
        expect(landed.get(`command-${index}`) ?? 0).toBe(outcome === 'done' ? by : 0);
      }
    }),
    { numRuns: 40 },
  );
});
