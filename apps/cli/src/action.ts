import type { Command } from 'commander';
import type { LoadedSettings } from '@voronka/runtime';

type Run<Options, Operands extends readonly unknown[]> = (
  loaded: LoadedSettings,
  options: Options,
  ...operands: Operands
) => Promise<void>;

/** Loads one command's module, then runs it with the settings that flags, environment and file give. */
export function action<Options, Operands extends readonly unknown[]>(load: () => Promise<Run<Options, Operands>>) {
  return async (...parameters: unknown[]): Promise<void> => {
    const command = parameters.at(-1) as Command;
    const options = command.optsWithGlobals();
    // The settings first, by themselves: what is wrong with them is said before anything else is loaded.
    const { loadSettings } = await import('../../../libs/runtime/src/settings.js');
    const loaded = loadSettings({
      flags: { ...options, eventStoreUrl: options['eventstoreUrl'] as string | undefined },
      env: process.env,
      file: options['config'] as string | undefined,
    });
    const run = await load();
    await run(loaded, options as Options, ...(parameters.slice(0, -2) as unknown as Operands));
  };
}
