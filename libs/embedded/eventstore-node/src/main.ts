import { parseArgs } from 'node:util';
import { startEventStoreNode } from './node.js';

// The node as a program of its own: one line of JSON says where it listens, then it runs until it is told to stop.

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    'tcp-port': { type: 'string' },
    'max-append-size': { type: 'string' },
    'no-batch-append': { type: 'boolean', default: false },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const { directory } = values;
  if (directory === undefined) throw new Error('--directory says where the log is kept');
  const tcpPort = wholeNumber(values['tcp-port'], '--tcp-port');
  const maxAppendSizeBytes = wholeNumber(values['max-append-size'], '--max-append-size');
  const node = await startEventStoreNode({
    directory,
    ...(tcpPort === undefined ? {} : { tcpPort }),
    ...(maxAppendSizeBytes === undefined ? {} : { maxAppendSizeBytes }),
    advertiseBatchAppend: !values['no-batch-append'],
    log: (line) => process.stderr.write(`${line}\n`),
  });
  const stop = (): void => {
    node.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (values['exit-with-stdin']) {
    process.stdin.resume();
    process.stdin.once('end', stop);
    process.stdin.once('error', stop);
  }
  process.stdout.write(`${JSON.stringify({ endpoint: node.endpoint })}\n`);
}

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${option} must be a whole number`);
  return Number(text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
