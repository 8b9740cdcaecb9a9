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

  it('names every command, route and event once', () => {
    const types = commands.map(({ command }) => command.type);
    expect(new Set(types).size).toBe(types.length);
    const routes = commands.map(({ thing, command }) => `${thing.collection}/${command.route}`);
    expect(new Set(routes).size).toBe(routes.length);
    const events = salesThings.flatMap((thing) => Object.keys(thing.events));
    expect(new Set(events).size).toBe(events.length);
  });

  it('routes are the command in kebab case', () => {
    for (const { command } of commands) {
      expect(command.route).toBe(command.type.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase());
    }
  });
});
