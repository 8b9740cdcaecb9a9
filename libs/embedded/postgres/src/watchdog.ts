import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { plainEnvironment } from './os-user.js';

const RESPAWN_AFTER_MS = 1_000;

/**
 * The watchdog's program. Its standard input is a pipe whose other end only we hold, so it ends when we die in
 * whatever way; then the server gets a fast shutdown, and an immediate one 10 s later. It is text rather than a module
 * because it must start from sources and from the build alike, and stay small. It remembers when the server was born,
 * lest it shoot at a later process with the same pid, and sits out the signals that a whole service is sent.
 */
const PROGRAM = `
const { readFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const [pid, pgCtl] = [Number(process.argv[1]), process.argv[2]];
const birth = () => {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync('/proc/' + pid + '/stat', 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' || fields[0] === 'X' ? '' : fields[19];
    } catch { return ''; }
  }
  try { process.kill(pid, 0); return 'alive'; } catch (error) { return error.code === 'EPERM' ? 'alive' : ''; }
};
const born = birth();
const endIfGone = () => { if (born === '' || birth() !== born) process.exit(); };
const send = (signal) => {
  endIfGone();
  try {
    if (process.platform === 'win32') execFileSync(pgCtl, ['kill', signal, String(pid)]);
    else process.kill(pid, 'SIG' + signal);
  } catch {}
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.title = 'voronka-postgres-watchdog';
process.stdin.on('error', () => {});
process.stdin.on('close', () => {
  send('INT');
  setInterval(endIfGone, 50);
  setTimeout(() => { send('QUIT'); setTimeout(() => { process.exit(); }, 10000); }, 10000);
});
process.stdin.resume();
`;

/** Keeps the server from outliving us. */
export interface Watchdog {
  /** Pid of the present watchdog process, for diagnosis. */
  readonly pid: number | undefined;
  /** Call when the server is gone. */
  dismiss(): void;
}

/** Starts a watchdog over a server's pid; should the watchdog itself die, another takes its place. */
export function startWatchdog(serverPid: number, pgCtl: string): Watchdog {
  let dismissed = false;
  let watcher = launch(serverPid, pgCtl);
  const replace = (): void => {
    if (dismissed) return;
    setTimeout(() => {
      if (dismissed) return;
      watcher = launch(serverPid, pgCtl);
      watcher.once('close', replace);
    }, RESPAWN_AFTER_MS).unref();
  };
  watcher.once('close', replace);
  return {
    get pid() {
      return watcher.pid;
    },
    dismiss() {
      dismissed = true;
      watcher.kill('SIGKILL');
    },
  };
}

function launch(serverPid: number, pgCtl: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', PROGRAM, String(serverPid), pgCtl], {
    cwd: path.parse(process.execPath).root,
    env: plainEnvironment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return child;
}
