import fs from 'node:fs';
import path from 'node:path';
import { transformFile } from '@swc/core';

/** The room and what it shares with the other embedded store, laid out as they lie. */
const ROOMS = ['eventstore-node/src', 'shared/src'];

/**
 * Builds the node as a program for plain Node, outside the test runner.
 * @returns the path of its `main.js`, for `spawnEventStoreNode`'s `entry`.
 */
export async function buildNode(into: string): Promise<string> {
  for (const room of ROOMS) {
    const from = path.resolve('libs/embedded', room);
    fs.mkdirSync(path.join(into, room), { recursive: true });
    for (const name of fs.readdirSync(from).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))) {
      const { code } = await transformFile(path.join(from, name), {
        swcrc: false,
        configFile: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      });
      fs.writeFileSync(path.join(into, room, name.replace(/\.ts$/, '.js')), code);
    }
  }
  fs.writeFileSync(path.join(into, 'package.json'), '{"type":"module"}');
  fs.symlinkSync(path.resolve('node_modules'), path.join(into, 'node_modules'));
  return path.join(into, 'eventstore-node/src/main.js');
}
