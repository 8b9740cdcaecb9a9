import { parseArgs } from 'node:util';
import { writeLog } from './log/write-log.js';

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' }, keep: { type: 'string' } } });
const begun = performance.now();
writeLog({
  directory: values.keep ?? '',
  seed: 1,
  events: Number(values.events),
  onProgress: () => undefined,
}).then(
  (written) => {
    const seconds = (performance.now() - begun) / 1000;
    process.stdout.write(`${JSON.stringify({ ...written, seconds, rss: process.memoryUsage().rss / 1e6 })}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}\n`);
    process.exitCode = 1;
  },
);
