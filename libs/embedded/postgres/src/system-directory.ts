import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError, errnoOf, reasonOf } from './embedded-postgres.error.js';

/** Where root keeps what other users must reach: copies of the binaries, and clusters of hidden data directories. */
export const SYSTEM_DIRECTORY =
  process.platform === 'darwin' ? '/Library/Application Support/Voronka' : '/var/lib/voronka';

/**
 * Creates a directory that anybody may pass and only root may change, or checks that an existing one is such: were it
 * somebody else's, they could swap the programs that we start.
 *
 * @throws EmbeddedPostgresError `unreachable` when it cannot be created or cannot be trusted
 */
export function ensureSystemDirectory(directory: string): string {
  try {
    // Explicit modes: the umask of a careful root would shut the others out.
    for (const missing of missingLevels(directory)) {
      fs.mkdirSync(missing);
      fs.chmodSync(missing, 0o755);
    }
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') {
      throw new EmbeddedPostgresError(
        'unreachable',
        `The server's user cannot reach this installation or its data directory, and ${directory} could not be ` +
          `created to help it (${reasonOf(error)}). Start as an ordinary user, or move both to where all may enter.`,
        { cause: error },
      );
    }
  }
  for (let level = path.resolve(directory), last = ''; level !== last; level = path.dirname(level)) {
    const problem = distrust(fs.lstatSync(level), level === path.resolve(directory));
    if (problem) {
      throw new EmbeddedPostgresError(
        'unreachable',
        `${level} ${problem}, so ${directory} is not a safe place for programs that root starts. ` +
          `Set its owner to root and its mode to 755 (or remove it if it is not yours), then start again.`,
      );
    }
    last = level;
  }
  return directory;
}

/** What makes a file or directory unfit to be trusted by root; `undefined` when nothing does. */
export function distrust(stat: fs.Stats, itself = true): string | undefined {
  if (stat.isSymbolicLink() && itself) return 'is a symbolic link';
  if (stat.uid !== 0) return `belongs to user ${stat.uid}`;
  const sticky = (stat.mode & 0o1000) !== 0;
  if ((stat.mode & 0o022) !== 0 && !stat.isSymbolicLink() && (itself || !sticky)) {
    return 'can be changed by other users';
  }
  return undefined;
}

/** The levels of a path that do not exist yet, outermost first. */
function missingLevels(directory: string): string[] {
  const missing: string[] = [];
  for (let level = path.resolve(directory); !fs.existsSync(level); level = path.dirname(level)) missing.unshift(level);
  return missing;
}
