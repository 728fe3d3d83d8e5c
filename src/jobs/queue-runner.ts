// Runs the queue's engine (graphile-worker) on a pool of its own, one run after the other. Invariant: whatever the database does, the process stays
// up. A run that has ended or could not begin is followed by another a second later.
import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { type Job, run, type Runner, type RunnerOptions, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { Pool } from 'pg';
import { messageOf } from '../platform/errors/message-of';
import { tellOfStrays } from '../platform/request/stray-mark';
import { rejection } from '../platform/time/in-time';
import type { Heartbeat } from './heartbeat';
import { announceNext, announceReturned } from './returned-jobs';
import { ABORT_MILLISECONDS } from './stop.policy';
import { workerLog } from './worker-pool';

/** Jobs at a time. Twice the calls that one vendor gets at a time (security.md 5.8), so a slow vendor leaves room for the others (F03, ADR 58). */
export const CONCURRENCY = 40;
/** Only jobs with a delay are found by a poll. All others are announced by NOTIFY. */
const POLL_MILLISECONDS = 2000;
/** How long a fetched job may wait here while all workers are busy. Then it is given back, and other instances are told of it. */
const WAIT_MILLISECONDS = 500;
const RESTART_MILLISECONDS = 1000;
/** Node's longest timer; one that is set for later ends at once. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;
/**
 * Done and failed jobs are reported through the engine's batches (with no delay), because only then the engine tells us when the database
 * refuses a report (pool:fatalError). Without batches, the refusal is an unhandled rejection (F18, F19).
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

export class QueueRunner {
  private runner: Runner | undefined;
  /** Ends the present run. */
  private broken = new AbortController();

  /** @param stopping aborts when the process stops; then no further run begins */
  constructor(
    private readonly pool: Pool,
    private readonly heartbeat: Heartbeat,
    private readonly logger: Logger,
    private readonly stopping: AbortSignal,
  ) {}

  /** Runs the jobs of the queue until the process stops. Never fails. */
  run(taskList: TaskList): Promise<void> {
    return this.heedingStrays(() => this.runUntilStopped(taskList));
  }

  /** Ends the present run; the engine aborts jobs that take too long (gracefulShutdownAbortTimeout). Never fails. */
  async stop(): Promise<void> {
    await this.heedingStrays(() => this.runner?.stop())?.catch(() => undefined); // fails when the run has just ended by itself
  }

  // While the engine gives up a run, it leaves failures of the database unhandled: of giving back a job that it had fetched, of letting go of the
  // connection that listens, of reporting a job that ended late. Each would end the process (F18, ADR 100).
  private heedingStrays<T>(work: () => T): T {
    return tellOfStrays((error) => this.broken.abort(error), work);
  }

  private async runUntilStopped(taskList: TaskList): Promise<void> {
    const signal = this.stopping;
    let reported = false;
    while (!signal.aborted) {
      try {
        await this.runUntilItEnds(taskList);
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

  private async runUntilItEnds(taskList: TaskList): Promise<void> {
    const { pool } = this;
    const events: WorkerEvents = new EventEmitter();
    events.on('pool:create', ({ workerPool }) => this.heartbeat.become(workerPool.id));
    events.on('localQueue:returnJobs', ({ jobs }) => this.tell(announceReturned(pool, idsOf(jobs))));
    events.on('job:complete', ({ job: { job_queue_id: lane } }) => {
      if (lane !== null) this.tell(announceNext(pool, lane));
    });
    const broken = (this.broken = new AbortController());
    // After this event the engine does no more work, but its promise stays open.
    events.on('pool:fatalError', ({ error }) => broken.abort(error));
    // Though its crontab is empty, the engine waits for the next minute of this process's clock. When that has been ahead by 25 days and is set
    // right, the engine's timer would end at once, again and again, until real time has come there.
    events.on('cron:prematureTimer', ({ currentTimestamp, expectedTimestamp }) => {
      const wait = expectedTimestamp - currentTimestamp;
      if (wait > LONGEST_TIMER_MILLISECONDS) broken.abort(new Error('the clock of this process was set back'));
    });
    const options: RunnerOptions = {
      taskList,
      parsedCronItems: [], // slots.ts queues what is periodic
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
    if (this.stopping.aborted) await runner.stop();
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
