import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { readPostmasterFile } from './postmaster-file.js';
import { identify, trySignal, waitUntilGone } from '../../shared/src/process-identity.js';

const FAST_MS = 10_000;
const IMMEDIATE_MS = 5_000;

/**
 * Stops a server that an earlier supervisor left running on this cluster, so that a new one can start. Call only
 * while owning the directory: then no living supervisor can want it.
 *
 * @throws EmbeddedPostgresError `server` when it does not go away
 */
export async function stopOrphan(cluster: string, log: (line: string) => void): Promise<void> {
  const left = readPostmasterFile(cluster);
  const known = left && identify(left.pid);
  // On Windows nothing tells whose pid this is; PostgreSQL's own lock then refuses, with its own words.
  if (known && process.platform !== 'win32' && isServerOf(known.pid, cluster)) {
    log(`an earlier PostgreSQL (pid ${known.pid}) still runs on ${cluster}: stopping it`);
    trySignal(known.pid, 'SIGINT');
    if (!(await waitUntilGone(known, FAST_MS))) {
      trySignal(known.pid, 'SIGQUIT');
      if (!(await waitUntilGone(known, IMMEDIATE_MS))) {
        throw new EmbeddedPostgresError(
          'server',
          `An earlier PostgreSQL (pid ${known.pid}) runs on ${cluster} and does not stop. End it (kill -9 ${known.pid}).`,
        );
      }
    }
  }
  await endStrayBackends(cluster, log);
  if (process.platform === 'linux') removeStaleFile(cluster);
}

/**
 * Ends the server's child processes that outlived a killed server: one deep in a query notices late and meanwhile
 * keeps the shared memory, which blocks the next start.
 */
export async function endStrayBackends(cluster: string, log: (line: string) => void): Promise<void> {
  for (const pid of processesIn(cluster)) {
    const stray = identify(pid);
    if (!stray || pid === process.pid) continue;
    log(`ending process ${pid}, left behind by a killed PostgreSQL`);
    trySignal(pid, 'SIGQUIT');
    if (!(await waitUntilGone(stray, 1_000))) {
      trySignal(pid, 'SIGKILL');
      await waitUntilGone(stray, 1_000);
    }
  }
}

/**
 * Removes a `postmaster.pid` whose pid has since gone to some other process. PostgreSQL cannot tell the two apart and
 * would refuse to start; in containers, where pids are few and start over, that happens. Nothing of the cluster runs
 * any more at this point: that was made sure of just before.
 */
function removeStaleFile(cluster: string): void {
  const left = readPostmasterFile(cluster);
  if (left && identify(left.pid) && !isServerOf(left.pid, cluster)) fs.rmSync(path.join(cluster, 'postmaster.pid'));
}

/** Whether the process is a PostgreSQL on this cluster. */
function isServerOf(pid: number, cluster: string): boolean {
  const command = commandOf(pid);
  return command.includes('postgres') && (command.includes(cluster) || workingDirectory(pid) === cluster);
}

function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

/** PostgreSQL's processes, all of them, work in the cluster's directory. */
function workingDirectory(pid: number): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
}

function processesIn(cluster: string): number[] {
  if (process.platform !== 'linux') return [];
  const pids = fs.readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => workingDirectory(pid) === cluster && commandOf(pid).startsWith('postgres'));
}
