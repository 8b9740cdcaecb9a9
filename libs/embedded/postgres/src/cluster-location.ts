import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readIfThere, writeWhole } from '../../shared/src/durable-file.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { canEnter, chooseOsUser, isRoot } from './os-user.js';
import type { OsUser } from './os-user.js';
import { distrust, ensureSystemDirectory } from './system-directory.js';

/** The name of the cluster's directory inside its home. */
const CLUSTER = 'cluster';
/** In the data directory: where the cluster lives when it cannot live there. */
const LOCATION_FILE = 'location.json';
/** In such a remote home: which data directory it belongs to. */
const BELONGS_FILE = 'belongs-to';

/** Where a data directory's cluster is, and who runs it. */
export interface ClusterPlace {
  /** The directory that holds `cluster` and, while one is being made, its staging. */
  readonly home: string;
  /** PGDATA. */
  readonly cluster: string;
  /** The user to run the server as; `undefined` is ourselves. */
  readonly user: OsUser | undefined;
  readonly exists: boolean;
}

export interface PlaceOptions {
  /** The data directory, existing, links resolved. */
  readonly directory: string;
  readonly systemDirectory: string;
  readonly log: (line: string) => void;
}

/**
 * Decides where the cluster lives. It is the data directory itself whenever the server's user can get there. Where it
 * cannot (we are root, the directory lies in a closed home), we open nobody's home: the cluster gets a home of its
 * own below the system directory, and `location.json` in the data directory says where. The name of that home holds
 * a hash of the data directory's path for the reader and a random part, so that a data directory which is deleted and
 * made again starts empty instead of finding its predecessor's rows.
 *
 * @throws EmbeddedPostgresError `cluster` or `unreachable`
 */
export function placeCluster(options: PlaceOptions): ClusterPlace {
  const { directory } = options;
  const inside = placeAt(directory);
  if (inside.exists) return inside;
  const recorded = readLocation(directory);
  if (recorded !== undefined) return placeAtRecorded(recorded, options);

  const user = chooseOsUser();
  if (!user || canEnter(user, directory)) return { ...inside, user };
  return { ...createRemoteHome(options, user), user };
}

/** Removes a data directory with its cluster, wherever that lives. The server must have been stopped. */
export function removeDataDirectory(directory: string): void {
  const home = fs.existsSync(directory) ? readLocation(directory) : undefined;
  if (home !== undefined && readIfThere(path.join(home, BELONGS_FILE)) === fs.realpathSync(directory)) {
    fs.rmSync(home, { recursive: true, force: true });
  }
  fs.rmSync(directory, { recursive: true, force: true });
}

function placeAt(home: string): ClusterPlace {
  const cluster = path.join(home, CLUSTER);
  const stat = fs.statSync(cluster, { throwIfNoEntry: false });
  if (!stat) return { home, cluster, user: undefined, exists: false };
  return { home, cluster, user: ownerOf(cluster, stat), exists: true };
}

/** An existing cluster is always run by the user who owns its files. */
function ownerOf(cluster: string, { uid, gid }: fs.Stats): OsUser | undefined {
  if (process.getuid === undefined || (uid === process.getuid() && uid !== 0)) return undefined;
  if (!isRoot()) {
    throw new EmbeddedPostgresError(
      'unreachable',
      `The cluster ${cluster} belongs to user ${uid}, and you are user ${process.getuid()}. It was probably made by ` +
        'root: start as root again, or choose another data directory.',
    );
  }
  if (uid === 0) {
    throw new EmbeddedPostgresError(
      'cluster',
      `The cluster ${cluster} belongs to root, and PostgreSQL does not run as root. Give it back to the user who ` +
        'made it (chown -R).',
    );
  }
  return { uid, gid, name: String(uid) };
}

function readLocation(directory: string): string | undefined {
  const text = readIfThere(path.join(directory, LOCATION_FILE));
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value && 'home' in value && typeof value.home === 'string') return value.home;
  } catch {
    // Reported below, like any other content that is not ours.
  }
  throw new EmbeddedPostgresError(
    'cluster',
    `${path.join(directory, LOCATION_FILE)} is damaged. It names the home of the cluster; restore it from a backup.`,
  );
}

function placeAtRecorded(home: string, { directory, systemDirectory, log }: PlaceOptions): ClusterPlace {
  const file = path.join(directory, LOCATION_FILE);
  if (!isRoot()) {
    throw new EmbeddedPostgresError(
      'unreachable',
      `The cluster of ${directory} was made by root and lives in ${home}: start as root, or choose another directory.`,
    );
  }
  // Root follows this file, so it may lead only to where root itself put clusters.
  const stat = fs.lstatSync(home, { throwIfNoEntry: false });
  if (path.dirname(home) !== clustersDirectory(systemDirectory) || !stat || distrust(stat)) {
    throw new EmbeddedPostgresError(
      'cluster',
      `${file} says that the cluster lives in ${home}, but there is no such cluster there. Put it back, or delete ` +
        `${file} to start with an empty database.`,
    );
  }
  claimHome(home, directory);
  log(`the cluster of ${directory} lives in ${home}`);
  return placeAt(home);
}

/** A moved data directory takes its cluster along; a copied one must not share the original's. */
function claimHome(home: string, directory: string): void {
  const belongs = readIfThere(path.join(home, BELONGS_FILE));
  if (belongs === directory) return;
  if (belongs !== undefined && fs.existsSync(belongs) && readLocation(belongs) === home) {
    throw new EmbeddedPostgresError(
      'cluster',
      `${directory} looks like a copy of ${belongs}: both name the cluster in ${home}, which belongs to the latter. ` +
        `Delete ${path.join(directory, LOCATION_FILE)} to start this one empty.`,
    );
  }
  writeWhole(path.join(home, BELONGS_FILE), directory);
}

function createRemoteHome({ directory, systemDirectory, log }: PlaceOptions, user: OsUser): Omit<ClusterPlace, 'user'> {
  const clusters = ensureSystemDirectory(clustersDirectory(systemDirectory));
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const home = path.join(clusters, `${hash}-${randomBytes(4).toString('hex')}`);
  const abandoned = fs
    .readdirSync(clusters)
    .filter((name) => readIfThere(path.join(clusters, name, BELONGS_FILE)) === directory);
  if (abandoned.length > 0) {
    log(`${clusters} still holds ${abandoned.join(', ')} of an earlier ${directory}; delete it if you do not miss it`);
  }
  fs.mkdirSync(home);
  fs.chmodSync(home, 0o711);
  writeWhole(path.join(home, BELONGS_FILE), directory);
  writeWhole(path.join(directory, LOCATION_FILE), `${JSON.stringify({ home }, null, 2)}\n`);
  log(`user ${user.name} cannot enter ${directory}: its cluster lives in ${home}`);
  return { home, cluster: path.join(home, CLUSTER), exists: false };
}

function clustersDirectory(systemDirectory: string): string {
  return path.join(systemDirectory, 'clusters');
}
