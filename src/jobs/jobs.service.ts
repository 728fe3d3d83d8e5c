// Runs the queue's worker in this process (D6). Invariant: whatever the database does, the process stays up. A runner that ended or could not
// start is started again a second later. A stop takes a few seconds, and then gives back the locks of jobs that have not ended.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Job, run, Runner, RunnerOptions, WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { DatabaseConfig } from '../database/database.config';
import { messageOf } from '../platform/errors/message-of';
import { Heartbeat } from './heartbeat';
import { beatUntil } from './beats';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { announceNext, announceReturned } from './returned-jobs';
import { ABORT_MILLISECONDS, letEnd, TELL_MILLISECONDS, within } from './stop.policy';
import { openWorkerPool, workerLog } from './worker-pool';

/** Jobs at a time. Twice the calls that one vendor gets at a time (security.md 5.8), so a slow vendor leaves room for the others (F03, ADR 58). */
export const CONCURRENCY = 40;
/** Only jobs with a delay are found by a poll. All others are announced by NOTIFY. */
const POLL_MILLISECONDS = 2000;
/** How long a fetched job may wait here while all workers are busy. Then it is given back, and other instances are told of it. */
const WAIT_MILLISECONDS = 500;
const RESTART_MILLISECONDS = 1000;
const CLOSE_MILLISECONDS = 500;
/**
 * Done and failed jobs are reported through the engine's batches (with no delay), because only then the engine tells us when the database
 * refuses a report (pool:fatalError). Without batches, the refusal is an unhandled rejection, which ends the process (F18, F19).
 * The local queue fetches jobs for all workers; without it each worker polls by itself (ADR 82). Its size is 1, since with more the engine
 * would take two jobs of one lane at once; and so a busy instance holds back only one job that others could run.
 */
const PRESET = {
  worker: {
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    localQueue: { size: 1, ttl: WAIT_MILLISECONDS },
  },
};

type Work = Omit<ReturnType<JobRegistry['collect']>, 'beats'>;

@Injectable()
export class JobsService implements BeforeApplicationShutdown {
  private readonly logger = new Logger('jobs');
  private readonly stopping = new AbortController();
  private pool: Pool | undefined;
  private heartbeat: Heartbeat | undefined;
  private runner: Runner | undefined;
  /** The runs of jobs that have not ended, including those of a runner that has failed and was replaced. */
  private readonly running = new Set<Promise<void>>();
  private supervision: Promise<void> = Promise.resolve();
  private beats: Promise<void>[] = [];

  constructor(
    private readonly config: DatabaseConfig,
    private readonly registry: JobRegistry,
    private readonly metrics: JobMetrics,
  ) {}

  /** Must be called once, when the server is listening: it opens seven connections, and the start need not wait for them. Never fails. */
  begin(): void {
    if (this.stopping.signal.aborted) return;
    const { beats, ...work } = this.registry.collect((name, payload, run) =>
      this.follow(this.metrics.run(name, payload, run)),
    );
    this.beats = beats.map((beat) => beatUntil(this.stopping.signal, beat, this.logger));
    if (Object.keys(work.taskList).length === 0) return;
    this.pool = openWorkerPool(this.config.directUrl, (error) =>
      this.logger.debug(`connection lost: ${error.message}`),
    );
    this.heartbeat = new Heartbeat(this.pool, this.logger);
    this.heartbeat.start();
    this.metrics.watchQueue(this.pool);
    this.supervision = this.supervise(this.pool, work);
  }

  /** Lets running jobs end (stop.policy.ts), then gives back the remaining locks. Takes 10.5 s at most, even without the database. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await letEnd(this.ended()); // the engine itself aborts the jobs (gracefulShutdownAbortTimeout)
    if (this.pool === undefined) return;
    await within(TELL_MILLISECONDS, this.giveBack());
    await within(CLOSE_MILLISECONDS, this.pool.end());
  }

  private async ended(): Promise<void> {
    await this.runner?.stop().catch(() => undefined); // fails when the runner has just ended by itself
    await Promise.all([this.supervision, ...this.beats]);
    await Promise.all(this.running);
  }

  private async giveBack(): Promise<void> {
    await this.heartbeat?.stop();
    await this.heartbeat?.release();
  }

  private follow(job: Promise<void>): Promise<void> {
    const ended = job.catch(() => undefined).finally(() => this.running.delete(ended));
    this.running.add(ended);
    return job;
  }

  private async supervise(pool: Pool, work: Work): Promise<void> {
    const { signal } = this.stopping;
    let reported = false;
    while (!signal.aborted) {
      try {
        await this.runUntilItEnds(pool, work);
        reported = false;
      } catch (error) {
        const text = `worker failed: ${messageOf(error)}`;
        if (reported) this.logger.debug(text);
        else this.logger.warn(text);
        reported = true;
      }
      await sleep(RESTART_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async runUntilItEnds(pool: Pool, work: Work): Promise<void> {
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => this.heartbeat?.become(workerPool.id));
    events.on('localQueue:returnJobs', ({ jobs }) => this.tell(announceReturned(pool, idsOf(jobs))));
    events.on('job:complete', ({ job: { job_queue_id: lane } }) => {
      if (lane !== null) this.tell(announceNext(pool, lane));
    });
    const broken = new AbortController();
    // After this event the engine does no more work, but its promise stays open.
    events.on('pool:fatalError', ({ error }) => broken.abort(error));
    const options: RunnerOptions = {
      ...work,
      preset: PRESET,
      pgPool: pool,
      events,
      concurrency: CONCURRENCY,
      pollInterval: POLL_MILLISECONDS,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: ABORT_MILLISECONDS,
      // A fetch whose answer was lost may have locked a job under our worker id. A new runner has a new id, so the old one falls silent and
      // its jobs are unlocked by a heartbeat (N10).
      logger: workerLog(this.logger, (error) => broken.abort(error)),
    };
    const runner = await run(options);
    this.runner = runner;
    if (this.stopping.signal.aborted) await runner.stop();
    try {
      await Promise.race([runner.promise, rejection(broken.signal)]);
    } finally {
      runner.promise.catch(() => undefined);
      void runner.stop().catch(() => undefined); // fails when the runner has ended by itself
    }
  }

  private tell(told: Promise<void>): void {
    told.catch((error: Error) => this.logger.debug(`not told of jobs that may begin: ${error.message}`));
  }
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ id }) => id);
}

/** Rejects with the signal's reason when the signal aborts. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const tell = (): void => reject(signal.reason as Error);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}
