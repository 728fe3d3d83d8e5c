// One of our programs as a child of `npm start`: passes its JSON lines on, knows when it is ready, and ends it. The child has a process group of
// its own, so that Ctrl-C in a terminal reaches only the parent, which decides the order of stopping. If the parent dies, the child sees that
// the channel closes, and ends.
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../platform/process/operator-error';
import { type ReadyLine, readyLineIn } from '../platform/process/ready-line';

/** After this time a child that was asked to end is killed. */
const STOP_WITHIN_MS = 20_000;

export interface ChildOptions {
  /** Its name in our messages. */
  readonly title: string;
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets every line of its stdout, except the ready line. */
  readonly passOn: (line: string) => void;
}

export class ChildProgram {
  /** Resolves when it prints `ready`. @throws OperatorError when it ends before that */
  readonly ready: Promise<ReadyLine>;
  /** Resolves with one line that says how it ended, whether asked to or not. */
  readonly ended: Promise<string>;
  private readonly child: ChildProcess;

  constructor({ title, module, env, passOn }: ChildOptions) {
    this.child = fork(module, [], {
      env,
      detached: true,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => resolve(`${title} ended (${signal ?? `exit code ${code}`})`));
      this.child.once('error', (error) => resolve(`${title} cannot be started (${error.message})`));
    });
    const said = new Promise<ReadyLine>((resolve) => {
      const lines = createInterface({ input: this.child.stdout ?? process.stdin });
      lines.on('line', (line) => {
        const ready = readyLineIn(line);
        if (ready === undefined) passOn(line);
        else resolve(ready);
      });
    });
    this.ready = Promise.race([said, this.ended.then((how) => Promise.reject<ReadyLine>(new OperatorError(how)))]);
    this.ready.catch(() => undefined); // an error is for those who wait for it; without them it must not end the process
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.send('stop', () => undefined);
    const late = new AbortController();
    const deadline = sleep(STOP_WITHIN_MS, true, { signal: late.signal }).catch(() => false);
    const isLate = await Promise.race([this.ended.then(() => false), deadline]);
    late.abort();
    if (isLate) this.child.kill('SIGKILL');
    await this.ended;
  }
}
