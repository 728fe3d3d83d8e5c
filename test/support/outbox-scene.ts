// An outbox on a real database, and what becomes of the rows that are posted to it.
import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import type { DatabaseConfig } from '../../src/database/database.config';
import type { Database } from '../../src/database/database.service';
import { namedStatement, type Statement } from '../../src/database/sql';
import { type JobHandler, JobRegistry } from '../../src/jobs/job-registry.service';
import { JobMetrics } from '../../src/jobs/jobs.metrics';
import { type PostedJob, postJob } from '../../src/jobs/jobs.sql';
import { Outbox } from '../../src/jobs/outbox.service';
import { Metrics } from '../../src/platform/metrics/metrics';
import { Standstill } from '../../src/platform/process/standstill';
import { NoTracer } from '../../src/platform/tracing/tracer';
import { createDatabase, type TestDatabase } from './database';
import { until as comesTo } from './patience';

export const PLACES = 2;

const post = namedStatement<{ key: string }>(
  'post_probe',
  postJob(
    { name: 'probe', key: ':key::text', payload: `json_build_object('n', 7)`, maxAttempts: 4 },
    'FROM (SELECT 1) one',
  ),
);

type Run = Database['run'];

export interface OpenOutbox {
  readonly outbox: Outbox;
  /** What it does every second. */
  readonly keepAlive: () => Promise<void>;
}

export class OutboxScene {
  private readonly opened: Outbox[] = [];
  readonly standstill = new Standstill();
  private database!: TestDatabase;
  pool!: Pool;

  /** For the tests of a file: opened before the first, emptied after each. What the outbox logs of failures is not shown. */
  static ofFile(): OutboxScene {
    const scene = new OutboxScene();
    beforeAll(() => scene.start());
    afterEach(() => scene.clear());
    afterAll(() => scene.end());
    return scene;
  }

  private async start(): Promise<void> {
    Logger.overrideLogger(false);
    this.database = await createDatabase();
    this.pool = new Pool({ connectionString: this.database.url });
  }

  private async clear(): Promise<void> {
    await this.pool.query('TRUNCATE job_outbox, graphile_worker._private_jobs');
  }

  private async end(): Promise<void> {
    for (const outbox of this.opened) await outbox.onApplicationShutdown();
    await this.pool.end();
    await this.database.drop();
  }

  readonly run = <Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> =>
    runOn<Row>(this.pool, statement, values);

  /** @param ask for what jobs have connections for */
  outboxFor(handler: JobHandler, ask: Run = this.run): OpenOutbox {
    const { standstill } = this;
    const registry = new JobRegistry(standstill);
    registry.register('probe', handler);
    const metrics = new JobMetrics(new Metrics(), new NoTracer());
    const config = { directUrl: this.database.url } as DatabaseConfig;
    const database = { run: ask, runOn } as unknown as Database;
    const outbox = new Outbox(registry, metrics, database, { count: PLACES }, standstill, config);
    this.opened.push(outbox);
    outbox.onModuleInit();
    const keepAlive = async () => {
      for (const { work } of registry.collect().beats) await work(new AbortController().signal);
    };
    return { outbox, keepAlive };
  }

  async posted(key = 'probe:1'): Promise<PostedJob> {
    const [job] = await this.run<PostedJob>(...post.with({ key }));
    return job!;
  }

  inOutbox = (): Promise<unknown[]> => this.keysOf('job_outbox');
  inQueue = (): Promise<unknown[]> => this.keysOf('graphile_worker.jobs');

  /** As if nobody had kept it for so long. */
  overdue = (condition = 'true') =>
    this.pool.query(`UPDATE job_outbox SET due_at = now() - interval '1 s' WHERE ${condition}`);

  /** Of anybody. */
  beat = () =>
    this.pool.query(
      `INSERT INTO worker_heartbeats VALUES ('anybody', now()) ON CONFLICT (worker_id) DO UPDATE SET seen_at = now()`,
    );

  private async keysOf(table: string): Promise<unknown[]> {
    return (await this.pool.query<{ key: string }>(`SELECT key FROM ${table}`)).rows.map(({ key }) => key);
  }
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  await comesTo(holds, 'what the outbox or the queue is to have', 30_000, 10);
}

async function runOn<Row>(on: Pool, { text }: Statement, values: readonly unknown[]): Promise<Row[]> {
  return (await on.query(text, [...values])).rows as Row[];
}
