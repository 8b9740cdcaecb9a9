import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { keepsOwnTime } from '../data-directory.js';
import { DemoClock } from '../demo/demo-clock.js';
import { say } from '../output.js';
import { type Program, StartBrokenOff, startProgram } from '../program.js';
import { firstStopSignal } from '../signals.js';

/** Runs until it is told to stop; a company of a demonstration goes on by its own clock. */
export async function start({ settings }: LoadedSettings): Promise<void> {
  const stopSignal = firstStopSignal();
  const own = keepsOwnTime(settings) ? DemoClock.ifKept(settings.dataDir) : null;
  const clock = own === null ? {} : { clock: own };
  const program = await startProgram(settings, { say, stopSignal, ...clock }).catch((error: unknown) => {
    if (error instanceof StartBrokenOff) return null;
    throw error;
  });
  if (program === null) return say('Stopped before it had started; the next start goes on with what is built.');
  own?.run();
  await announce(program, settings.dataDir);
  if (own !== null) say(`  Clock          that of the demonstration in this directory: ${own.now()}`);
  const stop = async (): Promise<void> => {
    await program.stop();
    own?.keep();
  };
  await stayUp({ lost: program.lost, stop }, stopSignal);
}

/** Tells where everything is, on standard error, with a key for whoever has none. */
export async function announce({ api, firstKey }: Pick<Program, 'api' | 'firstKey'>, dataDir: string): Promise<void> {
  const url = api.url();
  say(`Voronka runs.`);
  say(`  API            ${url}/v1`);
  say(`  Documentation  ${url}/docs`);
  say(`  Health         ${url}/health/ready`);
  say(`  Data           ${dataDir}`);
  const newKey = await firstKey();
  if (newKey === null) return;
  say(`  API key        ${newKey}`);
  say(`                 It is shown this once. Send it as "Authorization: Bearer …", or as the password in a browser.`);
}

/**
 * Resolves after the signal, when everything has stopped.
 * @throws CliError when a store is lost for good
 */
export async function stayUp(
  { lost, stop }: Pick<Program, 'stop'> & Partial<Pick<Program, 'lost'>>,
  stopSignal: Promise<unknown>,
): Promise<void> {
  const gone = await Promise.race([stopSignal.then(() => null), ...(lost === undefined ? [] : [lost])]);
  if (gone === null) say('Stopping: what is under way is finished first.');
  await stop();
  if (gone !== null)
    throw new CliError(EXIT.away, `${gone} has ended and does not start again: its last lines say why`);
}
