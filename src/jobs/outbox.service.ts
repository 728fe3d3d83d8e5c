// Begins jobs that this instance has just committed to the outbox, without going through the queue (ADR 89). Invariant: a posted job is done or
// goes to the queue: at once when it fails or this instance stops, after about twelve seconds when this instance has died.
import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { DatabaseConfig } from '../database/database.config';
import { Database } from '../database/database.service';
import { openKeepingPool } from '../database/pools';
import { messageOf } from '../platform/errors/message-of';
import { markJobApart } from '../platform/request/job-mark';
import { Standstill, StoodStill } from '../platform/process/standstill';
import { within } from '../platform/time/in-time';
import { JobRegistry } from './job-registry.service';
import { JobMetrics } from './jobs.metrics';
import type { PostedJob } from './jobs.sql';
import { forget, giveToQueue, keep } from './outbox.sql';
import { letEnd, TELL_MILLISECONDS } from './stop.policy';

/** Each round reserves the jobs for five times as long (outbox.sql.ts). A failed round takes 3.5 s, so the next one still comes in time. */
const KEEP_SECONDS = 1;
/** How long keys of done jobs are collected, so that one statement deletes several. */
const FORGET_MILLISECONDS = 100;
/** The same for jobs that find no place here and go to the queue. */
const DECLINE_MILLISECONDS = 50;
/** How many jobs of the outbox may run here at a time; 0 in a process that runs no jobs. */
export abstract class OutboxPlaces {
  abstract readonly count: number;
}

interface Run {
  readonly ended: Promise<void>;
  readonly abort: AbortController;
}

@Injectable()
export class Outbox implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('jobs');
  private readonly keeping: Pool;
  private readonly running = new Map<string, Run>();
  private readonly stopping = new AbortController();
  private done: string[] = [];
  private declined: string[] = [];
  private givenBack: Promise<void> = Promise.resolve();

  constructor(
    private readonly registry: JobRegistry,
    private readonly metrics: JobMetrics,
    private readonly database: Database,
    private readonly places: OutboxPlaces,
    private readonly standstill: Standstill,
    { directUrl }: DatabaseConfig,
  ) {
    this.keeping = openKeepingPool(directUrl, (error) => this.logger.debug(`connection lost: ${error.message}`));
  }

  onModuleInit(): void {
    if (this.places.count === 0) return;
    this.registry.registerBeat({ name: 'keeping jobs', seconds: KEEP_SECONDS, work: () => this.keepAlive() });
    // A beat of its own, since it may have to wait for a connection of the common pool, which jobs may have taken.
    this.registry.registerBeat({ name: 'outbox', seconds: KEEP_SECONDS, work: () => this.tidy() });
  }

  /** Whether a statement should post its job to the outbox. If not, it adds the job to the queue. */
  get hasRoom(): boolean {
    return this.running.size < this.places.count && !this.stopping.signal.aborted;
  }

  /** @param job the row of postJob, after its commit; null when nothing was posted. Never fails, and returns at once */
  begin(job: PostedJob | null): void {
    if (job === null) return;
    if (this.stopping.signal.aborted) return this.giveBack([job.key]);
    if (!this.hasRoom || this.standstill.hasJustEnded) return this.decline(job.key);
    const abort = new AbortController();
    // Not before the answer of this request has been given.
    const run = () => new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.run(job, abort.signal));
    this.running.set(job.key, { abort, ended: markJobApart(run) });
  }

  /** Lets jobs end, then gives the others to the queue. Takes 10 s at most, even while the database is away. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await letEnd(Promise.all([...this.running.values()].map(({ ended }) => ended)), () => this.abort());
    this.giveBack([...this.running.keys(), ...this.declined.splice(0)]);
    await within(TELL_MILLISECONDS, Promise.all([this.givenBack, this.forgetDone()]));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.keeping.end();
  }

  private async run({ key, name, payload }: PostedJob, signal: AbortSignal): Promise<void> {
    const work = () => this.registry.run(name, payload, signal, { isLast: false, isFirst: true });
    try {
      await this.metrics.run(name, payload, work);
      this.finished(key);
    } catch (error) {
      this.logger.warn(`${name} failed, and goes to the queue: ${messageOf(error)}`);
      this.giveBack([key]);
    } finally {
      this.running.delete(key);
    }
  }

  /** When there is no place after all: several requests may have seen the same free place before one of them had committed. */
  private decline(key: string): void {
    if (this.declined.push(key) > 1) return;
    setTimeout(() => this.giveBack(this.declined.splice(0)), DECLINE_MILLISECONDS);
  }

  private finished(key: string): void {
    if (this.done.push(key) > 1) return;
    setTimeout(() => void this.forgetDone().catch(() => undefined), FORGET_MILLISECONDS); // on an error the beat tries again and logs
  }

  /** Deletes done jobs, which are kept until then. If such a job is run again, it finds that nothing is left to do. @throws the driver's error */
  private async forgetDone(): Promise<void> {
    const keys = this.done;
    if (keys.length === 0) return;
    this.done = [];
    await this.database.run(...forget.with({ keys })).catch((error: unknown) => {
      this.done.push(...keys);
      throw error;
    });
  }

  private giveBack(keys: readonly string[]): void {
    const tell = (error: unknown): void =>
      this.logger.warn(`${keys.length} jobs wait in the outbox: ${messageOf(error)}`);
    const given = markJobApart(() => this.give(keys).catch(tell));
    this.givenBack = Promise.all([this.givenBack, given]).then(() => undefined);
  }

  /** Moves jobs to the queue. When that fails, the beat tries again. @throws the driver's error */
  private async give(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.database.run(...giveToQueue.with({ keys })).catch((error: unknown) => {
      this.declined.push(...keys);
      throw error;
    });
  }

  private async keepAlive(): Promise<void> {
    const keys = [...this.running.keys(), ...this.done];
    if (keys.length === 0) return;
    const kept = await this.database.runOn<{ key: string }>(this.keeping, ...keep.with({ keys }));
    this.abortAllBut(new Set(kept.map(({ key }) => key)), keys);
  }

  private async tidy(): Promise<void> {
    await this.forgetDone();
    await this.give(this.declined.splice(0));
  }

  private abort(): void {
    for (const { abort } of this.running.values()) abort.abort();
    void this.keepAlive().catch(() => undefined); // the beat that did this has ended
  }

  /** A job that is no longer kept was moved to the queue while this process stood still. Another instance has it: two runs would call two vendors. */
  private abortAllBut(kept: ReadonlySet<string>, asked: readonly string[]): void {
    for (const key of asked) if (!kept.has(key)) this.running.get(key)?.abort.abort(new StoodStill());
  }
}
