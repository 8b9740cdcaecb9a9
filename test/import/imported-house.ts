import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startEventStoreNode } from '@voronka/eventstore-node';
import { validateBody } from '@voronka/kernel';
import { DefineIndicator } from '@voronka/pay';
import { createProjector, dumpSet, waitFor, withSnapshot } from '@voronka/projections';
import { projectionSets, type QueryContext } from '@voronka/read-models';
import { openStores, systemClock } from '@voronka/runtime';
import { type ImportSummary, loadMapping, runImport } from '../../apps/cli/src/import/index.js';
import { startTestPostgres } from '../../libs/embedded/postgres/src/test-postgres.js';

export const root = path.resolve(import.meta.dirname, '../..');
/** Where the real data lies. */
export const data = process.env['VORONKA_TEST_DATA'] ?? path.join(root, '../shared/data');
export const MINUTES = 60_000;

/** A house of its own with one source imported, by a mapping of the examples or of another place; figures are those at T. */
export async function imported(mappingFile: string, source: string, at: string) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'real-'));
  const node = await startEventStoreNode({ directory });
  const postgres = await startTestPostgres();
  const endpoints = { eventStore: node.endpoint, databaseUrl: postgres.url };
  const stores = await openStores({ endpoints, masterKey: randomBytes(32), isSoleWriter: () => true });
  const mapping = await loadMapping(path.resolve(root, 'docs/examples', mappingFile));
  const take = (): Promise<ImportSummary> =>
    runImport({ mapping, files: [path.resolve(data, source)], handle: stores.handle, clock: systemClock });
  const first = await take();
  const projector = createProjector({ database: postgres.url, log: stores.log, sets: projectionSets });
  await projector.start();
  for (const set of projectionSets) await waitFor(stores.pool, set.name, first.position ?? 0n, 5 * MINUTES);
  return {
    first,
    take,
    log: stores.log,
    define: async (code: string, definition: object): Promise<void> => {
      const { position } = await stores.handle({
        ...{
          category: 'indicator',
          id: code,
          type: 'DefineIndicator',
          body: validateBody(DefineIndicator, definition),
        },
        ...{ actor: 'test', commandId: `define ${code}`, person: null, roles: ['admin'] },
      });
      await waitFor(stores.pool, 'core', position, MINUTES);
    },
    ask: <T>(work: (context: QueryContext) => Promise<T>): Promise<T> =>
      withSnapshot(stores.pool, 'core', ({ client, k }) =>
        work({ client, k: k ?? 0n, at, zone: mapping.company.zone }),
      ),
    dumps: () => Promise.all(projectionSets.map((set) => dumpSet(stores.pool, set))),
    rebuild: async () => {
      for (const set of projectionSets) await projector.rebuild(set.name, { mode: 'new' });
    },
    end: () => stores.log.end(),
    stop: async () => {
      await projector.stop();
      await stores.close();
      await postgres.stop();
      await node.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type House = Awaited<ReturnType<typeof imported>>;
