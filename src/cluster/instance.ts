// One instance of the API, as its supervisor sees it: a process that shares the supervisor's port. Its JSON lines are passed on, its ready line is
// kept, and it can be asked to end in three ways.
import cluster, { type Worker } from 'node:cluster';
import { createInterface } from 'node:readline';
import { OperatorError } from '../platform/process/operator-error';
import { type ReadyLine, readyLineIn } from '../platform/process/ready-line';

/** After this time an instance is killed. Normally it ends by itself within 15 s of being asked. */
const STOP_WITHIN_MS = 20_000;

export interface End {
  /** How it ended, in words. */
  readonly how: string;
  readonly clean: boolean;
}

export class Instance {
  /** Resolves when it serves. @throws OperatorError when it ends before that */
  readonly ready: Promise<ReadyLine>;
  /** Resolves when it has ended, whether asked to or not. */
  readonly ended: Promise<End>;
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
    const child = this.worker.process;
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) =>
        resolve({ how: `instance ${name} ended (${signal ?? `exit code ${code}`})`, clean: code === 0 }),
      );
      child.once('error', (error) =>
        resolve({ how: `instance ${name} cannot be started (${error.message})`, clean: false }),
      );
    });
    void this.ended.then(() => (this.hasEnded = true));
    const said = new Promise<ReadyLine>((resolve) => {
      createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
        const ready = readyLineIn(line);
        if (ready === undefined) passOn(line);
        else resolve(ready);
      });
    });
    this.ready = Promise.race([said, this.ended.then(({ how }) => Promise.reject<ReadyLine>(new OperatorError(how)))]);
    this.ready.catch(() => undefined); // an error is for those who wait for it; without them it must not end the process
  }

  get pid(): number {
    return this.worker.process.pid ?? 0;
  }

  /** The instance reports "not ready" for 3 s, finishes its requests, and ends. For a machine that goes as a whole: a load balancer notices it. */
  drain(): Promise<End> {
    return this.leave(() => this.worker.process.kill('SIGTERM'));
  }

  /** The instance takes no new connections, finishes its requests, and ends. For a restart in which other instances on this port go on. */
  retire(): Promise<End> {
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

  /** The instance ends without waiting to be noticed. For a supervisor that was told to hurry. */
  stop(): Promise<End> {
    return this.leave(() => (this.worker.isConnected() ? this.say('stop') : this.worker.process.kill('SIGTERM')));
  }

  private async leave(ask: () => void): Promise<End> {
    this.isLeaving = true;
    ask();
    const timer = setTimeout(() => this.worker.process.kill('SIGKILL'), STOP_WITHIN_MS);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}
