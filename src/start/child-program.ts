// One of our programs as a child of `npm start`: passes its JSON lines on, knows when it is ready, ends it. It runs in a
// process group of its own, so that a terminal's Ctrl-C reaches only us and the order of stopping is ours; when we die it
// sees the channel close and ends itself.
import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../platform/process/operator-error';
import { type ReadyLine, readyLineIn } from '../platform/process/ready-line';

const STOP_WITHIN_MS = 20_000;

export interface ChildOptions {
  /** What it is called in our messages. */
  readonly title: string;
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets every line of its stdout but the ready line. */
  readonly passOn: (line: string) => void;
}

export class ChildProgram {
  /** Settles when it says `ready`. @throws OperatorError when it ends before */
  readonly ready: Promise<ReadyLine>;
  /** Resolves with one line that says how it ended, asked for or not. */
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
    this.ready.catch(() => undefined); // whoever waits for it hears; nobody has to
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
