// The ordinary run keeps its temporary directories in memory, where there is plenty: hundreds of clusters and logs are
// written, flushed and removed. Processes are killed in these tests, machines are not, so nothing proves less by it.
// A TMPDIR that is set already is left as it is.
import { accessSync, constants, statfsSync } from 'node:fs';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 4 * 1024 ** 3;

function hasRoom() {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false;
  }
}

export default function setUp() {
  if (process.env.TMPDIR === undefined && hasRoom()) process.env.TMPDIR = MEMORY;
}
