// One built program of ours as a child of the test: its output is kept, it can be killed, and none outlives the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { patiently } from './patience';

export const ROOT = join(__dirname, '..', '..');

/** Set by global-setup: why no program of this checkout may be started; empty when dist/ is built from its sources. */
export const STALE_VARIABLE = 'LATCHKEY_TEST_STALE';

/** Programs of this test process that still run; ended when it exits, whatever happened to it. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export type ReadyLine = Readonly<Record<string, unknown>>;

interface ProgramOptions {
  readonly alone?: boolean;
  readonly args?: readonly string[];
  readonly uid?: number;
  readonly root?: string | undefined;
  readonly largestFileBytes?: number;
}

export class Program {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote so far, apart. */
  stdout = '';
  stderr = '';
  private output = '';
  private watchers: (() => void)[] = [];

  /**
   * @param file built program below dist/src
   * @param options.alone in a process group of its own and without a channel to us, as a shell would start it
   * @param options.uid account to run as, for a test that is root
   * @param options.largestFileBytes no file of it may become larger (a multiple of 512): a write beyond that fails, as on a full disk
   * @param options.root the checkout whose build runs; this one unless told
   */
  constructor(file: string, env: Readonly<Record<string, string>>, options: ProgramOptions = {}) {
    const { alone = false, uid, root = ROOT, largestFileBytes } = options;
    const module = join(root, 'dist', 'src', file);
    if (root === ROOT && process.env[STALE_VARIABLE]) throw new Error(process.env[STALE_VARIABLE]);
    if (!existsSync(module)) throw new Error(`${module} is missing: node scripts/build.cjs makes it`);
    const limit =
      largestFileBytes === undefined ? [] : ['sh', '-c', `ulimit -f ${largestFileBytes / 512} && exec "$0" "$@"`];
    const [command = '', ...args] = [...limit, process.execPath, module, ...(options.args ?? [])];
    this.child = spawn(command, args, {
      ...(uid === undefined ? {} : { uid, gid: uid }),
      env: { ...essentials(), ...env },
      detached: alone,
      stdio: ['ignore', 'pipe', 'pipe', ...(alone ? [] : (['ipc'] as const))],
    });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this[stream === this.child.stdout ? 'stdout' : 'stderr'] += text;
        this.output += text;
        this.watchers.forEach((watch) => watch());
      });
    }
    // Not `close`: Node does not send it once the channel was closed from this side.
    const drained = [this.child.stdout, this.child.stderr].flatMap((stream) => (stream ? [once(stream, 'close')] : []));
    this.exited = once(this.child, 'exit').then(async ([code, signal]) => {
      running.delete(this.child);
      await Promise.all(drained);
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** All it wrote so far, stdout and stderr as they came. */
  logs(): string {
    return this.output;
  }

  /** @returns the ready line. @throws Error with the end of its output, latest line first, when it ends before, or after 90 s of patience. */
  async ready(timeoutMs = patiently(90_000)): Promise<ReadyLine> {
    const line = await this.until(() => readyLineIn(this.output), timeoutMs);
    if (line !== undefined) return line;
    const { exitCode, signalCode } = this.child;
    const how = signalCode ?? (exitCode === null ? `still running after ${timeoutMs} ms` : `exit code ${exitCode}`);
    throw new Error(`not ready, ${how}:\n${this.output.trim().split('\n').slice(-40).reverse().join('\n')}`);
  }

  /** @returns the first defined answer of `find`, asked after each output; undefined when it ended or time is up. */
  async until<T>(find: () => T | undefined, timeoutMs: number): Promise<T | undefined> {
    let watch: () => void = () => undefined;
    let timer: NodeJS.Timeout | undefined;
    const found = new Promise<T | undefined>((resolve) => {
      watch = () => {
        const answer = find();
        if (answer !== undefined) resolve(answer);
      };
      timer = setTimeout(() => resolve(undefined), timeoutMs);
      void this.exited.then(() => resolve(find()));
    });
    this.watchers.push(watch);
    watch();
    const answer = await found;
    clearTimeout(timer);
    this.watchers = this.watchers.filter((other) => other !== watch);
    return answer;
  }

  /** The way its parent asks for the end; SIGKILL after 20 s. */
  async stop(): Promise<void> {
    if (this.child.connected) this.child.send('stop', () => undefined);
    else this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patiently(20_000));
    await this.exited;
    clearTimeout(timer);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** Nothing else of the caller's environment reaches the programs: a DATABASE_URL there must not change a test. */
function essentials(): Record<string, string> {
  const keep = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(keep.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]])));
}

function readyLineIn(output: string): ReadyLine | undefined {
  const line = output.split('\n').find((text) => text.includes('"event":"ready"') && text.endsWith('}'));
  return line === undefined ? undefined : (JSON.parse(line) as ReadyLine);
}
