// One worker process of job-crash.e2e-spec.ts, on the built code: tells its parent each run of `probe`, and with HANG=1
// never finishes one.
require('reflect-metadata');
const { JobRegistry } = require('../../dist/src/jobs/job-registry.service');
const { JobMetrics } = require('../../dist/src/jobs/jobs.metrics');
const { JobsService } = require('../../dist/src/jobs/jobs.service');
const { Metrics } = require('../../dist/src/platform/metrics/metrics');
const { NoTracer } = require('../../dist/src/platform/tracing/tracer');
const { Standstill } = require('../../dist/src/platform/process/standstill');

const registry = new JobRegistry(new Standstill());
registry.register('probe', async (payload) => {
  process.send({ ran: payload });
  if (process.env.HANG === '1') await new Promise(() => undefined);
});
const jobs = new JobsService(
  { directUrl: process.env.DATABASE_URL },
  registry,
  new JobMetrics(new Metrics(), new NoTracer()),
);
jobs.begin();
process.once('message', () => {
  void jobs.beforeApplicationShutdown().then(() => process.exit(0));
});
