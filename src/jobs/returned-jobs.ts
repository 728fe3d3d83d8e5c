// A job that this instance has fetched and could not begin, since all its workers were busy, is given back by the engine without a word.
// Others that are free would find it at their next poll, two seconds later (F03, P14): they are told, as of a new one.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** The engine says that it gives a job back before it has done so. */
const LOOKS = 10;
const LOOK_MILLISECONDS = 50;

const announceText = `
  SELECT pg_notify('jobs:insert', '{"count":1}') FROM graphile_worker.jobs WHERE id = ANY($1::bigint[]) AND locked_at IS NULL LIMIT 1`;

/** @param ids of jobs that are being given back. @throws the driver's error: then they wait for a poll */
export async function announceReturned(pool: Pool, ids: readonly string[]): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { rowCount } = await pool.query(announceText, [ids]);
    if (rowCount !== 0) return;
    await sleep(LOOK_MILLISECONDS, undefined, { ref: false });
  }
}
