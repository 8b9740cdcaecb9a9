import { closeSync, existsSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { definitionsOf } from '@voronka/event-log';
import { isErased, type Recorded } from '@voronka/kernel';
import type { LoadedSettings } from '@voronka/runtime';
import { things } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { progress, say } from '../output.js';
import { withStores } from '../with-stores.js';
import { cutToWholeLines } from './export-file.js';

interface ExportOptions {
  readonly out?: string;
  readonly from?: string;
  readonly resume?: boolean;
  readonly personal?: boolean;
}

/** Writes the log from a position on, one event a line, in the order of the log. */
export async function exportEvents({ settings }: LoadedSettings, options: ExportOptions): Promise<void> {
  const after = startOf(options);
  await withStores(settings, async ({ log }) => {
    const sink = options.out === undefined ? standardOutput : fileSink(options.out, options.resume === true);
    const shown = progress('exporting');
    const end = Number((await log.end()) ?? 0n);
    let count = 0;
    for await (const { events, position } of log.readAll({ after })) {
      await sink.write(events.map((event) => `${lineOf(event, options.personal === true)}\n`).join(''));
      count += events.length;
      shown.update(Number(position), end, 'positions');
    }
    shown.stop();
    await sink.end();
    say(`${count} events exported${options.out === undefined ? '' : ` to ${options.out}`}`);
  });
}

interface Sink {
  /** Resolves when more can be taken. */
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

const standardOutput: Sink = {
  write: async (text) => {
    if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  end: () => Promise.resolve(),
};

function fileSink(file: string, goesOn: boolean): Sink {
  const handle = openSync(file, goesOn ? 'a' : 'w', 0o600);
  return {
    write: (text) => {
      writeFileSync(handle, text);
      return Promise.resolve();
    },
    end: () => {
      fsyncSync(handle);
      closeSync(handle);
      return Promise.resolve();
    },
  };
}

const definitions = definitionsOf(things);

/** Stands where personal data is left out; `{ "erased": true }` is what stands where it is gone for good. */
const HIDDEN = { hidden: true };

function lineOf(event: Recorded, personal: boolean): string {
  const fields = personal ? [] : (definitions.get(event.type)?.personal?.fields ?? []);
  const given = event.data as Readonly<Record<string, unknown>>;
  const hidden = fields.filter((field) => given[field] != null && !isErased(given[field]));
  const blanked = Object.fromEntries(hidden.map((field) => [field, HIDDEN]));
  return JSON.stringify({ ...event, position: String(event.position), data: { ...event.data, ...blanked } });
}

/** Position after which to go on. */
function startOf({ out, from, resume }: ExportOptions): bigint | null {
  if (from !== undefined && !/^\d+$/.test(from)) {
    throw new CliError(EXIT.usage, '--from must be a position: a whole number');
  }
  const asked = from === undefined ? null : BigInt(from);
  if (resume !== true) return asked;
  if (out === undefined) throw new CliError(EXIT.usage, '--resume goes on in a file: name it with --out');
  return existsSync(out) ? (cutToWholeLines(out) ?? asked) : asked;
}
