// Periodic jobs: of each slot one, by the database's clock, whatever the clocks of the processes say or have said.
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';
import { restoreMachineClock, setMachineClock } from '../../test/support/machine-clock';
import { until } from '../../test/support/patience';
import { Secret } from '../config/secret';
import { DatabaseConfig } from '../database/database.config';
import { Metrics } from '../platform/metrics/metrics';
import { Standstill } from '../platform/process/standstill';
import { NoTracer } from '../platform/tracing/tracer';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { JobsService } from './jobs.service';
import { queueSlots } from './slots';

const SLOT = `date_bin('10 minutes', now(), 'epoch'::timestamptz)`;
let database: TestDatabase;
let pool: Pool;

beforeEach(async () => {
  database = await createDatabase();
  pool = new Pool({ connectionString: database.url });
  // So that no test goes on into the next slot.
  const isEarly = async () => (await pool.query(`SELECT WHERE now() < ${SLOT} + interval '595 s'`)).rowCount === 1;
  await until(isEarly, 'the next slot');
});
afterEach(async () => {
  await pool.end();
  await database.drop();
});

const queue = () => queueSlots(pool, [{ name: 'probe', minutes: 10 }]);
/** As if the last slot that was queued had been this one. @param slot SQL */
const lastWas = (slot: string) =>
  pool.query(`UPDATE graphile_worker._private_known_crontabs SET last_execution = ${slot}`);

it('begin with the one after a job became known', async () => {
  expect([await queue(), await queue()]).toEqual([[], []]);
  await pool.query(`UPDATE graphile_worker._private_known_crontabs SET known_since = ${SLOT} - interval '1 s'`);
  expect([await queue(), await queue()]).toEqual([['probe'], []]);
});

it('are queued once each, by however many', async () => {
  await queue();
  for (let round = 0; round < 20; round += 1) {
    await lastWas(`${SLOT} - interval '10 minutes'`);
    const queued = await Promise.all(Array.from({ length: 8 }, queue));
    expect(queued.flat()).toEqual(['probe']);
  }
});

it('that began while nobody looked are passed over but for the last', async () => {
  await queue();
  await lastWas(`${SLOT} - interval '3 days'`);
  expect([await queue(), await queue()]).toEqual([['probe'], []]);
});

it.each(['0 s', '10 minutes'])(
  'that an instance of an earlier version has queued, %s ahead, are not queued again',
  async (ahead) => {
    await queue();
    await lastWas(`${SLOT} + interval '${ahead}'`);
    expect(await queue()).toEqual([]);
  },
);

it('go on after an instance of an earlier version whose clock was hours ahead, with the job that waits for that time', async () => {
  await queue();
  await lastWas(`${SLOT} + interval '9 hours'`);
  await pool.query(`SELECT graphile_worker.add_job('probe', job_key := 'probe', run_at := now() + interval '9 hours')`);
  expect([await queue(), await queue()]).toEqual([['probe'], []]);
  const { rows } = await pool.query('SELECT run_at <= now() AS due FROM graphile_worker.jobs');
  expect(rows).toEqual([{ due: true }]);
});

it.each([-9, 9])('are run at their time by a process whose clock is %i hours off', async (hours) => {
  Logger.overrideLogger(false);
  const config = Object.assign(new DatabaseConfig(), { DATABASE_URL: new Secret(database.url) });
  const registry = new JobRegistry(new Standstill());
  const jobs = new JobsService(config, registry, new JobMetrics(new Metrics(), new NoTracer()));
  let ran = 0;
  registry.registerPeriodic({ name: 'probe', minutes: 10, handler: () => Promise.resolve(void (ran += 1)) });
  await queue();
  await lastWas(`${SLOT} - interval '10 minutes'`);
  setMachineClock(Date.now() + hours * 3_600_000);
  jobs.begin();
  await until(() => ran === 1, 'the job of the slot');
  await jobs.beforeApplicationShutdown();
  restoreMachineClock();
  const { rows } = await pool.query(
    `SELECT last_execution = ${SLOT} AS now FROM graphile_worker._private_known_crontabs`,
  );
  expect([ran, rows]).toEqual([1, [{ now: true }]]);
});
