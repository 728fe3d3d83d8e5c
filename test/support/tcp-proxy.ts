// A TCP proxy before PostgreSQL or the API that can play a fallen server: refuse connections, cut them, or swallow what is sent or answered.
import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

/**
 * refuse: the port is closed; blackhole: connections stay open and nothing passes, as when a cable is pulled; mute: requests of new
 * connections arrive, and their answers do not.
 */
export type ProxyState = 'pass' | 'refuse' | 'blackhole' | 'mute';

export class TcpProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly stalled = new Set<Socket>();
  private state: ProxyState = 'pass';
  private server: Server = this.createServer();
  private port = 0;
  private swallowed?: () => void;
  private stalling?: { readonly text: string; readonly onStalled: () => void };

  private constructor(private target: { host: string; port: number }) {}

  static async to(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    await proxy.listen();
    return proxy;
  }

  /** Where connections from now on lead; those that are open stay. */
  pointTo(url: string): void {
    const { hostname, port } = new URL(url);
    this.target = { host: hostname, port: Number(port) };
  }

  /** @param url of the target @returns the same, through the proxy */
  through(url: string): string {
    const address = new URL(url);
    address.hostname = '127.0.0.1';
    address.port = String(this.port);
    return address.href;
  }

  async become(state: ProxyState): Promise<void> {
    if (state === this.state) return;
    const before = this.state;
    this.state = state;
    if (state === 'refuse') await this.close();
    if (state === 'blackhole') this.freeze();
    if (state === 'pass') this.cutAll();
    if (before === 'refuse') await this.listen();
  }

  /** Resolves when the target has answered on a mute connection: what was asked for has been done. */
  answerSwallowed(): Promise<void> {
    return new Promise((resolve) => (this.swallowed = resolve));
  }

  /** The next connection on which this text is sent passes nothing on from there. Resolves when there is one. */
  stallAt(text: string): Promise<void> {
    return new Promise((resolve) => (this.stalling = { text, onStalled: resolve }));
  }

  /** Connections through the proxy that are open now. */
  get connections(): number {
    return this.pairs.size + this.stalled.size;
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async listen(): Promise<void> {
    this.server = this.createServer();
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  private createServer(): Server {
    return createServer((client) => {
      client.on('error', () => undefined);
      if (this.state === 'blackhole') return void this.stalled.add(client.on('data', () => undefined));
      const server = connect(this.target);
      server.on('error', () => client.destroy());
      const pair = [client, server] as const;
      this.pairs.add(pair);
      client.pipe(this.untilStalled()).pipe(server);
      if (this.state === 'mute') server.on('data', () => this.swallowed?.());
      else server.pipe(client);
      client.on('close', () => {
        server.destroy();
        this.pairs.delete(pair);
      });
      server.on('close', () => client.destroy());
    });
  }

  private untilStalled(): Transform {
    let hasStalled = false;
    return new Transform({
      transform: (bytes: Buffer, _encoding, done) => {
        if (this.stalling !== undefined && bytes.includes(this.stalling.text)) {
          hasStalled = true;
          this.stalling.onStalled();
          delete this.stalling;
        }
        done(null, hasStalled ? undefined : bytes);
      },
    });
  }

  // Reading goes on and leads nowhere: the app's bytes are acknowledged by the kernel and never answered.
  private freeze(): void {
    for (const [client, server] of this.pairs) {
      client.unpipe();
      server.unpipe();
      client.resume();
      server.resume();
    }
  }

  // When the cable is back, what was sent meanwhile is lost: connections of before are dead.
  private cutAll(): void {
    for (const [client, server] of this.pairs) {
      client.destroy();
      server.destroy();
    }
    for (const client of this.stalled) client.destroy();
    this.pairs.clear();
    this.stalled.clear();
  }
}
