// An example as a stranger starts it: `npm start -w examples/<name>` from the root of the repository.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../../support/program';

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => end(child)));

export interface Example {
  /** What it printed: where it listens. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws Error with its output when it ends before it listens */
export async function startExample(name: string, env: Readonly<Record<string, string>>): Promise<Example> {
  // In a process group of its own: npm starts a shell, and the shell the program.
  const child = spawn('npm', ['start', '-w', `examples/${name}`], {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const closed = once(child, 'close');
  const url = await addressOf(child);
  return {
    url,
    // Told to npm alone, as `kill` does it: its output closes when the program has ended too.
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
      running.delete(child);
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (text: string): void => {
      output += text;
      const [address] = /^http:\/\/127\.0\.0\.1:\d+$/m.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', () => reject(new Error(`the example ended:\n${output}`)));
  });
}

function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // all of the group have ended
  }
}
