// The database away: the process stays up and stops in time (F18 to F20). Port 1 of the loopback refuses connections.
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { openDatabase } from '../../test/support/database';
import { Secret } from '../config/secret';
import { DatabaseConfig } from '../database/database.config';
import { Metrics } from '../platform/metrics/metrics';
import { Standstill } from '../platform/process/standstill';
import { NoTracer } from '../platform/tracing/tracer';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { JobsService } from './jobs.service';

function jobsOn(url: string): { jobs: JobsService; registry: JobRegistry } {
  const registry = new JobRegistry(new Standstill());
  const config = Object.assign<DatabaseConfig, Partial<DatabaseConfig>>(new DatabaseConfig(), {
    DATABASE_URL: new Secret(url),
  });
  return { jobs: new JobsService(config, registry, new JobMetrics(new Metrics(), new NoTracer())), registry };
}

describe('JobsService', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('starts and stops without a database, in bounded time', async () => {
    const { jobs, registry } = jobsOn('postgres://nobody@127.0.0.1:1/none');
    registry.register('probe', () => Promise.resolve());
    jobs.begin();
    const asked = performance.now();
    await jobs.beforeApplicationShutdown();
    expect(performance.now() - asked).toBeLessThan(10_000);
  });

  it('F03: begins the next job of a lane when the one before it has ended, and runs one of them at a time', async () => {
    const database = await openDatabase();
    const { url, client } = database;
    const { jobs, registry } = jobsOn(url);
    let running = 0;
    const atATime: number[] = [];
    registry.register('probe', async () => {
      atATime.push((running += 1));
      await sleep(1);
      running -= 1;
    });
    await client.query(
      `SELECT graphile_worker.add_job('probe', '{}', queue_name := 'lane') FROM generate_series(1, 30)`,
    );
    jobs.begin();
    // Of jobs that wait for a poll each there would be eight by then.
    for (let waited = 0; waited < 15_000 && atATime.length < 30; waited += 50) await sleep(50);
    await jobs.beforeApplicationShutdown();
    expect(atATime).toEqual(Array.from({ length: 30 }, () => 1));
    await database.close();
  });

  it('F03: tells the others of a job that it has fetched and gives back, since all its workers are busy', async () => {
    const database = await openDatabase();
    const { url, client } = database;
    const { jobs, registry } = jobsOn(url);
    let begun = 0;
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    registry.register('probe', async () => {
      begun += 1;
      await finished;
    });
    await client.query(`SELECT graphile_worker.add_job('probe', '{}') FROM generate_series(1, 41)`);
    await client.query('LISTEN "jobs:insert"');
    const told = new Promise((resolve) => client.once('notification', resolve));
    jobs.begin();
    await told;
    const { rows } = await client.query('SELECT attempts FROM graphile_worker.jobs WHERE locked_at IS NULL');
    expect({ begun, rows }).toEqual({ begun: 40, rows: [{ attempts: 0 }] });
    finish();
    await jobs.beforeApplicationShutdown();
    await database.close();
  });

  // Others are given the job of an instance that is silent, which then says that it has done it: the engine deletes it, and leaves their lane shut.
  it('F09: opens a lane that others have locked for a job that is gone, and no other', async () => {
    const database = await openDatabase();
    const { url, client } = database;
    const { jobs, registry } = jobsOn(url);
    const begun: string[] = [];
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    registry.register('probe', async (payload) => {
      begun.push(payload as string);
      if (payload === 'first') await finished;
    });
    const add = (lane: string, payload: string) =>
      client.query(`SELECT graphile_worker.add_job('probe', to_json($2::text), queue_name := $1)`, [lane, payload]);
    const count = async (text: string): Promise<number> => (await client.query(text)).rowCount ?? 0;
    const lock = (table: 'jobs' | 'job_queues', where: string) =>
      client.query(
        `UPDATE graphile_worker._private_${table} SET locked_by = 'others', locked_at = now() - interval '11 s' WHERE ${where}`,
      );
    for (const lane of ['done', 'under way', 'new']) await add(lane, 'first');
    await client.query(
      `DELETE FROM graphile_worker._private_jobs; INSERT INTO worker_heartbeats VALUES ('others', 'infinity')`,
    );
    await add('done', 'first');
    jobs.begin();
    while (begun.length === 0) await sleep(10);
    await client.query('BEGIN');
    await add('under way', 'theirs');
    await lock('jobs', 'true');
    await lock('job_queues', 'true');
    await client.query(`UPDATE graphile_worker._private_job_queues SET locked_at = now() WHERE queue_name = 'new'`);
    await client.query('COMMIT');
    finish();
    while ((await count('SELECT FROM graphile_worker.jobs')) > 1) await sleep(10);
    for (const lane of ['done', 'under way', 'new']) await add(lane, `next in ${lane}`);
    while (begun.length === 1) await sleep(10);
    const { rows } = await client.query(
      `SELECT queue_name AS lane FROM graphile_worker._private_job_queues WHERE locked_by = 'others' ORDER BY 1`,
    );
    expect(rows).toEqual([{ lane: 'new' }, { lane: 'under way' }]);
    await jobs.beforeApplicationShutdown();
    expect(begun).toEqual(['first', 'next in done']);
    await database.close();
  });

  it('aborts a job that does not end, then leaves it to others with its lock given back', async () => {
    const database = await openDatabase();
    const { url, client } = database;
    const { jobs, registry } = jobsOn(url);
    let aborted = false;
    const running = new Promise<void>((resolve) => {
      registry.register('probe', (_payload, signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        resolve();
        return new Promise<void>(() => undefined);
      });
    });
    await client.query(`SELECT graphile_worker.add_job('probe', '{}', max_attempts := 4)`);
    jobs.begin();
    await running;
    await jobs.beforeApplicationShutdown();
    const { rows } = await client.query('SELECT locked_by FROM graphile_worker.jobs');
    await database.close();
    expect({ aborted, rows }).toEqual({ aborted: true, rows: [{ locked_by: null }] });
  });
});
