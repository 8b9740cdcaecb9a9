import { startOfLocalDay } from '@voronka/kernel';
import type { LoadedSettings } from '@voronka/runtime';
import { CliError, EXIT } from '../cli-error.js';
import { END_DAY, ZONE } from '../demo/company.js';
import { DemoClock } from '../demo/demo-clock.js';
import { loadScenario } from '../demo/load-scenario.js';
import { type PaidStory, tellPayroll } from '../demo/pay-story.js';
import { tellScenario } from '../demo/scenario.js';
import { progress, say } from '../output.js';
import { type Program, startProgram } from '../program.js';
import { waitFor } from '@voronka/projections';
import { showFigures, showFunnel } from './demo-figures.js';
import { showPay } from './demo-pay.js';
import { showPlans } from './demo-plans.js';
import { firstStopSignal } from '../signals.js';
import { announce, stayUp } from './start.js';

interface DemoOptions {
  readonly deals: string;
  readonly seed: string;
  readonly exit?: boolean;
}

const LONGEST_CATCHING_UP_MS = 600_000;
/** The story ends with the last second of its last day. */
const LAST_MOMENT = new Date(Date.parse(startOfLocalDay(END_DAY, ZONE)) - 1_000).toISOString();

/** Starts everything on a clock of the story's own, loads the story once, shows the figures, and stays up. */
export async function demo({ settings }: LoadedSettings, options: DemoOptions): Promise<void> {
  const deals = numberOf('--deals', options.deals, 1, 1_000_000);
  const seed = numberOf('--seed', options.seed, 0, 0x7fff_ffff);
  if (settings.eventStoreUrl !== null || settings.databaseUrl !== null) {
    throw new CliError(
      EXIT.usage,
      'the demonstration keeps its own time, so it runs on the embedded stores only: unset EVENTSTORE_URL and DATABASE_URL',
    );
  }
  const stopSignal = firstStopSignal();
  const clock = DemoClock.ofDirectory(settings.dataDir);
  const quiet = { ...settings, logLevel: settings.logLevel === 'info' ? 'warn' : settings.logLevel };
  let isLoading = true;
  const program = await startProgram(quiet, {
    say,
    clock,
    foundCompany: false,
    holdProjector: true,
    isSoleWriter: () => isLoading,
  });
  const stop = async (): Promise<void> => {
    await program.stop();
    clock.keep();
  };
  try {
    const broken = stopSignal.then((): never => {
      throw new CliError(EXIT.failed, 'broken off; the same command goes on with the story');
    });
    const loaded = load(program, clock, { deals, seed }).then(async () => {
      isLoading = false;
      await showFunnel(program, LAST_MOMENT);
      return tellPay(program, clock);
    });
    const lost = program.lost.then((what): never => {
      throw new CliError(EXIT.failed, `${what} has ended; the same command goes on with the story`);
    });
    await Promise.race([loaded, broken, lost]);
  } catch (error) {
    await program.stop();
    throw error;
  }
  if (options.exit === true) {
    await stop();
    return;
  }
  clock.run();
  // Whoever stays may ask for current pay; the story was told from scratch, as fast as it goes.
  program.payWorker.start();
  await announce(program, settings.dataDir);
  say(`  Figures        node bin/voronka.mjs funnel --by department --data-dir ${settings.dataDir}`);
  say(`  The clock of this company stands at ${clock.now()}; Ctrl-C ends the demonstration.`);
  await stayUp({ lost: program.lost, stop }, stopSignal);
}

async function load(program: Program, clock: DemoClock, wish: { deals: number; seed: number }): Promise<void> {
  const { stores } = program;
  const story = JSON.stringify(wish);
  const told = await stores.appStore.recall('demo.story');
  if (told !== null && told !== story) {
    throw new CliError(
      EXIT.usage,
      `this directory tells another story (${told}): use the same --deals and --seed, or another --data-dir`,
    );
  }
  const isLoaded = (await stores.appStore.recall('demo.loaded')) === 'yes';
  if (!isLoaded) {
    if (told === null && (await stores.log.end()) !== null) {
      throw new CliError(
        EXIT.usage,
        'this directory holds a log that is not the demonstration: name another --data-dir',
      );
    }
    await stores.appStore.remember('demo.story', story);
    const shown = progress('telling the story');
    await loadScenario(
      tellScenario(wish.seed, wish.deals),
      stores.handle,
      (at) => clock.set(at),
      ({ done, total, at }) => shown.update(done, total, `commands, ${at.slice(0, 10)}`),
    );
    shown.stop();
    clock.keep();
    await stores.appStore.remember('demo.loaded', 'yes');
  }
  await program.projector.start();
  const end = await stores.log.end();
  if (end !== null && !(await waitFor(stores.pool, 'core', end, LONGEST_CATCHING_UP_MS))) {
    throw new CliError(EXIT.failed, 'the read models do not come forward: see `voronka projections status`');
  }
}

/** Closes the months of the story once, then shows the figures and the pay. */
async function tellPay(program: Program, clock: DemoClock): Promise<void> {
  const { stores } = program;
  const told = await stores.appStore.recall('demo.paid');
  clock.set(LAST_MOMENT);
  program.processes.start();
  let story: PaidStory;
  if (told === null) {
    const shown = progress('closing the months');
    story = await tellPayroll({ ...stores, clock }, (done, total) => shown.update(done, total, 'months'));
    shown.stop();
    clock.keep();
    await stores.appStore.remember('demo.paid', JSON.stringify(story));
  } else {
    story = JSON.parse(told) as PaidStory;
  }
  await showPay(program, story);
  await showPlans(program, LAST_MOMENT);
  // Not of now: a company that stayed up is past the end of its story, where a new quarter has begun.
  await showFigures(program, LAST_MOMENT);
}

function numberOf(option: string, text: string, low: number, high: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= low && number <= high))
    throw new CliError(EXIT.usage, `${option} must be a whole number from ${low} to ${high}`);
  return number;
}
