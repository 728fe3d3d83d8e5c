// Listens between the app and PostgreSQL: which named statements are run, in order, and their texts as the app prepared them.
// Reads the frontend half of the wire protocol (PostgreSQL documentation, 54.7); what passes is not changed.
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

const PARSE = 'P'.charCodeAt(0);
const BIND = 'B'.charCodeAt(0);
const QUERY = 'Q'.charCodeAt(0);

export class StatementTap {
  /** Text of each prepared statement by name. */
  readonly texts = new Map<string, string>();
  private names: string[] = [];
  private readonly sockets = new Set<Socket>();
  private constructor(private readonly server: Server) {}

  /** @param application only connections of this application_name are listened to */
  static async before(databaseUrl: string, application: string): Promise<StatementTap> {
    const { hostname, port } = new URL(databaseUrl);
    const server = createServer();
    const tap = new StatementTap(server);
    server.on('connection', (client) => {
      const target = connect(Number(port), hostname);
      tap.follow(client, application);
      for (const socket of [client, target]) {
        tap.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => tap.sockets.delete(socket));
      }
      client.pipe(target).pipe(client);
      client.on('close', () => target.destroy());
      target.on('close', () => client.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return tap;
  }

  /** @returns the same address, through the tap */
  through(databaseUrl: string): string {
    const url = new URL(databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Names of the statements run since the last call, in order; the text of one without a name. */
  taken(): string[] {
    const names = this.names;
    this.names = [];
    return names;
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private follow(client: Socket, application: string): void {
    let pending = Buffer.alloc(0);
    let started = false;
    let heard = false;
    client.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      // The first message has no type byte.
      for (let head = started ? 1 : 0; pending.length >= head + 4; head = 1) {
        const size = head + pending.readInt32BE(head);
        if (pending.length < size) return;
        const body = pending.subarray(head + 4, size);
        if (!started) heard = body.toString('latin1').includes(`application_name\0${application}\0`);
        else if (heard) this.note(pending[0], body);
        started = true;
        pending = pending.subarray(size);
      }
    });
  }

  private note(type: number | undefined, body: Buffer): void {
    const [first = '', second = ''] = body.toString('utf8').split('\0', 2);
    if (type === PARSE) this.texts.set(first, second);
    if (type === BIND) this.names.push(second === '' ? (this.texts.get('') ?? '') : second);
    if (type === QUERY) this.names.push(first);
  }
}
