import path from 'node:path';
import { readIfThere } from '../../shared/src/durable-file.js';

/** What PostgreSQL tells about itself in `postmaster.pid`: pid on line 1, status on line 8. */
export interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
}

/** Reads a cluster's `postmaster.pid`; `undefined` when there is none or it is still being written. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  const lines = readIfThere(path.join(cluster, 'postmaster.pid'))?.split('\n');
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, ready: lines[7]?.trim() === 'ready' };
}
