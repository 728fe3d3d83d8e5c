// Signs of life of the queue's workers (D6). Every 2 s this instance writes its worker id with the database's clock, and unlocks the jobs of
// every worker that has been silent for 10 s. So the jobs of an instance that was killed run elsewhere within 15 s. The same write makes the
// database move to the queue what was left in the outbox (trigger queue_due_jobs, ADR 89). A lane whose job is gone is opened again here; the
// engine itself would do that only after four hours (ADR 99).
// Invariant: after an outage of the database, an instance unlocks nobody's jobs until the others have had time to write again.
import type { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { beatUntil } from './beats';

const INTERVAL_SECONDS = 2;
const SILENT_SECONDS = 10;
/** So many beats of this instance must succeed after an outage of the database before it takes others for silent. */
const BEATS_OF_GRACE = 2;

/** Parameter $1: the id of the worker that is alive. */
export const beatText = `
  INSERT INTO worker_heartbeats (worker_id, seen_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at`;

// A lock of a worker without a heartbeat row counts as well: that worker died before its first beat, or its row was removed while it ran.
// The notification makes idle workers look for jobs now instead of at their next poll.
const unlockText = `
  WITH dead AS (
    DELETE FROM worker_heartbeats
    WHERE worker_id <> $1 AND seen_at < clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})
    RETURNING worker_id
  ), silent AS (
    SELECT worker_id FROM dead
    UNION
    SELECT job.locked_by FROM graphile_worker.jobs job
    WHERE job.locked_by <> $1 AND job.locked_at < clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})
      AND NOT EXISTS (SELECT FROM worker_heartbeats beat WHERE beat.worker_id = job.locked_by)
  ), unlocked AS (
    SELECT array_agg(worker_id) AS ids, graphile_worker.force_unlock_workers(array_agg(worker_id)) AS done
    FROM silent HAVING count(*) > 0
  )
  SELECT ids, done, pg_notify('jobs:insert', '{"count":20}') FROM unlocked`;

// When a job has ended, the engine deletes it, even if another worker has locked it by then; but it opens the job's lane only if the job was
// still locked by the worker that did it. Otherwise the lane stays shut. A lane and its job are always locked by one statement, so a worker
// that holds a lane and none of its jobs will never open it. The condition on `locked_at` spares a lane that was locked while this ran.
const openText = `
  WITH opened AS (
    UPDATE graphile_worker._private_job_queues lane SET locked_by = NULL, locked_at = NULL
    WHERE lane.locked_at < clock_timestamp() - make_interval(secs => ${SILENT_SECONDS})
      AND NOT EXISTS (SELECT FROM graphile_worker._private_jobs job WHERE job.job_queue_id = lane.id AND job.locked_by = lane.locked_by)
    RETURNING lane.queue_name
  )
  SELECT queue_name AS lane, pg_notify('jobs:insert', '{"count":1}') FROM opened`;

const releaseText = `
  WITH gone AS (DELETE FROM worker_heartbeats WHERE worker_id = $1)
  SELECT graphile_worker.force_unlock_workers(ARRAY[$1::text]), pg_notify('jobs:insert', '{"count":20}')`;

export class Heartbeat {
  private readonly stopped = new AbortController();
  private workerId = '';
  private grace = 0;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}

  start(): void {
    const beat = { name: 'heartbeat', seconds: INTERVAL_SECONDS, work: () => this.beatAndJudge() };
    this.loop = beatUntil(this.stopped.signal, beat, this.logger);
  }

  /** From now on this instance writes its heartbeat under this worker id. The former id falls silent, so others unlock its jobs. */
  become(workerId: string): void {
    this.workerId = workerId;
    this.beat().catch(() => undefined); // if it keeps failing, the loop logs it
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  /** Gives back every lock of this instance at once, so that others need not wait until it counts as silent. */
  async release(): Promise<void> {
    if (this.workerId !== '') await this.pool.query(releaseText, [this.workerId]);
  }

  private async beat(): Promise<void> {
    if (this.workerId !== '') await this.pool.query(beatText, [this.workerId]);
  }

  private async beatAndJudge(): Promise<void> {
    try {
      await this.beat();
      if (this.grace > 0) this.grace -= 1;
      else await this.judge();
    } catch (error) {
      this.grace = BEATS_OF_GRACE;
      throw error;
    }
  }

  private async judge(): Promise<void> {
    const { rows } = await this.pool.query<{ ids: string[] }>(unlockText, [this.workerId]);
    for (const { ids } of rows) this.logger.warn(`unlocked the jobs of silent workers: ${ids.join(', ')}`);
    const { rows: opened } = await this.pool.query<{ lane: string }>(openText);
    for (const { lane } of opened) this.logger.warn(`opened a lane that had no job any more: ${lane}`);
  }
}
