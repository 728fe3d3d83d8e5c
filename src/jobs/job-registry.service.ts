// What this process can do for the queue: a handler per job name and the cron entries. Modules register in onModuleInit;
// the runner reads the registry once, at bootstrap, so a later registration would never run and is refused.
import { Injectable } from '@nestjs/common';
import { Standstill, StoodStill } from '../platform/process/standstill';
import { markJob } from '../platform/request/job-mark';
import { parseCronItem, ParsedCronItem, TaskList } from 'graphile-worker';
import { demandHeld } from './held-job';

/** Which run of a job this is. */
export interface JobRun {
  /** The queue makes no further one. */
  readonly isLast: boolean;
  /** Nobody has begun the job before, so nothing that it does is on record yet. */
  readonly isFirst: boolean;
}

/** Must be safe to run twice: a worker killed after its work and before its commit runs again elsewhere. */
export type JobHandler = (payload: unknown, signal: AbortSignal, run: JobRun) => Promise<void>;

/** What every instance does again and again; each finds out by itself whether there is something to do. */
export interface Beat {
  readonly name: string;
  /** Between the end of one and the start of the next. */
  readonly seconds: number;
  /** Whether the start has done the first one itself; absent: it has not. */
  readonly isBegun?: () => boolean;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

export interface CronEntry {
  readonly name: string;
  /** Five crontab fields, UTC, e.g. every ten minutes. */
  readonly pattern: string;
  readonly handler: JobHandler;
}

export type AroundJob = (name: string, payload: unknown, run: () => Promise<void>) => Promise<void>;

const CRON_MAX_ATTEMPTS = 3;
const validName = /^[a-z][a-z0-9_]{0,62}$/;

@Injectable()
export class JobRegistry {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly cron: ParsedCronItem[] = [];
  private readonly beats: Beat[] = [];
  /** Ids of the queue's jobs that run here. */
  private readonly underWay = new Set<string>();
  private closed = false;

  constructor(private readonly standstill: Standstill) {}

  /** @throws Error when the name is taken or malformed, or the runner has started: wiring mistakes. */
  register(name: string, handler: JobHandler): void {
    if (this.closed) throw new Error(`job ${name} was registered after the runner had started`);
    if (!validName.test(name)) throw new Error(`not a job name: ${name}`);
    if (this.handlers.has(name)) throw new Error(`job ${name} has two handlers`);
    this.handlers.set(name, handler);
  }

  /** One instance of all runs each occurrence. Occurrences that were missed while all were down are not made up for. */
  registerCron({ name, pattern, handler }: CronEntry): void {
    this.register(name, handler);
    const options = { backfillPeriod: 0, maxAttempts: CRON_MAX_ATTEMPTS, jobKey: name };
    this.cron.push(parseCronItem({ task: name, match: pattern, identifier: name, options }));
  }

  /** Only where jobs run; an error is logged, and the beat goes on. */
  registerBeat(beat: Beat): void {
    this.beats.push(beat);
  }

  /** @throws what the job throws, and Error for a name that nobody has registered */
  run(name: string, payload: unknown, signal: AbortSignal, run: JobRun): Promise<void> {
    const handler = this.handlers.get(name);
    if (handler === undefined) throw new Error(`nobody does the job ${name}`);
    return this.standstill.hold(signal, (held) => handler(payload, held, run));
  }

  /**
   * Closes the registry.
   * @param around what every run is wrapped in; must run it
   */
  collect(around: AroundJob = (_, __, run) => run()): {
    taskList: TaskList;
    parsedCronItems: ParsedCronItem[];
    beats: readonly Beat[];
  } {
    this.closed = true;
    const tasks = [...this.handlers.keys()].map((name): [string, TaskList[string]] => [
      name,
      (payload, helpers) => {
        const { abortSignal, job } = helpers;
        const run = { isLast: job.attempts >= job.max_attempts, isFirst: false };
        const begin = (): Promise<void> =>
          this.onlyOnce(job.id, async () => {
            if (this.standstill.hasJustEnded) await demandHeld(helpers);
            await this.run(name, payload, abortSignal, run);
          });
        return markJob(() => around(name, payload, begin));
      },
    ]);
    return { taskList: Object.fromEntries(tasks), parsedCronItems: [...this.cron], beats: this.beats };
  }

  /**
   * A job may come here again while its first try runs on, not knowing yet that the job was given to others. The queue tells tries apart by
   * their worker only: when the first try ended, the second would be given back, and a third begun beside it (ADR 95).
   * @throws StoodStill where the job is under way: the queue hands it out once more, seconds later
   */
  private async onlyOnce(id: string, work: () => Promise<void>): Promise<void> {
    if (this.underWay.has(id)) throw new StoodStill();
    this.underWay.add(id);
    try {
      await work();
    } finally {
      this.underWay.delete(id);
    }
  }
}
