// Runs the jobs of this process: those of the queue (D6), and the beats. A stop takes a few seconds, and then gives back the locks of jobs that have
// not ended.
import { BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { DatabaseConfig } from '../database/database.config';
import { within } from '../platform/time/in-time';
import { type Beat, beatUntil } from './beats';
import { Heartbeat } from './heartbeat';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import { QueueRunner } from './queue-runner';
import { LOOK_SECONDS, queueSlots } from './slots';
import { letEnd, TELL_MILLISECONDS } from './stop.policy';
import { openWorkerPool } from './worker-pool';

const CLOSE_MILLISECONDS = 500;

@Injectable()
export class JobsService implements BeforeApplicationShutdown {
  private readonly logger = new Logger('jobs');
  private readonly stopping = new AbortController();
  private pool: Pool | undefined;
  private heartbeat: Heartbeat | undefined;
  private queue: QueueRunner | undefined;
  /** The runs of jobs that have not ended, including those of a run of the queue that has failed. */
  private readonly running = new Set<Promise<void>>();
  private queueEnded: Promise<void> = Promise.resolve();
  private beats: Promise<void>[] = [];

  constructor(
    private readonly config: DatabaseConfig,
    private readonly registry: JobRegistry,
    private readonly metrics: JobMetrics,
  ) {}

  /** Must be called once, when the server is listening: it opens seven connections, and the start need not wait for them. Never fails. */
  begin(): void {
    if (this.stopping.signal.aborted) return;
    const { beats, periodic, taskList } = this.registry.collect((name, payload, run) =>
      this.follow(this.metrics.run(name, payload, run)),
    );
    this.beats = beats.map((beat) => this.repeat(beat));
    if (Object.keys(taskList).length === 0) return;
    const pool = openWorkerPool(this.config.directUrl, (error) =>
      this.logger.debug(`connection lost: ${error.message}`),
    );
    this.pool = pool;
    this.heartbeat = new Heartbeat(pool, this.logger);
    this.heartbeat.start();
    this.metrics.watchQueue(pool);
    this.queue = new QueueRunner(pool, this.heartbeat, this.logger, this.stopping.signal);
    this.queueEnded = this.queue.run(taskList);
    const work = async (): Promise<void> => void (await queueSlots(pool, periodic));
    this.beats.push(this.repeat({ name: 'slots', seconds: LOOK_SECONDS, work }));
  }

  /** Lets running jobs end (stop.policy.ts), then gives back the remaining locks. Takes 10.5 s at most, even without the database. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await letEnd(this.ended());
    if (this.pool === undefined) return;
    await within(TELL_MILLISECONDS, this.giveBack());
    await within(CLOSE_MILLISECONDS, this.pool.end());
  }

  private repeat(beat: Beat): Promise<void> {
    return beatUntil(this.stopping.signal, beat, this.logger);
  }

  private async ended(): Promise<void> {
    await this.queue?.stop();
    await Promise.all([this.queueEnded, ...this.beats]);
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
}
