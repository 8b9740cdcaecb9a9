import { SaxesParser } from 'saxes';
import { fileBytes } from './file-bytes.js';
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
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of fileBytes(file, progress)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
