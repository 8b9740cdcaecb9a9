// Builds what is missing or out of date, then runs `voronka demo` with the given arguments.
await import('./built.mjs');
process.argv.splice(2, 0, 'demo');
await import('../bin/voronka.mjs');
