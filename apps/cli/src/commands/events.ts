import { createReadStream, createWriteStream, existsSync, truncateSync } from 'node:fs';
import { once } from 'node:events';
import readline from 'node:readline';
import { definitionsOf } from '@voronka/event-log';
import { ERASED, type Recorded } from '@voronka/kernel';
import type { LoadedSettings } from '@voronka/runtime';
import { salesThings } from '@voronka/sales';
import { CliError, EXIT } from '../cli-error.js';
import { progress, say } from '../output.js';
import { withStores } from '../with-stores.js';

interface ExportOptions {
  readonly out?: string;
  readonly from?: string;
  readonly resume?: boolean;
  readonly personal?: boolean;
}

export async function exportEvents({ settings }: LoadedSettings, options: ExportOptions): Promise<void> {
  const after = await startOf(options);
  await withStores(
    settings,
    async ({ log }) => {
      const out =
        options.out === undefined
          ? process.stdout
          : createWriteStream(options.out, { flags: after === null ? 'w' : 'a', mode: 0o600 });
      const shown = progress('exporting');
      const end = Number((await log.end()) ?? 0n);
      let count = 0;
      for await (const { events, position } of log.readAll({ after })) {
        const lines = events.map((event) => `${lineOf(event, options.personal === true)}\n`).join('');
        if (lines !== '' && !out.write(lines)) await once(out, 'drain');
        count += events.length;
        shown.update(Number(position), end, 'positions');
      }
      shown.stop();
      if (out !== process.stdout) {
        out.end();
        await once(out, 'finish');
      }
      say(`${count} events exported`);
    },
    { projector: false },
  );
}

const definitions = definitionsOf(salesThings);

function lineOf(event: Recorded, personal: boolean): string {
  const hidden = personal ? [] : (definitions.get(event.type)?.personal?.fields ?? []);
  const given = event.data as Readonly<Record<string, unknown>>;
  const blanked = Object.fromEntries(hidden.filter((field) => given[field] != null).map((field) => [field, ERASED]));
  return JSON.stringify({ ...event, position: String(event.position), data: { ...event.data, ...blanked } });
}

/** Position after which to go on; cuts off a line that was half written. */
async function startOf({ out, from, resume }: ExportOptions): Promise<bigint | null> {
  if (resume === true) {
    if (out === undefined) throw new CliError(EXIT.usage, '--resume goes on in a file: name it with --out');
    return existsSync(out) ? lastPosition(out) : null;
  }
  if (from === undefined) return null;
  if (!/^\d+$/.test(from)) throw new CliError(EXIT.usage, '--from must be a position: a whole number');
  return BigInt(from);
}

async function lastPosition(file: string): Promise<bigint | null> {
  let bytes = 0;
  let position: bigint | null = null;
  for await (const line of readline.createInterface({ input: createReadStream(file) })) {
    const found = positionIn(line);
    if (found === null) break;
    position = found;
    bytes += Buffer.byteLength(line) + 1;
  }
  truncateSync(file, bytes);
  return position;
}

function positionIn(line: string): bigint | null {
  try {
    return BigInt((JSON.parse(line) as { position: string }).position);
  } catch {
    return null;
  }
}
