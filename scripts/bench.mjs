// Builds what is missing or out of date, then measures it as it is built, with the given arguments.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

await import('./built.mjs');
await import(pathToFileURL(path.join(import.meta.dirname, '../dist/test/bench/main.js')).href);
