// What needs more time than the ordinary run allows: the real data, where it lies beside the project.
import base from './jest.config.mjs';

export default {
  ...base,
  // Its logs are as large as memory is.
  globalSetup: undefined,
  testMatch: ['<rootDir>/test/**/*.long.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 900_000,
  maxWorkers: 1,
};
