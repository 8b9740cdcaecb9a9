import { createReadStream, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';
import { parse, stringify } from 'yaml';
import type { Step } from './naive-bpic.js';

/** Steps as a line: each of them mandatory, and after the one before it. */
export function lineOf(steps: readonly Step[]): readonly Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    return { ...step, mandatory: true, after: before === undefined ? [] : [before.code] };
  });
}

/** A mapping file whose map is that line, in a directory; its path. */
export function strictMapping(mapping: string, directory: string): string {
  const file = path.join(directory, 'strict.yaml');
  const document = parse(readFileSync(mapping, 'utf8')) as { routeMap: { steps: readonly Step[] } };
  const routeMap = { ...document.routeMap, steps: lineOf(document.routeMap.steps) };
  writeFileSync(file, stringify({ ...document, routeMap }));
  return file;
}

/** The first cases of an XES file as a file of their own, in a directory; its path. */
export async function firstCases(xes: string, count: number, directory: string): Promise<string> {
  const end = '</trace>';
  let text = '';
  let [found, at] = [0, 0];
  for await (const chunk of createReadStream(xes).pipe(createGunzip()).setEncoding('utf8')) {
    text += chunk as string;
    for (let next = text.indexOf(end, at); next >= 0 && found < count; next = text.indexOf(end, at)) {
      at = next + end.length;
      found += 1;
    }
    if (found === count) break;
  }
  const file = path.join(directory, 'sample.xes.gz');
  writeFileSync(file, gzipSync(`${text.slice(0, at)}</log>`));
  return file;
}
