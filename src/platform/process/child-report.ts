// What one of our programs tells the process that has started it: that it serves, by the ready line on its stdout, and how it ended.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { OperatorError } from './operator-error';
import { type ReadyLine, readyLineIn } from './ready-line';

export interface ChildEnd {
  /** How the child ended, in words. */
  readonly how: string;
  /** Whether its exit code was 0. */
  readonly clean: boolean;
}

export interface ChildReport {
  /** Resolves when the child serves. @throws OperatorError when it ends before that */
  readonly ready: Promise<ReadyLine>;
  /** Resolves when the child has ended, whether asked to or not, or could not be started. */
  readonly ended: Promise<ChildEnd>;
}

/**
 * @param child its stdout must be a pipe
 * @param title its name in messages
 * @param passOn gets every line of its stdout, except the ready line
 */
export function reportOf(child: ChildProcess, title: string, passOn: (line: string) => void): ChildReport {
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('exit', (code, signal) =>
      resolve({ how: `${title} ended (${signal ?? `exit code ${code}`})`, clean: code === 0 }),
    );
    child.once('error', (error) => resolve({ how: `${title} cannot be started (${error.message})`, clean: false }));
  });
  const said = new Promise<ReadyLine>((resolve) => {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      const ready = readyLineIn(line);
      if (ready === undefined) passOn(line);
      else resolve(ready);
    });
  });
  const ready = Promise.race([said, ended.then(({ how }) => Promise.reject<ReadyLine>(new OperatorError(how)))]);
  ready.catch(() => undefined); // an error is for those who wait for it; without them it must not end the process
  return { ready, ended };
}
