import { type Instant, validateBody } from '@voronka/kernel';
import type { CommandHandler, CommandRequest } from '@voronka/event-log';
import { things } from '@voronka/runtime';
import type { Scenario } from './scenario.js';
import type { ScheduledCommand } from './scheduled-command.js';

export interface LoadProgress {
  readonly done: number;
  readonly total: number;
  readonly at: Instant;
}

/**
 * Sends the whole story as commands, one time of entry after another, with the clock set to each. Command ids come from the story,
 * so a run that was broken off goes on where it stopped. @returns position of the last event
 */
export async function loadScenario(
  scenario: Scenario,
  handle: CommandHandler,
  setClock: (at: Instant) => void,
  onProgress: (progress: LoadProgress) => void,
): Promise<bigint> {
  const total = scenario.founding.length + scenario.commands.length;
  let done = 0;
  let last = 0n;
  const counters = new Map<string, number>();
  const numbered = (command: ScheduledCommand): CommandRequest => {
    const key = `${command.category}-${command.id}`;
    const number = (counters.get(key) ?? 0) + 1;
    counters.set(key, number);
    return requestOf(command, `demo:${key}:${number}`);
  };
  const send = async (request: CommandRequest): Promise<void> => {
    const { position } = await handle(request);
    if (position > last) last = position;
    done += 1;
  };
  for (const command of scenario.founding) {
    setClock(command.at);
    await send(numbered(command));
  }
  for (const entry of timesOfEntry(scenario.commands)) {
    setClock(entry.at);
    const requests = entry.commands.map(numbered);
    // One thing's commands follow one another; different things are worked on at the same time.
    await Promise.all(byThing(requests).map((own) => inTurn(own, send)));
    onProgress({ done, total, at: entry.at });
  }
  return last;
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

function byThing(requests: readonly CommandRequest[]): readonly (readonly CommandRequest[])[] {
  const groups = new Map<string, CommandRequest[]>();
  for (const request of requests) {
    // A customer and his deal share their number: what is told of both keeps its order.
    const key = request.id.replace(/^[a-z]-/, '');
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  return [...groups.values()];
}

function* timesOfEntry(commands: readonly ScheduledCommand[]): Iterable<{ at: Instant; commands: ScheduledCommand[] }> {
  let current: ScheduledCommand[] = [];
  for (const command of commands) {
    if (current[0] !== undefined && current[0].at !== command.at) {
      yield { at: current[0].at, commands: current };
      current = [];
    }
    current.push(command);
  }
  if (current[0] !== undefined) yield { at: current[0].at, commands: current };
}

function requestOf(command: ScheduledCommand, commandId: string): CommandRequest {
  const thing = things.find(({ category }) => category === command.category);
  const definition = thing?.commands.find(({ type }) => type === command.type);
  if (definition === undefined) throw new TypeError(`there is no command ${command.type}`);
  return {
    category: command.category,
    id: command.id,
    type: command.type,
    body: validateBody(definition.body, command.body),
    commandId,
    actor: 'demo',
    person: command.person,
    roles: command.roles,
  };
}
