// Jest runs everything as CommonJS: Node before 24.9 cannot require() an ES module inside jest,
// so our TypeScript and the dependencies that are ES modules only are transpiled on the way in.
import fs from 'node:fs';
import path from 'node:path';

/** Names of the installed packages, nested ones too, that say `"type": "module"`. */
function esmOnly(root = 'node_modules', found = new Set()) {
  for (const entry of fs.existsSync(root) ? fs.readdirSync(root) : []) {
    if (entry.startsWith('.')) continue;
    const names = entry.startsWith('@')
      ? fs.readdirSync(path.join(root, entry)).map((name) => `${entry}/${name}`)
      : [entry];
    for (const name of names) {
      const manifest = path.join(root, name, 'package.json');
      if (fs.existsSync(manifest) && JSON.parse(fs.readFileSync(manifest, 'utf8')).type === 'module') found.add(name);
      esmOnly(path.join(root, name, 'node_modules'), found);
    }
  }
  return [...found];
}

const swc = {
  swcrc: false,
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true, dynamicImport: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};

export default {
  testEnvironment: 'node',
  rootDir: '.',
  globalSetup: '<rootDir>/test/memory-directory.mjs',
  testSequencer: '<rootDir>/test/long-first.mjs',
  testMatch: ['<rootDir>/(apps|libs)/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.spec\\.ts$'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  transform: { '^.+\\.[mc]?[jt]sx?$': ['@swc/jest', swc] },
  transformIgnorePatterns: [`/node_modules/(?!.*/node_modules/)(?!(${esmOnly().join('|')})/)`],
  moduleNameMapper: {
    '^@voronka/(api|projector)$': '<rootDir>/apps/$1/src/index.ts',
    '^@voronka/sales/walk$': '<rootDir>/libs/sales/src/walk.ts',
    '^@voronka/(sales|pay)/events$': '<rootDir>/libs/$1/src/events.ts',
    '^@voronka/pay/calculation$': '<rootDir>/libs/pay/src/calculation/index.ts',
    '^@voronka/pay/figures$': '<rootDir>/libs/pay/src/figures/index.ts',
    '^@voronka/eventstore-node$': '<rootDir>/libs/embedded/eventstore-node/src/index.ts',
    '^@voronka/embedded-postgres$': '<rootDir>/libs/embedded/postgres/src/index.ts',
    '^@voronka/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  maxWorkers: 2,
  testTimeout: 30_000,
};
