import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { invalid } from './errors.js';
import { streamOf, typeOf } from './record.js';

/** Which events of $all a subscription wants, and how often it hears where it stands. */
export interface Filter {
  readonly matches: (value: Buffer) => boolean;
  /** Considered events, matching or not, between two checkpoints. */
  readonly checkpointEvery: number;
}

const DEFAULT_WINDOW = 32;

/** @throws an INVALID_ARGUMENT error for a filter that says nothing or cannot be read. */
export function filterOf(options: ReadReq.Options.FilterOptions): Filter {
  const byStream = options.getStreamIdentifier();
  const expression = byStream ?? options.getEventType();
  if (expression === undefined) throw invalid('a filter is by stream name or by event type');
  const multiplier = options.getCheckpointintervalmultiplier();
  if (multiplier <= 0) throw invalid('checkpointIntervalMultiplier must be positive');
  const wanted = textMatcher(expression.getRegex(), expression.getPrefixList());
  const read = byStream === undefined ? typeOf : streamOf;
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return { matches: (value) => wanted(read(value)), checkpointEvery: multiplier * Math.max(1, window) };
}

/** A regular expression, when there is one, wins over prefixes. */
function textMatcher(pattern: string, prefixes: readonly string[]): (text: string) => boolean {
  if (pattern === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  const expression = compiled(pattern, 'u') ?? compiled(pattern, '');
  if (expression === null) throw invalid(`the filter's regular expression cannot be read: ${pattern}`);
  return (text) => expression.test(text);
}

/** With the flag `u` patterns see whole characters, but escapes such as `\-` are errors, so callers try without too. */
function compiled(pattern: string, flags: string): RegExp | null {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return null;
  }
}
