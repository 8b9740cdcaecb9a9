// Runs commands of the built program one after another in this process: what one has loaded the next need not load.
// Told by IPC of { args, cwd, env }; answers { code, stdout, stderr }. Started by `Desk` in voronka.ts.
import path from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const MAIN = pathToFileURL(path.join(import.meta.dirname, '../../../dist/apps/cli/src/main.js')).href;

/** Thrown where the program would end the process. */
class Exit extends Error {
  constructor(code) {
    super(`exit ${code}`);
    this.code = Number(code ?? 0);
  }
}

process.exit = (code) => {
  throw new Exit(code);
};

function capture(name) {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      stream.text += String(chunk);
      done();
    },
  });
  stream.text = '';
  Object.defineProperty(process, name, { configurable: true, get: () => stream });
  return stream;
}

let runs = 0;

async function run({ args, cwd, env }) {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.argv[0], 'voronka', ...args];
  const [out, err] = [capture('stdout'), capture('stderr')];
  runs += 1;
  let code = 0;
  try {
    // The program reads the command line when it is loaded; another address loads it, alone, once more.
    const { ended } = await import(`${MAIN}?run=${runs}`);
    await ended;
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    code = error.code;
  }
  return { code, stdout: out.text, stderr: err.text };
}

process.on('message', async (request) => process.send(await run(request)));
process.on('disconnect', () => process.reallyExit(0));
