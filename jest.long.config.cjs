/** `npm run test:long`, `test:races`: every race and every fault, and what else is too long for `npm test` (folders `long`; `test:full`: folders `full`). */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testMatch: [
    '<rootDir>/test/*/{long,full}/**/*-spec.ts',
    '<rootDir>/test/races/**/*-spec.ts',
    '<rootDir>/test/faults/**/*-spec.ts',
  ],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
};
