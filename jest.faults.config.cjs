/** `npm run test:faults`: every test with an F id in its name, wherever it lies (test/faults/run.cjs names the files). */
const base = require('./jest.config.cjs');

module.exports = {
  ...base,
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist'],
  testNamePattern: '\\bF\\d{2}\\b|N1 to N11',
};
