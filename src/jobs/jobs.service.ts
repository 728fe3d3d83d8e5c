// Runs the queue's worker in this process (D6). Invariant: whatever the database does, the process stays up; a runner that
// ended or could not start is started again a second later, and a stop takes seconds, giving back the locks it leaves.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { type Job, run, Runner, RunnerOptions, WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { DatabaseConfig } from '../database/database.config';
import { Heartbeat } from './heartbeat';
import { beatUntil } from './beats';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { announceNext, announceReturned } from './returned-jobs';
import { ABORT_MILLISECONDS, letEnd, TELL_MILLISECONDS, within } from './stop.policy';
import { openWorkerPool, workerLog } from './worker-pool';

/** Twice what one vendor is called at a time (security.md 5.8), so that a slow one leaves room for the others (F03, ADR 58). */
export const CONCURRENCY = 40;
/** Only jobs with a delay wait for a poll; the others are announced by NOTIFY. */
const POLL_MILLISECONDS = 2000;
/** How long a job that was fetched may wait for a worker while all are busy; then another instance may have it, and is told. */
const WAIT_MILLISECONDS = 500;
const RESTART_MILLISECONDS = 1000;
const CLOSE_MILLISECONDS = 500;
/**
 * Reports of done and failed jobs go through the engine's batches, of no delay, so that we hear when the database refuses one
 * (pool:fatalError). Without them such a refusal is a rejection nobody handles, which ends the process (F18, F19).
 * And one asks for jobs on behalf of all workers, who otherwise poll each for itself (ADR 82). One job at a time: the engine would
 * take two of the same queue at once, and an instance that is busy keeps no more than one from the others.
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
  /** Jobs, those of a runner that broke a moment ago included. */
  private readonly running = new Set<Promise<void>>();
  private supervision: Promise<void> = Promise.resolve();
  private beats: Promise<void>[] = [];

  constructor(
    private readonly config: DatabaseConfig,
    private readonly registry: JobRegistry,
    private readonly metrics: JobMetrics,
  ) {}

  /** Called once, when requests are answered already: it opens seven connections, for which the start need not wait. Never fails. */
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
    this.heartbeat = new Heartbeat(this.pool, (message) => this.logger.warn(message));
    this.heartbeat.start();
    this.metrics.watchQueue(this.pool);
    this.supervision = this.supervise(this.pool, work);
  }

  /** Lets running jobs end (stop.policy.ts), then gives back the locks that are left. At most 10.5 s, database away included. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await letEnd(this.ended()); // the engine aborts them
    if (this.pool === undefined) return;
    await within(TELL_MILLISECONDS, this.giveBack());
    await within(CLOSE_MILLISECONDS, this.pool.end());
  }

  private async ended(): Promise<void> {
    await this.runner?.stop().catch(() => undefined); // it may have ended by itself in this moment
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
        const text = `worker failed: ${error instanceof Error ? error.message : String(error)}`;
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
    // After this the engine does no more work, and never says that it has ended.
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
      // A job may have been taken in our name without our knowing. A new runner has another name: the former name falls silent, and so gives
      // the job back (N10).
      logger: workerLog(this.logger, (error) => broken.abort(error)),
    };
    const runner = await run(options);
    this.runner = runner;
    if (this.stopping.signal.aborted) await runner.stop();
    try {
      await Promise.race([runner.promise, rejection(broken.signal)]);
    } finally {
      runner.promise.catch(() => undefined);
      void runner.stop().catch(() => undefined); // it may have ended by itself
    }
  }

  private tell(told: Promise<void>): void {
    told.catch((error: Error) => this.logger.debug(`not told of jobs that may begin: ${error.message}`));
  }
}

function idsOf(jobs: readonly Job[]): string[] {
  return jobs.map(({ id }) => id);
}

/** Rejects when the signal aborts, with its reason. */
function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const tell = (): void => reject(signal.reason as Error);
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
}
