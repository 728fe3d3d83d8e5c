/** `npm run test:web`: the pages in a real browser. Not part of `npm test`; without a Chromium every test says so and passes over. */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testMatch: ['<rootDir>/test/web/**/*-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
  testTimeout: 120_000 * Number(process.env.PATIENCE ?? 1),
  maxWorkers: 2,
};
