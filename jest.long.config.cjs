/** `npm run test:long`, `test:races`, `test:faults`: every race and every fault, those that are too long for `npm test` as well (folders `long`). */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/races/**/*-spec.ts', '<rootDir>/test/faults/**/*-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
};
