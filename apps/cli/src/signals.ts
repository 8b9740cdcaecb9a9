import os from 'node:os';
import { CliError } from './cli-error.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

type StopSignal = (typeof SIGNALS)[number];

/** Exit code of a process that a signal ends, as shells count it. */
function exitCodeOf(signal: StopSignal): number {
  return 128 + os.constants.signals[signal];
}

/** Resolves at the first SIGINT or SIGTERM; the one after that ends the process at once. */
export function firstStopSignal(): Promise<StopSignal> {
  return new Promise((resolve) => {
    const stop = (first: StopSignal): void => {
      for (const signal of SIGNALS) {
        process.off(signal, stop);
        process.once(signal, (second: StopSignal) => process.exit(exitCodeOf(second)));
      }
      resolve(first);
    };
    for (const signal of SIGNALS) process.on(signal, stop);
  });
}

/** Runs work that a signal breaks off, so that what it stands on is put away in order. @throws CliError when it is */
export async function interruptible<T>(work: () => Promise<T>): Promise<T> {
  let settle: (signal: StopSignal) => void = () => undefined;
  const signalled = new Promise<StopSignal>((resolve) => {
    settle = resolve;
  });
  for (const signal of SIGNALS) process.once(signal, settle);
  try {
    const broken = signalled.then((signal): never => {
      throw new CliError(exitCodeOf(signal), `broken off by ${signal}; the same command begins again`);
    });
    return await Promise.race([work(), broken]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, settle);
  }
}
