// What becomes of a posted job, on a real database: done it is gone; whatever else happens to it, it is in the queue (N10, ADR 89).
import { Standstill } from '../platform/process/standstill';
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import { createDatabase, type TestDatabase } from '../../test/support/database';
import type { DatabaseConfig } from '../database/database.config';
import type { Database } from '../database/database.service';
import { namedStatement, type Statement } from '../database/sql';
import { Metrics } from '../platform/metrics/metrics';
import { NoTracer } from '../platform/tracing/tracer';
import { insideJob } from '../platform/request/job-mark';
import { currentRequestId, runInRequest } from '../platform/request/request-context';
import { type JobHandler, JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { type PostedJob, postJob } from './jobs.sql';
import { Outbox } from './outbox.service';

const PLACES = 2;
const post = namedStatement<{ key: string }>(
  'post_probe',
  postJob(
    { name: 'probe', key: ':key::text', payload: `json_build_object('n', 7)`, maxAttempts: 4 },
    'FROM (SELECT 1) one',
  ),
);

describe('Outbox', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createDatabase();
    pool = new Pool({ connectionString: database.url });
  });

  afterEach(() => pool.query('TRUNCATE job_outbox, graphile_worker._private_jobs'));

  afterAll(async () => {
    for (const outbox of opened) await outbox.onApplicationShutdown();
    await pool.end();
    await database.drop();
  });

  const runOn = async <Row>(on: Pool, { text }: Statement, values: readonly unknown[]): Promise<Row[]> =>
    (await on.query(text, [...values])).rows as Row[];
  const run = <Row>(statement: Statement, values: readonly unknown[]) => runOn<Row>(pool, statement, values);

  const opened: Outbox[] = [];
  const standstill = new Standstill();

  /** @param ask for what jobs have connections for */
  function outboxFor(handler: JobHandler, ask = run): { outbox: Outbox; keepAlive: () => Promise<void> } {
    const registry = new JobRegistry(standstill);
    registry.register('probe', handler);
    const metrics = new JobMetrics(new Metrics(), new NoTracer());
    const config = { directUrl: database.url } as DatabaseConfig;
    const outbox = new Outbox(
      registry,
      metrics,
      { run: ask, runOn } as Database,
      { count: PLACES },
      standstill,
      config,
    );
    opened.push(outbox);
    outbox.onModuleInit();
    const keepAlive = async () => {
      for (const { work } of registry.collect().beats) await work(new AbortController().signal);
    };
    return { outbox, keepAlive };
  }

  async function posted(key = 'probe:1'): Promise<PostedJob> {
    const [job] = await run<PostedJob>(...post.with({ key }));
    return job!;
  }

  const keysOf = async (table: string): Promise<unknown[]> =>
    (await pool.query<{ key: string }>(`SELECT key FROM ${table}`)).rows.map(({ key }) => key);
  const inOutbox = () => keysOf('job_outbox');
  const inQueue = () => keysOf('graphile_worker.jobs');
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('runs a job with what was posted, as its first run, and forgets it', async () => {
    const seen: unknown[] = [];
    const { outbox } = outboxFor((payload, signal, job) =>
      Promise.resolve(void seen.push(payload, signal.aborted, job)),
    );
    outbox.begin(await posted());
    outbox.begin(null);
    await until(async () => (await inOutbox()).length === 0);
    expect(seen).toEqual([{ n: 7 }, false, { isLast: false, isFirst: true }]);
    expect(await inQueue()).toEqual([]);
  });

  it('gives the queue a job that fails, with its tries', async () => {
    const { outbox } = outboxFor(() => Promise.reject(new Error('no')));
    outbox.begin(await posted());
    await until(async () => (await inQueue()).length > 0);
    const { rows } = await pool.query(
      'SELECT j.key, j.task_identifier, p.payload, j.max_attempts, j.attempts FROM graphile_worker.jobs j JOIN graphile_worker._private_jobs p USING (id)',
    );
    expect(rows).toEqual([
      { key: 'probe:1', task_identifier: 'probe', payload: { n: 7 }, max_attempts: 4, attempts: 0 },
    ]);
    expect(await inOutbox()).toEqual([]);
  });

  it('tells of a job that fails, and cannot be given either, in no request’s name', async () => {
    const named: (string | undefined)[] = [];
    const told = jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation(() => void named.push(currentRequestId(), String(insideJob())));
    const { outbox, keepAlive } = outboxFor(() => Promise.reject(new Error('no')));
    const job = await posted();
    await pool.query('UPDATE job_outbox SET max_attempts = 0'); // the queue refuses it
    runInRequest({ requestId: 'r-1', address: '203.0.113.1', userAgent: null }, () => outbox.begin(job));
    await until(() => Promise.resolve(named.length === 4));
    expect(named).toEqual([undefined, 'true', undefined, 'true']);
    told.mockRestore();
    await pool.query('UPDATE job_outbox SET max_attempts = 4');
    await keepAlive();
    expect([await inQueue(), await inOutbox()]).toEqual([['probe:1'], []]);
  });

  const overdue = (condition = 'true') =>
    pool.query(`UPDATE job_outbox SET due_at = now() - interval '1 s' WHERE ${condition}`);
  const beat = () =>
    pool.query(
      `INSERT INTO worker_heartbeats VALUES ('anybody', now()) ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
    );

  it('keeps a job from others while it runs; one that nobody keeps is called out by a heartbeat of anybody, and then goes to the queue', async () => {
    let finish = (): void => undefined;
    const { outbox, keepAlive } = outboxFor(() => new Promise<void>((resolve) => (finish = resolve)));
    outbox.begin(await posted('probe:running'));
    await posted('probe:abandoned');
    await posted('probe:young');
    await overdue(`key <> 'probe:young'`);
    // As after the database was away: nobody could keep anything meanwhile.
    await beat();
    expect(await inQueue()).toEqual([]);
    await keepAlive();
    await overdue('is_called');
    await beat();
    expect([await inQueue(), (await inOutbox()).sort()]).toEqual([
      ['probe:abandoned'],
      ['probe:running', 'probe:young'],
    ]);
    await overdue(`key = 'probe:young'`);
    await beat();
    await overdue('is_called');
    await beat();
    expect([(await inQueue()).sort(), await inOutbox()]).toEqual([
      ['probe:abandoned', 'probe:young'],
      ['probe:running'],
    ]);
    finish();
    await until(async () => (await inOutbox()).length === 0);
  });

  it('keeps a job though those that run have all the connections there are for jobs', async () => {
    const none = () => Promise.reject(new Error('no free connection'));
    const { outbox, keepAlive } = outboxFor(() => new Promise<void>(() => undefined), none);
    outbox.begin(await posted());
    await overdue();
    await keepAlive();
    await beat();
    await overdue('is_called');
    await beat();
    expect(await inOutbox()).toEqual(['probe:1']);
  });

  it('aborts a job that the queue has taken, since this process stood still, and no other', async () => {
    const aborted: unknown[] = [];
    const { outbox, keepAlive } = outboxFor((payload, signal) => {
      signal.addEventListener('abort', () => aborted.push(payload));
      return new Promise<void>(() => undefined);
    });
    outbox.begin(await posted('probe:taken'));
    outbox.begin({ ...(await posted('probe:kept')), payload: 'kept' });
    await keepAlive();
    expect(aborted).toEqual([]);
    await overdue(`key = 'probe:taken'`);
    await beat();
    await overdue('is_called');
    await beat();
    await keepAlive();
    expect([aborted, await inQueue(), await inOutbox()]).toEqual([[{ n: 7 }], ['probe:taken'], ['probe:kept']]);
  });

  it('gives the queue what was posted in the belief that there is room, and is not begun', async () => {
    const begun: (() => void)[] = [];
    const { outbox } = outboxFor(() => new Promise<void>((finish) => void begun.push(finish)));
    for (const key of ['probe:1', 'probe:2', 'probe:3', 'probe:4']) outbox.begin(await posted(key));
    await until(async () => (await inQueue()).length > 0);
    expect([begun.length, (await inQueue()).sort(), (await inOutbox()).sort()]).toEqual([
      PLACES,
      ['probe:3', 'probe:4'],
      ['probe:1', 'probe:2'],
    ]);
    outbox.begin(await posted('probe:5'));
    begun.forEach((finish) => finish());
    await outbox.beforeApplicationShutdown();
    expect([begun.length, (await inQueue()).sort(), await inOutbox()]).toEqual([
      PLACES,
      ['probe:3', 'probe:4', 'probe:5'],
      [],
    ]);
  });

  it('has room for so many, and none when it stops: then a job is aborted after 3 s and is the queue’s after 8.5', async () => {
    let aborted = 0;
    const { outbox } = outboxFor((_, signal) => {
      signal.addEventListener('abort', () => (aborted += 1));
      return new Promise<void>(() => undefined);
    });
    const room = [outbox.hasRoom];
    for (const key of ['probe:1', 'probe:2']) {
      outbox.begin(await posted(key));
      room.push(outbox.hasRoom);
    }
    expect(room).toEqual([true, true, false]);
    const stopped = outbox.beforeApplicationShutdown();
    outbox.begin(await posted('probe:late'));
    await stopped;
    expect([aborted, (await inQueue()).sort(), await inOutbox()]).toEqual([
      2,
      ['probe:1', 'probe:2', 'probe:late'],
      [],
    ]);
    const { outbox: idle } = outboxFor(() => Promise.resolve());
    await idle.beforeApplicationShutdown();
    expect(idle.hasRoom).toBe(false);
  });
});
