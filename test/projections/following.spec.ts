import { createProjector, type Message } from '@voronka/projections';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases, until } from './support/database.js';
import { entriesFrom, ledgerSet } from './support/ledger-set.js';

let databases: TestDatabases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

// Bug: a set whose subscription failed again and again was said to be running, and not a line told of it.
it('a set whose subscription has to try again waits, says why once, and runs again with it', async () => {
  const log = new ArrayLog(entriesFrom(0, 3));
  const messages: Message[] = [];
  const database = await databases.fresh();
  const projector = createProjector({ database, log, sets: [ledgerSet], onMessage: (one) => messages.push(one) });
  try {
    await projector.start();
    await until(() => projector.states()[0]?.status === 'running', 'the set runs');
    log.add(...entriesFrom(3, 4));
    await until(() => projector.states()[0]?.events === 1, 'it follows');
    for (let tries = 0; tries < 3; tries += 1) {
      log.tell({ status: 'connecting', attempt: tries });
      log.tell({ status: 'waiting', retryInMilliseconds: 100, reason: 'no answer' });
    }
    expect(projector.states()).toMatchObject([{ status: 'waiting', caughtUp: false, error: { message: 'no answer' } }]);
    expect(messages.filter(({ level }) => level === 'warn')).toHaveLength(1);
    log.tell({ status: 'connecting', attempt: 3 });
    expect(projector.states()).toMatchObject([{ status: 'waiting' }]);
    log.tell({ status: 'catchingUp', position: 3n });
    expect(projector.states()).toMatchObject([{ status: 'running', error: null }]);
  } finally {
    await projector.stop();
  }
});
