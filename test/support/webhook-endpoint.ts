// An operator's endpoint for events of the audit log, on 127.0.0.1: what arrived, and the answers it is told to give.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { until } from './patience';

export interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Arrival {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly event: Told;
  /** What it was answered. */
  readonly status: number;
}

export class WebhookEndpoint {
  readonly arrivals: Arrival[] = [];
  /** Status for what arrives; 0 resets the connection, and below 0 nothing is ever answered. */
  answer: (event: Told) => number = () => 204;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const event = JSON.parse(text) as Told;
        const status = this.answer(event);
        const { headers } = request;
        this.arrivals.push({ id: String(headers['webhook-id']), headers, text, event, status });
        if (status === 0) request.socket.destroy();
        else if (status > 0)
          response.writeHead(status, status === 307 ? { location: `${this.url}/elsewhere` } : {}).end();
      });
    });
  }

  static async start(): Promise<WebhookEndpoint> {
    const endpoint = new WebhookEndpoint();
    await new Promise<void>((resolve) => endpoint.server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/events`;
  }

  /** What was taken (2xx), by type. */
  taken(type?: string): Arrival[] {
    return this.arrivals.filter(
      ({ status, event }) => status < 300 && status > 0 && (type ?? event.type) === event.type,
    );
  }

  /** @throws Error with how many arrived when it does not come */
  until<T>(find: () => T | undefined | false, what: string, milliseconds = 40_000): Promise<T> {
    return until(find, () => `${what} (${this.arrivals.length} arrived)`, milliseconds);
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** By a library that knows nothing of ours. @throws Error when the signature is not right */
export function verifySignature(secret: string, { text, headers }: Arrival): void {
  new Webhook(secret).verify(text, headers as Record<string, string>);
}
