import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findNativeTree, healNativeTree, majorVersion, programsOf, tryPrograms } from './native-package.js';

describe('the installed binaries', () => {
  it('are found, run, and have a version', () => {
    const tree = findNativeTree();
    healNativeTree(tree);
    expect(tryPrograms(tree, undefined)).toEqual({ works: true, reason: '' });
    expect(majorVersion(tree)).toMatch(/^\d{2}$/);
  });

  const posix = process.platform === 'win32' ? describe.skip : describe;
  posix('without their install script having run', () => {
    let home: string;
    beforeEach(() => {
      home = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-native-'));
      fs.mkdirSync(path.join(home, 'native', 'lib'), { recursive: true });
      fs.mkdirSync(path.join(home, 'native', 'bin'));
      for (const name of ['initdb', 'postgres', 'pg_ctl']) {
        fs.writeFileSync(path.join(home, 'native', 'bin', name), '#!/bin/sh\n', { mode: 0o644 });
      }
      fs.writeFileSync(path.join(home, 'native', 'lib', 'libpq.so.5.18'), 'library');
      const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
        source: 'native/lib/libpq.so.5.18',
        target: `native/lib/${name}`,
      }));
      fs.writeFileSync(path.join(home, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    });
    afterEach(() => fs.rmSync(home, { recursive: true }));

    it('get their links and modes, also where a link leads nowhere, and again without harm', () => {
      const lib = path.join(home, 'native', 'lib');
      fs.symlinkSync('gone.so', path.join(lib, 'libpq.so'));
      const tree = { root: path.join(home, 'native'), version: '18.0.0' };
      healNativeTree(tree);
      healNativeTree(tree);
      expect(fs.readlinkSync(path.join(lib, 'libpq.so'))).toBe('libpq.so.5.18');
      expect(fs.readFileSync(path.join(lib, 'libpq.so.5'), 'utf8')).toBe('library');
      expect(fs.statSync(programsOf(tree).postgres).mode & 0o777).toBe(0o755);
    });

    it('say what to do when a program is missing', () => {
      fs.rmSync(path.join(home, 'native', 'bin', 'initdb'));
      expect(() => healNativeTree({ root: path.join(home, 'native'), version: '18.0.0' })).toThrow(/npm ci again/);
    });
  });
});
