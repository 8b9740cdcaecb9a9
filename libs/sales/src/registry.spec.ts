import { validateBody } from '@voronka/kernel';
import { salesThings } from './registry.js';

const commands = salesThings.flatMap((thing) => thing.commands.map((command) => ({ thing, command })));

describe('the registry', () => {
  it.each(commands.map(({ command }) => [command.type, command] as const))(
    '%s has a valid example',
    (_type, command) => {
      expect(validateBody(command.body, command.example)).toBeInstanceOf(command.body);
    },
  );

  it('names every command, route and event once; things that share one share its very definition', () => {
    const definitions = new Set(commands.map(({ command }) => command));
    expect(new Set([...definitions].map(({ type }) => type)).size).toBe(definitions.size);
    expect(definitions.size).toBeLessThan(commands.length);
    const routes = commands.map(({ thing, command }) => `${thing.collection}/${command.route}`);
    expect(new Set(routes).size).toBe(routes.length);
    const events = new Map<string, object>();
    for (const [type, definition] of salesThings.flatMap((thing) => Object.entries(thing.events))) {
      expect(events.get(type) ?? definition).toBe(definition);
      events.set(type, definition);
    }
  });

  it('routes are the command in kebab case', () => {
    for (const { command } of commands) {
      expect(command.route).toBe(command.type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase());
    }
  });
});
