import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from './thrown.js';

/** A process told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in a form that only compares; undefined where the system does not tell. */
  readonly start?: string | undefined;
}

type Sighting = { alive: false } | { alive: true; start: string | undefined };

/** The identity of a process as it runs now; `undefined` when no such process lives (a zombie does not live). */
export function identify(pid: number): ProcessIdentity | undefined {
  const seen = process.platform === 'linux' ? sightOnLinux(pid) : sightElsewhere(pid);
  return seen.alive ? { pid, start: seen.start } : undefined;
}

/** Whether exactly this process still lives. Unknown start times count as equal: better to refuse than to harm. */
export function isAlive(known: ProcessIdentity): boolean {
  const now = identify(known.pid);
  if (!now) return false;
  return now.start === undefined || known.start === undefined || now.start === known.start;
}

/** Waits until the process is gone, at most `timeoutMs`. Returns whether it is. */
export async function waitUntilGone(known: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; isAlive(known); waited += 25) {
    if (waited >= timeoutMs) return false;
    await sleep(25);
  }
  return true;
}

/** Sends a signal; `false` when the process is gone already. */
export function trySignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    throw error;
  }
}

function sightOnLinux(pid: number): Sighting {
  let stat: string;
  try {
    stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // Other people's processes are hidden from us when /proc is mounted with hidepid.
    return answersSignal(pid) ? { alive: true, start: undefined } : { alive: false };
  }
  // The command may hold spaces and brackets, so fields are counted from its last bracket: state is 3rd, start 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return { alive: false };
  return { alive: true, start: `${bootId()}:${fields[19]}` };
}

function sightElsewhere(pid: number): Sighting {
  if (!answersSignal(pid)) return { alive: false };
  if (process.platform === 'win32') return { alive: true, start: undefined };
  try {
    const [state = '', ...began] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    })
      .trim()
      .split(/\s+/);
    return state.startsWith('Z') ? { alive: false } : { alive: true, start: began.join(' ') };
  } catch {
    return { alive: answersSignal(pid), start: undefined };
  }
}

function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/** Start times count from boot, so they mean something only together with which boot it was. */
function bootId(): string {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}
