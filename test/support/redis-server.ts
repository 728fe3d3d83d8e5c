// Redis or Valkey as Debian has it, on loopback, without files, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from '@redis/client';
import { freePort } from '../../src/platform/process/ports';
import { missing } from './deployed';
import { until } from './patience';

const PASSWORD = 'counters';

/** The server there is on this machine; undefined when there is none. */
const redisProgram = ['valkey-server', 'redis-server'].find((name) => missing(name).length === 0);

/** @returns what is not installed here, as `missing` says it */
export const redisMissing = (): string[] => (redisProgram === undefined ? ['valkey-server or redis-server'] : []);

/** `describe`, or a skipped one whose name says why. */
export function describeWithRedis(title: string, suite: () => void): void {
  if (redisProgram === undefined)
    describe.skip(`${title}: skipped, neither valkey-server nor redis-server here`, suite);
  else describe(title, suite);
}

export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(readonly port: number) {}

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://:${PASSWORD}@127.0.0.1:${this.port}`;
  }

  /** On the same port, empty. @throws Error with what it said when it does not come up */
  async restart(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', save: '', appendonly: 'no', requirepass: PASSWORD };
    const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, String(value)]);
    const child = spawn(redisProgram ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
    const isUp = (): boolean => {
      if (child.exitCode !== null) throw new Error(`${redisProgram} has ended: ${said}`);
      return said.includes('Ready to accept connections');
    };
    await until(isUp, () => `${redisProgram} (it says: ${said})`);
  }

  /** SIGSTOP makes it hang with its connections open, SIGCONT lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Everything it holds, keys and values, as one text. */
  async dump(): Promise<string> {
    const client = await createClient({ url: this.url }).connect();
    const keys = await client.keys('*');
    const values = await Promise.all(keys.map((key) => client.hGetAll(key)));
    client.destroy();
    return JSON.stringify({ keys, values });
  }
}
