import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterPlace } from './cluster-location.js';
import type { Programs } from './native-package.js';
import { credentials, plainEnvironment } from './os-user.js';
import { readPostmasterFile } from './postmaster-file.js';
import { trySignal } from '../../shared/src/process-identity.js';
import type { ServerLog } from './server-log.js';
import { startWatchdog } from './watchdog.js';
import type { Watchdog } from './watchdog.js';

/** How the server ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LaunchOptions {
  readonly programs: Programs;
  readonly place: ClusterPlace;
  readonly log: ServerLog;
  readonly port: number;
  /** Further command-line arguments. */
  readonly settings: readonly string[];
}

const READY_POLL_MS = 10;
const KILL_AFTER_MS = 5_000;

/** A running `postgres`, in a process group of its own so that Ctrl-C reaches the application first. */
export class ServerProcess {
  /** Settles when the server has ended, however. */
  readonly exited: Promise<ServerExit>;
  private readonly child: ChildProcess;
  private readonly watchdog: Watchdog | undefined;
  private readonly options: LaunchOptions;
  private ended: ServerExit | undefined;

  constructor(options: LaunchOptions) {
    this.options = options;
    const { programs, place, port, settings } = options;
    const output = options.log.open();
    try {
      this.child = spawn(programs.postgres, ['-D', place.cluster, '-p', String(port), ...settings], {
        ...credentials(place.user),
        cwd: path.parse(process.execPath).root,
        env: plainEnvironment(),
        detached: true,
        stdio: ['ignore', output, output],
        windowsHide: true,
      });
    } finally {
      fs.closeSync(output);
    }
    this.exited = new Promise((resolve) => {
      const end = (exit: ServerExit): void => {
        this.ended ??= exit;
        this.watchdog?.dismiss();
        resolve(this.ended);
      };
      this.child.once('error', () => end({ code: null, signal: null }));
      this.child.once('exit', (code, signal) => end({ code, signal }));
    });
    this.child.unref();
    if (this.child.pid !== undefined) this.watchdog = startWatchdog(this.child.pid, programs.pgCtl);
  }

  /** The server's pid; 0 if it could not even be started. */
  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The watchdog's pid. */
  get watchdogPid(): number | undefined {
    return this.watchdog?.pid;
  }

  /** Waits until the server accepts connections. Returns `ended` if it gave up, `late` after `timeoutMs`. */
  async ready(timeoutMs: number): Promise<'ready' | 'ended' | 'late'> {
    const { cluster } = this.options.place;
    for (let waited = 0; waited < timeoutMs; waited += READY_POLL_MS) {
      if (this.ended) return 'ended';
      const file = readPostmasterFile(cluster);
      if (file?.ready && file.pid === this.pid) return 'ready';
      await sleep(READY_POLL_MS);
    }
    return 'late';
  }

  /** Stops the server: fast, after `timeoutMs` immediately, at last by force. The latter two cost a recovery later. */
  async stop(timeoutMs: number): Promise<void> {
    if (this.ended) return;
    this.child.ref();
    for (const [signal, patience] of [
      ['SIGINT', timeoutMs],
      ['SIGQUIT', KILL_AFTER_MS],
      ['SIGKILL', KILL_AFTER_MS],
    ] as const) {
      this.signal(signal);
      if (await this.endsWithin(patience)) return;
    }
  }

  private signal(signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
    if (this.ended || this.child.pid === undefined) return;
    if (process.platform === 'win32' && signal !== 'SIGKILL') {
      // Windows has no signals; PostgreSQL brings its own, through a named pipe.
      execFile(this.options.programs.pgCtl, ['kill', signal.slice(3), String(this.child.pid)], () => undefined);
      return;
    }
    trySignal(this.child.pid, signal);
  }

  private async endsWithin(timeoutMs: number): Promise<boolean> {
    const timer = new AbortController();
    const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
    const ended = await Promise.race([this.exited.then(() => true), late]);
    timer.abort();
    return ended;
  }
}
