import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const cruiser = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

function cruise(directory: string): { status: number; output: string } {
  const run = spawnSync(process.execPath, [cruiser, '--config', '.dependency-cruiser.cjs', 'apps', 'libs'], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { status: run.status ?? -1, output: run.stdout + run.stderr };
}

/** A small house of the same shape, with one file that breaks a rule. */
function houseWith(files: Record<string, string>): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'voronka-fence-'));
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    cpSync(path.join(root, name), path.join(directory, name));
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(directory, 'node_modules'));
  const rooms = ['kernel', 'sales', 'pay', 'event-log', 'projections', 'read-models', 'embedded/eventstore-node'];
  const doors = Object.fromEntries(
    rooms.map((room) => [
      `libs/${room}/src/index.ts`,
      'export interface Door { readonly name: string }\nexport const door = 1;\n',
    ]),
  );
  const all: Record<string, string> = { ...doors, 'apps/api/src/api.ts': 'export const api = 1;\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), text);
  }
  return directory;
}

const breaches: readonly [rule: string, file: string, text: string][] = [
  [
    'room-libs-kernel',
    'libs/kernel/src/breach-1.ts',
    "import type { Door } from '../../sales/src/index.js';\nexport type X = Door;\n",
  ],
  [
    'room-libs-sales',
    'libs/sales/src/breach-2.ts',
    "import { door } from '@voronka/event-log';\nexport const x = door;\n",
  ],
  [
    'room-libs-projections',
    'libs/projections/src/breach-3.ts',
    "import { door } from '@voronka/sales';\nexport const x = door;\n",
  ],
  [
    'read-models-events-only',
    'libs/read-models/src/breach-4.ts',
    "import type { Door } from '@voronka/sales';\nexport type X = Door;\n",
  ],
  [
    'read-models-pay-formulas-only',
    'libs/read-models/src/breach-10.ts',
    "import type { Door } from '@voronka/pay';\nexport type X = Door;\n",
  ],
  ['room-libs-pay', 'libs/pay/src/breach-11.ts', "import { door } from '@voronka/sales';\nexport const x = door;\n"],
  [
    'room-libs-embedded-eventstore-node',
    'libs/embedded/eventstore-node/src/breach-5.ts',
    "import { door } from '@voronka/kernel';\nexport const x = door;\n",
  ],
  [
    'room-libs-event-log',
    'libs/event-log/src/breach-6.ts',
    "import { api } from '../../../apps/api/src/api.js';\nexport const x = api;\n",
  ],
  ['pure-rooms', 'libs/sales/src/breach-7.ts', "import { Module } from '@nestjs/common';\nexport const x = Module;\n"],
  [
    'pure-rooms',
    'libs/kernel/src/breach-8.ts',
    "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
  ],
  [
    'only-typeorm',
    'libs/projections/src/breach-9.ts',
    "import { DataSource } from 'typeorm';\nexport const x = DataSource;\n",
  ],
];

describe('the fence', () => {
  it('holds for the whole house', () => {
    const { status, output } = cruise(root);
    expect(output).toContain('no dependency violations found');
    expect(status).toBe(0);
  });

  describe('bites', () => {
    let output = '';
    beforeAll(() => {
      const directory = houseWith(Object.fromEntries(breaches.map(([, file, text]) => [file, text])));
      try {
        const run = cruise(directory);
        output = run.status === 0 ? 'the fence let every breach pass' : run.output;
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });

    it.each(breaches)('%s in %s', (rule, file) => {
      expect(output).toMatch(new RegExp(`error ${rule}: ${file}`));
    });
  });

  it('lets a small house in order pass', () => {
    const directory = houseWith({
      'libs/sales/src/fine.ts': "import type { Door } from '@voronka/kernel';\nexport type X = Door;\n",
    });
    try {
      expect(cruise(directory)).toMatchObject({ status: 0 });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('knows every folder of libs and apps', () => {
    const tracked = execFileSync('git', ['ls-files', 'apps', 'libs'], { cwd: root, encoding: 'utf8' }).split('\n');
    const folders = new Set(
      tracked.filter((file) => file.endsWith('.ts')).map((file) => file.split('/src/')[0] ?? file),
    );
    const config = execFileSync('cat', [path.join(root, '.dependency-cruiser.cjs')], { encoding: 'utf8' });
    for (const folder of folders) expect(config).toContain(`'${folder}':`);
  });
});
