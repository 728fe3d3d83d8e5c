// What the engine tells nobody of, though others wait for it. They would find it at their next poll, two seconds later (F03, P14, ADR 82):
// they are told, as of a new job.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** The engine says what it does before it has done so. */
const LOOKS = 10;
const LOOK_MILLISECONDS = 50;

/** A job that this instance has fetched and could not begin, since all its workers were busy, is given back. */
const returnedText = `
  SELECT pg_notify('jobs:insert', '{"count":1}') FROM graphile_worker.jobs WHERE id = ANY($1::bigint[]) AND locked_at IS NULL LIMIT 1`;

/** A lane is free; a job that waits in it may begin. */
const freeText = `
  SELECT CASE WHEN EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.job_queue_id = q.id AND j.is_available AND j.run_at <= now())
           THEN pg_notify('jobs:insert', '{"count":1}') END
    FROM graphile_worker._private_job_queues q WHERE q.id = $1::int AND q.is_available`;

/** @param ids of jobs that are being given back. @throws the driver's error: then they wait for a poll */
export function announceReturned(pool: Pool, ids: readonly string[]): Promise<void> {
  return announce(pool, returnedText, ids);
}

/** @param lane of a job that has ended, of which one runs at a time. @throws the driver's error: then the next one waits for a poll */
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
