// D6: kill -9 between fetching a job and finishing it. Two real processes on a real database; the only waiting is the
// silence of 10 s that the heartbeat needs to call a worker dead.
import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client } from 'pg';
import { namedStatement } from '../../src/database/sql';
import { addJob } from '../../src/jobs/jobs.sql';
import { createDatabase, TestDatabase } from '../support/database';

/** 15 s are promised, of which 10 are the silence that must pass; the rest is for a machine that does other things as well. */
const RECOVERY_MILLISECONDS = 20_000;
const children: ChildProcess[] = [];
const databases: TestDatabase[] = [];

function worker(url: string, hang: boolean): ChildProcess {
  const env = { ...process.env, DATABASE_URL: url, HANG: hang ? '1' : '' };
  const child = fork(join(__dirname, 'job-worker.cjs'), { env, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  children.push(child);
  return child;
}

async function withOneJob(): Promise<{ url: string; client: Client }> {
  const database = await createDatabase();
  databases.push(database);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const job = addJob({ name: 'probe', payload: `json_build_object('n', :n::int)`, key: `'probe:1'`, maxAttempts: 4 });
  const [query, values] = namedStatement<{ n: number }>('probe', `SELECT ${job}`).with({ n: 7 });
  await client.query(query, values);
  return { url: database.url, client };
}

async function ranAfterKill(secondStarts: 'before' | 'after'): Promise<{ milliseconds: number; left: unknown }> {
  const { url, client } = await withOneJob();
  const first = worker(url, true);
  await once(first, 'message');
  const before = secondStarts === 'before' ? worker(url, false) : undefined;
  first.kill('SIGKILL');
  const killed = performance.now();
  const second = before ?? worker(url, false);
  const [message] = (await once(second, 'message')) as [unknown];
  const milliseconds = performance.now() - killed;
  expect(message).toEqual({ ran: { n: 7 } });
  second.send('stop');
  await once(second, 'exit');
  const { rows } = await client.query(
    'SELECT (SELECT count(*)::int FROM graphile_worker.jobs) AS jobs, count(*)::int AS beats FROM worker_heartbeats',
  );
  await client.end();
  return { milliseconds, left: rows[0] };
}

describe('a worker killed in the middle of a job', () => {
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    for (const database of databases) await database.drop();
  });

  it('has its job run as soon as its silence is noticed, by another instance or after a restart, and leaves no job behind', async () => {
    for (const { milliseconds, left } of await Promise.all([ranAfterKill('before'), ranAfterKill('after')])) {
      expect(milliseconds).toBeLessThan(RECOVERY_MILLISECONDS);
      expect(left).toEqual({ jobs: 0, beats: 0 });
    }
  });
});
