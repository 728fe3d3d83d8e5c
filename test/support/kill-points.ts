// Named points at which a process or its connection dies: when it has sent a statement, before PostgreSQL hears of it, or when PostgreSQL
// has answered, before the process hears of that. Reads the wire protocol as far as it must (PostgreSQL documentation, 54.7).
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

const BIND = 'B'.charCodeAt(0);
/** ReadyForQuery up to the state of the transaction, its last byte: the answer is whole. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

export type Moment = 'before' | 'after';

interface Trap {
  readonly statement: string;
  readonly moment: Moment;
  /** Of an answer: whether it is the one that is waited for. */
  readonly fits: (answer: string) => boolean;
  readonly spring: () => void;
}

export class KillPoints {
  /** How often each statement was run, by its name. */
  readonly seen = new Map<string, number>();
  private trap: Trap | undefined;
  private target: { host: string; port: number };
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.target = { host: hostname, port: Number(port) };
    this.server = createServer((client) => this.pass(client));
  }

  static async before(url: string): Promise<KillPoints> {
    const points = new KillPoints(url);
    await new Promise<void>((resolve) => points.server.listen(0, '127.0.0.1', resolve));
    return points;
  }

  /** @returns the same database, through here */
  through(url: string): string {
    const address = new URL(url);
    address.hostname = '127.0.0.1';
    address.port = String((this.server.address() as AddressInfo).port);
    return address.href;
  }

  /**
   * Resolves when the statement came by at that moment; from then on nothing passes on that connection, which is cut.
   * @param fits for `after`: answers that do not fit are let through
   */
  reached(statement: string, moment: Moment, fits: Trap['fits'] = () => true): Promise<void> {
    return new Promise((resolve) => (this.trap = { statement, moment, fits, spring: resolve }));
  }

  disarm(): void {
    this.trap = undefined;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private pass(client: Socket): void {
    const server = connect(this.target);
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    const names = new StatementNames();
    let held: Trap | undefined;
    client.on('data', (bytes: Buffer) => {
      for (const name of names.in(bytes)) {
        this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
        if (this.trap?.statement === name) held = this.trap;
      }
      if (held?.moment !== 'before') return void server.write(bytes);
      if (this.trap === held) this.cut(held, client, server);
    });
    let answer = Buffer.alloc(0);
    server.on('data', (bytes: Buffer) => {
      if (held === undefined) return void client.write(bytes);
      answer = Buffer.concat([answer, bytes]);
      if (!answer.subarray(-1 - READY.length, -1).equals(READY)) return;
      // Another connection may have been the one meanwhile.
      if (this.trap === held && held.fits(answer.toString('latin1'))) return this.cut(held, client, server);
      client.write(answer);
      answer = Buffer.alloc(0);
      held = undefined;
    });
  }

  // Whoever waits is told first: a process that is to die has not seen its connection end.
  private cut(trap: Trap, client: Socket, server: Socket): void {
    this.trap = undefined;
    trap.spring();
    server.destroy();
    setTimeout(() => client.destroy(), 5).unref();
  }
}

/** What a client binds, message by message. */
class StatementNames {
  private pending = Buffer.alloc(0);
  private hasStarted = false;

  in(bytes: Buffer): string[] {
    const names: string[] = [];
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      // The first message has no type byte.
      const head = this.hasStarted ? 1 : 0;
      if (this.pending.length < head + 4) return names;
      const size = head + this.pending.readInt32BE(head);
      if (this.pending.length < size) return names;
      const [portal, name = ''] = this.pending
        .subarray(head + 4, size)
        .toString('utf8')
        .split('\0', 2);
      if (this.hasStarted && this.pending[0] === BIND && portal === '' && name !== '') names.push(name);
      this.hasStarted = true;
      this.pending = this.pending.subarray(size);
    }
  }
}
