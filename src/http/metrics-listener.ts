// A third port of the process: GET /metrics for Prometheus on METRICS_PORT, and nothing else there. It takes no key, because it listens on
// loopback only (unless METRICS_HOST says otherwise) and tells nothing about any person.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONNECTION_LIMITS } from './connection-limits';

const PATH = '/metrics';

/** Gives the metrics of one process, or of several. */
export interface MetricsPage {
  readonly contentType: string;
  text(): Promise<string>;
}

export class MetricsListener {
  private readonly server: Server;
  /** A scrape that is running. Others that come meanwhile share it, so that nobody can load the database by asking often. */
  private asked: Promise<string> | undefined;

  constructor(private readonly metrics: MetricsPage) {
    this.server = createServer({ ...CONNECTION_LIMITS }, (request, response) => void this.answer(request, response));
  }

  /**
   * Never shared with the other instances of a cluster: each tells of itself.
   * @returns the port bound.
   * @throws Error with code EADDRINUSE when it is taken
   */
  async listen(port: number, host: string): Promise<number> {
    await once(this.server.listen({ port, host, exclusive: true }), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    this.server.closeIdleConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async answer({ url, method }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (url !== PATH) return void response.writeHead(404).end();
    if (method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    try {
      this.asked ??= this.metrics.text().finally(() => (this.asked = undefined));
      const text = await this.asked;
      response.writeHead(200, { 'content-type': this.metrics.contentType, 'cache-control': 'no-store' }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  }
}
