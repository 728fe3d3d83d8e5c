// What this process can do for the queue: one handler per job name, which jobs are periodic, and the beats. Modules register in onModuleInit.
// The runner reads the registry once, after that; a later registration would never run, so it is refused.
import { Injectable } from '@nestjs/common';
import { Standstill, StoodStill } from '../platform/process/standstill';
import { markJobApart } from '../platform/request/job-mark';
import type { TaskList } from 'graphile-worker';
import type { Beat } from './beats';
import { demandHeld } from './held-job';
import type { Periodic } from './slots';

/** What a handler is told of the run that it is in. */
export interface JobRun {
  /** The queue will not try again after this run. */
  readonly isLast: boolean;
  /** No run of this job has begun before, so nothing of it can be on record yet. */
  readonly isFirst: boolean;
}

/** Must be safe to run twice: when a worker is killed after the work and before its commit, the job runs again elsewhere. */
export type JobHandler = (payload: unknown, signal: AbortSignal, run: JobRun) => Promise<void>;

export interface PeriodicJob extends Periodic {
  readonly handler: JobHandler;
}

export type AroundJob = (name: string, payload: unknown, run: () => Promise<void>) => Promise<void>;

const validName = /^[a-z][a-z0-9_]{0,62}$/;

@Injectable()
export class JobRegistry {
  private readonly handlers = new Map<string, JobHandler>();
  private readonly periodic: Periodic[] = [];
  private readonly beats: Beat[] = [];
  /** Ids of the jobs of the queue that run in this process now. */
  private readonly underWay = new Set<string>();
  private closed = false;

  constructor(private readonly standstill: Standstill) {}

  /** @throws Error when the name is malformed or taken, or the runner has started already: these are mistakes in our own code */
  register(name: string, handler: JobHandler): void {
    if (this.closed) throw new Error(`job ${name} was registered after the runner had started`);
    if (!validName.test(name)) throw new Error(`not a job name: ${name}`);
    if (this.handlers.has(name)) throw new Error(`job ${name} has two handlers`);
    this.handlers.set(name, handler);
  }

  /** Each slot is run by one instance. Of slots that began while no instance was running, only the last is run, if it is not over. */
  registerPeriodic({ name, minutes, handler }: PeriodicJob): void {
    this.register(name, handler);
    this.periodic.push({ name, minutes });
  }

  /** Beats run only in processes that run jobs. An error of the work is logged, and the beat goes on. */
  registerBeat(beat: Beat): void {
    this.beats.push(beat);
  }

  /** @throws what the job throws; Error for a name without a handler */
  run(name: string, payload: unknown, signal: AbortSignal, run: JobRun): Promise<void> {
    const handler = this.handlers.get(name);
    if (handler === undefined) throw new Error(`nobody does the job ${name}`);
    return this.standstill.hold(signal, (held) => handler(payload, held, run));
  }

  /**
   * Closes the registry.
   * @param around is called for every run of a job and must call `run`; it may measure and count
   */
  collect(around: AroundJob = (_, __, run) => run()): {
    taskList: TaskList;
    periodic: readonly Periodic[];
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
        return markJobApart(() => around(name, payload, begin));
      },
    ]);
    return { taskList: Object.fromEntries(tasks), periodic: this.periodic, beats: this.beats };
  }

  /**
   * While a job runs here, the queue may give it to another worker (this process had stood still) and then to this one again. The engine tells
   * runs apart by their worker only. So when the first run ended, the engine would end the second one too, and a third would start (ADR 95).
   * @throws StoodStill when the job is running here already: the queue hands it out again some seconds later
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
