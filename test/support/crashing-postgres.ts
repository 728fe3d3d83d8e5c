// A PostgreSQL server of a test's own that can crash: nothing is flushed at its end, and the next start recovers from its log.
// Durable as in production, unlike the server that the other tests share.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres';
import { patiently } from './patience';
import { stillRunning } from './processes';
import { type ProxyState, TcpProxy } from './tcp-proxy';

export class CrashingPostgres {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
    private readonly proxy: TcpProxy,
  ) {}

  static async start(): Promise<CrashingPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-crash-'));
    chmodSync(folder, 0o755); // as root, the server runs under another account and has to enter
    const server = await startEmbeddedPostgres({ folder });
    return new CrashingPostgres(folder, server, await TcpProxy.to(server.url));
  }

  /** Stays the same over crashes. */
  get url(): string {
    return this.proxy.through(this.server.url);
  }

  /** The server itself, which a fault of the network does not concern: for looking at what is in it. */
  get directUrl(): string {
    return this.server.url;
  }

  /** What the network before it does from now on. */
  become(state: ProxyState): Promise<void> {
    return this.proxy.become(state);
  }

  /** `pg_ctl stop -m immediate`, then a start. Returns when connections are taken again. */
  crash(): Promise<void> {
    return this.again('SIGQUIT');
  }

  /** `pg_ctl restart -m fast`: sessions are ended, what they did not commit is gone, nothing else. */
  restart(): Promise<void> {
    return this.again('SIGINT');
  }

  private async again(signal: NodeJS.Signals): Promise<void> {
    const { pid } = this.server;
    process.kill(pid, signal);
    if ((await stillRunning([pid], patiently(30_000))).length > 0) throw new Error('the server does not end');
    this.server = await startEmbeddedPostgres({ folder: this.folder });
    this.proxy.pointTo(this.server.url);
  }

  async stop(): Promise<void> {
    await this.proxy.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
