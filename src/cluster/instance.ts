// One instance of the API, as its supervisor sees it: a process that shares the supervisor's port. Its JSON lines are passed on, its ready line is
// kept, and it can be asked to end in three ways.
import cluster, { type Worker } from 'node:cluster';
import { type ChildEnd, reportOf } from '../platform/process/child-report';
import type { ReadyLine } from '../platform/process/ready-line';

/** After this time an instance is killed. Normally it ends by itself within 15 s of being asked. */
const STOP_WITHIN_MS = 20_000;

export class Instance {
  /** Resolves when it serves. @throws OperatorError when it ends before that */
  readonly ready: Promise<ReadyLine>;
  /** Resolves when it has ended, whether asked to or not. */
  readonly ended: Promise<ChildEnd>;
  /** On the monotonic clock of the supervisor. */
  readonly startedAt = performance.now();
  isLeaving = false;
  hasEnded = false;
  private readonly worker: Worker;

  /** @param passOn gets every line of its stdout, except the ready line */
  constructor(
    readonly name: string,
    env: NodeJS.ProcessEnv,
    passOn: (line: string) => void,
  ) {
    this.worker = cluster.fork(env);
    const { ready, ended } = reportOf(this.worker.process, `instance ${name}`, passOn);
    this.ready = ready;
    this.ended = ended;
    void ended.then(() => (this.hasEnded = true));
  }

  get pid(): number {
    return this.worker.process.pid ?? 0;
  }

  /** The instance reports "not ready" for 3 s, so that load balancers notice, finishes its requests, and ends. For the end of the whole machine. */
  drain(): Promise<ChildEnd> {
    return this.leave(() => this.worker.process.kill('SIGTERM'));
  }

  /** The instance takes no new connections, finishes its requests, and ends. This is for a restart, in which other instances on this port go on. */
  retire(): Promise<ChildEnd> {
    return this.leave(() => {
      if (!this.worker.isConnected()) return void this.worker.process.kill('SIGTERM');
      // The instance waits for this answer, so that connections that were handed to it meanwhile come back.
      this.worker.on('message', (message: { event?: string }) => message.event === 'left' && this.say('bye'));
      this.say('retire');
    });
  }

  private say(word: string): void {
    if (this.worker.isConnected()) this.worker.send(word, undefined, () => undefined);
  }

  /** The instance ends without waiting for load balancers. This is for a supervisor that was told to hurry. */
  stop(): Promise<ChildEnd> {
    return this.leave(() => (this.worker.isConnected() ? this.say('stop') : this.worker.process.kill('SIGTERM')));
  }

  private async leave(ask: () => void): Promise<ChildEnd> {
    this.isLeaving = true;
    ask();
    const timer = setTimeout(() => this.worker.process.kill('SIGKILL'), STOP_WITHIN_MS);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}
