const { availableParallelism } = require('node:os');

/** Unit specs beside the code and everything under test/ that belongs to `npm test`, in parallel, on one embedded PostgreSQL. */
module.exports = {
  testMatch: [
    '<rootDir>/src/**/*.spec.ts',
    '<rootDir>/web/{src,dashboard}/**/*.spec.ts',
    '<rootDir>/test/**/*-spec.ts',
  ],
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/dist',
    '<rootDir>/test/specs/',
    '<rootDir>/test/web/',
    '<rootDir>/test/threats/timing/',
    '<rootDir>/test/[a-z0-9]+/(long|full)/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  // jose is an ES module, which Jest cannot load as it is.
  transform: { '^.+\\.ts$': '@swc/jest', '/node_modules/jose/.+\\.js$': '@swc/jest' },
  transformIgnorePatterns: ['/node_modules/(?!jose/)'],
  globalSetup: '<rootDir>/test/global-setup.ts',
  globalTeardown: '<rootDir>/test/global-teardown.ts',
  testTimeout: 60_000 * Number(process.env.PATIENCE ?? 1),
  // One more than there are processors: many tests wait, for a crash to be noticed or a process to start.
  maxWorkers: availableParallelism() + 1,
};
