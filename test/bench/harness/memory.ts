import fs from 'node:fs';

const EVERY_MS = 200;

/** Peaks of one process in MB. `resident` holds what it maps of files, too, which the system takes back at need. */
export interface Peak {
  readonly own: number;
  readonly resident: number;
}

/** Watches a process, and its children if asked to, until stopped. Only Linux tells; elsewhere there is no peak. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #own = 0;
  #resident = 0;

  /** @param whose the process itself, or (the largest of) its children */
  constructor(
    private readonly pid: number,
    private readonly whose: 'itself' | 'children' = 'itself',
  ) {
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): Peak | null {
    this.#look();
    clearInterval(this.#timer);
    return this.#resident === 0 ? null : { own: this.#own, resident: this.#resident };
  }

  #look(): void {
    for (const pid of this.whose === 'itself' ? [String(this.pid)] : childrenOf(this.pid)) {
      const status = statusOf(pid);
      this.#own = Math.max(this.#own, megabytes(status, 'RssAnon'));
      this.#resident = Math.max(this.#resident, megabytes(status, 'VmHWM'));
    }
  }
}

function childrenOf(pid: number): string[] {
  if (process.platform !== 'linux') return [];
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && new RegExp(`^PPid:\\s+${pid}$`, 'm').test(statusOf(name)));
}

function statusOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

function megabytes(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status);
  return (Number(found?.[1] ?? 0) * 1024) / 1e6;
}
