#!/usr/bin/env node
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const main = path.join(import.meta.dirname, '../dist/apps/cli/src/main.js');
if (!existsSync(main)) {
  process.stderr.write('voronka is not built yet: run `npm run build` first\n');
  process.exit(1);
}
await import(pathToFileURL(main).href);
