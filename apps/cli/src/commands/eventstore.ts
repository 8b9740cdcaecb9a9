import path from 'node:path';
import { startEventStoreNode } from '@voronka/eventstore-node';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { print, say } from '../output.js';
import { firstStopSignal } from '../signals.js';
import { stayUp } from './start.js';

/** The node alone: for programs on this machine that bring their own EVENTSTORE_URL. */
export async function eventstore({ settings }: LoadedSettings, options: { readonly tcpPort?: string }): Promise<void> {
  const tcpPort = options.tcpPort === undefined ? undefined : Number(options.tcpPort);
  if (tcpPort !== undefined && !(Number.isInteger(tcpPort) && tcpPort >= 0 && tcpPort <= 65_535)) {
    throw new CliError(EXIT.usage, '--tcp-port must be a whole number from 0 to 65535');
  }
  const stopSignal = firstStopSignal();
  const node = await startEventStoreNode({
    directory: path.join(settings.dataDir, 'eventstore'),
    ...(tcpPort === undefined ? {} : { tcpPort }),
    log: say,
  });
  print(tcpPort === undefined ? node.endpoint : `esdb://${node.endpoint}?tls=false`);
  await stayUp(node, stopSignal);
}
