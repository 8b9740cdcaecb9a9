import { parseArgs } from 'node:util';
import { startEventStoreNode } from './node.js';

// The node as a program of its own: one line of JSON says where it listens, then it runs until it is told to stop.

const { values } = parseArgs({
  options: {
    directory: { type: 'string' },
    'tcp-port': { type: 'string' },
    'exit-with-stdin': { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const { directory } = values;
  if (directory === undefined) throw new Error('--directory says where the log is kept');
  const tcpPort = values['tcp-port'] === undefined ? undefined : Number(values['tcp-port']);
  const node = await startEventStoreNode({
    directory,
    ...(tcpPort === undefined ? {} : { tcpPort }),
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
