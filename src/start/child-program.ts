// One of our programs as a child of `npm start`: passes its JSON lines on, knows when it is ready, and ends it. The child has a process group of
// its own, so that Ctrl-C in a terminal reaches only the parent, which decides the order of stopping. If the parent dies, the child sees that
// the channel closes, and ends.
import { type ChildProcess, fork } from 'node:child_process';
import { type ChildEnd, reportOf } from '../platform/process/child-report';
import type { ReadyLine } from '../platform/process/ready-line';
import { within } from '../platform/time/in-time';

/** After this time a child that was asked to end is killed. */
const STOP_WITHIN_MS = 20_000;

export interface ChildOptions {
  /** The name of the program in our messages. */
  readonly title: string;
  readonly module: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets every line of its stdout, except the ready line. */
  readonly passOn: (line: string) => void;
}

export class ChildProgram {
  /** Resolves when it prints `ready`. @throws OperatorError when it ends before that */
  readonly ready: Promise<ReadyLine>;
  /** Resolves when it has ended, whether asked to or not. */
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;

  constructor({ title, module, env, passOn }: ChildOptions) {
    this.child = fork(module, [], {
      env,
      detached: true,
      execArgv: ['--enable-source-maps'],
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const { ready, ended } = reportOf(this.child, title, passOn);
    this.ready = ready;
    this.ended = ended;
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.send('stop', () => undefined);
    const end = await within(STOP_WITHIN_MS, this.ended);
    if (end === undefined) this.child.kill('SIGKILL');
    await this.ended;
  }
}
