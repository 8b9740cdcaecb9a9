import path from 'node:path';
import { type EmbeddedPostgres, keepEmbeddedPostgres } from '@voronka/embedded-postgres';
import { openStores, type Stores } from '@voronka/runtime';
import { COMMAND, ensureBuilt, newDirectory, removeDirectory } from '../../cli/support/voronka.js';
import { type Part, SupervisedProgram, until, type Victim } from './part.js';

const ROOT = path.join(__dirname, '../../..');
export const KEY = 'the-key-of-the-operator';

/** Everything that a company runs, each part a process of its own. */
export interface House {
  readonly parts: Readonly<Record<Victim, Part>>;
  /** Where the API answers; the same after every start. */
  readonly url: string;
  /** Both stores as another program sees them that outlives every kill. */
  readonly stores: Stores;
  stop(): Promise<void>;
}

/** Settings of whoever runs the tests do not reach the programs. */
function inherited(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'USER'];
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** PostgreSQL under the keeper that `voronka start` has for it: started again under the same address. */
class KeptPostgres implements Part {
  readonly falls: string[] = [];
  private killed = -1;
  private isStopping = false;

  constructor(
    readonly server: EmbeddedPostgres,
    private readonly pool: Stores['pool'],
  ) {
    void server.exited.then(() => {
      if (!this.isStopping) this.falls.push('PostgreSQL ended and was not started again');
    });
  }

  /** The keeper starts it at once: there is no time down to be chosen. */
  kill(): void {
    const { pid } = this.server;
    if (pid === this.killed) return;
    this.killed = pid;
    process.kill(pid, 'SIGKILL');
  }

  async serves(): Promise<void> {
    await until(
      () => this.server.pid !== this.killed,
      () => 'PostgreSQL to run again',
    );
    await this.pool.query('select 1');
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await this.server.stop();
  }
}

/** Starts the four, empty. @throws Error when the programs cannot be built or do not come up */
export async function startHouse(): Promise<House> {
  ensureBuilt();
  const directory = newDirectory();
  const undo: (() => Promise<unknown>)[] = [async () => removeDirectory(directory)];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await assemble(directory, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(directory: string, undo: (() => Promise<unknown>)[]): Promise<Omit<House, 'stop'>> {
  const started = async (program: SupervisedProgram): Promise<string> => {
    undo.push(() => program.stop());
    await program.start();
    return program.told?.[1] ?? '';
  };
  const node = nodeOf(directory);
  const keeping = keepEmbeddedPostgres({
    directory: path.join(directory, 'postgres'),
    settings: { shared_buffers: '64MB' },
  });
  undo.push(() => keeping.then((server) => server.stop()));
  const [server, eventStore] = await Promise.all([keeping, started(node)]);
  const masterKey = '07'.repeat(32);
  const env = {
    EVENTSTORE_URL: eventStore,
    DATABASE_URL: server.url,
    VORONKA_MASTER_KEY: masterKey,
    VORONKA_DATA_DIR: path.join(directory, 'data'),
  };
  const stores = await openStores({
    endpoints: { eventStore, databaseUrl: server.url },
    masterKey: Buffer.from(masterKey, 'hex'),
  });
  undo.push(() => stores.close());
  const api: SupervisedProgram = programOf(directory, 'api', /"url":"(http[^"]+)".*the API listens/, () => ({
    ...env,
    VORONKA_API_KEY: KEY,
    VORONKA_PORT: portOf(api),
  }));
  const projector = programOf(directory, 'projector', /projector runs/, () => env);
  const [url] = await Promise.all([started(api), started(projector)]);
  const postgres = new KeptPostgres(server, stores.pool);
  undo.push(() => postgres.stop());
  return { parts: { api, projector, node, postgres }, url, stores };
}

/** The port of the first start; before that, any free one. */
function portOf({ told }: SupervisedProgram): string {
  return /:(\d+)(?:\D|$)/.exec(told?.[1] ?? '')?.[1] ?? '0';
}

function nodeOf(directory: string): SupervisedProgram {
  const node: SupervisedProgram = new SupervisedProgram({
    name: 'the event store node',
    cwd: directory,
    launch: () => ({
      args: [COMMAND, 'eventstore', '--tcp-port', portOf(node)],
      env: { ...inherited(), VORONKA_DATA_DIR: path.join(directory, 'data') },
    }),
    ready: /^(esdb:\S+)$/m,
  });
  return node;
}

function programOf(
  directory: string,
  name: string,
  ready: RegExp,
  env: () => Readonly<Record<string, string>>,
): SupervisedProgram {
  const main = path.join(ROOT, 'dist/apps', name, 'src/main.js');
  return new SupervisedProgram({
    name: `the ${name}`,
    cwd: directory,
    launch: () => ({ args: [main], env: { ...inherited(), ...env() } }),
    ready,
  });
}
