// Queues the jobs that are due every so many minutes. A slot is one of these times. Every instance looks every 5 s which slots have begun by the
// database's clock, so a clock of a process that is wrong holds nothing up. The engine's own crontab goes by the clocks of the processes: one
// that was ahead once stopped these jobs on all instances until real time had come there.
// Invariant: the job of a slot is queued once, whatever the number of instances.
import type { Pool } from 'pg';

export const LOOK_SECONDS = 5;
const MAX_ATTEMPTS = 3;

/** A job that is due every so many minutes. */
export interface Periodic {
  readonly name: string;
  /** Slots begin on the hour, UTC, and so many minutes apart. */
  readonly minutes: 1 | 5 | 10;
}

// The engine's table of crontab entries has the last slot of each job, so that an instance of an earlier version, which still uses the crontab, and
// one of this version do not both queue a slot. Until its first slot a job counts from when it became known. An earlier version whose clock is
// ahead by less than a period queues a slot early, and it stays queued once. A time that lies further ahead comes from a clock that was wrong.
const queueText = `
  WITH periodic AS (
    SELECT name, length, date_bin(length, now(), 'epoch'::timestamptz) AS slot
    FROM unnest($1::text[], $2::int[]) AS given (name, minutes), make_interval(mins => minutes) AS length
  ), known AS (
    INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since) SELECT name, now() FROM periodic ON CONFLICT DO NOTHING
  ), begun AS (
    UPDATE graphile_worker._private_known_crontabs SET last_execution = slot FROM periodic
    WHERE identifier = name AND coalesce(last_execution, known_since) NOT BETWEEN slot AND slot + length
    RETURNING name
  )
  SELECT name, graphile_worker.add_job(name, job_key := name, max_attempts := ${MAX_ATTEMPTS}) FROM begun`;

/**
 * Queues the jobs whose present slot nobody has queued yet; earlier slots that nobody queued are passed over. A job that still waits is replaced.
 * @returns the names of the jobs that it queued
 * @throws the driver's error
 */
export async function queueSlots(pool: Pool, periodic: readonly Periodic[]): Promise<string[]> {
  const values = [periodic.map(({ name }) => name), periodic.map(({ minutes }) => minutes)];
  const { rows } = await pool.query<{ name: string }>(queueText, values);
  return rows.map(({ name }) => name);
}
