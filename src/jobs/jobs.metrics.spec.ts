import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';
import { Metrics } from '../platform/metrics/metrics';
import { NoTracer } from '../platform/tracing/tracer';
import { JobMetrics } from './jobs.metrics';

describe('JobMetrics', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createDatabase();
    pool = new Pool({ connectionString: database.url });
  });

  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const posted = (key: string) =>
    pool.query(`INSERT INTO job_outbox (key, name, payload, max_attempts) VALUES ($1, 'probe', '{}', 4)`, [key]);

  it('shows what waits for somebody, in the outbox as in the queue, and for how long', async () => {
    const metrics = new Metrics();
    new JobMetrics(metrics, new NoTracer()).watchQueue(pool);
    const shown = async () => (await metrics.text()).split('\n').filter((line) => /^latchkey_job.*{/.test(line));
    await posted('probe:1');
    expect(await shown()).toEqual([]);
    await pool.query(`UPDATE job_outbox SET due_at = now() - interval '90 s'`);
    expect(await shown()).toEqual([
      'latchkey_jobs_waiting{job="probe"} 1',
      expect.stringMatching(/^latchkey_job_lag_seconds{job="probe"} 9\d/),
    ]);
    await posted('probe:2');
    await pool.query(`UPDATE job_outbox SET is_called = true, due_at = now() - interval '1 s'`);
    await pool.query(`INSERT INTO worker_heartbeats VALUES ('anybody', now())`);
    expect((await shown())[0]).toBe('latchkey_jobs_waiting{job="probe"} 2');
  });
});
