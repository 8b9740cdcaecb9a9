import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { managersOn } from '@voronka/projector';
import { SETTINGS } from '@voronka/runtime';
import { parse } from 'yaml';
import { eventMap, eventMapDocument } from './event-map.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

describe('the event map', () => {
  it('is what the code says', () => {
    const file = path.join(root, 'docs/event-map.md');
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, eventMapDocument());
    expect(read('docs/event-map.md')).toBe(eventMapDocument());
  });

  it('bug: it left process managers out', () => {
    const answering = new Map(eventMap().map(({ event, answeredBy }) => [event, answeredBy]));
    expect(answering.get('PeriodClosing')).toEqual(['close-period']);
    expect([...answering.values()].flat()).toEqual(
      expect.arrayContaining(managersOn({} as never).map(({ name }) => name)),
    );
  });

  it.each(eventMap())(
    '$event has a producer and a reader that makes something of it',
    ({ appendedIn, foldedIn, readBy }) => {
      expect(appendedIn).not.toEqual([]);
      expect([...foldedIn, ...readBy]).not.toEqual([]);
    },
  );
});

describe('the compose file', () => {
  const services = (
    parse(read('docker/compose.yaml')) as { services: Record<string, { environment: Record<string, string> }> }
  ).services;

  it.each(['api', 'projector'])('sets only variables that the programs know: %s', (service) => {
    const known = Object.values(SETTINGS).map(({ env }) => env as string);
    for (const name of Object.keys(services[service]?.environment ?? {})) expect(known).toContain(name);
  });

  it('names programs that are built', () => {
    expect(existsSync(path.join(root, 'apps/api/src/main.ts'))).toBe(true);
    expect(existsSync(path.join(root, 'apps/projector/src/main.ts'))).toBe(true);
  });
});

describe('the image', () => {
  it('takes neither what is installed or built on the host, nor data with their keys', () => {
    const left = read('.dockerignore').split('\n');
    expect(left).toEqual(expect.arrayContaining(['node_modules', 'dist', '.git', '.voronka', '**/master.key']));
  });
});

describe('nest-cli.json', () => {
  const { projects } = JSON.parse(read('nest-cli.json')) as {
    projects: Record<string, { type: string; root: string; sourceRoot: string; entryFile: string }>;
  };
  const rooms = ['apps', 'libs', 'libs/embedded'].flatMap((place) =>
    readdirSync(path.join(root, place)).map((name) => `${place}/${name}`),
  );

  it('names every program and every room with an entrance', () => {
    const named = Object.values(projects).map((project) => project.root);
    const entered = rooms.filter((room) => existsSync(path.join(root, room, 'src/index.ts')) || room === 'apps/cli');
    expect(named.toSorted()).toEqual(entered.toSorted());
  });

  it.each(Object.entries(projects))('says where %s begins', (_name, project) => {
    expect(project.sourceRoot).toBe(`${project.root}/src`);
    expect(existsSync(path.join(root, project.sourceRoot, `${project.entryFile}.ts`))).toBe(true);
  });
});

describe('the README', () => {
  const commands = [...read('README.md').matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => (block ?? '').trim().split('\n'))
    .filter((line) => line.startsWith('node bin/voronka.mjs'));

  it('shows commands', () => expect(commands.length).toBeGreaterThan(2));

  it.each(commands)('shows a command that runs: %s', (line) => {
    const [, ...rest] = line.split(' ');
    expect(() => execFileSync(process.execPath, rest, { cwd: root, stdio: 'pipe' })).not.toThrow();
  });

  it('tells the command that CI runs', () => {
    const shown = /Run the tests:\n\n```sh\n(.*)\n```/.exec(read('README.md'))?.[1];
    expect(shown).toBe('npm ci && npm test');
    expect(
      read('.ci/run')
        .trim()
        .endsWith(shown ?? '-'),
    ).toBe(true);
  });

  it('links to files that exist', () => {
    for (const [, target] of read('README.md').matchAll(/\]\((?!http)([^)#]+)\)/g)) {
      expect(existsSync(path.join(root, target ?? ''))).toBe(true);
    }
  });
});
