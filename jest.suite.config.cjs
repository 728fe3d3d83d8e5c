/** `npm run test:threats`, `npm run test:faults`: every test with an A or an F id in its name, wherever it lies (test/suite/run.cjs names files and ids). */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
  setupFiles: ['<rootDir>/test/support/seeded-properties.ts'],
};
