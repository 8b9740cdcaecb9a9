import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { SaxesParser } from 'saxes';
import type { ReadProgress, SourceCase, SourceRecord } from './source.js';

const VALUE_TAGS = new Set(['string', 'date', 'int', 'float', 'boolean', 'id']);

/**
 * Reads an XES log (IEEE 1849), plain or gzip, trace by trace and in file order; memory holds one trace at a time.
 * Trace attributes are offered to every event as `case:NAME`. @throws Error naming the place of malformed XML.
 */
export async function* readXes(file: string, progress?: ReadProgress): AsyncIterable<SourceCase> {
  const cases: SourceCase[] = [];
  const parser = new SaxesParser();
  collectTraces(parser, (found) => cases.push(found));
  parser.on('error', (error) => {
    throw new Error(`${file} is not well-formed XES: ${error.message}`);
  });
  for await (const chunk of openText(file, progress)) {
    parser.write(chunk);
    yield* cases.splice(0);
  }
  parser.close();
  yield* cases.splice(0);
}

function collectTraces(parser: SaxesParser, found: (source: SourceCase) => void): void {
  let trace: Record<string, string> | null = null;
  let event: Record<string, string> | null = null;
  let events: Record<string, string>[] = [];
  let depth = 0;
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'trace') [trace, events] = [{}, []];
    else if (name === 'event' && trace !== null) event = {};
    else if (VALUE_TAGS.has(name) && trace !== null) {
      // An attribute may hold others; only the outer one belongs to the event or trace.
      depth += 1;
      const key = attributes['key'];
      const value = attributes['value'];
      if (depth === 1 && typeof key === 'string' && typeof value === 'string') {
        if (event !== null) event[key] = value;
        else trace[key] = value;
      }
    }
  });
  parser.on('closetag', ({ name }) => {
    if (VALUE_TAGS.has(name)) depth = Math.max(0, depth - 1);
    else if (name === 'event' && event !== null) {
      events.push(event);
      event = null;
    } else if (name === 'trace' && trace !== null) {
      found(asCase(trace, events));
      trace = null;
    }
  });
}

function asCase(trace: Record<string, string>, events: readonly Record<string, string>[]): SourceCase {
  const attributes = Object.fromEntries(Object.entries(trace).map(([key, value]) => [`case:${key}`, value]));
  const records: SourceRecord[] = events.map((fields, index) => ({
    fields: { ...attributes, ...fields },
    ordinal: index + 1,
  }));
  return { attributes, records };
}

async function* openText(file: string, progress?: ReadProgress): AsyncIterable<string> {
  if (progress !== undefined) progress.bytesTotal = (await stat(file)).size;
  // Asked first: a stream that is counted flows at once, and must not flow before somebody takes what it brings.
  const zipped = await isGzip(file);
  const bytes = createReadStream(file);
  bytes.on('data', (chunk) => {
    if (progress !== undefined) progress.bytesRead += chunk.length;
  });
  const decoder = new TextDecoder('utf-8');
  const plain = zipped ? bytes.pipe(createGunzip()) : bytes;
  if (plain !== bytes) bytes.on('error', (error) => plain.destroy(error));
  // Whoever stops reading in the middle is not told that the stream ended early, and nobody else is to be.
  plain.on('error', () => undefined);
  try {
    for await (const chunk of plain) yield decoder.decode(chunk as Uint8Array, { stream: true });
    yield decoder.decode();
  } finally {
    bytes.destroy();
  }
}

async function isGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { start: 0, end: 1 })) {
    const bytes = chunk as Buffer;
    return bytes[0] === 0x1f && bytes[1] === 0x8b;
  }
  return false;
}
