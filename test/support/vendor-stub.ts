// A vendor of a test's own making on 127.0.0.1, for answers the simulator does not give: set `answer`, count `requests`.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class VendorStub {
  readonly requests: { method: string; path: string; headers: IncomingMessage['headers'] }[] = [];
  private readonly server: Server;

  private constructor(public answer: (response: ServerResponse) => void) {
    this.server = createServer((request, response) => {
      this.requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
      request.resume().on('end', () => this.answer(response));
    });
  }

  static async start(answer: (response: ServerResponse) => void): Promise<VendorStub> {
    const stub = new VendorStub(answer);
    await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export function json(status: number, body: object): (response: ServerResponse) => void {
  return (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
