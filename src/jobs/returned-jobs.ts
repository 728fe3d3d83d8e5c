// Sends the notifications that the engine leaves out. Without them other workers would find these jobs only at their next poll, up to two
// seconds later (F03, P14, ADR 82).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** The engine reports before it has written to the database, so the database is asked up to so many times. */
const LOOKS = 10;
const LOOK_MILLISECONDS = 50;

/** For a job that this instance has fetched and given back, since all its workers were busy. */
const returnedText = `
  SELECT pg_notify('jobs:insert', '{"count":1}') FROM graphile_worker.jobs WHERE id = ANY($1::bigint[]) AND locked_at IS NULL LIMIT 1`;

/** For a lane that has become free, when another job waits in it. */
const freeText = `
  SELECT CASE WHEN EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id AND j.is_available AND j.run_at <= now())
           THEN pg_notify('jobs:insert', '{"count":1}') END
    FROM graphile_worker._private_job_queues q WHERE q.id = $1::int AND q.is_available`;

/** @param ids of jobs that are being given back. @throws the driver's error: then the jobs wait for a poll */
export function announceReturned(pool: Pool, ids: readonly string[]): Promise<void> {
  return announce(pool, returnedText, ids);
}

/** @param lane of a job that has ended; only one job of a lane runs at a time. @throws the driver's error: then the next job waits for a poll */
export function announceNext(pool: Pool, lane: number): Promise<void> {
  return announce(pool, freeText, lane);
}

async function announce(pool: Pool, text: string, about: unknown): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { rowCount } = await pool.query(text, [about]);
    if (rowCount !== 0) return;
    await sleep(LOOK_MILLISECONDS, undefined, { ref: false });
  }
}
