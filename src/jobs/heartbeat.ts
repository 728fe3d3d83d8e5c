// Signs of life of the queue's workers (D6): every 2 s this instance writes its worker id with the database's clock, and unlocks
// the jobs of every worker that was silent for 10 s, so that after a kill -9 they run elsewhere within 15 s. With the
// same write the queue is given what was left in the outbox (trigger queue_due_jobs, ADR 89). And a lane that is kept for a job that is gone is
// opened again: the engine would do so after four hours (ADR 99).
// Invariant: an instance that could not write for a while judges nobody until the others had time to write again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

const INTERVAL_MILLISECONDS = 2000;
const SILENT_SECONDS = 10;
/** Beats of our own that must succeed after an outage of the database before others count as silent. */
const BEATS_OF_GRACE = 2;

/** $1: the worker that lives, by the database's clock. */
export const beatText = `
  INSERT INTO worker_heartbeats (worker_id, seen_at) VALUES ($1, clock_timestamp())
  ON CONFLICT (worker_id) DO UPDATE SET seen_at = excluded.seen_at`;

// A lock without any heartbeat row is that of a worker that died before its first beat or was removed while still running.
// The notification makes idle workers look at once instead of at their next poll.
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

// The engine deletes a job that is done whoever has it by then, and opens its lane only when that is who did it. A lane and its job are locked
// by one statement: whoever has locked a lane and no job in it will not open it. The look at `locked_at` is for one that was locked meanwhile.
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
  private failing = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly pool: Pool,
    private readonly warn: (message: string) => void,
  ) {}

  start(): void {
    this.loop = this.beatUntilStopped();
  }

  /** From now on this instance lives under the id; the former one is left to fall silent. */
  become(workerId: string): void {
    this.workerId = workerId;
    this.beat().catch(() => undefined); // the loop reports what goes on failing
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  /** Gives back every lock of this instance at once, so that nobody has to wait for its silence. */
  async release(): Promise<void> {
    if (this.workerId !== '') await this.pool.query(releaseText, [this.workerId]);
  }

  private async beatUntilStopped(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.beatAndJudge().then(
        () => (this.failing = false),
        (error: unknown) => this.failed(error),
      );
      await sleep(INTERVAL_MILLISECONDS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async beat(): Promise<void> {
    if (this.workerId !== '') await this.pool.query(beatText, [this.workerId]);
  }

  private async beatAndJudge(): Promise<void> {
    await this.beat();
    if (this.grace > 0) {
      this.grace -= 1;
      return;
    }
    const { rows } = await this.pool.query<{ ids: string[] }>(unlockText, [this.workerId]);
    for (const { ids } of rows) this.warn(`unlocked the jobs of silent workers: ${ids.join(', ')}`);
    const { rows: opened } = await this.pool.query<{ lane: string }>(openText);
    for (const { lane } of opened) this.warn(`opened a lane that had no job any more: ${lane}`);
  }

  private failed(error: unknown): void {
    this.grace = BEATS_OF_GRACE;
    if (!this.failing) this.warn(`heartbeat failed: ${error instanceof Error ? error.message : String(error)}`);
    this.failing = true;
  }
}
