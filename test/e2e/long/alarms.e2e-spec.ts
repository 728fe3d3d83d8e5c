// Two of the alarms of design section 2: jobs that nobody does, and clocks that differ. Each is one log line, one audit event and one count in the
// metrics, however many instances look; and it ends.
import { scraped, sumOf } from '../../support/exposition';
import { startSystem, type System } from '../../support/instance';
import { until } from '../../support/patience';

let system: System;

beforeAll(async () => {
  system = await startSystem({ instances: 2 });
});
afterAll(() => system.stop());

const lines = (event: string, name: string) =>
  system
    .logs()
    .split('\n')
    .filter((line) => line.includes(`"event":"${event}","name":"${name}"`)).length;

async function recorded(event: string): Promise<string[]> {
  const sql = 'SELECT reason FROM audit_log WHERE event = $1 ORDER BY id';
  return (await system.database.query<{ reason: string }>(sql, [event])).rows.map(({ reason }) => reason);
}

/** Over all instances. */
async function counted(name: string): Promise<number> {
  const pages = await Promise.all(system.apis.map((_, instance) => scraped(system, instance)));
  return pages.reduce((sum, page) => sum + sumOf(page, 'latchkey_alarms_total', { name }), 0);
}

/** Of all connections from now on. */
async function clockAhead(): Promise<void> {
  const { database } = system;
  // Our statements name no schema, so this function stands in for PostgreSQL's own.
  await database.query(
    `CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.clock_timestamp() + interval '5 seconds' $$`,
  );
  await database.query(
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`,
  );
  const reconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  await database.query(reconnect);
}

// Both at once, since each instance looks every ten seconds.
beforeAll(async () => {
  await clockAhead();
  const late = `SELECT graphile_worker.add_job('done_by_nobody', job_key => 'late', run_at => now() - interval '61 seconds')`;
  await system.database.query(late);
  await until(() => lines('alarm', 'queue_lag') >= 1 && lines('alarm', 'clock_skew') >= 2, 'the alarms');
});

it('a job that is due for more than a minute is told', async () => {
  expect(await recorded('queue_lag_alarm_raised')).toEqual([
    expect.stringMatching(/^done_by_nobody has waited for \d\d s$/),
  ]);
});

it('a database whose clock is seconds ahead is told, and the instance is not ready', async () => {
  expect((await system.api.get('/health/ready')).status).toBe(503);
  expect(await recorded('clock_skew_alarm_raised')).toEqual([
    expect.stringMatching(/^(4\.\d|5(\.\d)?) s$/),
    expect.anything(),
  ]);
});

it('both end, and were told once: the job by all instances, the clock by each', async () => {
  await system.database.query(`SELECT graphile_worker.remove_job('late')`);
  await system.database.query('DROP FUNCTION public.clock_timestamp()');
  await until(() => lines('alarm_ended', 'queue_lag') >= 1 && lines('alarm_ended', 'clock_skew') >= 2, 'their end');
  for (const [name, times, ended] of [
    ['queue_lag', 1, 'queue_lag_alarm_ended'],
    ['clock_skew', 2, 'clock_skew_alarm_ended'],
  ] as const) {
    expect(await recorded(ended)).toHaveLength(times);
    expect([lines('alarm', name), lines('alarm_ended', name), await counted(name)]).toEqual([times, times, times]);
  }
  expect((await system.api.get('/health/ready')).status).toBe(200);
});
