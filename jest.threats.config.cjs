/** `npm run test:threats`: measurements that need minutes and a quiet machine, one after another. Not part of `npm test`. */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/threats/timing/**/*-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
