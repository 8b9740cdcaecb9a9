import type { LoadedSettings } from '@voronka/runtime';
import { say } from '../output.js';
import { type Program, startProgram } from '../program.js';

/** Runs until it is told to stop. */
export async function start({ settings }: LoadedSettings): Promise<void> {
  const program = await startProgram(settings, { say });
  announce(program, settings.dataDir);
  await untilStopped(program);
}

export function announce({ api, newKey }: Program, dataDir: string): void {
  const url = api?.url() ?? '';
  say(`Voronka runs.`);
  say(`  API            ${url}/v1`);
  say(`  Documentation  ${url}/docs`);
  say(`  Health         ${url}/health/ready`);
  say(`  Data           ${dataDir}`);
  if (newKey === null) return;
  say(`  API key        ${newKey}`);
  say(`                 It is shown this once. Send it as "Authorization: Bearer …", or as the password in a browser.`);
}

/** Resolves after the first SIGINT or SIGTERM, when everything has stopped; the second ends at once. */
export async function untilStopped(program: Pick<Program, 'stop'>): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = (): void => {
      process.once('SIGINT', () => process.exit(130));
      process.once('SIGTERM', () => process.exit(143));
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
  say('Stopping: what is under way is finished first.');
  await program.stop();
  process.exit(0);
}
