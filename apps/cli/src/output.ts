import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';

/** Data goes to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What is said about the work goes to standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A table with numbers to the right; plain text, the same in a terminal and in a file. */
export function table(head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => isFigure(row[column])));
  const made = new Table({
    head: [...head],
    colAligns: numeric.map((right) => (right ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) made.push(row.map((cell) => (cell === null ? '–' : String(cell))));
  return made.toString();
}

function isFigure(cell: string | number | null | undefined): boolean {
  return cell === null || typeof cell === 'number' || (typeof cell === 'string' && /^-?[\d.,  ]+( %)?$/.test(cell));
}

/** Amounts of minor units with thousands apart: 177 634 511.00. */
export function money(kopecks: number): string {
  const digits = String(Math.abs(kopecks)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${kopecks < 0 ? '-' : ''}${whole}.${digits.slice(-2)}`;
}

/** JSON for programs: positions are text, since a number could not hold them all. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part), 2);
}

export interface Progress {
  /** @param done of `total` */
  update(done: number, total: number, note?: string): void;
  stop(): void;
}

const PLAIN_EVERY_MS = 2_000;

/** A bar with rate and time left on a terminal, a plain line every two seconds elsewhere. */
export function progress(what: string): Progress {
  return process.stderr.isTTY ? bar(what) : lines(what);
}

function bar(what: string): Progress {
  const format = `${what} {bar} {percentage} % | {value}/{total} {note} | {rate}/s | {eta_formatted} left`;
  const shown = new SingleBar({ format, stream: process.stderr, hideCursor: true, etaBuffer: 50 });
  const begun = Date.now();
  let started = false;
  return {
    update: (done, total, note = '') => {
      const rate = Math.round(done / Math.max(0.001, (Date.now() - begun) / 1000));
      if (!started) shown.start(total, done, { rate, note });
      started = true;
      shown.setTotal(total);
      shown.update(done, { rate, note });
    },
    stop: () => {
      if (started) shown.stop();
    },
  };
}

function lines(what: string): Progress {
  const begun = Date.now();
  let last = begun;
  return {
    update: (done, total, note = '') => {
      const now = Date.now();
      if (now - last < PLAIN_EVERY_MS) return;
      last = now;
      const rate = done / Math.max(0.001, (now - begun) / 1000);
      const left = rate > 0 ? Math.ceil((total - done) / rate) : 0;
      const counted = `${done} of ${total} ${note}`.trimEnd();
      say(`${what}: ${counted}; ${Math.round(rate)}/s, ${left} s left`);
    },
    stop: () => undefined,
  };
}
